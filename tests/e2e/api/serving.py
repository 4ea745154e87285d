"""``outrider serve`` as a process, what it answers, and local pages to point its browsers at."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self

import httpx

from outrider.protocol.sse import Frame, FrameParser

#: Deadline of everything that a test waits for.
SECONDS = 40.0
#: For a server to listen, on a machine that is busy.
START_SECONDS = 90.0

COMMAND = str(Path(sys.executable).with_name("outrider"))


@dataclass
class ServerProcess:
    """``outrider serve`` and what it has logged."""

    process: "subprocess.Popen[str]"
    data_dir: Path
    lines: list[dict[str, Any]] = field(default_factory=list)
    news: threading.Condition = field(default_factory=threading.Condition)
    url: str = ""

    @property
    def key(self) -> str:
        return (self.data_dir / "local.key").read_text().strip()

    @property
    def address(self) -> tuple[str, int]:
        """For a socket."""
        url = httpx.URL(self.url)
        return url.host, url.port or 80

    def client(self, key: str | None = None) -> httpx.Client:
        return httpx.Client(base_url=self.url, headers={"Authorization": f"Bearer {key or self.key}"}, timeout=SECONDS)

    def logged(self, fits: Callable[[dict[str, Any]], bool], seconds: float = SECONDS) -> dict[str, Any]:
        """The first log line that fits, waiting for it."""
        with self.news:
            self.news.wait_for(lambda: any(map(fits, self.lines)) or self.process.poll() is not None, seconds)
            found = next(filter(fits, self.lines), None)
        assert found is not None, f"no such line in the log: {self.lines[-20:]}"
        return found

    def line_of(self, answer: httpx.Response) -> dict[str, Any]:
        """The log line of the request that was answered so, waiting for it."""
        request_id = answer.headers["x-request-id"]
        return self.logged(lambda line: line["event"] == "request" and line.get("request_id") == request_id)

    def read_log(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            with self.news:
                self.lines.append(json.loads(line) if line.startswith("{") else {"event": line})
                self.news.notify_all()
        with self.news:
            self.news.notify_all()


@contextmanager
def serving(
    data_dir: Path, *, command: Sequence[str] = (COMMAND, "serve"), **settings: object
) -> Iterator[ServerProcess]:
    """A server that listens on any free port for as long as the block runs.

    Most run for one session, which a second browser launched ahead of need would only cost time.
    """
    given = {"DATA_DIR": data_dir, "PORT": 0, "LOG_FORMAT": "json", "WARM_BROWSERS": 0, **settings}
    environment = os.environ | {f"OUTRIDER_{name}": str(value) for name, value in given.items()}
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    server = ServerProcess(process, data_dir)
    reader = threading.Thread(target=server.read_log)
    reader.start()
    try:
        server.url = server.logged(lambda line: line["event"] == "server listens", START_SECONDS)["url"]
        yield server
    finally:
        process.terminate()
        try:
            process.wait(SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        reader.join(SECONDS)
        assert process.stderr is not None
        process.stderr.close()


class Pages(ThreadingHTTPServer):
    """Local pages: ``/`` at once, ``/slow`` when released, ``/moved`` elsewhere. ``?x`` makes x the price."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), PageHandler)
        self.asked = threading.Event()
        self.release = threading.Event()

    @classmethod
    @contextmanager
    def serving(cls) -> Iterator[Self]:
        """Pages for as long as the block runs; then ``/slow`` is released, too."""
        with cls() as pages:
            thread = threading.Thread(target=pages.serve_forever, args=(0.02,))
            thread.start()
            try:
                yield pages
            finally:
                pages.release.set()
                pages.shutdown()
                thread.join(SECONDS)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, *_: object) -> None:
        """Silent: browsers go away when they like."""


class PageHandler(BaseHTTPRequestHandler):
    server: Pages

    def do_GET(self) -> None:
        if self.path == "/slow":
            self.server.asked.set()
            self.server.release.wait(SECONDS)
        price = self.path.partition("?")[2] or "3 EUR"
        body = f"<!doctype html><title>Tea</title><h1>Tea</h1><p>Price: {price}</p>".encode()
        self.send_response(302 if self.path == "/moved" else 200)
        if self.path == "/moved":
            self.send_header("Location", "/")
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Silent."""


def problem_of(response: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """The envelope's ``error``, after checking that the answer is that problem in its full form."""
    assert response.status_code == status, response.text
    body = response.json()
    error: dict[str, Any] = body["error"]
    assert error["code"] == code
    assert body["detail"] == body["message"] == error["message"]
    assert error["requestId"] == response.headers["x-request-id"]
    assert error["docUrl"].endswith(f"/v1/errors/{code}")
    assert {"retryable", "cause", "hint"} <= error.keys()
    return error


@contextmanager
def stream(client: httpx.Client, session: str, query: str = "", **headers: str) -> Iterator[Iterator[Frame]]:
    """The frames of a session's event stream."""
    with client.stream("GET", f"{session}/events{query}", headers=headers) as response:
        assert response.status_code == 200
        assert response.headers["content-type"].startswith("text/event-stream")
        parser = FrameParser()
        yield (frame for chunk in response.iter_raw() for frame in parser.feed(chunk))


def run_to_end(client: httpx.Client, session: str, message: str = "Reply with 'OK'") -> list[Frame]:
    """Send a task, and read its events until the server ends the stream."""
    with stream(client, session, "?include_history=false") as frames:
        assert client.post(f"{session}/message", json={"message": message}).status_code == 200
        return [frame for frame in frames if frame.event != "heartbeat"]
