"""Serves a WSGI application on loopback, on any free port, until standard input ends."""

import os
import socket
import sys
import threading
from collections.abc import Callable
from typing import Any

from waitress.server import create_server

__all__ = ["free_socket", "listen"]


def free_socket() -> tuple[socket.socket, str]:
    """A bound socket and its address: applications want to know theirs before they start."""
    bound = socket.create_server(("127.0.0.1", 0))
    return bound, f"http://127.0.0.1:{bound.getsockname()[1]}/"


def listen(application: Callable[..., Any], bound: socket.socket, url: str) -> None:
    """Print the address when the application answers; return when standard input ends."""
    server = create_server(application, sockets=[bound], threads=8)
    threading.Thread(target=server.run, daemon=True).start()
    print(f"ready at {url}", flush=True)
    sys.stdin.read()
    os._exit(0)  # worker threads of an application may not end by themselves
