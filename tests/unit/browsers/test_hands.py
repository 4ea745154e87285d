"""A viewer's mouse and keyboard as DevTools calls."""

import pytest

from outrider.browsers.hands import input_calls
from outrider.problems import OutriderError
from outrider.protocol.live import Keys, Pointer, Wheel, Write


def test_places_are_shares_of_the_page() -> None:
    method, (call,) = input_calls(Pointer("down", 0.25, 0.5, "left", 2, 8), 1000, 600)
    assert method == "Input.dispatchMouseEvent"
    assert (call["type"], call["x"], call["y"]) == ("mousePressed", 250, 300)
    assert (call["button"], call["buttons"], call["clickCount"], call["modifiers"]) == ("left", 1, 2, 8)
    assert input_calls(Pointer("up", 0, 0, "left", 1), 1000, 600)[1][0]["buttons"] == 0


def test_the_wheel() -> None:
    _, (call,) = input_calls(Wheel(1, 1, 0, -120), 1000, 600)
    assert (call["type"], call["deltaY"], call["x"], call["y"]) == ("mouseWheel", -120, 1000, 600)


def test_keys_and_text() -> None:
    method, calls = input_calls(Keys("Shift+Tab"), 1, 1)
    assert method == "Input.dispatchKeyEvent"
    assert [call["type"] for call in calls] == ["rawKeyDown", "rawKeyDown", "keyUp", "keyUp"]
    assert input_calls(Write("日本"), 1, 1) == ("Input.insertText", [{"text": "日本"}])
    with pytest.raises(OutriderError) as caught:
        input_calls(Keys("Hyper+x"), 1, 1)
    assert caught.value.code == "UNPROCESSABLE"
