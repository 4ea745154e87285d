"""How commands lie in the inbox: sealed, since a message's text may hold a payment token or a password.

Elsewhere of such only what can't be used is kept; here the whole is needed until the session's owner has read it.
"""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Row

from outrider.identities.sealing import Sealer
from outrider.interfaces.sessions import Command
from outrider.problems import OutriderError
from outrider.storage.columns import dump_json
from outrider.telemetry import get_logger

__all__ = ["InboxRows"]

_SEALED: Final = "sealed"

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class InboxRows:
    """Commands as rows, and back. Without a sealer bodies are kept as they are."""

    sealer: Sealer | None = None

    def row_of(self, session_id: str, kind: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """A row to insert."""
        return {"session_id": session_id, "kind": kind, "body": self._closed(session_id, body)}

    def command_of(self, row: Row[Any]) -> Command:
        """A stored command; with an empty body when its sealing key is gone, so that it can still be consumed."""
        try:
            return Command(row.id, row.kind, self._opened(row.session_id, row.body))
        except OutriderError as problem:
            log.warning("command can't be read", session_id=row.session_id, kind=row.kind, reason=problem.cause)
            return Command(row.id, row.kind, {})

    def _closed(self, session_id: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
        if self.sealer is None:
            return body
        sealed = self.sealer.seal(dump_json(body).encode(), _context(session_id))
        return {_SEALED: base64.b64encode(sealed).decode("ascii")}

    def _opened(self, session_id: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
        if self.sealer is None or body.keys() != {_SEALED}:
            return body
        opened: Mapping[str, Any] = json.loads(self.sealer.open(base64.b64decode(body[_SEALED]), _context(session_id)))
        return opened


def _context(session_id: str) -> bytes:
    return f"inbox:{session_id}".encode()
