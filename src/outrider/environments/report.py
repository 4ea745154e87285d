"""How faithful a restore was: what was saved, held against what the restored browser shows."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final
from urllib.parse import urlsplit

from outrider.interfaces.environments import BrowserState, Count, RestoreReport, Snapshot, SnapshotMode, TabState

__all__ = ["nothing_restored", "report", "summary"]

#: What a new process can't have, whatever was saved.
_PROCESS_STATE: Final = (
    "Scripts' variables, typed text, scroll positions and the history of tabs are not in a filesystem snapshot: "
    "the pages were loaded anew."
)
_CONNECTIONS: Final = "Connections that pages held open while the browser was parked may have been closed by the sites."


def report(
    snapshot: Snapshot, mode: SnapshotMode, saved: BrowserState, restored: BrowserState, notes: tuple[str, ...] = ()
) -> RestoreReport:
    """The report on a restore; ``notes`` are sentences on what went wrong meanwhile."""
    kinds = {
        name: Count(len(wanted), len(wanted & items(restored)))
        for name, items in _KINDS.items()
        for wanted in (items(saved),)
    }
    before, after = _last_page(saved), _last_page(restored)
    logged_in, evidence = _logged_in(before, after)
    lost = (_CONNECTIONS,) if mode is SnapshotMode.MEMORY else (*saved.missing, _PROCESS_STATE)
    return RestoreReport(
        mode=mode.value,
        environment_id=snapshot.environment_id,
        saved_at=snapshot.saved_at,
        saved_by_session_id=snapshot.session_id,
        kinds=kinds,
        lost=(*notes, *_missing(saved, restored), *lost),
        logged_in=logged_in,
        logged_in_evidence=evidence,
    )


def nothing_restored(environment_id: str) -> RestoreReport:
    """The report on an environment that has no snapshot."""
    reason = "There is no saved snapshot of that environment: the session began with a fresh browser."
    return RestoreReport(mode="none", environment_id=environment_id, lost=(reason,))


def summary(done: RestoreReport) -> str:
    """The report in one sentence."""
    if done.mode == "none":
        return done.lost[0]
    counts = ", ".join(
        f"{count.restored} of {count.saved} {name.replace('_', ' ')}"
        for name, count in done.kinds.items()
        if count.saved
    )
    logged_in = {True: "still logged in", False: "no longer logged in", None: "log-in can't be told"}[done.logged_in]
    return f"The environment was restored from {done.mode}: {counts or 'it was empty'}; {logged_in}."


def _cookies(state: BrowserState) -> frozenset[Any]:
    names = ("name", "domain", "path", "value")
    return frozenset(
        (*(cookie.get(name) for name in names), str(cookie.get("partitionKey", ""))) for cookie in state.cookies
    )


def _tabs(state: BrowserState) -> frozenset[Any]:
    return frozenset((number, tab.url) for number, tab in enumerate(state.tabs))


def _stored(field: str) -> Callable[[BrowserState], frozenset[Any]]:
    """Items of one kind of storage; those of dictionaries are told apart by key, since pages change values."""

    def items(state: BrowserState) -> frozenset[Any]:
        return frozenset(
            (origin.origin, origin.within, number if field == "session" else 0, item)
            for number, tab in enumerate(state.tabs)
            for origin in tab.origins
            for item in getattr(origin, field)
        )

    return items


_KINDS: Final[Mapping[str, Callable[[BrowserState], frozenset[Any]]]] = MappingProxyType(
    {
        "cookies": _cookies,
        "local_storage": _stored("local"),
        "session_storage": _stored("session"),
        "indexed_db": _stored("databases"),
        "service_workers": _stored("workers"),
        "caches": _stored("caches"),
        "tabs": _tabs,
    }
)

#: The kinds whose items begin with an origin, and what it is embedded in.
_STORED_BY_ORIGIN: Final = frozenset(_KINDS) - {"cookies", "tabs"}
_MOST_OWNERS: Final = 5

#: Why something of a kind may be missing once the pages have loaded.
_REASONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "cookies": "they have expired, the browser refused them, or a page replaced them while it loaded",
        "session_storage": "the page removed them while it loaded, or opened the frame that had them too late",
        "tabs": "the site led them elsewhere or did not answer",
    }
)


def _missing(saved: BrowserState, restored: BrowserState) -> Iterator[str]:
    for name, items in _KINDS.items():
        wanted = items(saved)
        gone = wanted - items(restored)
        if gone:
            owners = f" ({_owners(gone)})" if name in _STORED_BY_ORIGIN else ""
            reason = _REASONS.get(name, "the page removed them while it loaded, or did not load")
            yield f"{len(gone)} of {len(wanted)} {name.replace('_', ' ')} did not come back{owners}: {reason}."


def _owners(items: Iterable[Any]) -> str:
    """Whose they are: the first few origins, each with the page that it was embedded in."""
    places = sorted({(origin, within) for origin, within, *_ in items})
    named = [f"{origin} in {within[-1]}" if within else origin for origin, within in places[:_MOST_OWNERS]]
    more = len(places) - len(named)
    return ", ".join(named) + (f" and {more} more" if more else "")


def _last_page(state: BrowserState) -> TabState | None:
    return next((tab for tab in state.tabs if tab.current), None)


def _logged_in(before: TabState | None, after: TabState | None) -> tuple[bool | None, str]:
    """Told by the control for logging out, which only a logged-in user is shown."""
    if before is None or after is None or not before.log_out:
        return None, "The last page showed no control for logging out when it was saved."
    host = urlsplit(after.url).hostname or "the page"
    if after.log_out:
        return True, f"“{after.log_out}” on {host}, as before."
    if after.asks_log_in:
        return False, f"{host} asks for a log-in where it showed “{before.log_out}” before."
    return None, f"{host} shows neither “{before.log_out}” nor a log-in."
