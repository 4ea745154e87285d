"""Session storage of embedded frames, and tabs beyond the limit: restored, or named in the report."""

import pytest
from tests.integration.environments.conftest import OpenHouse, evaluate, visit

from outrider.browsers.browser import Browser
from outrider.browsers.tab import Tab
from outrider.environments.environments import Opened
from outrider.interfaces.actions import SwitchTab
from outrider.interfaces.environments import SnapshotMode

pytestmark = pytest.mark.browser

FILES = SnapshotMode.FILESYSTEM


async def tab_of(opened: Opened) -> Tab:
    assert isinstance(opened.browser, Browser)
    return await opened.browser._tabs.current()


async def in_frames(opened: Opened, script: str, count: int) -> list[object]:
    """Values of an expression in each frame, the top one first, once there are so many and all have loaded."""
    tab = await tab_of(opened)
    assert await tab.activity.until(lambda: tab.activity.loaded, 20)
    frames = list(tab.frames)
    assert len(frames) == count
    return [(await tab.evaluate(frame, script, by_value=True)).get("value") for frame in frames]


async def test_each_frame_has_its_own_again(house: OpenHouse, site: str) -> None:
    async with house() as opened:
        session = opened.session()
        first = await opened.open(session)
        await visit(first, f"{site}/around/around/inner")
        # The innermost frame has the top page's origin, and storage of its own: it is within another site.
        places = await in_frames(first, "sessionStorage.place = [...location.ancestorOrigins, origin].join()", 3)
        await opened.save(first, session, FILES)

        _, second = await opened.again(session, FILES)

        assert len(set(places)) == 3
        assert await in_frames(second, "sessionStorage.place ?? null", 3) == places
        assert second.report is not None
        assert second.report.kinds["session_storage"].restored == second.report.kinds["session_storage"].saved == 3


async def test_what_a_frame_changes_later_stays_changed(house: OpenHouse, site: str) -> None:
    async with house() as opened:
        session = opened.session()
        first = await opened.open(session)
        await visit(first, f"{site}/around/inner")
        await in_frames(first, "sessionStorage.user = 'ann'", 2)
        await opened.save(first, session, FILES)

        _, second = await opened.again(session, FILES)
        await in_frames(second, "sessionStorage.clear()", 2)
        await visit(second, f"{site}/around/inner")

        assert await in_frames(second, "sessionStorage.user ?? null", 2) == [None, None]


async def test_a_frame_that_is_not_there_again_is_named(house: OpenHouse, site: str) -> None:
    other = site.replace("localhost", "127.0.0.1")
    async with house() as opened:
        session = opened.session()
        first = await opened.open(session)
        await visit(first, site)
        await evaluate(first, FRAME_MADE_BY_A_SCRIPT.format(url=f"{other}/inner"))
        await in_frames(first, "sessionStorage.user = 'ann'", 2)
        await opened.save(first, session, FILES)

        _, second = await opened.again(session, FILES)

        assert second.report is not None
        assert second.report.kinds["session_storage"].restored == 1
        (sentence,) = (line for line in second.report.lost if "session storage" in line)
        assert sentence.startswith(f"1 of 2 session storage did not come back ({other} in {site}): ")


FRAME_MADE_BY_A_SCRIPT = """new Promise((resolve) => {{
  const frame = document.createElement('iframe');
  frame.onload = () => resolve();
  frame.src = '{url}';
  document.body.append(frame);
}})"""


async def test_tabs_beyond_the_limit_are_counted_and_the_current_one_is_kept(house: OpenHouse, site: str) -> None:
    async with house() as opened:
        session = opened.session()
        first = await opened.open(session)
        assert isinstance(first.browser, Browser)
        await visit(first, f"{site}/0")
        for number in range(1, 22):
            await first.browser._tabs.open()
            await visit(first, f"{site}/{number}")
        await first.browser.page.act(SwitchTab(0))
        await opened.save(first, session, FILES)

        _, second = await opened.again(session, FILES)
        restored = (await second.browser.page.observe()).tabs

        assert [tab.url for tab in restored] == [f"{site}/0", *(f"{site}/{n}" for n in range(3, 22))]
        assert [tab.current for tab in restored] == [True] + [False] * 19
        assert second.report is not None
        assert any(line.startswith("2 of 22 tabs were left out") for line in second.report.lost)
