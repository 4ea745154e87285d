"""The vault and payments API over HTTP: what is stored, what is shown of it, and what is refused how."""

import asyncio
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from tests.e2e.api.conftest import stranger
from tests.e2e.api.serving import ServerProcess, problem_of, serving

__all__ = ["stranger"]

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SITE = "https://shop.example"
LOGIN: dict[str, Any] = {
    "name": "shop",
    "user_name": "ann",
    "password": "tea & 7 cups",
    "totp_secret": "jbsw y3dp",
    "origins": [SITE],
}
CARD: dict[str, Any] = {
    "name": "main",
    "holder": "Ann",
    "number": "4111 1111 1111 1111",
    "expiry_month": 8,
    "expiry_year": 2090,
    "cvc": "123",
    "origins": [SITE],
}
NEW = {"credentials": LOGIN, "cards": CARD}


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    with serving(tmp_path_factory.mktemp("vault") / "data") as process:
        yield process
    assert [line for line in process.lines if line.get("level") == "error"] == []


@pytest.fixture(scope="session")
def client(server: ServerProcess) -> Iterator[httpx.Client]:
    with server.client() as opened:
        yield opened


@pytest.fixture
def stored(client: httpx.Client) -> Iterator[None]:
    """A credential “shop” and a card “main”."""
    for kind, body in NEW.items():
        assert client.post(f"/v1/vault/{kind}", json=body).status_code == 200
    yield
    for kind, body in NEW.items():
        client.delete(f"/v1/vault/{kind}/{body['name']}")


@pytest.fixture
def terms(client: httpx.Client, stored: None) -> Iterator[dict[str, Any]]:
    """What a payment token is for."""
    session_id = client.post("/v1/sessions", json={}).json()["session_id"]
    yield {"session_id": session_id, "card": "main", "origin": SITE, "max_amount": "25.00", "currency": "EUR"}
    client.delete(f"/v1/sessions/{session_id}")


def test_what_is_stored_is_shown_without_its_secrets(client: httpx.Client) -> None:
    login = client.post("/v1/vault/credentials", json=LOGIN | {"origins": [SITE + ":443/"]})
    card = client.post("/v1/vault/cards", json=CARD)
    created = login.json().pop("created_at"), card.json().pop("created_at")
    shown = {"origins": [SITE], "last_used_at": None}
    assert login.json() == {"name": "shop", "user_name": "ann", "has_totp": True, "created_at": created[0], **shown}
    assert card.json() == {"name": "main", "last_four": "1111", "created_at": created[1], **shown}
    assert client.get("/v1/vault/credentials").json() == {"credentials": [login.json()]}
    assert client.get("/v1/vault/cards").json() == {"cards": [card.json()]}
    assert client.get("/v1/vault/credentials/shop").json() == login.json()
    assert client.get("/v1/vault/cards/main").json() == card.json()

    changed = client.patch("/v1/vault/credentials/shop", json={"user_name": "eve", "totp_secret": ""}).json()
    assert (changed["user_name"], changed["has_totp"]) == ("eve", False)
    assert client.patch("/v1/vault/cards/main", json={"number": "5555555555554444"}).json()["last_four"] == "4444"
    assert client.patch("/v1/vault/cards/main", json={}).json()["last_four"] == "4444"
    assert client.post("/v1/vault/rotate").json() == {"resealed": 0, "current": 2}

    for path in ("credentials/shop", "cards/main"):
        assert client.delete(f"/v1/vault/{path}").json()["deleted"] is True
        problem_of(client.delete(f"/v1/vault/{path}"), 404, "VAULT_ITEM_NOT_FOUND")


@pytest.mark.row("X9")
@pytest.mark.parametrize("kind", NEW)
def test_a_name_is_taken_once_in_an_organisation(
    client: httpx.Client, stranger: httpx.Client, stored: None, kind: str
) -> None:
    problem_of(client.post(f"/v1/vault/{kind}", json=NEW[kind]), 409, "VAULT_ITEM_EXISTS")
    assert stranger.post(f"/v1/vault/{kind}", json=NEW[kind]).status_code == 200
    assert stranger.delete(f"/v1/vault/{kind}/{NEW[kind]['name']}").json()["deleted"] is True


@pytest.mark.parametrize(("kind", "name"), [("credentials", "shop"), ("cards", "main")])
def test_another_organisation_has_a_vault_of_its_own(
    stranger: httpx.Client, stored: None, kind: str, name: str
) -> None:
    path = f"/v1/vault/{kind}/{name}"
    for response in (stranger.get(path), stranger.patch(path, json={"origins": [SITE]}), stranger.delete(path)):
        problem_of(response, 404, "VAULT_ITEM_NOT_FOUND")
    assert stranger.get(f"/v1/vault/{kind}").json() == {kind: []}


#: By field, what it does not take.
WRONG: dict[str, tuple[object, ...]] = {
    "name": (None, 1, "", {}, "Shop", "a.b", "-a", "a b", "ä", "x" * 65, "a\n"),
    "origins": (None, 1, "", {}, [], [1], ["x"] * 51, [None]),
    "user_name": (None, 1, "", [], "x" * 257, "\0"),
    "password": (None, 1, "", [], "x" * 257),
    "totp_secret": (None, 1, "x" * 257),
    "number": (None, 4111111111111111, "", "1" * 41),
    "cvc": (None, 123, "", "12345"),
    "expiry_month": (None, 0, 13, "8", 8.5),
    "expiry_year": (None, 30, 10_000, "2090"),
    "holder": (None, 1, "x" * 101),
    "unknown": (1,),
}
BAD: list[tuple[str, str, object]] = [
    (kind, field, wrong)
    for kind, body in NEW.items()
    for field, values in WRONG.items()
    for wrong in values
    if field in body or field == "unknown"
]


@pytest.mark.parametrize(("kind", "field", "wrong"), BAD)
def test_a_wrong_field_is_named(client: httpx.Client, kind: str, field: str, wrong: object) -> None:
    error = problem_of(client.post(f"/v1/vault/{kind}", json=NEW[kind] | {field: wrong}), 422, "UNPROCESSABLE")
    assert any(fault["field"].startswith(field) for fault in error["details"]["fields"])
    assert "4111111111111111" not in str(error)
    changed = client.patch(f"/v1/vault/{kind}/none", json={field: wrong})
    problem_of(changed, 422, "UNPROCESSABLE")


@pytest.mark.parametrize(
    ("kind", "field"),
    [(kind, field) for kind, body in NEW.items() for field in body if field not in ("holder", "totp_secret")],
)
def test_a_missing_field_is_named(client: httpx.Client, kind: str, field: str) -> None:
    body = {name: value for name, value in NEW[kind].items() if name != field}
    error = problem_of(client.post(f"/v1/vault/{kind}", json=body), 422, "UNPROCESSABLE")
    assert error["details"]["fields"][0]["field"] == field


@pytest.mark.parametrize(
    ("kind", "changes", "code"),
    [
        ("credentials", {"origins": ["shop.example"]}, "ORIGIN_INVALID"),
        ("credentials", {"origins": [SITE, "https://*.com"]}, "ORIGIN_INVALID"),
        ("credentials", {"origins": [f"{SITE}/login"]}, "ORIGIN_INVALID"),
        ("credentials", {"totp_secret": "01189998"}, "CREDENTIAL_INVALID"),
        ("cards", {"number": "4111111111111112"}, "CARD_INVALID"),
        ("cards", {"number": "4111-1111-1111"}, "CARD_INVALID"),
        ("cards", {"expiry_year": 2020}, "CARD_INVALID"),
        ("cards", {"cvc": "12x"}, "CARD_INVALID"),
        ("cards", {"origins": ["null"]}, "ORIGIN_INVALID"),
    ],
)
def test_what_can_be_no_secret_of_its_kind_is_refused(
    client: httpx.Client, stored: None, kind: str, changes: dict[str, Any], code: str
) -> None:
    new = NEW[kind] | {"name": "other"} | changes
    assert "4111" not in str(problem_of(client.post(f"/v1/vault/{kind}", json=new), 422, code))
    problem_of(client.patch(f"/v1/vault/{kind}/{NEW[kind]['name']}", json=changes), 422, code)


def test_a_long_name_is_not_repeated_at_length(client: httpx.Client) -> None:
    error = problem_of(client.get(f"/v1/vault/cards/{'x' * 3000}"), 404, "VAULT_ITEM_NOT_FOUND")
    assert len(error["message"]) < 200


# --- payment tokens


def test_a_token_is_shown_once(client: httpx.Client, terms: dict[str, Any]) -> None:
    made = client.post("/v1/payment_tokens", json=terms | {"expires_in": 60}).json()
    token = made.pop("token")
    assert token.startswith(made["id"])
    assert made["state"] == "active"
    assert {name: made[name] for name in terms} == terms
    shown = client.get(f"/v1/payment_tokens/{made['id']}")
    assert shown.json() == made
    assert client.get("/v1/payment_tokens", params={"session_id": terms["session_id"]}).json() == {
        "payment_tokens": [made],
        "next_before": None,
    }
    assert client.delete(f"/v1/payment_tokens/{made['id']}").json()["state"] == "revoked"
    problem_of(client.get(f"/v1/payment_tokens/{token}"), 404, "PAYMENT_TOKEN_NOT_FOUND")


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"session_id": "none"}, 404, "SESSION_NOT_FOUND"),
        ({"card": "other"}, 404, "VAULT_ITEM_NOT_FOUND"),
        ({"origin": "https://evil.example"}, 422, "CARD_ORIGIN_REFUSED"),
        ({"origin": "https://*.shop.example"}, 422, "ORIGIN_INVALID"),
        ({"origin": ""}, 422, "ORIGIN_INVALID"),
        ({"origin": None}, 422, "UNPROCESSABLE"),
        ({"card": "A"}, 422, "UNPROCESSABLE"),
        ({"max_amount": 25}, 422, "UNPROCESSABLE"),
        ({"max_amount": "-1"}, 422, "UNPROCESSABLE"),
        ({"max_amount": "1e9"}, 422, "UNPROCESSABLE"),
        ({"max_amount": "1,00"}, 422, "UNPROCESSABLE"),
        ({"currency": "Euro"}, 422, "UNPROCESSABLE"),
        ({"expires_in": 0}, 422, "UNPROCESSABLE"),
        ({"expires_in": 86_401}, 422, "UNPROCESSABLE"),
        ({"limit": 1}, 422, "UNPROCESSABLE"),
    ],
)
def test_a_token_for_what_can_not_be_paid_is_refused(
    client: httpx.Client, terms: dict[str, Any], changes: dict[str, Any], status: int, code: str
) -> None:
    problem_of(client.post("/v1/payment_tokens", json=terms | changes), status, code)


def test_another_organisation_can_do_nothing_with_a_token(
    client: httpx.Client, stranger: httpx.Client, terms: dict[str, Any]
) -> None:
    token_id = client.post("/v1/payment_tokens", json=terms).json()["id"]
    for response in (stranger.get(f"/v1/payment_tokens/{token_id}"), stranger.delete(f"/v1/payment_tokens/{token_id}")):
        problem_of(response, 404, "PAYMENT_TOKEN_NOT_FOUND")
    problem_of(stranger.post("/v1/payment_tokens", json=terms), 404, "SESSION_NOT_FOUND")
    assert stranger.get("/v1/payment_tokens").json()["payment_tokens"] == []


def test_tokens_come_page_by_page(client: httpx.Client, terms: dict[str, Any]) -> None:
    made = [client.post("/v1/payment_tokens", json=terms).json()["id"] for _ in range(3)]
    query = {"session_id": terms["session_id"], "limit": "2"}
    first = client.get("/v1/payment_tokens", params=query).json()
    rest = client.get("/v1/payment_tokens", params=query | {"before": first["next_before"]}).json()
    assert [token["id"] for page in (first, rest) for token in page["payment_tokens"]] == made[::-1]
    problem_of(client.get("/v1/payment_tokens", params={"before": "none"}), 404, "PAYMENT_TOKEN_NOT_FOUND")


async def test_of_many_that_store_under_one_name_one_does(server: ServerProcess) -> None:
    headers = {"Authorization": f"Bearer {server.key}"}
    async with httpx.AsyncClient(base_url=server.url, headers=headers) as client:
        body = LOGIN | {"name": "race"}
        answers = await asyncio.gather(*(client.post("/v1/vault/credentials", json=body) for _ in range(20)))
    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 19
