"""A small web server for tests: the pages in this folder, and addresses that misbehave on request."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import MappingProxyType
from typing import Final
from urllib.parse import parse_qs, urlsplit

_FOLDER: Final = Path(__file__).parent
#: A request that waits for ``PageServer.release`` gives up after this long, so that no test leaves a thread behind.
_HELD_SECONDS: Final = 60.0


class PageServer:
    """Where the pages are, under two names of the same machine: different sites for a browser."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.url = f"http://127.0.0.1:{port}"
        self.other_site = f"http://localhost:{port}"
        self._gate = threading.Event()
        #: Bodies of the POST requests so far.
        self.posted: list[bytes] = []

    def release(self) -> None:
        """Answer the requests to ``/held``."""
        self._gate.set()

    def wait_for_release(self) -> None:
        """Block the calling thread until ``release``."""
        self._gate.wait(_HELD_SECONDS)


class _Handler(BaseHTTPRequestHandler):
    pages: PageServer
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        action = _ACTIONS.get(parts.path.split("/")[1], _Handler.send_page)
        try:
            action(self)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def do_POST(self) -> None:
        self.pages.posted.append(self.rfile.read(int(self.headers["Content-Length"])))
        self.answer("<title>Posted</title><h1>Thank you</h1>")

    def query(self, name: str, default: str) -> str:
        return parse_qs(urlsplit(self.path).query).get(name, [default])[0]

    def answer(self, body: str | bytes, status: int = 200, **headers: str) -> None:
        data = body.encode() if isinstance(body, str) else body
        self.send_response(status)
        headers.setdefault("Content_Type", "text/html; charset=utf-8")
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def send_page(self) -> None:
        file = _FOLDER / urlsplit(self.path).path.lstrip("/")
        if file.suffix != ".html" or not file.is_file():
            self.answer("<title>Not found</title><h1>No such page</h1>", 404)
            return
        text = file.read_text("utf-8")
        self.answer(text.replace("{{other}}", self.pages.other_site).replace("{{same}}", self.pages.url))

    def send_held(self) -> None:
        self.pages.wait_for_release()
        self.answer("<title>Late</title><h1>Late</h1>")

    def send_redirect(self) -> None:
        self.answer("", 302, Location=self.path)

    def send_nothing(self) -> None:
        self.send_response(204)
        self.end_headers()

    def send_failure(self) -> None:
        self.answer("<title>Broken</title><h1>Internal error</h1>", 500)

    def send_file(self) -> None:
        disposition = f'attachment; filename="{self.query("name", "report.txt")}"'
        self.answer(b"content", Content_Type="application/octet-stream", Content_Disposition=disposition)

    def send_many(self) -> None:
        count = int(self.query("count", "1000"))
        rows = "".join(f"<p>Row {row} <a href='/row/{row}'>Link {row}</a></p>" for row in range(count))
        self.answer(f"<title>Many</title><main><h1>Many</h1>{rows}</main>")

    def send_script(self) -> None:
        self.answer(f"<title>Script</title><h1>Script</h1><script>{self.query('run', '')}</script>")

    def send_data(self) -> None:
        self.answer('{"text": "from the server"}', Content_Type="application/json")

    def send_delayed(self) -> None:
        time.sleep(float(self.query("seconds", "0")))  # as long as a server takes
        self.answer("late")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        del format, args


_ACTIONS: Final = MappingProxyType[str, Callable[[_Handler], None]](
    {
        "held": _Handler.send_held,
        "loop": _Handler.send_redirect,
        "nothing": _Handler.send_nothing,
        "failure": _Handler.send_failure,
        "file": _Handler.send_file,
        "many": _Handler.send_many,
        "script": _Handler.send_script,
        "data": _Handler.send_data,
        "delayed": _Handler.send_delayed,
    }
)


@contextmanager
def serve_pages() -> Iterator[PageServer]:
    """Serve this folder on a free port of 127.0.0.1."""

    class Handler(_Handler):
        """One class per server: the standard library makes the instances."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        server.block_on_close = False
        Handler.pages = pages = PageServer(server.server_port)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield pages
        finally:
            pages.release()
            server.shutdown()
            thread.join()
