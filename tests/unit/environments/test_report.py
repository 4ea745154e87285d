"""The report on a restore: counted, reasoned, and careful about what it can't tell."""

from datetime import UTC, datetime
from typing import Any

import pytest

from outrider.environments.report import nothing_restored, report, summary
from outrider.interfaces.environments import BrowserState, Count, OriginState, Snapshot, SnapshotMode, TabState

SNAPSHOT = Snapshot("e-1", "o-1", "s-1", "b-1", 10, SnapshotMode.FILESYSTEM, datetime.now(UTC))
SHOP = "https://shop.test"


def cookie(name: str, value: str = "1") -> dict[str, Any]:
    return {"name": name, "value": value, "domain": "shop.test", "path": "/"}


def page(log_out: str = "", *, asks: bool = False, url: str = SHOP, **stored: Any) -> TabState:
    return TabState(url, "", True, (OriginState(SHOP, **stored),), log_out, asks)


def test_everything_came_back() -> None:
    state = BrowserState((cookie("a"),), (page("Logout", local={"k": "v"}, databases=("db",), workers=("/",)),))
    done = report(SNAPSHOT, SnapshotMode.FILESYSTEM, state, state)

    assert {name: count for name, count in done.kinds.items() if count.saved} == {
        name: Count(1, 1) for name in ("cookies", "local_storage", "indexed_db", "service_workers", "tabs")
    }
    assert done.logged_in is True
    assert len(done.lost) == 1  # what no process can bring back
    assert summary(done) == (
        "The environment was restored from filesystem: 1 of 1 cookies, 1 of 1 local storage, 1 of 1 indexed db, "
        "1 of 1 service workers, 1 of 1 tabs; still logged in."
    )


def test_what_is_missing_is_counted_and_reasoned() -> None:
    saved = BrowserState((cookie("a"), cookie("b")), (page(session={"k": "v"}),))
    restored = BrowserState((cookie("a", "changed"), cookie("b")), (page(),))
    done = report(SNAPSHOT, SnapshotMode.FILESYSTEM, saved, restored, ("A note.",))

    assert done.kinds["cookies"] == Count(2, 1)
    assert done.kinds["session_storage"] == Count(1, 0)
    assert done.lost[0] == "A note."
    assert any("1 of 2 cookies did not come back" in line for line in done.lost)
    assert "v" not in summary(done).split()


@pytest.mark.parametrize(
    ("before", "after", "logged_in"),
    [
        (page("Logout"), page("Logout"), True),
        (page("Logout"), page(asks=True), False),
        (page("Logout"), page(), None),
        (page(), page("Logout"), None),
        (page("Logout"), None, None),
    ],
)
def test_whether_the_page_shows_a_logged_in_user(
    before: TabState, after: TabState | None, logged_in: bool | None
) -> None:
    tabs = () if after is None else (after,)
    done = report(SNAPSHOT, SnapshotMode.MEMORY, BrowserState(tabs=(before,)), BrowserState(tabs=tabs))

    assert done.logged_in is logged_in
    assert done.logged_in_evidence


def test_nothing_restored_says_so() -> None:
    done = nothing_restored("e-2")

    assert (done.mode, done.kinds, done.logged_in) == ("none", {}, None)
    assert "fresh browser" in summary(done)
