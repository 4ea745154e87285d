"""The history of the schema, and how a database is brought to its newest revision."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, inspect, text

from outrider.problems import OutriderError

__all__ = ["upgrade"]


def upgrade(connection: Connection) -> None:
    """Run the missing migrations in the connection's transaction.

    Raises STORAGE_FAILED for a database that a newer version has written.
    """
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.attributes["connection"] = connection
    if _revision(connection) == ScriptDirectory.from_config(config).get_current_head():
        return
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        reason = "The database was written by a newer version of Outrider, or is not one of Outrider's."
        raise OutriderError("STORAGE_FAILED", reason=reason) from error


def _revision(connection: Connection) -> str | None:
    """The revision that the database is at, without the cost of starting Alembic's environment."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    revision: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return revision
