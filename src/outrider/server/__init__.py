"""The composition root: settings -> opened stores, engine, browsers, surfaces; closed in reverse order.

``open_server`` is a server for as long as a block runs, ``serve`` one until the signal to stop, ``run_server`` the same
with an event loop of its own. ``running_server`` finds the one that uses a data folder.
"""

from outrider.server.composition import Server
from outrider.server.folder import running_server
from outrider.server.listening import open_server, run_server, serve

__all__ = ["Server", "open_server", "run_server", "running_server", "serve"]
