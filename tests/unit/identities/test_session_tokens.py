"""Tokens for one session: what is accepted, and every way in which one is not."""

import base64
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from outrider.identities.session_tokens import Grant, Right, SessionTokens, open_token_secret
from outrider.problems import OutriderError

NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
KEY = b"k" * 32


def tokens(now: datetime = NOW, key: bytes = KEY) -> SessionTokens:
    return SessionTokens(key, lambda: now)


def grant(right: Right = Right.VIEW) -> Grant:
    return Grant("org", "s-1", right, NOW + timedelta(hours=1), "Ännchen")


def refusal(
    token: str, session_id: str = "s-1", right: Right = Right.VIEW, verifier: SessionTokens | None = None
) -> str:
    with pytest.raises(OutriderError) as caught:
        (verifier or tokens()).verify(token, session_id, right)
    assert len(token) < 9 or token not in f"{caught.value.as_envelope('r')}"
    return caught.value.code


def test_a_token_says_what_it_was_made_for() -> None:
    token = tokens().issue(grant())
    assert tokens().verify(token, "s-1", Right.VIEW) == grant()
    assert tokens().issue(grant()) == token
    assert all(character.isalnum() or character in "-_." for character in token)
    assert grant().principal.organisation_id == "org"


@pytest.mark.parametrize(
    ("given", "needed", "allowed"),
    [
        (Right.VIEW, Right.VIEW, True),
        (Right.VIEW, Right.CONTROL, False),
        (Right.CONTROL, Right.VIEW, True),
        (Right.CONTROL, Right.CONTROL, True),
        (Right.CONTROL, Right.DEVTOOLS, False),
        (Right.DEVTOOLS, Right.VIEW, False),
        (Right.VIEW, Right.DEVTOOLS, False),
    ],
)
def test_rights(given: Right, needed: Right, allowed: bool) -> None:
    token = tokens().issue(grant(given))
    if allowed:
        assert tokens().verify(token, "s-1", needed).right is given
    else:
        assert refusal(token, right=needed) == "SESSION_RIGHT_MISSING"


def test_it_is_for_one_session_and_one_server() -> None:
    token = tokens().issue(grant())
    assert refusal(token, session_id="s-2") == "SESSION_TOKEN_INVALID"
    assert refusal(token, verifier=tokens(key=b"x" * 32)) == "SESSION_TOKEN_INVALID"


def test_it_expires_on_the_second() -> None:
    token = tokens().issue(grant())
    assert refusal(token, verifier=tokens(NOW + timedelta(hours=1))) == "SESSION_TOKEN_EXPIRED"
    tokens(NOW + timedelta(minutes=59, seconds=59)).verify(token, "s-1", Right.VIEW)


def test_no_other_text_is_a_token() -> None:
    token = tokens().issue(grant())
    payload, _, signature = token.partition(".")
    raised = base64.urlsafe_b64encode(base64.urlsafe_b64decode(payload + "==").replace(b"view", b"cont")).decode()
    wrong = ["", ".", token[:-1], token[1:], f"{payload}.", f".{signature}", f"{raised}.{signature}", "ä.ö"]
    wrong += [token.replace("-", "+") + "=", "a" * 5000, f"{signature}.{signature}", f"{payload} .{signature}"]
    assert {refusal(text) for text in wrong} == {"SESSION_TOKEN_INVALID"}


def test_the_key_is_made_once_and_private(tmp_path: Path) -> None:
    file = tmp_path / "data" / "tokens.key"
    key = open_token_secret(file)
    assert len(key) == 32
    assert open_token_secret(file) == key
    assert file.stat().st_mode & 0o777 == 0o600
    file.write_text("not hexadecimal")
    with pytest.raises(OutriderError) as caught:
        open_token_secret(file)
    assert caught.value.code == "DATA_FOLDER_UNUSABLE"
