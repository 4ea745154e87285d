"""A key, a JWT, the number of a card and a password are put everywhere into requests, then looked for everywhere."""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from contextlib import suppress
from typing import Any
from urllib.parse import quote, quote_plus

import httpx
import pytest
from tests.e2e.api.serving import ServerProcess, stream
from tests.e2e.requests.conftest import add_key

NIL = "00000000-0000-0000-0000-000000000000"
PASSWORD = "correct horse & 1 battery!"
CARD = "5105105105105100"


def base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def a_jwt() -> str:
    head = base64url(json.dumps({"alg": "HS256", "typ": "JWT"}).encode())
    claims = base64url(json.dumps({"sub": "ann", "aud": "outrider", "exp": 4_000_000_000}).encode())
    signature = hmac.digest(b"nobody knows this secret of 32 b", f"{head}.{claims}".encode(), hashlib.sha256)
    return f"{head}.{claims}.{base64url(signature)}"


JWT = a_jwt()


@pytest.fixture(scope="module")
def settings() -> dict[str, Any]:
    return {"LOG_LEVEL": "debug"}


@pytest.fixture(scope="module")
def planted(server: ServerProcess) -> tuple[str, ...]:
    """A key that is good, and three others."""
    return (add_key(server, "planted"), JWT, CARD, PASSWORD)


def bodies(secret: str) -> Iterator[Any]:
    """As values of fields that are for secrets and of wrong kinds, as numbers, in lists, cut off, and not in JSON."""
    for field in ("password", "token", "api_key", "number", "totp_secret", "secret", "card_number"):
        yield {field: secret}
        yield {field: [secret], "more": {field: {"x": secret}}}
        yield f'{{"{field}": "{secret}"'
        yield f'{{"{field}": {secret}}}'
    yield secret
    yield {secret: 1}
    yield f"password={quote_plus(secret)}"
    if secret.isdigit():
        yield {
            "number": int(secret),
            "amount": int(secret),
            "name": f"{secret[:4]} {secret[4:8]} {secret[8:12]} {secret[12:]}",
        }


def requests(secret: str) -> Iterator[tuple[str, str, dict[str, str], Any]]:
    """Method, address, headers and body of requests that are wrong in some way and bear the secret."""
    part, header = quote(secret, safe=""), secret
    for path in ("", "v1/", "v1/sessions/", "v1/requests/", "v1/errors/", "v1/vault/cards/", "v1/webhooks/endpoints/"):
        yield "GET", f"/{path}{part}", {}, None
        yield "POST", f"/{path}{part}", {}, {"x": secret}
    yield "GET", f"/v1/sessions/{NIL}/files/{part}", {}, None
    for name in ("api_key", "token", "password", "q", "code", "method", "session_id", part):
        yield "GET", f"/v1/requests?{name}={part}&limit=0", {}, None
        yield "GET", f"/v1/models?{name}={part}", {}, None
    for name in (
        "X-Custom",
        "Cookie",
        "Referer",
        "User-Agent",
        "Host",
        "Idempotency-Key",
        "If-Match",
        "If-None-Match",
        "Accept",
    ):
        yield "POST", f"/v1/sessions/{NIL}/pause", {name: header}, None
        yield "GET", "/v1/models", {name: header}, None
    for name in ("Authorization", "x-api-key", "api_key"):
        prefix = "Bearer " if name == "Authorization" else ""
        yield "GET", "/v1/models", {name: prefix + header}, None
        yield "GET", "/v1/models", {"Authorization": "Basic x", name: header}, None
    yield "GET", "/v1/models", {"Authorization": f"Bearer {header} and more"}, None
    for path in (
        "sessions",
        f"sessions/{NIL}/message",
        "vault/cards",
        "vault/credentials",
        "webhooks/endpoints",
        "payment_tokens",
    ):
        for body in bodies(secret):
            wrong = body | {"max_steps": secret} if isinstance(body, dict) else body  # else a session would be made
            yield "POST", f"/v1/{path}", {"Idempotency-Key": f"{len(secret)}"}, wrong


def send(client: httpx.Client, method: str, path: str, headers: dict[str, str], body: Any) -> bytes:
    """What is told to whoever sends it. Headers that HTTP does not carry are not sent at all."""
    content = body.encode() if isinstance(body, str) else None
    kind = {"Content-Type": "application/json"} if content else {}
    with suppress(httpx.LocalProtocolError):
        answer = client.request(method, path, headers=kind | headers, content=content, json=None if content else body)
        assert answer.status_code < 500, answer.text
        return answer.content + repr(answer.headers).encode()
    return b""


def forms(secret: str) -> list[bytes]:
    """Ways to write it down."""
    escaped = json.dumps(secret)[1:-1]
    grouped = (
        {f"{secret[:4]}{gap}{secret[4:8]}{gap}{secret[8:12]}{gap}{secret[12:]}" for gap in " -+"}
        if secret.isdigit()
        else set()
    )
    return [form.encode() for form in {secret, escaped, quote(secret, safe=""), quote_plus(secret), *grouped}]


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.row("A45", "A46")
def test_planted_secrets_are_found_nowhere(
    server: ServerProcess, client: httpx.Client, planted: tuple[str, ...]
) -> None:
    told: list[bytes] = []
    for secret in planted:
        told += [send(client, *request) for request in requests(secret)]
    told += in_a_session(client, planted)
    keep_in_the_vault(client)
    told += [client.get("/v1/requests", params={"limit": 200}).content]
    told += [json.dumps(server.lines, ensure_ascii=False).encode(), json.dumps(server.lines).encode()]
    stored = [path for path in server.data_dir.glob("*") if path.is_file() and path.name != "local.key"]
    assert {"outrider.db", "outrider.db-wal"} <= {path.name for path in stored}
    told += [path.read_bytes() for path in stored]
    for secret in (*planted, server.key):
        for form in forms(secret):
            found = [text[max(0, text.find(form) - 200) :][:400] for text in told if form in text]
            assert found == [], form


def in_a_session(client: httpx.Client, planted: tuple[str, ...]) -> Iterator[bytes]:
    """What a session tells of a task that has them all in its words, and that nobody understands."""
    session = f"/v1/sessions/{client.post('/v1/sessions', json={}).json()['session_id']}"
    key, jwt, card, password = planted
    words = (
        f"Juggle with {key} and {jwt}, pay with {card[:4]} {card[4:8]} {card[8:12]} {card[12:]}, password: “{password}”"
    )
    for message in (words, f"Report the price with {card}"):
        with stream(client, session, "?sanitize=false") as frames:
            assert client.post(f"{session}/message", json={"message": message}).status_code == 200
            for frame in frames:
                yield repr(frame).encode()
                if frame.event in ("done", "error", "question"):
                    break
    yield client.get(f"{session}/messages", params={"sanitize": False}).content
    yield client.get("/v1/audit").content
    client.delete(session)


def keep_in_the_vault(client: httpx.Client) -> None:
    """Where they belong: sealed, and so are answers that are kept to be given again."""
    login = {"name": "shop", "user_name": "ann", "password": PASSWORD, "origins": ["https://shop.example"]}
    card = {"name": "main", "number": CARD, "expiry_month": 8, "expiry_year": 2090, "cvc": "123", "holder": "Ann"}
    for path, body in (("credentials", login), ("cards", card | {"origins": ["https://shop.example"]})):
        for _ in range(2):
            kept = client.post(f"/v1/vault/{path}", json=body, headers={"Idempotency-Key": "kept"})
            assert kept.is_success, kept.text
