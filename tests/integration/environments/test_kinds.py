"""Every kind of state that a browser keeps, saved and restored in both modes."""

import pytest
from tests.integration.environments.conftest import House, OpenHouse, evaluate, visit

from outrider.environments.environments import Opened
from outrider.interfaces.actions import Press
from outrider.interfaces.environments import BrowserState, OriginState, SnapshotMode, TabState

pytestmark = pytest.mark.browser

#: For each kind: what a page does to have state, and what shows that it has.
STORED = {
    "local_storage": ("localStorage.token = 'l-1'", "localStorage.token ?? null", "l-1"),
    "session_storage": ("sessionStorage.step = 's-2'", "sessionStorage.step ?? null", "s-2"),
    "indexed_db": (
        """new Promise((resolve, reject) => {
          const open = indexedDB.open('basket', 3);
          open.onupgradeneeded = () => open.result.createObjectStore('lines');
          open.onerror = reject;
          open.onsuccess = () => {
            const change = open.result.transaction('lines', 'readwrite');
            change.objectStore('lines').put({tea: 2}, 'first');
            change.oncomplete = () => resolve();
          };
        })""",
        """new Promise((resolve, reject) => {
          const open = indexedDB.open('basket');
          open.onerror = reject;
          open.onsuccess = () => {
            const get = open.result.transaction('lines').objectStore('lines').get('first');
            get.onsuccess = () => resolve(`${open.result.version} ${get.result.tea}`);
          };
        })""",
        "3 2",
    ),
    "service_workers": (
        "navigator.serviceWorker.register('/worker.js').then(() => navigator.serviceWorker.ready).then(() => null)",
        "navigator.serviceWorker.ready.then(() => fetch('/from-worker')).then((answer) => answer.text())",
        "made by the worker",
    ),
    "caches": (
        "caches.open('offline').then((cache) => cache.put('/x', new Response('c-3')))",
        "caches.match('/x').then((answer) => answer?.text() ?? null)",
        "c-3",
    ),
}

EACH_MODE = pytest.mark.parametrize("mode", list(SnapshotMode))


async def from_files(opened: House, mode: SnapshotMode) -> None:
    """Have the copy of the files serve, also where a browser was parked."""
    if mode is SnapshotMode.MEMORY:
        await opened.environments._parking.evict_oldest("the test wants the files")


@EACH_MODE
@pytest.mark.parametrize("kind", STORED)
async def test_storage_comes_back_with_the_files(house: OpenHouse, site: str, kind: str, mode: SnapshotMode) -> None:
    write, read, value = STORED[kind]
    async with house() as opened:
        session = opened.session()
        first = await opened.open(session)
        await visit(first, site)
        await evaluate(first, write)
        await opened.save(first, session, mode)
        await from_files(opened, mode)

        _, second = await opened.again(session, mode)

        assert await evaluate(second, read) == value
        assert second.report is not None
        assert second.report.mode == "filesystem"
        assert second.report.kinds[kind].restored == second.report.kinds[kind].saved == 1


@EACH_MODE
async def test_storage_of_a_site_that_was_left_comes_back(house: OpenHouse, site: str, mode: SnapshotMode) -> None:
    async with house() as opened:
        session = opened.session()
        first = await opened.open(session)
        await visit(first, site)
        await evaluate(first, STORED["indexed_db"][0])
        await evaluate(first, "localStorage.token = 'l-1'")
        await visit(first, site.replace("localhost", "127.0.0.1"))
        await opened.save(first, session, mode)
        await from_files(opened, mode)

        _, second = await opened.again(session, mode)
        await visit(second, site)

        assert await evaluate(second, STORED["indexed_db"][1]) == "3 2"
        assert await evaluate(second, "localStorage.token ?? null") == "l-1"


@EACH_MODE
async def test_cookies_come_back_with_all_their_attributes(house: OpenHouse, site: str, mode: SnapshotMode) -> None:
    async with house() as opened:
        session = opened.session()
        first = await opened.open(session)
        await visit(first, f"{site}/cookies")
        before = await cookies_of(first)
        await opened.save(first, session, mode)
        await from_files(opened, mode)

        _, second = await opened.again(session, mode)

        assert len(before) == 5
        assert {cookie["session"] for cookie in before.values()} == {True, False}
        assert await cookies_of(second) == before
        assert second.report is not None
        assert second.report.kinds["cookies"].restored == 5


async def cookies_of(opened: Opened) -> dict[str, dict[str, object]]:
    """By name; the page sets its own again when it is opened, so the moment of expiry is left out."""
    state = await opened.browser.capture()
    return {cookie["name"]: {**cookie, "expires": cookie["expires"] > 0} for cookie in state.cookies}


async def test_tabs_come_back_in_order_with_their_own_session_storage(house: OpenHouse, site: str) -> None:
    async with house() as opened:
        session = opened.session()
        first = await opened.open(session)
        await visit(first, f"{site}/one")
        await evaluate(first, "sessionStorage.tab = 'one'; open('/two', '_blank', 'noopener'); null")
        await first.browser.page.observe()
        await visit(first, f"{site}/two")
        await evaluate(first, "sessionStorage.tab = 'two'")
        await opened.save(first, session, SnapshotMode.FILESYSTEM)

        _, second = await opened.again(session, SnapshotMode.FILESYSTEM)
        tabs = (await second.browser.page.observe()).tabs
        state = await second.browser.capture()

        assert [(tab.url, tab.current) for tab in tabs] == [(f"{site}/one", False), (f"{site}/two", True)]
        assert [tab.origins[0].session for tab in state.tabs] == [{"tab": "one"}, {"tab": "two"}]


async def test_a_parked_browser_goes_on_where_it_was(house: OpenHouse, site: str) -> None:
    async with house() as opened:
        session = opened.session()
        first = await opened.open(session)
        await visit(first, site)
        await evaluate(first, "window.variable = 7; window.ticks = 0; setInterval(() => ticks++, 1); null")
        await opened.save(first, session, SnapshotMode.MEMORY)
        _, second = await opened.again(session, SnapshotMode.MEMORY)

        assert second.browser is first.browser
        assert second.report is not None
        assert second.report.mode == "memory"
        assert second.report.milliseconds < 500
        assert await evaluate(second, "variable") == 7


async def test_files_alone_when_memory_is_not_wanted(house: OpenHouse, site: str) -> None:
    async with house() as opened:
        session = opened.session()
        first = await opened.open(session)
        await visit(first, site)
        await evaluate(first, "window.variable = 7; localStorage.token = 'l-1'; null")
        await opened.save(first, session, SnapshotMode.MEMORY)
        _, second = await opened.again(session, SnapshotMode.FILESYSTEM)

        assert second.report is not None
        assert second.report.mode == "filesystem"
        assert await evaluate(second, "window.variable ?? localStorage.token") == "l-1"


HINDRANCES = {
    "an endless loop": "setTimeout(() => { for (;;) {} })",
    "a question before leaving": "addEventListener('beforeunload', (event) => event.preventDefault())",
    "an open dialog": "setTimeout(() => alert('still here'))",
    "an unfinished transaction": STORED["indexed_db"][0].replace("change.oncomplete = () => resolve();", "resolve();"),
}


@EACH_MODE
@pytest.mark.parametrize("hindrance", HINDRANCES)
async def test_a_page_can_not_keep_its_browser_from_being_saved(
    house: OpenHouse, site: str, hindrance: str, mode: SnapshotMode
) -> None:
    async with house() as opened:
        session = opened.session()
        first = await opened.open(session)
        await visit(first, f"{site}/cookies")
        await first.browser.page.act(Press("Tab"))  # pages are asked only after somebody has used them
        await evaluate(first, f"localStorage.token = 'l-1'; {HINDRANCES[hindrance]}; null")
        await opened.save(first, session, mode)
        await from_files(opened, mode)

        _, second = await opened.again(session, mode)

        assert second.report is not None
        assert second.report.kinds["cookies"].restored == 5
        assert await evaluate(second, "location.pathname") == "/cookies"
        if hindrance != "an endless loop":  # in which nobody can be asked what the page keeps
            assert await evaluate(second, "localStorage.token") == "l-1"


async def test_what_was_saved_is_put_into_no_page_that_is_opened_later(house: OpenHouse, site: str) -> None:
    saved = TabState("https://localhost:9/", current=True, origins=(OriginState(site, local={"token": "old"}),))
    async with house() as opened:
        first = await opened.open(opened.session())
        (note,) = await first.browser.reopen(BrowserState(tabs=(saved,)), 5.0)
        await visit(first, site)

        assert "could not be opened again" in note
        assert await evaluate(first, "localStorage.token") is None
