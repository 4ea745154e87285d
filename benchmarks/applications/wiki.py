"""An Otter Wiki, with the pages of a rowing club."""

import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from benchmarks.applications.application import Application, Login, State, query
from benchmarks.applications.program import running

__all__ = ["open_wiki"]

_USERS: Final = "SELECT email, name, is_approved, allow_read, allow_write, allow_upload, is_admin FROM user"


@asynccontextmanager
async def open_wiki() -> AsyncIterator[Application]:
    """A fresh wiki; an administrator's and a member's log-in are in the vault."""
    with tempfile.TemporaryDirectory(prefix="outrider-wiki-") as folder:
        work = Path(folder)
        async with running("wiki", work) as url:
            logins = (
                Login("wiki-admin", "mira@saltmarsh.example", "tide-table-1904"),
                Login("jonas", "jonas@saltmarsh.example", "coxless-four-8"),
            )
            database = work / "wiki.sqlite3"
            yield Application(
                "wiki", url, lambda: _look(work / "pages", database), lambda *sql: query(database, *sql), logins
            )


def _look(pages: Path, database: Path) -> State:
    state = {f"page {file.stem}": file.read_text().strip() for file in pages.rglob("*.md")}
    names = ("name", "approved", "read", "write", "upload", "admin")
    for email, *fields in query(database, _USERS):
        state |= {f"user {email}: {name}": str(value) for name, value in zip(names, fields, strict=True)}
    return state | {
        f"preference {name}": value for name, value in query(database, "SELECT name, value FROM preferences")
    }
