"""What pages say is shown, and steers no terminal."""

import json

import pytest

from outrider.cli.output import print_result, printable
from outrider.cli.progress import step_line
from outrider.client import Event

#: Colours, the title of the window, the clipboard, one-byte control sequences, text that reads backwards.
STEERING = ["\x1b[31mred", "\x1b]0;title\x07", "\x1b]52;c;aGk=\x07", "\x9b2J", "a\x08b", "a\rb", "\u202egnp.exe"]


@pytest.mark.parametrize("text", STEERING)
def test_lines_steer_no_terminal(capsys: pytest.CaptureFixture[str], text: str) -> None:
    print_result([], False, [f"é 日本 👍\tone\ntwo {text}"])
    shown = capsys.readouterr().out
    assert shown.startswith("é 日本 👍\tone\ntwo ")
    assert not set(shown) & set("\x1b\x07\x9b\x08\r\u202e")
    line = step_line(Event("thought", {"text": text}, 1), 0.0)
    assert printable(line) == line


@pytest.mark.parametrize("text", STEERING)
def test_json_says_the_same_and_steers_no_terminal(capsys: pytest.CaptureFixture[str], text: str) -> None:
    print_result({"name": f"é {text}"}, True, [])
    shown = capsys.readouterr().out
    assert json.loads(shown) == {"name": f"é {text}"}
    assert not set(shown) & set("\x1b\x07\x9b\x08\r\u202e")
    assert printable(shown) == shown
