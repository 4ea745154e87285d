"""Failures of the database as rows of the catalogue."""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType
from typing import Final

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from outrider.problems import OutriderError

__all__ = ["mapped_errors"]

#: Primary SQLite result code -> what an operator has to know.
_REASONS: Final[Mapping[int, str]] = MappingProxyType(
    {
        sqlite3.SQLITE_BUSY: "Another process keeps the database locked.",
        sqlite3.SQLITE_LOCKED: "Another process keeps the database locked.",
        sqlite3.SQLITE_FULL: "The disk is full.",
        sqlite3.SQLITE_IOERR: "The disk reported an input/output error.",
        sqlite3.SQLITE_READONLY: "The database file is read-only.",
        sqlite3.SQLITE_PERM: "The database file may not be accessed.",
        sqlite3.SQLITE_CANTOPEN: "The database file can't be opened.",
        sqlite3.SQLITE_CORRUPT: "The database file is damaged.",
        sqlite3.SQLITE_NOTADB: "The file is not a database.",
    }
)
_UNNAMED: Final = "The database reported an error; the server's log has it."


@contextmanager
def mapped_errors() -> Iterator[None]:
    """Raise STORAGE_FAILED, from the original, in place of an error of the database or its file."""
    try:
        yield
    except (SQLAlchemyError, sqlite3.Error, OSError) as error:
        raise OutriderError("STORAGE_FAILED", reason=_reason(error)) from error


def _reason(error: Exception) -> str:
    if isinstance(error, OSError):
        return f"{error.strerror or type(error).__name__}."
    origin = error.orig if isinstance(error, DBAPIError) else error
    code = getattr(origin, "sqlite_errorcode", None)
    # The low byte is the primary code, the rest says more than an operator needs.
    return _UNNAMED if code is None else _REASONS.get(code & 0xFF, _UNNAMED)
