"""The server, on loopback: ``/v1/chat/completions`` as OpenAI's clients know it, also streamed, and the calls by which
Anthropic's and Google's clients ask for a whole answer.

Which script answers a request is told by what stands in it: the scripts have keys, such as the text of the task. Each
script goes on by one reply a request. What was sent, and when, is kept.
"""

import json
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

from benchmarks.scripted.dialects import rendered
from benchmarks.scripted.prompt import NotShownError, words_of
from benchmarks.scripted.replies import Raw, Reply

__all__ = ["Exchange", "ScriptedServer"]

_PIECE: Final = 20


@dataclass(frozen=True)
class Exchange:
    """One request and its answer; times are those of ``time.perf_counter``."""

    body: Mapping[str, Any]
    headers: Mapping[str, str]
    received: float
    answered: float


class ScriptedServer(ThreadingHTTPServer):
    """A model with scripts by key; the key "" is for requests that no other is in."""

    daemon_threads = True

    def __init__(self, scripts: Mapping[str, Sequence[Reply]]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.exchanges: list[Exchange] = []
        #: What a script asked for that it was not shown.
        self.faults: list[str] = []
        self._scripts = dict(scripts)
        self._at = dict.fromkeys(scripts, 0)
        self._lock = threading.Condition()

    @property
    def url(self) -> str:
        """Base address of the API."""
        return f"http://127.0.0.1:{self.server_port}/v1"

    @classmethod
    @contextmanager
    def serving(cls, scripts: Mapping[str, Sequence[Reply]] | Sequence[Reply]) -> Iterator["ScriptedServer"]:
        """A running server for as long as the block lasts."""
        server = cls(scripts if isinstance(scripts, Mapping) else {"": scripts})
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
            server.server_close()

    def add(self, key: str, script: Sequence[Reply]) -> None:
        """A further script, or one to begin anew."""
        with self._lock:
            self._scripts[key] = script
            self._at[key] = 0

    def asked(self, key: str, seconds: float) -> bool:
        """Wait until the script has been asked for a reply."""
        with self._lock:
            return self._lock.wait_for(lambda: self._at[key] > 0, seconds)

    def next_reply(self, words: str) -> Reply:
        """What the script that the words belong to says next."""
        with self._lock:
            key = max((key for key in self._scripts if key in words), key=len, default="")
            at = self._at.get(key, 0)
            self._at[key] = at + 1
            self._lock.notify_all()
            script = self._scripts.get(key, ())
        return script[at] if at < len(script) else _problem(400, "the script is over")

    def handle_error(self, *_: object) -> None:
        """Silent: clients go away when they like."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: ScriptedServer

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        received = time.perf_counter()
        words = words_of(body)
        reply = self.server.next_reply(words)
        if reply.after:
            time.sleep(reply.after)
        try:
            answer = self._answer(reply, words, body)
        except NotShownError as fault:
            self.server.faults.append(str(fault))
            answer = self._head(400, b"application/json", _error(f"not shown: {fault}"))
        self.server.exchanges.append(Exchange(body, dict(self.headers), received, time.perf_counter()))
        if isinstance(reply, Raw) and reply.hang_up:
            self.close_connection = True
            return
        self.wfile.write(answer)  # at once, so that no part waits for the other's acknowledgement

    def _answer(self, reply: Reply, words: str, body: Mapping[str, Any]) -> bytes:
        if isinstance(reply, Raw):
            return self._head(reply.status, b"application/json", reply.body, reply.headers)
        message = reply.message(words)
        if body.get("stream"):
            return self._head(200, b"text/event-stream", _streamed(message, reply.finish_reason, body))
        whole = rendered(self.path, body, message, reply.finish_reason)
        return self._head(200, b"application/json", json.dumps(whole).encode())

    def _head(self, status: int, kind: bytes, body: bytes, headers: Mapping[str, str] | None = None) -> bytes:
        further = "".join(f"{name}: {value}\r\n" for name, value in (headers or {}).items()).encode()
        length = str(len(body)).encode()
        return b"HTTP/1.1 %d -\r\nContent-Type: %s\r\nContent-Length: %s\r\n%s\r\n%s" % (
            status, kind, length, further, body,
        )  # fmt: skip

    def log_message(self, *_: object) -> None:
        """Silent."""


def _envelope(kind: str, body: Mapping[str, Any]) -> dict[str, Any]:
    return {"id": "chatcmpl-1", "object": kind, "created": int(time.time()), "model": body.get("model", "scripted")}


def _streamed(message: dict[str, Any], reason: str, body: Mapping[str, Any]) -> bytes:
    deltas: list[dict[str, Any]] = [{"role": "assistant", "content": ""}]
    text = message["content"] or ""
    deltas += [{"content": text[at : at + _PIECE]} for at in range(0, len(text), _PIECE)]
    for call in message.get("tool_calls", ()):
        deltas.append({"tool_calls": [{"index": 0, **call, "function": {**call["function"], "arguments": ""}}]})
        given = call["function"]["arguments"]
        pieces = (given[at : at + _PIECE] for at in range(0, len(given), _PIECE))
        deltas += [{"tool_calls": [{"index": 0, "function": {"arguments": piece}}]} for piece in pieces]
    chunks: list[dict[str, Any]] = [
        {"choices": [{"index": 0, "delta": delta, "finish_reason": None}]} for delta in deltas
    ]
    chunks.append({"choices": [{"index": 0, "delta": {}, "finish_reason": reason}]})
    chunks.append({"choices": [], "usage": rendered("", body, message, reason)["usage"]})
    lines = [json.dumps(_envelope("chat.completion.chunk", body) | chunk) for chunk in chunks]
    return "".join(f"data: {line}\n\n" for line in (*lines, "[DONE]")).encode()


def _error(said: str) -> bytes:
    return json.dumps({"error": {"message": said, "type": "invalid_request_error", "code": None}}).encode()


def _problem(status: int, said: str) -> Raw:
    return Raw(status, _error(said))
