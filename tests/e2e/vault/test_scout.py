"""Scout uses the vault: log-ins of the page's origin by name, payment tokens once, and says what is in the way."""

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
import yaml
from tests.e2e.api.serving import SECONDS, ServerProcess, serving, stream
from tests.e2e.vault.account_site import PASSWORDS, TOTP_SECRET, account_site
from tests.integration.browsers.payment_site import payment_site
from tests.pages.posting import PostingSite

pytestmark = [pytest.mark.browser, pytest.mark.slow]

NUMBER = "5105105105105100"
ANN, BOB = PASSWORDS


@dataclass
class Sites:
    """One with one log-in, one with two; a payment page."""

    single: PostingSite
    several: PostingSite
    shop: PostingSite


@pytest.fixture(scope="module")
def sites() -> Iterator[Sites]:
    with account_site() as single, account_site() as several, payment_site() as shop:
        yield Sites(single, several, shop)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    data_dir = tmp_path_factory.mktemp("scout") / "data"
    with serving(data_dir, EGRESS_ALLOW="127.0.0.1,localhost") as process:
        yield process
    assert [line for line in process.lines if line.get("level") == "error"] == []


@pytest.fixture(scope="module")
def client(server: ServerProcess, sites: Sites) -> Iterator[httpx.Client]:
    with server.client() as opened:
        logins = (
            ("home", ANN, "", [sites.single.url, sites.several.url]),
            ("work", BOB, TOTP_SECRET, [sites.several.url]),
            ("mistyped", ANN, "", [sites.shop.url]),
        )
        for name, user, totp, origins in logins:
            body = {"name": name, "user_name": user, "password": PASSWORDS[user], "totp_secret": totp}
            assert opened.post("/v1/vault/credentials", json=body | {"origins": origins}).status_code == 200
        card = {"name": "main", "holder": "Ann", "number": NUMBER, "expiry_month": 8, "expiry_year": 2090, "cvc": "123"}
        bound = [sites.shop.url, sites.shop.other, sites.single.url]
        assert opened.post("/v1/vault/cards", json=card | {"origins": bound}).status_code == 200
        yield opened


@pytest.fixture
def session(client: httpx.Client) -> Iterator[str]:
    path = f"/v1/sessions/{client.post('/v1/sessions', json={}).json()['session_id']}"
    yield path
    client.delete(path)


@dataclass
class Run:
    """What a session's log has of one task, or of one part of it up to a question."""

    messages: list[dict[str, Any]] = field(default_factory=list)

    @property
    def end(self) -> str:
        return str(self.messages[-1]["type"])

    @property
    def content(self) -> str:
        return str(self.messages[-1]["content"])

    @property
    def code(self) -> str:
        return str(self.messages[-1]["metadata"].get("code", ""))

    @property
    def thoughts(self) -> list[str]:
        return [message["content"] for message in self.messages if message["type"] == "THOUGHT"]


def say(client: httpx.Client, session: str, text: str, start_url: str = "", **updates: Any) -> Run:
    """Send a task or an answer; what the log has of it when it ends or asks. No secret is in any of it."""
    before = client.get(f"{session}/messages").json()["messages"]
    last = before[-1]["id"] if before else 0
    body = {"message": text} | ({"start_url": start_url} if start_url else {}) | {"config_updates": updates}
    with stream(client, session, "?include_history=false") as frames:
        sent = client.post(f"{session}/message", json=body)
        assert sent.status_code == 200, sent.text
        next(frame for frame in frames if frame.event in ("done", "error", "question"))
    run = Run(client.get(f"{session}/messages?after_id={last}&sanitize=false").json()["messages"])
    told = json.dumps(run.messages, ensure_ascii=False)
    assert not [secret for secret in (*PASSWORDS.values(), NUMBER, TOTP_SECRET) if secret in told]
    return run


# --- log-ins


@pytest.mark.parametrize("path", ["/", "/sign-in", "/script"])
@pytest.mark.parametrize("words", ["Log in", "Sign in with the saved credentials", "Log in as ann", "Log in as home"])
def test_the_one_log_in_of_the_page_is_used(
    client: httpx.Client, session: str, sites: Sites, path: str, words: str
) -> None:
    run = say(client, session, f"{words}, then report the heading", sites.single.url + path)
    assert (run.end, run.content) == ("DONE", "Hello ann"), run.messages
    assert "Logging in with the stored log-in “home”: entering its user name" in run.thoughts
    assert sites.single.posted[-1][1] == {"user": ANN, "password": PASSWORDS[ANN]}


def test_a_log_in_over_several_pages_with_a_code(client: httpx.Client, session: str, sites: Sites) -> None:
    run = say(client, session, "Log in with the stored log-in work and read the heading", f"{sites.several.url}/steps")
    assert (run.end, run.content) == ("DONE", f"Hello {BOB}"), run.messages
    assert [path for path, _ in sites.several.posted[-3:]] == ["/steps", "/steps/password", "/steps/code"]
    assert run.thoughts[3] == "Logging in with the stored log-in “work”: entering its one-time code and sending it"


def test_a_code_that_the_log_in_does_not_have_is_named(client: httpx.Client, session: str, sites: Sites) -> None:
    run = say(client, session, "Log in", f"{sites.single.url}/steps")
    assert (run.code, "“home.code”" in run.content) == ("SECRET_NOT_FOUND", True)


def test_the_site_that_a_task_names_is_gone_to(client: httpx.Client, session: str, sites: Sites) -> None:
    run = say(client, session, f"Log in to {sites.single.url.removeprefix('http://')} and report the heading")
    assert (run.end, run.content) == ("DONE", "Hello ann"), run.messages


@pytest.mark.parametrize("answer", ["work", "2", "the one of bob@mail.example"])
def test_of_several_one_is_asked_for_by_name(client: httpx.Client, session: str, sites: Sites, answer: str) -> None:
    asked = say(client, session, "Log in and report the heading", f"{sites.several.url}/sign-in")
    assert asked.content == "Which one do you mean by “the stored log-in”: 1) home, 2) work?"
    run = say(client, session, answer)
    assert (run.end, run.content) == ("DONE", f"Hello {BOB}"), run.messages


def test_another_origin_gets_no_log_in(client: httpx.Client, session: str, sites: Sites) -> None:
    before = len(sites.single.posted)
    there = f"{sites.single.other}/sign-in"
    assert say(client, session, "Log in with the stored credentials", there).code == "LOGIN_NOT_STORED"
    named = say(client, session, "Log in as home", there)
    assert (named.code, sites.single.other in named.content) == ("SECRET_ORIGIN_REFUSED", True)
    asked = say(client, session, "Log in", there)
    assert asked.content == "Which user name or email address shall I log in with?"
    assert len(sites.single.posted) == before


def test_a_log_in_that_the_site_does_not_take_is_a_failure(client: httpx.Client, session: str, sites: Sites) -> None:
    changed = {"password": "not any more"}
    assert client.patch("/v1/vault/credentials/home", json=changed).status_code == 200
    try:
        run = say(client, session, "Log in", f"{sites.single.url}/sign-in")
    finally:
        client.patch("/v1/vault/credentials/home", json={"password": PASSWORDS[ANN]})
    assert run.code == "STEP_REFUSED", run.messages


def test_screening_has_the_first_word_on_log_ins(client: httpx.Client, session: str, sites: Sites) -> None:
    before, there = len(sites.single.posted), f"{sites.single.url}/sign-in"
    blocked = say(client, session, "Log in", there, screening={"credentials": "block"})
    assert blocked.code == "ACTION_BLOCKED"
    asked = say(client, session, "Log in", there, screening={"credentials": "always_ask"})
    assert (asked.end, "fill_secret" in asked.content) == ("QUESTION", True)
    declined = say(client, session, "no")
    assert declined.code == "ACTION_DECLINED"
    assert len(sites.single.posted) == before


# --- payments


def token_for(client: httpx.Client, session: str, origin: str, **changes: Any) -> dict[str, Any]:
    terms = {"card": "main", "origin": origin, "max_amount": "25.00", "currency": "GBP", "expires_in": 600}
    made = client.post("/v1/payment_tokens", json=terms | {"session_id": session.rpartition("/")[2]} | changes)
    assert made.status_code == 200, made.text
    body: dict[str, Any] = made.json()
    return body


def state_of(client: httpx.Client, token: dict[str, Any]) -> str:
    return str(client.get(f"/v1/payment_tokens/{token['id']}").json()["state"])


def test_a_token_pays_once(client: httpx.Client, session: str, sites: Sites) -> None:
    token = token_for(client, session, sites.shop.url)
    task = f"Pay with the payment token {token['token']} and report the heading"
    run = say(client, session, task, f"{sites.shop.url}/pay")
    assert (run.end, run.content) == ("DONE", "Thank you"), run.messages
    assert run.thoughts[1] == f"Paying £23.50 with the payment token “{token['id']}…”"
    _, posted = sites.shop.posted[-1]
    assert (posted["holder"], posted["number"].replace(" ", ""), posted["expiry"]) == ("Ann", NUMBER, "08 / 90")
    assert state_of(client, token) == "settled"
    assert token["token"] not in json.dumps(run.messages)

    posts = len(sites.shop.posted)
    again = say(client, session, task, f"{sites.shop.url}/pay")
    assert again.code == "PAYMENT_TOKEN_USED"
    assert len(sites.shop.posted) == posts


def test_a_payment_is_confirmed_and_done_again_with_another_token(
    client: httpx.Client, session: str, sites: Sites
) -> None:
    first, second = (token_for(client, session, sites.shop.url) for _ in range(2))
    say(client, session, f"Pay with the payment token {first['token']} and report the heading", f"{sites.shop.url}/pay")
    paid = client.get(f"{session}/messages").json()["messages"][-1]
    confirmed = next(row for row in paid["metadata"]["evidence"] if row["field"] == "confirmation")
    assert (confirmed["quote"], confirmed["verified"]) == ("Thank you", True)
    written = client.get(f"{session}/script").text
    assert first["token"] not in written
    script = yaml.safe_load(written)
    assert script["variables"]["payment_token"] == {"secret": True}
    assert script["variables"]["amount"] == "£23.50"

    def replayed(text: str) -> dict[str, Any]:
        body = {"script": text, "variables": {"payment_token": second["token"]}, "ask_model": False}
        with stream(client, session, "?include_history=false") as frames:
            assert client.post(f"{session}/replay", json=body).status_code == 200
            next(frame for frame in frames if frame.event in ("done", "error", "question"))
        log = client.get(f"{session}/messages?sanitize=false").json()["messages"]
        assert not [secret for secret in (NUMBER, second["token"]) if secret in json.dumps(log)]
        end: dict[str, Any] = log[-1]
        return end

    posts = len(sites.shop.posted)
    dearer = replayed(written.replace("£23.50", "£2.50"))
    assert dearer["metadata"]["code"] == "SCRIPT_TARGET_NOT_FOUND"
    assert "a total of £2.50" in dearer["content"]
    assert (len(sites.shop.posted), state_of(client, second)) == (posts, "active")

    end = replayed(written)
    assert (end["type"], end["content"]) == ("DONE", "Thank you"), end
    assert (len(sites.shop.posted), state_of(client, second)) == (posts + 1, "settled")


def test_a_form_in_a_frame_takes_a_token_for_the_frame_s_origin(
    client: httpx.Client, session: str, sites: Sites
) -> None:
    tokens = [token_for(client, session, origin) for origin in (sites.shop.url, sites.shop.other)]
    around, framed = [
        say(client, session, f"Pay with the payment token {token['token']}", f"{sites.shop.url}/framed")
        for token in tokens
    ]
    assert (around.code, framed.end) == ("PAYMENT_ORIGIN_REFUSED", "DONE"), framed.messages
    assert [state_of(client, token) for token in tokens] == ["active", "settled"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"max_amount": "23.49"}, "PAYMENT_AMOUNT_REFUSED"),
        ({"currency": "EUR"}, "PAYMENT_CURRENCY_REFUSED"),
        ({"origin": "other"}, "PAYMENT_ORIGIN_REFUSED"),
        ({"session_id": "other"}, "PAYMENT_TOKEN_FOREIGN"),
    ],
)
def test_a_token_for_something_else_pays_for_nothing(
    client: httpx.Client, session: str, sites: Sites, changes: dict[str, str], code: str
) -> None:
    posts = len(sites.shop.posted)
    others = {"origin": sites.shop.other, "session_id": client.post("/v1/sessions", json={}).json()["session_id"]}
    terms = {"origin": sites.shop.url} | {name: others[name] if v == "other" else v for name, v in changes.items()}
    token = token_for(client, session, **terms)
    run = say(client, session, f"Pay with the payment token {token['token']}", f"{sites.shop.url}/pay")
    assert (run.code, "unknown" in run.content, token["token"] in run.content) == (code, False, False)
    assert (state_of(client, token), len(sites.shop.posted)) == ("active", posts)
    client.delete(f"/v1/sessions/{others['session_id']}")


def test_a_token_that_is_over_pays_for_nothing(client: httpx.Client, session: str, sites: Sites) -> None:
    late = token_for(client, session, sites.shop.url, expires_in=1)
    revoked = token_for(client, session, sites.shop.url)
    assert client.delete(f"/v1/payment_tokens/{revoked['id']}").status_code == 200
    deadline = time.monotonic() + SECONDS
    while state_of(client, late) != "expired":
        assert time.monotonic() < deadline
    codes = [
        say(client, session, f"Pay with the payment token {token}", f"{sites.shop.url}/pay").code
        for token in (revoked["token"], f"pt_live_{'x' * 40}", late["token"])
    ]
    assert codes == ["PAYMENT_TOKEN_REVOKED", "PAYMENT_TOKEN_NOT_FOUND", "PAYMENT_TOKEN_EXPIRED"]


def test_the_sum_that_a_task_names_has_to_be_the_page_s(client: httpx.Client, session: str, sites: Sites) -> None:
    token = token_for(client, session, sites.shop.url)
    run = say(client, session, f"Pay £20 with the payment token {token['token']}", f"{sites.shop.url}/pay")
    assert (run.code, state_of(client, token)) == ("TARGET_NOT_FOUND", "active")


def test_a_card_that_is_declined_is_a_failure_that_quotes_the_page(
    client: httpx.Client, session: str, sites: Sites
) -> None:
    token = token_for(client, session, sites.shop.url)
    run = say(client, session, f"Pay with the payment token {token['token']}", f"{sites.shop.url}/decline")
    assert (run.code, "declined" in run.content, "‹card number›" in run.content) == ("STEP_REFUSED", True, True)
    assert state_of(client, token) == "settled"


def test_a_token_that_the_task_does_not_name_is_asked_for(client: httpx.Client, session: str, sites: Sites) -> None:
    asked = say(client, session, "Pay and report the heading", f"{sites.shop.url}/pay")
    assert asked.content.startswith("Which payment token shall I pay with?")
    token = token_for(client, session, sites.shop.url)
    run = say(client, session, f"{token['token']} please")
    assert (run.end, run.content, state_of(client, token)) == ("DONE", "Thank you", "settled")
    assert token["token"] not in client.get(f"{session}/messages?sanitize=false").text


def test_screening_has_the_first_word_on_payments(client: httpx.Client, session: str, sites: Sites) -> None:
    token = token_for(client, session, sites.shop.url)
    task, page = f"Pay with the payment token {token['token']}", f"{sites.shop.url}/pay"
    assert say(client, session, task, page, screening={"purchase": "block"}).code == "ACTION_BLOCKED"
    unasked = say(client, session, f"Use the payment token {token['token']}", page)
    assert (unasked.end, "pays with a token" in unasked.content) == ("QUESTION", True)
    assert (say(client, session, "no").code, state_of(client, token)) == ("ACTION_DECLINED", "active")
    asked = say(client, session, task, page, screening={"purchase": "always_ask"})
    assert (asked.end, state_of(client, token)) == ("QUESTION", "active")
    assert (say(client, session, "yes").end, state_of(client, token)) == ("DONE", "settled")


def test_buying_goes_by_the_basket_to_the_order(client: httpx.Client, session: str, sites: Sites) -> None:
    token = token_for(client, session, sites.single.url)
    task = f"Buy 'Tea pot' with the payment token {token['token']} and report the heading"
    run = say(client, session, task, f"{sites.single.url}/item")
    assert (run.end, run.content) == ("DONE", "Thank you for your order"), run.messages
    card = next(fields for path, fields in sites.single.posted if path == "/review")
    assert card == {"holder": "Ann", "number": NUMBER, "month": "08", "year": "2090", "cvc": "123"}
    assert client.get(f"/v1/payment_tokens/{token['id']}").json()["amount"] == "23.50"


def test_an_order_that_costs_more_afterwards_is_not_placed(client: httpx.Client, session: str, sites: Sites) -> None:
    token = token_for(client, session, sites.single.url)
    run = say(client, session, f"Pay with the payment token {token['token']}", f"{sites.single.url}/dearer")
    assert (run.code, "it now asks for £25.00" in run.content) == ("STEP_REFUSED", True), run.messages
    assert sites.single.posted[-1][0] == "/review"
