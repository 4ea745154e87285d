"""Browsers that callers run: the way to one, and its address, which may hold secrets and is stored sealed."""

import base64
from collections.abc import Awaitable, Callable
from typing import Final

from outrider.identities.sealing import Sealer
from outrider.interfaces.pages import Browser
from outrider.interfaces.sessions import SessionSpec
from outrider.problems import OutriderError

__all__ = ["ExternalBrowsers"]

_CONTEXT: Final = "cdp_url:{}"


class ExternalBrowsers:
    """``attach`` opens a tab in the browser at a DevTools address."""

    def __init__(self, sealer: Sealer, attach: Callable[[str], Awaitable[Browser]]) -> None:
        self._sealer = sealer
        self._attach = attach

    def seal(self, session_id: str, cdp_url: str) -> str:
        """The address as it is stored with the session."""
        sealed = self._sealer.seal(cdp_url.encode(), _CONTEXT.format(session_id).encode())
        return base64.b64encode(sealed).decode("ascii")

    async def open(self, session: SessionSpec) -> Browser:
        """A tab in the caller's browser. Raises what ``attach`` does, and SECRET_UNREADABLE."""
        if session.cdp_url is None:
            raise OutriderError("CDP_URL_INVALID", reason="“cdp_url” is missing.")
        sealed = base64.b64decode(session.cdp_url)
        return await self._attach(self._sealer.open(sealed, _CONTEXT.format(session.id).encode()).decode())
