"""A browser that may reach one site of this machine, and a victim beside it that nothing may reach."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from tests.integration.screening.sites import Site, serving

from outrider.browsers.browser import Browser
from outrider.browsers.pool import BrowserPool
from outrider.config import Settings
from outrider.screening.egress import Egress
from outrider.screening.hosts import Address

#: A script run in the current page: what it evaluates to, promises awaited.
Run = Callable[[str], Awaitable[Any]]


class Names:
    """The resolver of these tests: answers of each name in turn, the last one again and again."""

    def __init__(self) -> None:
        self.answers: dict[str, list[list[str]]] = {}
        self.asked: list[str] = []

    async def __call__(self, name: str) -> Sequence[Address]:
        self.asked.append(name)
        answers = self.answers.get(name)
        if not answers:
            raise OSError(name)
        return [ip_address(text) for text in (answers.pop(0) if len(answers) > 1 else answers[0])]


@pytest.fixture
def names() -> Names:
    return Names()


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    async with serving(Site()) as site:
        yield site


@pytest.fixture
async def victim() -> AsyncIterator[Site]:
    async with serving(Site()) as victim:
        yield victim


@pytest.fixture
def settings(tmp_path: Path, site: Site) -> Settings:
    return Settings(
        data_dir=tmp_path,
        warm_browsers=0,
        action_timeout_seconds=5,
        navigation_timeout_seconds=10,
        egress_allow=[f"127.0.0.1:{site.port}"],
        egress_deny=[],
    )


@pytest.fixture
async def pool(settings: Settings, names: Names) -> AsyncIterator[BrowserPool]:
    async with BrowserPool(settings, Egress.of(settings, lookup=names)) as pool:
        yield pool


@pytest.fixture
async def browser(pool: BrowserPool) -> Browser:
    return await pool.acquire()


@pytest.fixture
def run(browser: Browser) -> Run:
    return scripting(browser)


def scripting(browser: Browser) -> Run:
    """Scripts in the world of the browser's current page. A page offers no way to do so, hence the look beneath it."""

    async def run(script: str) -> Any:
        tab = await browser.page._stage.tabs.current()
        answer = await tab.session.call(
            "Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True, userGesture=True
        )
        assert "exceptionDetails" not in answer, json.dumps(answer["exceptionDetails"])
        return answer["result"].get("value")

    return run
