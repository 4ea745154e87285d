"""Migrations: they make what the schema says, from anywhere, once, and refuse what they don't know."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, Table, make_url, text
from sqlalchemy.schema import CreateIndex, CreateTable

from outrider.problems import OutriderError
from outrider.storage import Database
from outrider.storage.schema import metadata


def differences(connection: Connection) -> list[object]:
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    return list(compare_metadata(context, metadata))


def definitions(connection: Connection) -> dict[str, str]:
    """What SQLite keeps of each table, to the letter but for blanks and quotes."""
    rows = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL"))
    return {row.name: " ".join(row.sql.replace('"', "").split()) for row in rows}


async def test_migrations_make_the_schema(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")  # there is no alembic.ini, and none is needed

    async with await Database.open(tmp_path / "outrider.db") as database:
        assert await database.read(differences) == []
        made = await database.read(definitions)

    assert set(metadata.tables) <= set(made)
    assert "WITHOUT ROWID" in made["messages"]
    assert "AUTOINCREMENT" in made["inbox"]
    assert "ON DELETE CASCADE" in made["messages"]


async def test_opening_again_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "outrider.db"
    async with await Database.open(path) as database:
        first = await database.read(definitions)
    async with await Database.open(path) as database:
        assert await database.read(definitions) == first


async def test_two_that_open_at_once_migrate_once(tmp_path: Path) -> None:
    path = tmp_path / "outrider.db"
    for database in await asyncio.gather(*(Database.open(path) for _ in range(4))):
        assert await database.read(differences) == []
        await database.close()


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
