"""The candidates beside Outrider do what they are measured for."""

import json
import os
from pathlib import Path

import httpx
import pytest
from benchmarks.pages.corpus import Package
from benchmarks.pages.fetch import FetchError, fetch
from benchmarks.pages.local import serving_form
from benchmarks.sides.devtools import bare_page, find_binary
from benchmarks.sides.processes import count_browsers, descendants, proportional_mebibytes, settled
from benchmarks.suite.observation import ELEMENTS, WALK


@pytest.fixture
def binary() -> Path:
    found = find_binary()
    assert found is not None
    return found


@pytest.mark.browser
async def test_bare_browser_loads_clicks_and_goes(binary: Path, tmp_path: Path) -> None:
    others = count_browsers(binary, descendants(os.getpid()))  # of servers that other tests keep
    async with serving_form() as url:
        async with bare_page(binary, tmp_path) as page:
            await page.goto(url)
            await page.click(*await page.centre_of("#count"))
            assert await page.evaluate("document.title") == "1"
            assert count_browsers(binary, descendants(os.getpid())) == others + 1
        await settled(binary, browsers=others)


@pytest.mark.browser
async def test_plain_walk_finds_what_a_user_can_use(binary: Path, tmp_path: Path) -> None:
    async with serving_form() as url, bare_page(binary, tmp_path) as page:
        await page.goto(url)
        found = json.loads(await page.evaluate_isolated(ELEMENTS))
        _, text = json.loads(await page.evaluate_isolated(WALK))
    assert [element["text"] for element in found if element["tag"] == "button"] == ["Count", "Send"]
    assert "Clicks so far" in text


async def test_nothing_outside_of_loopback_is_asked_for() -> None:
    async with serving_form() as url, httpx.AsyncClient() as client:
        answer = await client.get(url)
        assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
        assert (await client.get(url.replace("/local/", "/other/"))).status_code == 404


def test_a_tree_without_processes_weighs_nothing() -> None:
    assert proportional_mebibytes([]) == 0
    assert proportional_mebibytes([os.getpid()]) > 1


def test_a_package_that_can_not_be_had_is_said_plainly(tmp_path: Path) -> None:
    with pytest.raises(FetchError, match="Invalid requirement"):
        fetch(Package("wrong", "pypi", "no such requirement"), tmp_path)
    assert list(tmp_path.iterdir()) == []
