"""Frames survive every cut, and every client's way of splitting lines."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outrider.protocol.sse import Frame, FrameParser, encode, heartbeat


def parse(*chunks: bytes) -> list[Frame]:
    parser = FrameParser()
    return [frame for chunk in chunks for frame in parser.feed(chunk)]


def test_a_frame_is_id_event_data_and_a_blank_line() -> None:
    assert encode("done", {"text": "3 £"}, 7) == b'id: 7\nevent: done\ndata: {"text":"3 \\u00a3"}\n\n'


def test_a_heartbeat_has_no_id_and_second_precision() -> None:
    moment = datetime(2026, 3, 4, 5, 6, 7, 890_000, tzinfo=UTC)
    assert heartbeat(moment) == b'event: heartbeat\ndata: {"timestamp":"2026-03-04T05:06:07Z"}\n\n'


@given(st.text(), st.integers(min_value=1), st.integers(min_value=1, max_value=40))
def test_what_is_encoded_is_parsed_again_however_it_is_cut(text: str, message_id: int, size: int) -> None:
    data = encode("log", {"text": text}, message_id)
    chunks = [data[start : start + size] for start in range(0, len(data), size)]
    assert [(frame.event, frame.id, frame.json()) for frame in parse(*chunks)] == [("log", message_id, {"text": text})]


@given(st.text())
def test_the_data_is_one_line_also_for_clients_that_split_at_unicode_line_ends(text: str) -> None:
    lines = encode("log", {"text": text}).decode().splitlines()
    assert len(lines) == 3
    assert json.loads(lines[1].removeprefix("data: ")) == {"text": text}


@pytest.mark.parametrize(
    ("stream", "frames"),
    [
        (b"data: 1\r\n\r\ndata: 2\r\n\r\n", [Frame("message", "1"), Frame("message", "2")]),
        (b"data: 1\r\rx", [Frame("message", "1")]),
        (b": hello\nretry: 5\nevent: log\ndata:a\ndata: b\n\n", [Frame("log", "a\nb")]),
        (b"event: log\n\n", []),
        (b"id: x\ndata: 1\n\n", [Frame("message", "1")]),
        (b"data: lost", []),
    ],
)
def test_the_parser_follows_the_standard(stream: bytes, frames: list[Frame]) -> None:
    assert parse(stream) == frames
    assert parse(*(bytes([byte]) for byte in stream)) == frames


def test_data_that_is_no_object_stands_under_content() -> None:
    assert Frame("log", "[1]").json() == {"content": [1]}
