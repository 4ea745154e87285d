"""Migrations: they make what the schema says, as a new database has it, once, and refuse what they don't know."""

import asyncio
import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Connection, Table, inspect, make_url, text
from sqlalchemy.schema import CreateIndex, CreateTable

from outrider.identities.sealing import open_sealer
from outrider.interfaces.sessions import Change, Entry, MessageType, State
from outrider.interfaces.webhooks import DeliveryFilter
from outrider.problems import OutriderError
from outrider.storage import Database, SqlJobStore, SqlReportStore, SqlSessionStore, SqlWebhookStore, migrations
from outrider.storage.connections import writing_engine
from outrider.storage.schema import metadata


def differences(connection: Connection) -> list[object]:
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    return list(compare_metadata(context, metadata))


def definitions(connection: Connection) -> dict[str, str]:
    """What SQLite keeps of each table, to the letter but for blanks and quotes."""
    rows = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL"))
    return {row.name: " ".join(row.sql.replace('"', "").split()) for row in rows}


async def test_a_new_database_has_the_schema(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")  # there is no alembic.ini, and none is needed

    async with await Database.open(tmp_path / "outrider.db") as database:
        assert await database.read(differences) == []
        made = await database.read(definitions)

    assert set(metadata.tables) <= set(made)
    assert "WITHOUT ROWID" in made["messages"]
    assert "AUTOINCREMENT" in made["inbox"]
    assert "ON DELETE CASCADE" in made["messages"]


def structure(connection: Connection) -> dict[str, object]:
    """All that SQLite knows of each table, but for the order of its columns and the values that stand for none."""
    inspector = inspect(connection)
    written = definitions(connection)
    return {
        table: {
            "options": ["WITHOUT ROWID" in written[table], "AUTOINCREMENT" in written[table]],
            "columns": {one["name"]: (str(one["type"]), one["nullable"]) for one in inspector.get_columns(table)},
            "primary key": inspector.get_pk_constraint(table),
            "foreign keys": inspector.get_foreign_keys(table),
            "unique": in_order(inspector.get_unique_constraints(table)),
            "checks": in_order(inspector.get_check_constraints(table)),
            "indexes": {str(one["name"]): written[str(one["name"])] for one in inspector.get_indexes(table)},
        }
        for table in inspector.get_table_names()
    }


def in_order(constraints: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return sorted(constraints, key=lambda one: str(one["name"]))


async def test_a_new_database_is_what_its_history_would_have_made_of_it(tmp_path: Path) -> None:
    old = tmp_path / "old.db"
    await asyncio.to_thread(first_database, old)

    async with await Database.open(old) as migrated, await Database.open(tmp_path / "new.db") as made:
        assert await made.read(structure) == await migrated.read(structure)
        assert await made.read(revisions) == await migrated.read(revisions)


def revisions(connection: Connection) -> list[str]:
    return list(connection.execute(text("SELECT version_num FROM alembic_version")).scalars())


async def test_opening_again_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "outrider.db"
    async with await Database.open(path) as database:
        first = await database.read(definitions)
    async with await Database.open(path) as database:
        assert await database.read(definitions) == first


@pytest.mark.parametrize("old", [False, True])
async def test_of_several_that_open_at_once_one_makes_the_schema(old: bool, tmp_path: Path) -> None:
    path = tmp_path / "outrider.db"
    if old:
        await asyncio.to_thread(first_database, path)
    for database in await asyncio.gather(*(Database.open(path) for _ in range(4))):
        assert await database.read(differences) == []
        await database.close()


FIRST_ROWS = """
INSERT INTO organisations VALUES ('o-1', 'local', '2026-01-02 03:04:05.000000');
INSERT INTO keys VALUES ('k-1', 'o-1', 'ok_live_a', 'digest', '12345', '2026-01-02 03:04:05.000000');
INSERT INTO sessions (id, organisation_id, environment_id, agent_name, model, max_steps, agent_session_type, goal,
                      webhook_url, state, epoch, task_id, last_message_id, created_at, updated_at)
    VALUES ('s-1', 'o-1', 'e-1', 'agi-0', 'scout', 100, 'managed-cdp', NULL, 'https://receiver.invalid/hook', 'ready',
            3, NULL, 1, '2026-01-02 03:04:05.000000', '2026-01-02 03:04:06.000000');
INSERT INTO messages VALUES ('s-1', 1, 'USER', '"Tea"', '{}', '2026-01-02 03:04:06.000000');
INSERT INTO sessions SELECT 's-2', 'o-2', environment_id, agent_name, model, max_steps, agent_session_type, goal,
    webhook_url, 'expired', epoch, task_id, 4, created_at, updated_at FROM sessions;
INSERT INTO sessions SELECT 's-3', 'o-2', environment_id, agent_name, model, max_steps, agent_session_type, goal,
    webhook_url, 'deleted', epoch, task_id, 1, created_at, updated_at FROM sessions WHERE id = 's-2';
INSERT INTO messages VALUES
    ('s-2', 1, 'THOUGHT', '"hidden"', '{"internal": true}', '2026-01-02 03:04:06.000000'),
    ('s-2', 2, 'LOG', '"shown"', '{"internal": false}', '2026-01-02 03:04:06.000000'),
    ('s-2', 3, 'DONE', '"done"', '{"seconds": 2.5}', '2026-01-02 03:04:06.000000'),
    ('s-2', 4, 'ERROR', '"of no task"', '{}', '2026-01-02 03:04:06.000000'),
    ('s-3', 1, 'DONE', '"deleted"', '{"seconds": 2.5}', '2026-01-02 03:04:06.000000');
INSERT INTO jobs (key, kind, body, run_at, attempts)
    VALUES ('expire s-1', 'expire', '{}', '2026-01-02 04:04:05.000000', 0);
"""


def first_database(path: Path) -> None:
    """As the first version of the schema left it, with a session in it."""
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    engine = writing_engine(path)
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
    engine.dispose()
    with closing(sqlite3.connect(path)) as connection_with_rows, connection_with_rows:
        connection_with_rows.executescript(FIRST_ROWS)


async def test_what_the_first_version_has_stored_is_kept_and_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "outrider.db"
    await asyncio.to_thread(first_database, path)

    async with await Database.open(path) as database:
        assert await database.read(differences) == []
        sessions, webhooks = SqlSessionStore(database), SqlWebhookStore(database)
        (session,) = await sessions.unfinished()
        assert (session.id, session.state, session.epoch) == ("s-1", State.READY, 3)
        assert (session.spec.restore, session.spec.cdp_url) == (None, None)
        assert [message.content for message in await sessions.messages("s-1")] == ["Tea"]
        assert [job.key for job in await SqlJobStore(database).upcoming(9)] == ["expire s-1"]
        _, (message,) = await sessions.apply("s-1", Change("message", (Entry(MessageType.USER, "More"),)))

        assert message.id == 2
        (delivery,) = await webhooks.deliveries("o-1", DeliveryFilter(), 9)
        assert delivery.event == "task.started"


async def test_messages_of_before_are_in_the_lists_of_clients(tmp_path: Path) -> None:
    path = tmp_path / "outrider.db"
    await asyncio.to_thread(first_database, path)

    async with await Database.open(path) as database:
        reports = SqlReportStore(database, open_sealer("", tmp_path / "keys"))
        listed = {
            (resource, organisation): [record["oid"] for record in page.records]
            for resource in ("messages", "usage")
            for organisation in ("o-1", "o-2")
            for page in [await reports.page(resource, organisation, {}, 0, 10)]
        }

    assert listed == {
        ("messages", "o-1"): ["s-1.1"],
        ("messages", "o-2"): ["s-2.2", "s-2.3", "s-2.4"],
        ("usage", "o-1"): [],
        ("usage", "o-2"): ["s-2.3"],
    }


async def test_a_database_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "outrider.db"
    async with await Database.open(path):
        pass
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")

    with pytest.raises(OutriderError, match="newer version") as caught:
        await Database.open(path)

    assert caught.value.code == "DATA_FOLDER_UNUSABLE"


@pytest.mark.parametrize("table", metadata.sorted_tables, ids=lambda table: table.name)
def test_the_schema_fits_postgresql_too(table: Table) -> None:
    dialect = make_url("postgresql://").get_dialect()()
    ddl = str(CreateTable(table).compile(dialect=dialect))
    indexes = [str(CreateIndex(index).compile(dialect=dialect)) for index in table.indexes]

    assert "DATETIME" not in ddl
    assert all("ix_" in index for index in indexes)
