"""A script that runs in every new document of a tab, before the page's own, for as long as it is wanted."""

import asyncio
from functools import partial
from typing import Any

from outrider.browsers.cdp import Session
from outrider.browsers.script import WORLD

__all__ = ["Prelude"]

_Added = asyncio.Future[dict[str, Any]]


class Prelude:
    """Belongs to one tab; frames of other sites have sessions of their own, to each of which it is added."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._added: list[tuple[Session, _Added]] = []

    def add(self, session: Session) -> _Added:
        """Have it run in the documents that the session's target makes from now on, after the scripts added before.

        Whoever no longer waits for the answer leaves it to ``remove``, which needs it.
        """
        added = session.send(
            "Page.addScriptToEvaluateOnNewDocument", source=self._source, worldName=WORLD, runImmediately=False
        )
        self._added.append((session, added))
        return asyncio.shield(added)

    def remove(self) -> None:
        """Have it run in no later document."""
        for session, added in self._added:
            added.add_done_callback(partial(_remove, session))


def _remove(session: Session, added: _Added) -> None:
    if not added.cancelled() and added.exception() is None:
        session.post("Page.removeScriptToEvaluateOnNewDocument", identifier=added.result()["identifier"])
