"""DevTools sessions beside those of the agent: separate domains, overrides and screencasts on the same pages."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from outrider.browsers.cdp import Session

__all__ = ["attached_to_browser", "attached_to_target"]


@asynccontextmanager
async def attached_to_browser(root: Session) -> AsyncIterator[Session]:
    """A session with the browser as a whole, with auto-attach and contexts of its own.

    Leaving lets go of everything that was attached to through it. Raises as ``Session.call`` does.
    """
    async with _attached(root, await root.call("Target.attachToBrowserTarget")) as session:
        yield session


@asynccontextmanager
async def attached_to_target(browser: Session, target_id: str) -> AsyncIterator[Session]:
    """A session with one target, through a session that ``attached_to_browser`` gave. Raises as ``Session.call``."""
    async with _attached(
        browser, await browser.call("Target.attachToTarget", targetId=target_id, flatten=True)
    ) as session:
        yield session


@asynccontextmanager
async def _attached(parent: Session, answer: dict[str, str]) -> AsyncIterator[Session]:
    session = Session(parent.connection, answer["sessionId"])
    try:
        yield session
    finally:
        session.connection.forget(session.id)
        parent.post("Target.detachFromTarget", sessionId=session.id)
