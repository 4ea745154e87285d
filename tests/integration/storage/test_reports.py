"""Lists of what is recorded: what is in them, and that indexes alone are read to count and to page."""

import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event
from tests.contract.builders import spec

from outrider.identities.sealing import open_sealer
from outrider.interfaces.sessions import Change, Entry, MessageType
from outrider.storage import Database, SqlReportStore, SqlSessionStore
from outrider.storage.report_sources import sources

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)
#: Values of filters that are asked in a way of their own.
VALUES: dict[str, Any] = {"start_date": NOON, "end_date": NOON, "state": "failed"}
#: What lists of messages are filtered by that their index has.
INDEXED = {"", "state", "start_date", "end_date"}
#: What is better found by the filter than by its organisation, and by which column.
NARROW = {"session_oid": "session_id", "job_oid": "job_id"}

Statement = tuple[str, Any]


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    async with await Database.open(tmp_path / "outrider.db") as opened:
        yield opened


@pytest.fixture
def reports(database: Database, tmp_path: Path) -> SqlReportStore:
    return SqlReportStore(database, open_sealer("", tmp_path / "keys"))


@contextmanager
def executed() -> Iterator[list[Statement]]:
    """What is asked of the database meanwhile."""
    statements: list[Statement] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: object) -> None:
        if statement.startswith("SELECT"):
            statements.append((statement, parameters))

    event.listen(Engine, "before_cursor_execute", note)
    yield statements
    event.remove(Engine, "before_cursor_execute", note)


def plan_of(path: Path, statement: Statement) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        return [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {statement[0]}", statement[1])]


def lists(folder: Path) -> Iterator[tuple[str, str]]:
    """Each resource without a filter, and with each of its filters."""
    for resource, source in sources(open_sealer("", folder / "keys")).items():
        for name in ("", *source.filters):
            yield resource, name


async def test_no_list_is_counted_or_paged_by_reading_a_whole_table(reports: SqlReportStore, tmp_path: Path) -> None:
    seen = 0
    for resource, name in lists(tmp_path):
        with executed() as statements:
            await reports.page(resource, "o-1", {name: VALUES.get(name, "x")} if name else {}, 900_000, 10)
        count, page = (plan_of(tmp_path / "outrider.db", one) for one in statements)
        for step in (*count, *page):
            assert not step.startswith("SCAN"), (resource, name, step)
        if name in NARROW:
            assert f"({NARROW[name]}=?" in count[0], (resource, name, count)
        if resource in ("messages", "usage") and name in INDEXED:
            seen += 1
            (only,) = count  # one search, in the index alone
            assert "USING COVERING INDEX" in only, (resource, name, only)
            assert sum(step == only for step in page) == 1  # that is also how what is skipped is found
            assert sum("TEMP B-TREE" in step for step in page) == 1, page  # of what is shown
    assert seen == 2 * len(INDEXED)


async def test_messages_are_listed_until_their_session_is_deleted(database: Database, reports: SqlReportStore) -> None:
    sessions = SqlSessionStore(database)
    entries = (
        Entry(MessageType.USER, "Tea"),
        Entry(MessageType.THOUGHT, "hidden", {"internal": True}),
        Entry(MessageType.LOG, "picture", {"image": True}),
        Entry(MessageType.DONE, "done", {"seconds": 1.5}),
        Entry(MessageType.ERROR, "of no task"),
    )
    for session_id, organisation in (("s-1", "o-1"), ("s-2", "o-1"), ("s-3", "o-2")):
        await sessions.insert(spec(session_id, organisation))
        await sessions.apply(session_id, Change(entries=entries))

    async def listed(resource: str, **filters: Any) -> list[str]:
        page = await reports.page(resource, "o-1", filters, 0, 10)
        assert page.total == len(page.records)
        return [record["oid"] for record in page.records]

    assert await listed("messages") == ["s-1.1", "s-1.4", "s-1.5", "s-2.1", "s-2.4", "s-2.5"]
    assert await listed("usage") == ["s-1.4", "s-2.4"]
    assert await listed("messages", session_oid="s-2", state="DONE") == await listed("usage", session_oid="s-2")
    assert await listed("messages", session_oid="s-3") == []
    assert await listed("messages", agent="other") == []
    await sessions.apply("s-1", Change(event="delete", entries=(Entry(MessageType.DONE, "last", {"seconds": 2.0}),)))
    assert await listed("messages") == ["s-2.1", "s-2.4", "s-2.5"]
    assert await listed("usage") == ["s-2.4"]
    assert len(await sessions.messages("s-1")) == 6  # which its own log still has


async def test_a_page_far_behind_begins_where_the_one_before_ends(database: Database, reports: SqlReportStore) -> None:
    sessions = SqlSessionStore(database)
    for session_id in ("s-2", "s-1"):
        await sessions.insert(spec(session_id, "o-1"))
    for number in range(40):
        await sessions.apply(f"s-{number % 2 + 1}", Change(entries=(Entry(MessageType.LOG, str(number)),)))

    pages = [await reports.page("messages", "o-1", {}, offset, 7) for offset in range(0, 42, 7)]

    assert {page.total for page in pages} == {40}
    assert [record["content"] for page in pages for record in page.records] == list(map(str, range(40)))
