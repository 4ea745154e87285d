"""The same script for two agents: fill the page's first text field again and again, or press keys where it has none.

Either side is told of pages in its own words, and answers in its own form.
"""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from benchmarks.scripted.replies import Call, Reply, Text

__all__ = ["for_browser_use", "for_outrider", "page_told_to_browser_use", "page_told_to_outrider"]

_OUR_FIELD: Final = re.compile(r"^(?:[+~] )?(\d+) (?:textbox|searchbox)\b(?! password)", re.MULTILINE)
_THEIR_FIELD: Final = re.compile(
    r"\[(\d+)\]<(?:textarea|input(?![^>]*\btype=(?:checkbox|radio|submit|button|hidden|password|file|image|date)))\b"
)
#: Each once, as the same again would be taken for a loop.
_KEYS: Final = ("Tab", "ArrowDown", "ArrowUp", "End", "Home", "PageDown", "PageUp", "ArrowLeft", "ArrowRight")


def page_told_to_outrider(words: str) -> str:
    """What a request says of the page: the page, and its changes since, with what was done in between."""
    return words[words.rindex("# Page\n") :]


def page_told_to_browser_use(words: str) -> str:
    """What a request says of the page."""
    return words[words.rindex("<browser_state>") : words.rindex("</browser_state>")]


def for_outrider(steps: int, at_end: Callable[[], None]) -> Sequence[Reply]:
    """So many steps; ``at_end`` is called before the answer that says that all is done."""

    def step(number: int) -> Call:
        def made(words: str) -> dict[str, Any]:
            field = _OUR_FIELD.search(page_told_to_outrider(words))
            filling = {"name": "fill", "index": int(field[1]), "text": f"look {number}"} if field else None
            return {"thought": "Next.", "actions": [filling or {"name": "press", "keys": _KEYS[number % len(_KEYS)]}]}

        return Call("act", made)

    def end(words: str) -> dict[str, Any]:
        del words
        at_end()
        return {"answer": "Looked."}

    return [*map(step, range(steps)), Call("done", end)]


def for_browser_use(steps: int, at_end: Callable[[], None]) -> Sequence[Reply]:
    """The same in its own form."""

    def step(number: int) -> _Said:
        def made(words: str) -> dict[str, Any]:
            field = _THEIR_FIELD.search(page_told_to_browser_use(words))
            if field:
                return {"input": {"index": int(field[1]), "text": f"look {number}", "clear": True}}
            return {"send_keys": {"keys": _KEYS[number % len(_KEYS)]}}

        return _Said(None, made=made)

    def end(words: str) -> dict[str, Any]:
        del words
        at_end()
        return {"done": {"text": "Looked.", "success": True, "files_to_display": []}}

    return [*map(step, range(steps)), _Said(None, made=end)]


@dataclass(frozen=True)
class _Said(Text):
    """Structured output: one action."""

    made: Callable[[str], dict[str, Any]] = lambda words: {}

    def message(self, words: str) -> dict[str, Any]:
        decision = {
            "evaluation_previous_goal": "Done.",
            "memory": "None.",
            "next_goal": "Next.",
            "action": [self.made(words)],
        }
        return {"role": "assistant", "content": json.dumps(decision), "refusal": None}
