"""Bodies, headers and what is kept of answers."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from outrider.protocol.times import time_of_retry
from outrider.webhooks.request import (
    EXCERPT_CHARACTERS,
    body_of,
    excerpt_of,
    headers_of,
    new_secret,
)

PAYLOAD = {"event": "task.started", "session": {"id": "s-1", "status": "running"}, "message": "Grüße 🙂"}


def test_a_body_shows_where_the_browser_is_seen() -> None:
    body = json.loads(body_of(PAYLOAD, "http://host/live/s-1"))

    assert body == PAYLOAD | {"session": {"id": "s-1", "status": "running", "vnc_url": "http://host/live/s-1"}}


def test_every_secret_that_signs_is_good_for_the_receiver() -> None:
    newer, older, other = new_secret(), new_secret(), new_secret()
    body = body_of(PAYLOAD, "")
    headers = headers_of("evt_1", "task.started", body, datetime.now(UTC), [newer, older])

    assert headers["webhook-signature"].count("v1,") == 2
    assert headers["X-Event-Type"] == "task.started"
    for secret in (newer, older):
        Webhook(secret).verify(body, headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(other).verify(body, headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(newer).verify(body + " ", headers)


@pytest.mark.parametrize(
    ("answer", "kept"),
    [
        (b"", ""),
        (b"thanks\x00\x1b[31m\r\n", "thanks[31m\n"),
        (b"\xff\xfe", "��"),
        (b"your secret is whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw!", "your secret is whsec_…!"),
        (b"v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4= was wrong", "v1,… was wrong"),
        (b"Authorization: Bearer abcdefgh12345678", "Authorization: Bearer …"),
        (b"ok_live_abcdefgh0123456789", "ok_live_abcdefgh…"),
    ],
)
def test_an_excerpt_is_text_without_secrets(answer: bytes, kept: str) -> None:
    assert excerpt_of(answer) == kept


def test_an_excerpt_is_short() -> None:
    assert excerpt_of(b"x" * 2000) == "x" * EXCERPT_CHARACTERS


NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("retry_after", "seconds"),
    [
        ("120", 120),
        (" 0 ", 0),
        ("Thu, 01 Jan 2026 00:10:00 GMT", 600),
        ("Thu, 01 Jan 2026 00:10:00 -0000", 600),
        ("Wed, 31 Dec 2025 23:00:00 GMT", -3600),
    ],
)
def test_a_retry_after_is_seconds_or_a_date(retry_after: str, seconds: float) -> None:
    assert time_of_retry(retry_after, NOW) == NOW + timedelta(seconds=seconds)


@pytest.mark.parametrize(
    "retry_after",
    [
        "",
        "soon",
        "-5",
        "1.5",
        "9" * 400,
        "\u0662",
        "Thu, 99 Jan 2026 00:00:00 GMT",
        "Thu, 01 Jan 99999999999 00:00:00 GMT",
    ],
)
def test_a_retry_after_that_is_neither_asks_for_nothing(retry_after: str) -> None:
    assert time_of_retry(retry_after, NOW) is None
