"""Pages that hang: before they answer, in a script, behind dialogs, in a download."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.e2e.api.serving import SECONDS

_PAGES = {
    "/script": "<button onclick='fetch(\"/began\"); for (;;) {}'>Freeze</button>",
    "/dialogs": '<button onclick=\'fetch("/began").then(() => { for (;;) alert("Again") })\'>Freeze</button>',
    "/download": "<a href='/file' download>Freeze</a>",
    "/link": "<a href='/never'>Freeze</a>",
    "/loading": "<img src='/never'><button onclick='location = \"/never\"'>Freeze</button>",
}


class HangingSite(ThreadingHTTPServer):
    """``began`` is set when the page that was asked for is in the state in which it hangs."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.began = threading.Event()
        self.release = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, *_: object) -> None:
        """Silent: browsers go away when they like."""


class _Handler(BaseHTTPRequestHandler):
    server: HangingSite

    def do_GET(self) -> None:
        if self.path in ("/never", "/file", "/began"):
            self.server.began.set()
        if self.path == "/never":
            self.server.release.wait(SECONDS)
        self.send_response(200)
        if self.path == "/file":
            self._send_half_a_file()
            return
        body = f"<!doctype html><title>Hanging</title>{_PAGES.get(self.path, '')}".encode()
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _send_half_a_file(self) -> None:
        self.send_header("Content-Type", "application/octet-stream")
        self.send_header("Content-Disposition", 'attachment; filename="half.bin"')
        self.send_header("Content-Length", "1000000")
        self.end_headers()
        self.wfile.write(b"x" * 1000)
        self.wfile.flush()
        self.server.release.wait(SECONDS)

    def log_message(self, *_: object) -> None:
        """Silent."""
