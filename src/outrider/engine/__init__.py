"""Places sessions on owners and carries messages between owners and clients, all in this process.

``EmbeddedEngine`` is ``interfaces.sessions.Engine`` over any session store and job store.
"""

from outrider.engine.embedded import EmbeddedEngine

__all__ = ["EmbeddedEngine"]
