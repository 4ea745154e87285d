"""Names, fields and visibility of events."""

from typing import Any

import pytest

from outrider.protocol.events import EVENT_NAMES, event_data, event_name, is_hidden


@pytest.mark.parametrize(
    ("message_type", "metadata", "name"),
    [
        ("THOUGHT", {}, "thought"),
        ("DONE", {"event": "step"}, "done"),
        ("LOG", {}, "log"),
        ("LOG", {"event": "step"}, "step"),
        ("LOG", {"event": "paused"}, "paused"),
        ("LOG", {"event": "resumed"}, "resumed"),
        ("LOG", {"event": "anything"}, "log"),
        ("LOG", {"event": ["step"]}, "log"),
    ],
)
def test_event_names(message_type: str, metadata: dict[str, Any], name: str) -> None:
    assert event_name(message_type, metadata) == name
    assert name in EVENT_NAMES


def test_thoughts_carry_text_and_id_only() -> None:
    assert event_data(3, "THOUGHT", "hm", {"a": 1}) == {"text": "hm", "message_id": 3}


def test_done_carries_an_object_as_result() -> None:
    assert event_data(3, "DONE", {"price": 3}, {})["result"] == {"price": 3}
    assert event_data(3, "DONE", "three", {})["result"] == {"content": "three"}
    assert event_data(3, "DONE", [1], {})["text"] == "[1]"


def test_errors_carry_the_row() -> None:
    data = event_data(3, "ERROR", "It broke.", {"code": "PAGE_CRASHED", "status_code": 502})
    assert data == {
        "text": "It broke.", "message_id": 3, "error": "It broke.", "code": "PAGE_CRASHED", "status_code": 502
    }  # fmt: skip


@pytest.mark.parametrize("message_type", ["USER", "LOG"])
def test_all_others_carry_text_and_content(message_type: str) -> None:
    data = event_data(3, message_type, {"a": 1}, {"event": "step"})
    assert (data["text"], data["content"]) == ('{"a": 1}', {"a": 1})


def test_a_sanitized_view_leaves_out_internal_messages_and_images() -> None:
    assert is_hidden({"internal": True})
    assert is_hidden({"image": True})
    assert not is_hidden({"event": "step", "internal": False})
