"""A card number and a password are planted, used for real, cut off by a kill in between, and looked for everywhere."""

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus

import httpx
import pytest
from benchmarks.sides.receiver import Receiver
from tests.e2e.api.serving import SECONDS, ServerProcess, stream
from tests.e2e.vault.conftest import Serve
from tests.pages.posting import PostingSite

pytestmark = [pytest.mark.browser, pytest.mark.slow]

NUMBER = "5105105105105100"
PASSWORD = "correct horse & 1 battery"
TOTP_SECRET = "NB2W45DFOIZA2MJQ"
FORM = {"number": "Card number", "expiry": "Expiry", "cvc": "CVC", "holder": "Name on card", "button": "Pay £23.50"}
#: Nobody is there to say yes.
WITHOUT_ASKING = {"purchase": "allow", "credentials": "allow"}

#: The ways in which they could be written.
TOKEN = re.compile(rb"pt_live_\w{9}")
PARTED = r"[ \-.+]?".join(NUMBER).encode()
PLANTED = re.compile(
    b"|".join(
        [PARTED, *(re.escape(form(PASSWORD)).encode() for form in (str, quote, quote_plus)), TOTP_SECRET.encode()]
    )
)


def plant(client: httpx.Client, site: PostingSite) -> None:
    login = {
        "name": "shop",
        "user_name": "ann",
        "password": PASSWORD,
        "totp_secret": TOTP_SECRET,
        "origins": [site.url],
    }
    card = {
        "name": "main",
        "number": NUMBER,
        "expiry_month": 8,
        "expiry_year": 2090,
        "cvc": "123",
        "origins": [site.url],
    }
    assert client.post("/v1/vault/credentials", json=login).status_code == 200
    assert client.post("/v1/vault/cards", json=card | {"holder": "Ann"}).status_code == 200


def token_for(client: httpx.Client, session: str, site: PostingSite) -> dict[str, Any]:
    terms = {"card": "main", "origin": site.url, "max_amount": "25.00", "currency": "GBP"}
    made = client.post("/v1/payment_tokens", json=terms | {"session_id": session.rpartition("/")[2]})
    assert made.status_code == 200, made.text
    body: dict[str, Any] = made.json()
    return body


def new_session(client: httpx.Client, receiver: Receiver) -> str:
    created = client.post("/v1/sessions", json={"webhook_url": receiver.url})
    assert created.status_code == 200, created.text
    return f"/v1/sessions/{created.json()['session_id']}"


def start(client: httpx.Client, session: str, url: str, *steps: dict[str, Any], words: str = "") -> None:
    """``words`` are a task for scout."""
    message = words or json.dumps(steps)
    body = {"message": message, "start_url": url, "config_updates": {"screening": WITHOUT_ASKING}}
    sent = client.post(f"{session}/message", json=body)
    assert sent.status_code == 200, sent.text


def do(client: httpx.Client, session: str, url: str, *steps: dict[str, Any], words: str = "") -> str:
    """Carry the steps out; what the page says afterwards."""
    with stream(client, session, "?include_history=false") as frames:
        start(client, session, url, *steps, words=words)
        return next(frame.data for frame in frames if frame.event in ("done", "error", "question"))


def pay(token: dict[str, Any]) -> dict[str, Any]:
    return {"do": "pay", "token": token["token"], "amount": "£23.50", **FORM}


def test_planted_secrets_are_used_and_found_nowhere(
    serve: Serve, site: PostingSite, receiver: Receiver, model_input: Path
) -> None:
    told: list[bytes] = []  # everything that anybody was told
    with serve() as server, server.client() as client:
        plant(client, site)
        told += wrong_requests(client, site)
        session = new_session(client, receiver)
        log_in(client, session, site)
        first = token_for(client, session, site)
        answer = do(client, session, f"{site.url}/decline", pay(first))
        assert "u2039card number" in answer  # the page shows it again; the answer repeats all that the model reads
        assert client.get(f"/v1/payment_tokens/{first['id']}").json()["state"] == "settled"
        told += everything(client, session)
        told += by_scout(client, site, receiver)
        told.append(logged(server))
        # The shop sends the number back, and the browser keeps pages for as long as it lives; nothing else is there.
        assert [path for path in found_in_files(server.data_dir) if "/Cache_Data/" not in path] == []
        assert found_in_files(server.data_dir, secret_of(first)) == []
    assert site.posted[-1][1]["number"].replace(" ", "") == NUMBER
    assert any(fields.get("password") == PASSWORD for _, fields in site.posted)

    told += kill_between_redemption_and_page(serve, site, receiver)

    with serve() as server, server.client() as client:
        told += [request.body.encode() for request in receiver.received]
        told.append(logged(server))
    for content in told:  # a model is given the token by its task; nobody else hears more than its public part
        assert not TOKEN.search(content), TOKEN.search(content)
    told.append(model_input.read_bytes())
    for content in told:
        assert not PLANTED.search(content), PLANTED.search(content)
    assert found_in_files(server.data_dir) == []


def wrong_requests(client: httpx.Client, site: PostingSite) -> Iterator[bytes]:
    """Answers to requests that bear a secret and are refused."""
    card = {
        "name": "other",
        "number": NUMBER,
        "expiry_month": 8,
        "expiry_year": 2090,
        "cvc": "123",
        "origins": [site.url],
    }
    login = {"name": "other", "user_name": "ann", "password": PASSWORD, "origins": [site.url]}
    for path, body in [
        ("cards", card | {"expiry_year": 2001}),
        ("cards", card | {"cvc": 123}),
        ("cards", card | {"numbers": NUMBER}),
        ("cards", card | {"name": "main"}),
        ("credentials", login | {"password": [PASSWORD]}),
        ("credentials", login | {"totp_secret": PASSWORD}),
        ("credentials", login | {"origins": ["nowhere"]}),
    ]:
        refused = client.post(f"/v1/vault/{path}", json=body)
        assert refused.status_code in (409, 422), refused.text
        yield refused.content
    yield client.post(
        "/v1/vault/cards", content=f'{{"number": "{NUMBER}"', headers={"content-type": "application/json"}
    ).content


def log_in(client: httpx.Client, session: str, site: PostingSite) -> None:
    steps: list[dict[str, Any]] = [
        {"do": "fill_secret", "index": "User", "secret": "shop.username"},
        {"do": "fill_secret", "index": "Code", "secret": "shop.code"},
        {"do": "fill_secret", "index": "Password", "secret": "shop.password", "submit": True},
    ]
    assert "Thank you" in do(client, session, f"{site.url}/login", *steps)
    assert "SECRET_ORIGIN_REFUSED" in do(client, session, f"{site.other}/login", *steps)


def by_scout(client: httpx.Client, site: PostingSite, receiver: Receiver) -> Iterator[bytes]:
    """Scout logs in and pays, is refused by a page that repeats the card, and asks for a token."""
    session, posted = new_session(client, receiver), len(site.posted)
    token = token_for(client, session, site)["token"]
    assert "Thank you" in do(client, session, f"{site.url}/login", words="Log in and report the heading")
    declined = do(client, session, f"{site.url}/decline", words=f"Pay with the payment token {token}")
    assert "STEP_REFUSED" in declined
    assert "u2039card number" in declined
    assert "PAYMENT_TOKEN_USED" in do(client, session, f"{site.url}/pay", words=f"Pay £23.50 with the token {token}")
    assert "SECRET_ORIGIN_REFUSED" in do(client, session, f"{site.other}/login", words="Log in as shop")
    assert "NOT_UNDERSTOOD" in do(client, session, f"{site.url}/pay", words=f"Pay with the token {token} and juggle")
    assert "Which payment token" in do(client, session, f"{site.url}/pay", words="Pay")
    asked = token_for(client, session, site)["token"]
    assert "Thanks" in do(client, session, "", words=asked)
    assert [fields.get("password", "") for _, fields in site.posted[posted:]] == [PASSWORD, "", ""]
    yield from everything(client, session)


def everything(client: httpx.Client, session: str) -> Iterator[bytes]:
    """What the API tells of a session and of the vault."""
    for path in ("messages?sanitize=false", "screenshot", "status", ""):
        yield client.get(f"{session}/{path}".rstrip("/")).content
    with stream(client, session, "?sanitize=false") as frames:
        yield str(list(frames)).encode()
    for path in (
        "vault/credentials",
        "vault/credentials/shop",
        "vault/cards",
        "vault/cards/main",
        "payment_tokens",
        "sessions",
    ):
        yield client.get(f"/v1/{path}").content


def kill_between_redemption_and_page(serve: Serve, site: PostingSite, receiver: Receiver) -> Iterator[bytes]:
    """``kill -9`` when the token is redeemed and the page has nothing yet: it stays redeemed, and says so."""
    posted = len(site.posted)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HALT_AFTER_REDEEM", "1")
        with serve() as server, server.client() as client:
            session = new_session(client, receiver)
            token = token_for(client, session, site)
            start(client, session, f"{site.url}/pay", pay(token))
            server.logged(lambda line: line["event"] == "halted after the redemption")
            server.process.kill()
            server.process.wait(SECONDS)
            assert (server.data_dir / "outrider.db-wal").stat().st_size > 0
            assert found_in_files(server.data_dir) == []
            assert found_in_files(server.data_dir, secret_of(token)) == []
            yield logged(server)
    with serve() as server, server.client() as client:
        state = client.get(f"/v1/payment_tokens/{token['id']}").json()
        assert (state["state"], state["amount"], state["settled_at"]) == ("redeemed", "23.50", None)
        last = client.get(f"{session}/messages").json()["messages"][-1]
        assert last["metadata"]["code"] == "SESSION_INTERRUPTED"
        again = do(client, session, f"{site.url}/pay", pay(token))
        assert "PAYMENT_TOKEN_USED" in again
        assert client.delete(f"/v1/payment_tokens/{token['id']}").status_code == 409
        yield from everything(client, session)
        yield logged(server)
    assert len(site.posted) == posted


def logged(server: ServerProcess) -> bytes:
    return json.dumps(server.lines, ensure_ascii=False).encode()


def secret_of(token: dict[str, Any]) -> re.Pattern[bytes]:
    """What of a token's text has to be known to use it."""
    return re.compile(re.escape(token["token"].removeprefix(token["id"]).encode()))


def found_in_files(folder: Path, planted: re.Pattern[bytes] = PLANTED) -> list[str]:
    """Files of the data folder, those beside the database included, that hold one of the secrets."""
    found = []
    for path in folder.rglob("*"):
        with suppress(FileNotFoundError):  # the browser's own come and go
            if path.is_file() and planted.search(path.read_bytes()):
                found.append(str(path))
    assert (folder / "outrider.db").is_file()
    return found
