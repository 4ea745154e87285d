"""Puppeteer attaches to a session's browser as well as Playwright does. Needs Node and npm."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.e2e.api.serving import Pages, run_to_end
from tests.e2e.live.viewer import SECONDS

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PACKAGE = "puppeteer-core@24.43.1"
PROGRAM = Path(__file__).with_name("puppeteer.cjs")
INSTALL_SECONDS = 45.0
_INSTALL = ("install", "--no-save", "--no-audit", "--no-fund", "--ignore-scripts", "--fetch-retries=0")


@pytest.fixture(scope="module")
def folder() -> Path:
    """Where Puppeteer is, kept beside the Python packages of the tests."""
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        pytest.skip("Node and npm are not installed")
    kept = Path(sys.prefix) / "node" / PACKAGE
    if not (kept / "node_modules" / "puppeteer-core" / "package.json").exists():
        kept.mkdir(parents=True, exist_ok=True)
        try:
            subprocess.run([npm, *_INSTALL, f"--prefix={kept}", PACKAGE], check=True, timeout=INSTALL_SECONDS)
        except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
            shutil.rmtree(kept)
            pytest.skip(f"npm could not install {PACKAGE}: {error}")
    return kept


def test_puppeteer_attaches_beside_the_agent(folder: Path, client: httpx.Client, session: str, pages: Pages) -> None:
    client.post(f"{session}/navigate", json={"url": f"{pages.url}/?agent"})
    address = client.post(f"{session}/devtools_tokens").json()["url"]
    line = ["node", str(PROGRAM), str(folder), address, pages.url]
    said = subprocess.run(line, check=True, capture_output=True, text=True, timeout=3 * SECONDS)
    seen: dict[str, Any] = json.loads(said.stdout)
    assert seen == {
        "found": f"{pages.url}/?agent",
        "typed": f"{pages.url}/typed?q=tea",
        "clicked": "Clicked",
        "picture": "ffd8",
        "further": 2,
        "again": [f"{pages.url}/typed?q=tea"],
        "wrong": "Unexpected server response: 401",
        "none": "Unexpected server response: 401",
    }
    assert client.get(f"{session}/screenshot").json()["title"] == "Clicked"
    assert run_to_end(client, session)[-1].event == "done"
