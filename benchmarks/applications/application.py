"""What the tasks know of an application: where it is, who can log in, and how to look into what it has stored."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

__all__ = ["Application", "Login", "State", "changes", "query"]

#: Everything that a task can write, flat: “issue «Add a dark theme» status” -> “resolved”.
State = dict[str, str]


@dataclass(frozen=True, slots=True)
class Login:
    """A log-in that the vault gets, under this name."""

    name: str
    user_name: str
    password: str


@dataclass(frozen=True, slots=True)
class Application:
    """A running application."""

    name: str
    #: Without a slash at its end.
    url: str
    look: Callable[[], State]
    #: Rows of a query on its database; empty for one that has none.
    rows: Callable[..., list[tuple[Any, ...]]] = lambda *_: []
    logins: tuple[Login, ...] = ()


def query(database: Path, sql: str, *values: object) -> list[tuple[Any, ...]]:
    """All rows, read beside the application."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=10)) as opened:
        return opened.execute(sql, values).fetchall()


def changes(before: State, after: State) -> dict[str, str | None]:
    """What is new or different, with its value; None for what is gone."""
    differing = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
    return {name: after.get(name) for name in sorted(differing)}
