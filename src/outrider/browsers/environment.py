"""The state of a running browser beside its files: cookies, tabs, and what the origins in them keep."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from typing import Any, Final

import orjson

from outrider.browsers.cdp import CdpError, Session
from outrider.browsers.frames import Frame
from outrider.browsers.script import WORLD
from outrider.browsers.tab import ContextLost, Tab
from outrider.browsers.tabs import Tabs
from outrider.interfaces.environments import BrowserState, OriginState, TabState
from outrider.problems import OutriderError

__all__ = ["capture", "reopen"]

#: A page that does not answer for so long is saved without its storage.
_SURVEY_SECONDS: Final = 3.0
#: A page that showed a logged-in user when it was saved may take this long to do so again.
_LOG_OUT_SECONDS: Final = 1.5
_MOST_TABS: Final = 20
_WEB: Final = ("http://", "https://")

#: What ``Storage.setCookies`` takes of what ``Storage.getCookies`` gives.
_COOKIE_FIELDS: Final = frozenset(
    {
        "name", "value", "domain", "path", "expires", "httpOnly", "secure", "sameSite", "priority", "sourceScheme",
        "sourcePort", "partitionKey",
    }
)  # fmt: skip

#: Runs in a document before the page's own scripts. Session storage of a new tab is empty until a document writes.
_FILL: Final = """(() => {
  const saved = %s[location.origin];
  if (!saved) return;
  const fill = (area, items) => { for (const [key, value] of Object.entries(items)) area.setItem(key, value); };
  try {
    if (!sessionStorage.length) fill(sessionStorage, saved.session);
    if (saved.local && window === window.top) { localStorage.clear(); fill(localStorage, saved.local); }
  } catch { /* a document without storage */ }
})()"""


async def capture(root: Session, tabs: Tabs, expected: BrowserState | None = None) -> BrowserState:
    """The state now. A page that does not answer in time is there with its address alone.

    With ``expected``, pages that showed a logged-in user there are given a moment to do so again.
    """
    current = await tabs.current()
    shown = [tab for tab in tabs if tab.url.startswith(_WEB) and not tab.crashed][:_MOST_TABS]
    patient = {tab.url for tab in expected.tabs if tab.log_out} if expected else set()
    answer, *states = await asyncio.gather(
        root.call("Storage.getCookies"),
        *(_tab_state(tab, current=tab is current, patient=tab.url in patient) for tab in shown),
    )
    return BrowserState(cookies=tuple(answer["cookies"]), tabs=tuple(states))


async def reopen(root: Session, tabs: Tabs, state: BrowserState, seconds: float) -> tuple[str, ...]:
    """Put cookies back and open the tabs again, each within ``seconds``; returns what failed, in sentences."""
    notes = await _put_cookies(root, state.cookies)
    opened = [await tabs.current() if number == 0 else await tabs.open() for number in range(len(state.tabs))]
    loads = await asyncio.gather(*(_load(tab, saved, seconds) for tab, saved in zip(opened, state.tabs, strict=True)))
    for tab, saved in zip(opened, state.tabs, strict=True):
        if saved.current:
            tabs.switch(tab.number)
    return (*notes, *filter(None, loads))


async def _tab_state(tab: Tab, *, current: bool, patient: bool) -> TabState:
    surveys = await asyncio.gather(*(_survey(tab, frame, patient=patient) for frame in tab.frames))
    found = [survey for survey in surveys if survey is not None]
    top = surveys[0] or {}
    return TabState(
        url=tab.url,
        title=top.get("title", ""),
        current=current,
        origins=_origins(found),
        log_out=top.get("log_out", ""),
        asks_log_in=top.get("asks_log_in", False),
    )


async def _survey(tab: Tab, frame: Frame, *, patient: bool) -> dict[str, Any] | None:
    """What one frame knows; None when it does not answer. The top frame is the first one of a tab."""
    patience = round(_LOG_OUT_SECONDS * 1000) if patient and frame is tab.frames.main else 0
    try:
        async with asyncio.timeout(_SURVEY_SECONDS):
            survey: dict[str, Any] = await tab.call("survey", patience, frame=frame)
            return survey
    except (TimeoutError, CdpError, ContextLost, OutriderError):
        return None


def _origins(surveys: Iterable[Mapping[str, Any]]) -> tuple[OriginState, ...]:
    """One state per origin: frames of one origin share it. Opaque origins keep nothing."""
    by_origin = {survey["origin"]: survey for survey in surveys if survey["origin"].startswith(_WEB)}
    return tuple(
        OriginState(
            origin=origin,
            local=survey["local"],
            session=survey["session"],
            databases=tuple(survey["databases"]),
            workers=tuple(survey["workers"]),
            caches=tuple(survey["caches"]),
        )
        for origin, survey in by_origin.items()
    )


async def _put_cookies(root: Session, cookies: Iterable[Mapping[str, Any]]) -> list[str]:
    """All at once; one by one when the browser refuses some, since it then takes none."""
    wanted = [_cookie(cookie) for cookie in cookies]
    try:
        await root.call("Storage.setCookies", cookies=wanted)
    except CdpError:
        calls = (root.call("Storage.setCookies", cookies=[cookie]) for cookie in wanted)
        refused = sum(isinstance(answer, CdpError) for answer in await asyncio.gather(*calls, return_exceptions=True))
        return [f"The browser refused {refused} cookies."]
    return []


def _cookie(cookie: Mapping[str, Any]) -> dict[str, Any]:
    fields = {name: value for name, value in cookie.items() if name in _COOKIE_FIELDS}
    if cookie.get("session"):
        fields.pop("expires", None)
    return fields


async def _load(tab: Tab, saved: TabState, seconds: float) -> str | None:
    """Open a saved tab's address with the session storage that it had; what went wrong, or None."""
    try:
        async with asyncio.timeout(seconds), _filling(tab, saved):
            tab.activity.mark()
            answer = await tab.session.call("Page.navigate", seconds, url=saved.url)
            if "errorText" in answer:
                return f"A tab of {_site(saved.url)} could not be opened again: {answer['errorText']}."
            await tab.activity.until(lambda: bool(tab.activity.commits) and tab.activity.content_ready, seconds)
    except (TimeoutError, CdpError, OutriderError):
        tab.session.post("Page.stopLoading")
        return f"A tab of {_site(saved.url)} did not load within {seconds:g} s."
    return None


@asynccontextmanager
async def _filling(tab: Tab, saved: TabState) -> AsyncIterator[None]:
    """Documents that the tab opens meanwhile have what was saved; in later ones it would undo what pages changed."""
    items: dict[str, Any] = {
        origin.origin: {"session": origin.session} | ({"local": origin.local} if origin.local else {})
        for origin in saved.origins
    }
    source = _FILL % orjson.dumps(items).decode()
    added = await tab.session.call(
        "Page.addScriptToEvaluateOnNewDocument", source=source, worldName=WORLD, runImmediately=False
    )
    try:
        yield
    finally:
        tab.session.post("Page.removeScriptToEvaluateOnNewDocument", identifier=added["identifier"])


def _site(url: str) -> str:
    """Scheme and host of an address; the rest may hold what is nobody's business."""
    return "/".join(url.split("/", 3)[:3])
