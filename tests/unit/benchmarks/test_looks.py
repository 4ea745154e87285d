"""The script that two agents are given: the same field for both, in the form of each."""

import json
from typing import Any

from benchmarks.scripted import Call
from benchmarks.scripted.looks import for_browser_use, for_outrider

OURS = '''# Task
Look at 9 textbox "no page".

# Page
1 link "Home"
2 textbox password "Password"
3 searchbox "Search"
4 textbox "Name"'''
THEIRS = """<user_request>[9]<input /></user_request>
<browser_state>
[11]<a />
	Home
[12]<input type=checkbox name=all />
[13]<input name=q type=search placeholder=Search />
[14]<textarea name=text />
</browser_state>"""


def ours(words: str, step: int) -> Any:
    reply = for_outrider(2, lambda: None)[step]
    assert isinstance(reply, Call)
    return json.loads(reply.message(words)["tool_calls"][0]["function"]["arguments"])


def theirs(words: str, step: int) -> Any:
    reply = for_browser_use(2, lambda: None)[step]
    return json.loads(reply.message(words)["content"])["action"]  # type: ignore[union-attr]


def test_both_fill_the_first_text_field_of_the_page() -> None:
    assert ours(OURS, 1)["actions"] == [{"name": "fill", "index": 3, "text": "look 1"}]
    assert theirs(THEIRS, 1) == [{"input": {"index": 13, "text": "look 1", "clear": True}}]


def test_both_press_the_same_key_where_there_is_none() -> None:
    (press,) = ours('# Page\n1 link "Home"', 1)["actions"]
    (keys,) = theirs("<browser_state>\n[11]<a />\n</browser_state>", 1)
    assert press["keys"] == keys["send_keys"]["keys"]


def test_the_end_is_told_before_it_is_said() -> None:
    ends: list[str] = []
    for script, words in ((for_outrider, OURS), (for_browser_use, THEIRS)):
        reply = script(2, lambda: ends.append("end"))[-1]
        assert "Looked." in json.dumps(reply.message(words))  # type: ignore[union-attr]
    assert ends == ["end", "end"]
