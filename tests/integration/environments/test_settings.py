"""Settings of the browser itself: the full Chromium keeps them in its profile. The headless shell has none."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.integration.environments.conftest import OpenHouse, evaluate, visit

from outrider.environments.environments import Opened
from outrider.interfaces.environments import SnapshotMode

CHROMIUM = shutil.which("chromium")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="the full Chromium is not installed"),
]

FONT_SIZE = "webkit.webprefs.default_font_size"


async def open_settings(opened: Opened) -> None:
    """Only DevTools may open the browser's own pages."""
    tab = await opened.browser._tabs.current()  # type: ignore[attr-defined]
    await tab.session.call("Page.navigate", url="chrome://settings/fonts")
    await tab.activity.until(lambda: tab.activity.replaced and tab.activity.loaded, 10)


@pytest.fixture
def short_folder() -> Iterator[Path]:
    """The full Chromium makes a socket below its profile, whose path may not be long."""
    with tempfile.TemporaryDirectory(prefix="o-") as folder:
        yield Path(folder)


async def test_settings_come_back(house: OpenHouse, site: str, short_folder: Path) -> None:
    async with house(browser_binary=Path(str(CHROMIUM)), data_dir=short_folder) as opened:
        session = opened.session()
        first = await opened.open(session)
        await open_settings(first)
        await evaluate(first, f"chrome.settingsPrivate.setPref('{FONT_SIZE}', 31, '')")
        await visit(first, site)
        assert await evaluate(first, "getComputedStyle(document.documentElement).fontSize") == "31px"
        await opened.save(first, session, SnapshotMode.FILESYSTEM)

        _, second = await opened.again(session, SnapshotMode.FILESYSTEM)

        assert await evaluate(second, "getComputedStyle(document.documentElement).fontSize") == "31px"
        await open_settings(second)
        assert (
            await evaluate(second, f"chrome.settingsPrivate.getPref('{FONT_SIZE}').then((found) => found.value)") == 31
        )
