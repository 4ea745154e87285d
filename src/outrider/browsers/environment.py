"""The state of a running browser beside its files: cookies, tabs, and what the origins in them keep."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
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
#: A page whose embedded frames kept something may take this long to load them again.
_FRAMES_SECONDS: Final = 5.0
_MOST_TABS: Final = 20
_WEB: Final = ("http://", "https://")

#: What ``survey`` of ``inject/environment.js`` answers.
_Survey = Mapping[str, Any]

#: What ``Storage.setCookies`` takes of what ``Storage.getCookies`` gives.
_COOKIE_FIELDS: Final = frozenset(
    {
        "name", "value", "domain", "path", "expires", "httpOnly", "secure", "sameSite", "priority", "sourceScheme",
        "sourcePort", "partitionKey",
    }
)  # fmt: skip

#: Runs in a document before the page's own scripts.
_FILL: Final = f"{WORLD}.restore(%s)"
_TOO_MANY: Final = "{left} of {count} tabs were left out: a snapshot holds {most}, the current one and the latest."
_SILENT: Final = "A page of {site} did not answer, or a frame in it: what only its tab kept was not saved."


async def capture(root: Session, tabs: Tabs, expected: BrowserState | None = None) -> BrowserState:
    """The state now. A page that does not answer in time is there with its address alone, and in ``missing``.

    With ``expected``, pages that showed a logged-in user there are given a moment to do so again.
    """
    current = await tabs.current()
    open_tabs = [tab for tab in tabs if tab.url.startswith(_WEB) and not tab.crashed]
    shown = _chosen(open_tabs, current)
    patient = {tab.url for tab in expected.tabs if tab.log_out} if expected else set()
    answer, *surveys = await asyncio.gather(
        root.call("Storage.getCookies"), *(_surveys(tab, patient=tab.url in patient) for tab in shown)
    )
    silent = dict.fromkeys(_site(tab.url) for tab, found in zip(shown, surveys, strict=True) if None in found)
    missing = [_SILENT.format(site=site) for site in silent]
    if len(shown) < len(open_tabs):
        left = len(open_tabs) - len(shown)
        missing.insert(0, _TOO_MANY.format(left=left, count=len(open_tabs), most=_MOST_TABS))
    states = (_tab_state(tab, found, current=tab is current) for tab, found in zip(shown, surveys, strict=True))
    return BrowserState(cookies=tuple(answer["cookies"]), tabs=tuple(states), missing=tuple(missing))


async def reopen(root: Session, tabs: Tabs, state: BrowserState, seconds: float) -> tuple[str, ...]:
    """Put cookies back and open the tabs again, each within ``seconds``; returns what failed, in sentences."""
    notes = await _put_cookies(root, state.cookies)
    opened = [await tabs.current() if number == 0 else await tabs.open() for number in range(len(state.tabs))]
    loads = await asyncio.gather(*(_load(tab, saved, seconds) for tab, saved in zip(opened, state.tabs, strict=True)))
    for tab, saved in zip(opened, state.tabs, strict=True):
        if saved.current:
            tabs.switch(tab.number)
    return (*notes, *filter(None, loads))


def _chosen(tabs: Sequence[Tab], current: Tab) -> list[Tab]:
    """As many as are kept, in order of opening."""
    latest = sorted(tabs, key=lambda tab: (tab is current, tab.number))[-_MOST_TABS:]
    return [tab for tab in tabs if tab in latest]


def _tab_state(tab: Tab, surveys: Sequence[_Survey | None], *, current: bool) -> TabState:
    top = surveys[0] or {}
    return TabState(
        url=tab.url,
        title=top.get("title", ""),
        current=current,
        origins=_origins([survey for survey in surveys if survey]),
        log_out=top.get("log_out", ""),
        asks_log_in=top.get("asks_log_in", False),
    )


async def _surveys(tab: Tab, *, patient: bool) -> list[_Survey | None]:
    """What the frames of a tab know, the top one first."""
    return await asyncio.gather(*(_survey(tab, frame, patient=patient) for frame in tab.frames))


async def _survey(tab: Tab, frame: Frame, *, patient: bool) -> _Survey | None:
    """What one frame knows; nothing when it is gone, None when it does not answer."""
    patience = round(_LOG_OUT_SECONDS * 1000) if patient and frame is tab.frames.main else 0
    try:
        async with asyncio.timeout(_SURVEY_SECONDS):
            survey: _Survey = await tab.call("survey", patience, frame=frame)
            return survey
    except (CdpError, ContextLost):
        return {}
    except (TimeoutError, OutriderError):
        return None


def _origins(surveys: Iterable[_Survey]) -> tuple[OriginState, ...]:
    """One state per origin and what it is embedded in: such frames share it. Opaque origins keep nothing."""
    by_place = {
        (survey["origin"], *survey["within"]): survey for survey in surveys if survey["origin"].startswith(_WEB)
    }
    return tuple(
        OriginState(
            origin=origin,
            within=tuple(within),
            local=survey["local"],
            session=survey["session"],
            databases=tuple(survey["databases"]),
            workers=tuple(survey["workers"]),
            caches=tuple(survey["caches"]),
        )
        for (origin, *within), survey in by_place.items()
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
        async with asyncio.timeout(seconds), tab.preceded_by(_filling(saved)):
            tab.activity.mark()
            answer = await tab.session.call("Page.navigate", seconds, url=saved.url)
            if "errorText" in answer:
                return f"A tab of {_site(saved.url)} could not be opened again: {answer['errorText']}."
            await tab.activity.until(lambda: tab.activity.replaced and tab.activity.content_ready, seconds)
            if any(origin.within and origin.session for origin in saved.origins):
                await tab.activity.until(lambda: tab.activity.loaded, _FRAMES_SECONDS)
    except (TimeoutError, CdpError, OutriderError):
        tab.session.post("Page.stopLoading")
        return f"A tab of {_site(saved.url)} did not load within {seconds:g} s."
    return None


def _filling(saved: TabState) -> str:
    """The script that gives documents what was saved; run in later ones, it would undo what pages changed."""
    items: dict[str, Any] = {
        " ".join((origin.origin, *origin.within)): {"session": origin.session}
        | ({"local": origin.local} if origin.local else {})
        for origin in saved.origins
    }
    return _FILL % orjson.dumps(items).decode()


def _site(url: str) -> str:
    """Scheme and host of an address; the rest may hold what is nobody's business."""
    return "/".join(url.split("/", 3)[:3])
