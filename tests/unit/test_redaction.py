"""What texts, addresses and bodies keep of secrets."""

import json
import re
from base64 import b32encode, b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outrider.api.openapi import openapi_document
from outrider.redaction import is_secret_name, mask_body, mask_path, mask_text, mask_url, without_keys, without_patterns

KEY = "ok_live_" + "a" * 40
JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbm4ifQ.c2lnbmF0dXJl"


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (f"with {KEY}.", "with ok_live_aaaaaaaa…."),
        ("pt_live_bbbbbbbbb", "pt_live_bbbbbbbb…"),
        (f"Bearer {JWT}, and more", "Bearer …, and more"),
        (JWT.rpartition(".")[0], "…"),  # cut off
        ("eyJ is no token, nor is evJ.x.y", "eyJ is no token, nor is evJ.x.y"),
    ],
)
def test_keys_and_tokens_by_their_look(text: str, left: str) -> None:
    assert without_keys(text) == without_patterns(text) == left


@pytest.mark.parametrize(
    "number",
    [
        "4111111111111111",
        "4111 1111 1111 1111",
        "4111-1111-1111-1111",
        "378282246310005",
        "3782 822463 10005",
        "30569309025904",
    ],
)
def test_numbers_of_cards_by_their_digits(number: str) -> None:
    assert without_patterns(f"pay {number}, then") == "pay …, then"
    other = number[:-1] + str((int(number[-1]) + 1) % 10)  # no Luhn digit
    assert without_patterns(f"pay {other}, then") == f"pay {other}, then"


@pytest.mark.parametrize(
    "text", ["1764382247123", "req_4111111111111111", "4111111111111111-2", "0b9f6c1e-4111-4111-8111-111111111111"]
)
def test_what_only_resembles_a_card_stays(text: str) -> None:
    assert without_patterns(text) == text


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Log in, password: hunter2, please", "Log in, password: …, please"),
        ('{"password": "two \\"words', '{"password": …'),
        ("api_key=abc&token='x y'&q=1", "api_key=…&token=…&q=1"),
        ("the password field is empty", "the password field is empty"),
    ],
)
def test_what_a_text_calls_a_secret(text: str, left: str) -> None:
    assert mask_text(text) == left


@pytest.mark.parametrize(
    "name",
    [
        "password",
        "new_password",
        "apiKey",
        "API-KEY",
        "x-api-key",
        "Authorization",
        "cvc",
        "user_name",
        "pin",
        "number",
    ],
)
def test_names_of_secrets(name: str) -> None:
    assert is_secret_name(name)


@pytest.mark.parametrize("name", ["name", "limit", "after_id", "session_id", "message", "spinner", "numbers_only"])
def test_names_of_nothing_secret(name: str) -> None:
    assert not is_secret_name(name)


def test_an_address_keeps_names_ids_and_numbers() -> None:
    assert mask_path("/v1/sessions/0b9f6c1e-1/a b/4111111111111111") == "/v1/sessions/0b9f6c1e-1/…/…"
    assert mask_url("/v1/x", "limit=5&api_key=a&q=two+words&a b=1&empty=") == "/v1/x?limit=5&api_key=…&q=…&…=1&empty="
    assert mask_url("/v1/x", "") == "/v1/x"


def test_an_address_keeps_no_key_in_another_coding() -> None:
    for coded in (b64encode(KEY.encode()), b32encode(KEY.encode()), KEY.encode().hex().encode()):
        assert mask_url("/v1/x", f"q={coded.decode()}") == "/v1/x?q=…"
        assert mask_path(f"/v1/{coded.decode()}/x") == "/v1/…/x"
    run = f"job_{'a' * 24}.20260131T090500Z"
    assert mask_path(f"/v1/{run}/{'f' * 40}") == f"/v1/{run}/{'f' * 40}"


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/v1/password/hunter2", "/v1/password/…"),
        ("/reset-token//hunter2/next", "/reset-token//…/next"),
        ("/apiKey/password/hunter2/", "/apiKey/…/…/"),
        ("/x/pin/12/AUTH/hunter2", "/x/pin/…/AUTH/…"),
        ("/v1/password:hunter2/x", "/v1/password:…/x"),
        ("/v1/secret%3Dhunter2", "/v1/…"),
        ("/http://ann:hunter2@shop.example/cart", "/http://…/cart"),
        ("/v1/passwords/monkey/tokens/spin/x", "/v1/passwords/monkey/tokens/spin/x"),
        ("/v1/ann@shop.example/12:30", "/v1/ann@shop.example/12:30"),
    ],
)
def test_what_a_path_calls_a_secret(path: str, shown: str) -> None:
    assert mask_path(path) == shown


def test_addresses_of_this_server_are_shown_whole() -> None:
    for path in openapi_document()["paths"]:
        asked = re.sub(r"\{\w+\}", "something", path)
        assert mask_path(asked) == asked


def test_of_bodies_the_shape_is_kept() -> None:
    body = {"a": "text", "n": 7, "big": 4111111111111111, "t": True, "z": None, "l": list(range(12)), "pin": {"x": 1}}
    assert json.loads(mask_body(json.dumps(body).encode(), "application/json")) == {
        "a": "‹4 characters›",
        "n": 7,
        "big": "‹number›",
        "t": True,
        "z": None,
        "l": [*range(10), "‹2 more›"],
        "pin": "…",
    }
    assert mask_body(b"{" * 100_000, "application/json") == "‹100000 bytes of application/json›"
    assert mask_body(b"[" * 60_000, "a b") == "‹60000 bytes›"


@given(
    st.text(min_size=6).filter(lambda text: not text.isdecimal()),
    st.recursive(st.just("SECRET"), lambda s: st.lists(s) | st.dictionaries(st.just("message"), s)),
)
def test_no_text_of_a_body_is_kept(secret: str, shape: object) -> None:
    secret = f"§{secret}"  # part of no mask
    body = json.dumps(shape).replace("SECRET", json.dumps(secret)[1:-1]).encode()
    assert secret not in mask_body(body, "application/json")
    assert json.dumps(secret)[1:-1] not in mask_body(body, "application/json")
