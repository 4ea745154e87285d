import pytest

from outrider.browsers.keyboard import key_events, parse_chord
from outrider.problems import OutriderError


@pytest.mark.parametrize(
    ("keys", "held", "main"),
    [
        ("Enter", [], "Enter"),
        ("esc", [], "Escape"),
        ("a", [], "a"),
        ("Control+a", ["Control"], "a"),
        ("ctrl+Shift+ArrowLeft", ["Control", "Shift"], "ArrowLeft"),
        ("+", [], "+"),
        ("Control++", ["Control"], "+"),
        ("Space", [], " "),
        ("é", [], "é"),
        ("F5", [], "F5"),
    ],
)
def test_chords_are_read(keys: str, held: list[str], main: str) -> None:
    modifiers, key = parse_chord(keys)
    assert ([each.key for each in modifiers], key.key) == (held, main)


@pytest.mark.parametrize("keys", ["", "Nonsense", "a+b", "Control+", "\n"])
def test_unknown_keys_are_refused(keys: str) -> None:
    with pytest.raises(OutriderError) as caught:
        parse_chord(keys)
    assert caught.value.code == "UNPROCESSABLE"


def test_a_chord_is_pressed_inside_out() -> None:
    events = [(event["type"], event["key"], event["modifiers"]) for event in key_events("Control+Shift+a")]
    assert events == [
        ("rawKeyDown", "Control", 2),
        ("rawKeyDown", "Shift", 10),
        ("rawKeyDown", "a", 10),
        ("keyUp", "a", 10),
        ("keyUp", "Shift", 2),
        ("keyUp", "Control", 0),
    ]


def test_only_plain_keys_type() -> None:
    assert key_events("a")[0]["text"] == "a"
    assert key_events("Enter")[0]["text"] == "\r"
    assert "text" not in key_events("Control+a")[1]
    assert key_events("Control+a")[1]["commands"] == ["selectAll"]
