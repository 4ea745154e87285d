"""What a client and the log get to see of a defect: nothing and everything."""

import logging
from collections.abc import AsyncIterator, Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any, cast

import httpx
import pytest
import structlog
from starlette.types import Receive, Scope, Send

from outrider.api.app import create_app
from outrider.api.dependencies import Dependencies, Requests
from outrider.api.edge import EdgeMiddleware
from outrider.api.idempotency import Idempotency
from outrider.api.recorder import Recorder
from outrider.api.traffic import Traffic
from outrider.config import Settings
from outrider.identities.authentication import Authentication
from outrider.identities.keys import Keys, issue_key
from outrider.identities.last_use import LastUse
from outrider.identities.principals import Principals
from outrider.identities.sealing import Sealer
from outrider.identities.tokens import Tokens
from outrider.interfaces.identities import KeyRecord, KeyStore, Organisation
from outrider.limits.admission import Admission
from outrider.problems import OutriderError
from outrider.protocol.sse import FrameParser
from outrider.telemetry import configure_logging

KEY, RECORD = issue_key("o1")
SECRET = "the text of an internal exception"


class OneKey:
    """A key store with one key."""

    async def find_key(self, public: str) -> tuple[KeyRecord, Organisation] | None:
        return (RECORD, Organisation(id="o1", short_name="one")) if public == RECORD.public else None


class Broken:
    """Operations with a defect: each call raises what no code expects, a stream after its first breath."""

    async def events(self, *_: object, **__: object) -> AsyncIterator[Any]:
        return self._stream()

    async def _stream(self) -> AsyncIterator[Any]:
        if SECRET:
            raise RuntimeError(SECRET)
        yield

    def __getattr__(self, name: str) -> Any:
        raise RuntimeError(f"{SECRET}: {name}")


@pytest.fixture(autouse=True)
def logging_as_it_was() -> Iterator[None]:
    """The tests configure the log as the server does; the others get theirs back."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    configure_logging("error", "json")
    yield
    root.handlers[:], root.level = handlers, level
    structlog.reset_defaults()


def broken_but_for(settings: Settings, **working: Any) -> Dependencies:
    """Parts of a server of which most are defective."""
    parts: dict[str, Any] = {part.name: Broken() for part in fields(Dependencies)}
    keys, principals = cast(KeyStore, OneKey()), Principals()
    admission = Admission(Authentication(Keys(keys, principals), Tokens((), keys, principals), LastUse(keys)))
    store: Any = Broken()
    idempotency = Idempotency(store, Sealer([b"k" * 32]), settings)
    requests = Requests(Traffic(10), idempotency, store, Recorder(store))
    ours = {"admission": admission, "requests": requests, "url": "http://127.0.0.1:1", "settings": settings}
    return Dependencies(**parts | ours | working)


@pytest.fixture
def dependencies(tmp_path: Path) -> Dependencies:
    return broken_but_for(Settings(data_dir=tmp_path), checks={"database": failing_check})


async def failing_check() -> None:
    raise OutriderError("STORAGE_FAILED", reason="The disk is full.")


@pytest.fixture
async def client(dependencies: Dependencies) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(create_app(dependencies))
    headers = {"Authorization": f"Bearer {KEY}"}
    async with httpx.AsyncClient(transport=transport, base_url="http://outrider.test", headers=headers) as opened:
        yield opened


@pytest.mark.row("A21", "X15", "X29")
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/models"),
        ("GET", "/v1/sessions"),
        ("POST", "/v1/sessions"),
        ("DELETE", "/v1/sessions"),
        ("GET", "/v1/sessions/x"),
        ("DELETE", "/v1/sessions/x"),
        ("GET", "/v1/sessions/x/status"),
        ("GET", "/v1/sessions/x/messages"),
        ("GET", "/v1/sessions/x/screenshot"),
        ("POST", "/v1/sessions/x/pause"),
        ("POST", "/v1/sessions/x/resume"),
        ("POST", "/v1/sessions/x/cancel"),
    ],
)
async def test_a_defect_is_a_500_without_its_text(
    client: httpx.AsyncClient, capsys: pytest.CaptureFixture[str], method: str, path: str
) -> None:
    configure_logging("info", "text")
    response = await client.request(method, path)
    assert (response.status_code, response.json()["error"]["code"]) == (500, "INTERNAL_ERROR")
    assert response.json()["error"]["requestId"] == response.headers["x-request-id"]
    assert SECRET not in response.text
    logged = capsys.readouterr().err
    assert "Traceback" in logged
    assert SECRET in logged
    assert response.headers["x-request-id"] in logged
    assert KEY not in logged


async def test_a_defect_in_a_stream_is_its_last_event(client: httpx.AsyncClient) -> None:
    response = await client.get("/v1/sessions/x/events")
    (frame,) = FrameParser().feed(response.content)
    data = frame.json()
    assert (response.status_code, frame.event, data["code"]) == (200, "error", "INTERNAL_ERROR")
    assert data["requestId"] == response.headers["x-request-id"]
    assert SECRET not in response.text


async def test_what_is_not_ready_is_named(client: httpx.AsyncClient) -> None:
    response = await client.get("/readyz")
    assert response.status_code == 503
    assert response.headers["retry-after"] == "5"
    assert "STORAGE_FAILED" in response.json()["error"]["details"]["checks"]["database"]


async def test_an_answer_that_breaks_off_is_not_answered_twice(dependencies: Dependencies) -> None:
    sent: list[str] = []

    async def breaking(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise RuntimeError(SECRET)

    async def send(message: Any) -> None:
        sent.append(message["type"])

    scope = {"type": "http", "method": "GET", "path": "/", "headers": [], "scheme": "http"}
    await EdgeMiddleware(breaking, dependencies)(scope, cast(Receive, None), send)
    assert sent == ["http.response.start"]


@pytest.mark.parametrize(
    ("host", "public_url", "expected"),
    [
        ("outrider.example:8470", "", "http://outrider.example:8470"),
        ("[::1]:80", "", "http://[::1]:80"),
        ("", "", "http://127.0.0.1:1"),
        ("a/b", "", "http://127.0.0.1:1"),
        ("user@host", "", "http://127.0.0.1:1"),
        ("outrider.example", "https://agents.example/", "https://agents.example"),
    ],
)
def test_the_address_that_is_sent_back(tmp_path: Path, host: str, public_url: str, expected: str) -> None:
    dependencies = broken_but_for(Settings(data_dir=tmp_path, public_url=public_url))
    assert dependencies.base_url({"scheme": "http", "headers": [(b"host", host.encode())]}) == expected
