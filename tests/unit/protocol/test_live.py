"""What viewers may say."""

import json

import pytest

from outrider.problems import OutriderError
from outrider.protocol.live import (
    MAX_VIEWER_MESSAGE_BYTES,
    Bye,
    Control,
    GiveBack,
    Keys,
    Pointer,
    SessionState,
    Shown,
    TakeOver,
    Token,
    ViewerMessage,
    Wheel,
    Write,
    parse_viewer_message,
    to_json,
)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"type":"token","token":"a.b"}', Token("a.b")),
        ('{"type":"shown"}', Shown()),
        ('{"type":"take_over"}', TakeOver()),
        ('{"type":"give_back"}', GiveBack()),
        ('{"type":"pointer","action":"move","x":0,"y":1}', Pointer("move", 0, 1)),
        (
            '{"type":"pointer","action":"down","x":0.5,"y":0.5,"button":"right","clicks":2,"modifiers":8}',
            Pointer("down", 0.5, 0.5, "right", 2, 8),
        ),
        ('{"type":"wheel","x":0.5,"y":0.5,"dy":-120}', Wheel(0.5, 0.5, 0, -120)),
        ('{"type":"keys","keys":"Control+a","later":1}', Keys("Control+a")),
        ('{"type":"write","text":"日本"}', Write("日本")),
    ],
)
def test_messages(text: str, message: ViewerMessage) -> None:
    assert parse_viewer_message(text) == message


@pytest.mark.parametrize(
    "text",
    [
        None,
        b'{"type":"shown"}',
        "",
        "{",
        "[]",
        "nul",
        "\ud800",
        '{"type":"screenshot"}',
        '{"token":"x"}',
        '{"type":"pointer","action":"move","x":1.01,"y":0}',
        '{"type":"pointer","action":"move","x":NaN,"y":0}',
        '{"type":"pointer","action":"lift","x":0,"y":0}',
        '{"type":"pointer","action":"up","x":"0","y":0}',
        '{"type":"wheel","x":0,"y":0,"dy":1e9}',
        '{"type":"keys","keys":""}',
        '{"type":"write","text":"' + "a" * 10_001 + '"}',
        '{"type":"write","text":"' + "a" * MAX_VIEWER_MESSAGE_BYTES + '"}',
        "[" * 60_000,
    ],
)
def test_nothing_else_is_one(text: str | bytes | None) -> None:
    with pytest.raises(OutriderError) as caught:
        parse_viewer_message(text)
    assert caught.value.code == "SOCKET_MESSAGE_INVALID"
    assert len(caught.value.message) < 300


def test_what_the_server_says_has_a_type() -> None:
    assert json.loads(to_json(SessionState("running", "“x”"))) == {
        "type": "session",
        "status": "running",
        "step": "“x”",
    }
    assert json.loads(to_json(Control(allowed=True, held=False))) == {"type": "control", "allowed": True, "held": False}
    assert json.loads(to_json(Bye({"code": "X"}, again=True)))["error"] == {"code": "X"}
