"""The addresses that a session gives out: they carry their own tokens."""

import math
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final

from outrider.identities.session_tokens import Grant, Right, SessionTokens
from outrider.interfaces.sessions import SessionRecord

__all__ = ["Links"]

#: Into how many spans the life of a link is cut; within one span the link stays the same.
_SPANS: Final = 2


class Links:
    """Addresses of live views and DevTools. A token of the live view stands in the fragment, which no server sees."""

    def __init__(
        self,
        tokens: SessionTokens,
        *,
        lifetime: timedelta,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._tokens = tokens
        self._lifetime = lifetime
        self._clock = clock

    def vnc_url(self, record: SessionRecord, base_url: str) -> str:
        """The page that shows the session's browser, to watch only; another address every half lifetime."""
        return self.watch_url(record.spec.organisation_id, record.id, record.created_at, base_url)

    def watch_url(self, organisation_id: str, session_id: str, created_at: datetime, base_url: str) -> str:
        """``vnc_url`` for those who don't have the session's record."""
        span = self._lifetime / _SPANS
        spans = math.floor((self._clock() - created_at) / span) + _SPANS
        grant = Grant(organisation_id, session_id, Right.VIEW, created_at + spans * span)
        return self.view_url(self._tokens.issue(grant), session_id, base_url)

    def view_url(self, token: str, session_id: str, base_url: str) -> str:
        """The live view's page with a token."""
        return f"{base_url}/live/{session_id}#{token}"

    def devtools_url(self, token: str, session_id: str, base_url: str) -> str:
        """Where DevTools clients connect by WebSocket."""
        return f"ws{base_url.removeprefix('http')}/v1/sessions/{session_id}/devtools/browser?token={token}"

    def devtools_http_url(self, token: str, session_id: str, base_url: str) -> str:
        """For clients that look at ``/json/version`` below it first."""
        return f"{base_url}/v1/sessions/{session_id}/devtools?token={token}"
