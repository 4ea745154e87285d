"""Every block of the documentation that is marked ``<!-- run -->`` runs as it stands, against a server and the shop."""

import asyncio
import os
import re
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
import pytest_asyncio
from demo.shopkeeper import open_shop
from tests.e2e.api.serving import serving

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(900)]

ROOT = Path(__file__).parents[3]
BLOCK = re.compile(r"<!-- run -->\n```(?P<language>sh|python)\n(?P<code>.*?)```", re.DOTALL)
#: Language and code of the marked blocks, by page.
PAGES = {
    str(page.relative_to(ROOT)): BLOCK.findall(page.read_text(encoding="utf-8"))
    for page in sorted([ROOT / "README.md", *ROOT.glob("docs/**/*.md")])
    if BLOCK.search(page.read_text(encoding="utf-8"))
}
#: Pages that show a failure on purpose.
SHOWS_FAILURES = {
    "docs/tutorial/first-task.md",
    "docs/how-to/handle-failures.md",
    "docs/how-to/send-requests-again.md",
    "docs/how-to/decide-what-tasks-may-do.md",
}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def environment(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[dict[str, str]]:
    async with AsyncExitStack() as stack:
        shop = await stack.enter_async_context(open_shop())
        server = stack.enter_context(serving(tmp_path_factory.mktemp("docs") / "data", EGRESS_ALLOW="localhost"))
        yield {
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "HOME": str(tmp_path_factory.mktemp("home")),
            "LANG": "C.UTF-8",
            "OUTRIDER_URL": server.url,
            "OUTRIDER_KEY": server.key,
            "OUTRIDER_SERVER": server.url,
            "SHOP_URL": f"{shop.url}/",
        }


async def run(command: list[str], environment: dict[str, str], folder: Path) -> str:
    process = await asyncio.create_subprocess_exec(
        *command,
        cwd=folder,
        env=environment,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await process.communicate()
    assert process.returncode == 0, output.decode()
    return output.decode()


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("page", PAGES)
async def test_the_blocks_of_a_page_run_as_they_stand(page: str, environment: dict[str, str], tmp_path: Path) -> None:
    shell = "".join(code for language, code in PAGES[page] if language == "sh")

    output = await run(["bash", "-euo", "pipefail", "-c", shell], environment, tmp_path) if shell else ""
    for language, code in PAGES[page]:
        if language == "python":
            output += await run([sys.executable, "-c", code], environment, tmp_path)

    if page not in SHOWS_FAILURES:
        assert '"error":' not in output
        assert "event: error" not in output


def test_the_readme_is_among_the_pages() -> None:
    assert "README.md" in PAGES
