"""A file server on loopback, as a process of its own, so that serving costs no candidate's event loop anything.

``python -m benchmarks.pages.serve NAME=FOLDER …`` prints its port and serves ``/NAME/…`` until its input closes.
"""

import asyncio
import sys
import threading
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Final

__all__ = ["serving"]

#: The pages of packages name fonts and scripts of other hosts: nothing outside of loopback is to be asked for.
_POLICY: Final = "default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob:"


@asynccontextmanager
async def serving(folders: Mapping[str, Path]) -> AsyncIterator[str]:
    """Serve each folder under its name; gives ``http://127.0.0.1:port``."""
    mounts = [f"{name}={folder}" for name, folder in folders.items()]
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", __name__, *mounts, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        async with asyncio.timeout(20):
            port = int(await process.stdout.readline())
        yield f"http://127.0.0.1:{port}"
    finally:
        process.stdin.close()
        await process.wait()


def main(mounts: Mapping[str, Path]) -> None:
    """Serve until standard input closes."""

    class Handler(SimpleHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True  # head and body are written apart: else each answer takes 40 ms

        def translate_path(self, path: str) -> str:
            name, _, rest = path.lstrip("/").partition("/")
            self.directory = str(mounts.get(name, Path("/nonexistent")))
            return super().translate_path(f"/{rest}")

        def end_headers(self) -> None:
            self.send_header("Content-Security-Policy", _POLICY)
            super().end_headers()

        def log_message(self, *_: object) -> None:
            """Requests are not written down."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        print(server.server_port, flush=True)
        sys.stdin.read()
        server.shutdown()


if __name__ == "__main__":
    main({name: Path(folder) for name, _, folder in (mount.partition("=") for mount in sys.argv[1:])})
