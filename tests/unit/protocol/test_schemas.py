"""Limits of what comes in, and the exact form of what goes out."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from pydantic import ValidationError

from outrider.protocol.schemas import CreateSession, MessageBody, Messages, SendMessage, SessionBody

NOON = datetime(2026, 3, 4, 12, 0, 0, 5_999, tzinfo=UTC)


def session(**changes: Any) -> SessionBody:
    fields: dict[str, Any] = {
        "session_id": "s",
        "agent_name": "agi-0",
        "agent_session_type": "managed-cdp",
        "status": "ready",
        "created_at": NOON,
        "environment_id": "e",
        "vnc_url": "http://localhost/live/s",
    }
    return SessionBody(**(fields | changes))


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"agent_name": None, "goal": None, "webhook_url": None, "max_steps": None, "cdp_url": None},
        {"unknown": {"a": [1]}, "save_on_exit": True, "model": "x", "environment_type": "chrome-1"},
        {"webhook_url": "https://example.org/hook", "max_steps": 100},
        {"max_steps": 100.0},
    ],
)
def test_creations_that_are_accepted(body: dict[str, Any]) -> None:
    assert CreateSession.model_validate(body)


@pytest.mark.parametrize(
    "body",
    [
        {"agent_name": 5},
        {"agent_name": ""},
        {"agent_name": "a" * 101},
        {"agent_name": "a\x00b"},
        {"max_steps": 0},
        {"max_steps": "100"},
        {"max_steps": 1.5},
        {"max_steps": True},
        {"max_steps": 1.5},
        {"max_steps": 10_001},
        {"webhook_url": "ftp://example.org"},
        {"webhook_url": "https://example.org/" + "a" * 2000},
        {"agent_session_type": "remote"},
        {"agent_session_type": 1},
        {"goal": ["a"]},
        {"enable_memory_snapshot": "yes"},
    ],
)
def test_creations_that_are_refused(body: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        CreateSession.model_validate(body)


@pytest.mark.parametrize("spelling", ["managed-cdp", "managedcdp", "ManagedCdp"])
def test_session_types_are_normalised(spelling: str) -> None:
    assert CreateSession.model_validate({"agent_session_type": spelling}).agent_session_type == "managed-cdp"


@pytest.mark.parametrize(("name", "other"), [("cdp_url", "cdp_ws_url"), ("cdp_ws_url", "cdp_url")])
def test_both_names_of_the_devtools_address(name: str, other: str) -> None:
    for body in ({name: "ws://127.0.0.1/"}, {name: "ws://127.0.0.1/", other: None}):
        assert CreateSession.model_validate(body).cdp_url == "ws://127.0.0.1/"


@pytest.mark.parametrize(("length", "fits"), [(0, False), (1, True), (10_000, True), (10_001, False)])
def test_the_length_of_a_message(length: int, fits: bool) -> None:
    try:
        SendMessage(message="ß" * length)
    except ValidationError:
        assert not fits
    else:
        assert fits


def test_timestamps_have_milliseconds_and_z() -> None:
    assert session().model_dump(mode="json")["created_at"] == "2026-03-04T12:00:00.005Z"
    elsewhere = NOON.astimezone(timezone(timedelta(hours=5)))
    assert session(created_at=elsewhere).model_dump(mode="json")["created_at"] == "2026-03-04T12:00:00.005Z"


def test_both_spellings_of_has_agent() -> None:
    message = MessageBody(id=1, type="USER", content="hi", timestamp=NOON, metadata={})
    wire = Messages(messages=(message,), status="running").model_dump(mode="json", by_alias=True)
    assert wire["has_agent"] is True
    assert wire["hasAgent"] is True
    assert wire["messages"][0]["metadata"] == {}


def test_replies_read_back() -> None:
    assert SessionBody.model_validate_json(session().model_dump_json()).created_at == NOON.replace(microsecond=5000)
