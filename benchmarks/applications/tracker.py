"""Roundup: an issue tracker, with the issues of a ferry's booking application."""

import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Final

from benchmarks.applications.application import Application, Login, State, query
from benchmarks.applications.inside.tracker.seed import PASSWORD
from benchmarks.applications.program import running

__all__ = ["open_tracker"]

_ISSUES: Final = (
    "SELECT issue.id, issue._title, priority._name, status._name, user._username FROM _issue issue"
    " LEFT JOIN _priority priority ON priority.id = issue._priority"
    " LEFT JOIN _status status ON status.id = issue._status"
    " LEFT JOIN _user user ON user.id = issue._assignedto WHERE NOT issue.__retired__ ORDER BY issue.id"
)
_KEYWORDS: Final = (
    "SELECT keyword._name FROM issue_keyword link JOIN _keyword keyword ON keyword.id = link.linkid"
    " WHERE link.nodeid = ? ORDER BY 1"
)
_NOTES: Final = (
    "SELECT msg._summary FROM issue_messages link JOIN _msg msg ON msg.id = link.linkid"
    " WHERE link.nodeid = ? ORDER BY msg.id"
)
_USERS: Final = (
    "SELECT _username, _realname, _address, _organisation, _phone, _timezone, _roles FROM _user WHERE NOT __retired__"
)


@asynccontextmanager
async def open_tracker() -> AsyncIterator[Application]:
    """A fresh tracker; its users ``admin`` and ``bjorn`` are in the vault."""
    with tempfile.TemporaryDirectory(prefix="outrider-tracker-") as folder:
        async with running("tracker", Path(folder)) as url:
            rows = partial(query, Path(folder) / "tracker" / "db" / "db")
            logins = (Login("tracker-admin", "admin", PASSWORD), Login("bjorn", "bjorn", PASSWORD))
            yield Application("tracker", url, lambda: _look(rows), rows, logins)


def _look(rows: "partial[list[tuple[object, ...]]]") -> State:
    state: State = {f"keyword {name}": "there" for (name,) in rows("SELECT _name FROM _keyword WHERE NOT __retired__")}
    for number, title, priority, status, assignee in rows(_ISSUES):
        issue = f"issue {title}:"
        state |= {
            f"{issue} priority": str(priority),
            f"{issue} status": str(status),
            f"{issue} assigned to": str(assignee or ""),
            f"{issue} keywords": ", ".join(str(name) for (name,) in rows(_KEYWORDS, number)),
            f"{issue} notes": " | ".join(str(note) for (note,) in rows(_NOTES, number)),
        }
    for login, *fields in rows(_USERS):
        names = ("name", "address", "organisation", "phone", "time zone", "roles")
        state |= {f"user {login}: {name}": str(value or "") for name, value in zip(names, fields, strict=True)}
    return state
