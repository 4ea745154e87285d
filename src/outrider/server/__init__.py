"""The composition root: settings -> opened stores, engine, browsers, surfaces; closed in reverse order.

``open_server`` is a server for as long as a block runs, ``serve`` one until the signal to stop, ``run_server`` the same
with an event loop of its own; ``configure_logging`` comes before them. ``running_server`` finds the one that uses a
data folder. All but that are loaded when they are first asked for: most commands only talk to a server.
"""

import gc
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from outrider.server.folder import running_server

if TYPE_CHECKING:
    from outrider.server.composition import Server
    from outrider.server.listening import open_server, run_server, serve
    from outrider.telemetry import configure_logging

__all__ = ["Server", "configure_logging", "open_server", "run_server", "running_server", "serve"]

_HOMES: Final = {
    "Server": "outrider.server.composition",
    "configure_logging": "outrider.telemetry",
    **dict.fromkeys(("open_server", "run_server", "serve"), "outrider.server.listening"),
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    gc.disable()  # modules make no garbage, and looking for it is a tenth of the time that they take
    try:
        return getattr(import_module(_HOMES[name]), name)
    finally:
        gc.enable()
