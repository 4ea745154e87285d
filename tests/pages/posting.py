"""Sites for forms: each on a free port of 127.0.0.1, with a memory of what was posted to it."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import SplitResult, parse_qs, urlsplit


@dataclass
class PostingSite:
    """Where it is, and what was posted to it: path and fields."""

    port: int
    posted: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def other(self) -> str:
        """The same machine by another name: another site for a browser."""
        return f"http://localhost:{self.port}"


class PostingHandler(BaseHTTPRequestHandler):
    """A site's pages are what a subclass says."""

    site: PostingSite

    def page(self, address: SplitResult) -> str:
        raise NotImplementedError

    def answer(self, address: SplitResult, fields: Mapping[str, str]) -> str:
        raise NotImplementedError

    def do_GET(self) -> None:
        self._send(self.page(urlsplit(self.path)))

    def do_POST(self) -> None:
        address = urlsplit(self.path)
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        fields = {name: values[0] for name, values in parse_qs(body).items()}
        self.site.posted.append((address.path, fields))
        self._send(self.answer(address, fields))

    def _send(self, page: str) -> None:
        body = page.encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Silent."""


@contextmanager
def posting_site(handler: type[PostingHandler]) -> Iterator[PostingSite]:
    """The site, for as long as the block runs."""
    own: type[PostingHandler] = type(
        "Handler", (handler,), {}
    )  # one class per server: the standard library makes the instances
    with ThreadingHTTPServer(("127.0.0.1", 0), own) as server:
        server.daemon_threads = True
        own.site = site = PostingSite(server.server_port)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield site
        finally:
            server.shutdown()
            thread.join()
