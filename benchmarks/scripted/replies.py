"""The replies of a script: what a model would answer, with elements by role and name, as it finds them in the request.

A script is a list of replies, one for each request of a task. ``act`` takes the actions of one decision::

    [act(click("link", "Tea")), act(fill("textbox", "Name", "Ada"), click("button", "Order")), done("Ordered.")]

Where a value has to be read off the page, ``done`` takes a function of the request's words (see ``prompt.read``).
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from benchmarks.scripted.prompt import find

__all__ = ["Call", "Raw", "Reply", "Text", "act", "ask", "click", "done", "element", "fill", "select"]

#: Makes of the words that the model was sent what it answers.
Made = Callable[[str], Mapping[str, Any]]
Action = Callable[[str], dict[str, Any]]


@dataclass(frozen=True)
class Call:
    """A call of a tool; ``after`` is the time that the model thinks, in seconds."""

    tool: str
    arguments: Made | Mapping[str, Any] | str
    after: float = 0.0
    finish_reason: str = "tool_calls"

    def message(self, words: str) -> dict[str, Any]:
        """As the API has it."""
        given = self.arguments(words) if callable(self.arguments) else self.arguments
        text = given if isinstance(given, str) else json.dumps(given)
        call = {"id": "call_1", "type": "function", "function": {"name": self.tool, "arguments": text}}
        return {"role": "assistant", "content": None, "tool_calls": [call]}


@dataclass(frozen=True)
class Text:
    """Plain text, or none; with another ``finish_reason`` cut off (length) or filtered (content_filter)."""

    text: str | None
    finish_reason: str = "stop"
    after: float = 0.0
    refusal: str | None = None

    def message(self, words: str) -> dict[str, Any]:
        """As the API has it."""
        del words
        return {"role": "assistant", "content": self.text, "refusal": self.refusal}


@dataclass(frozen=True)
class Raw:
    """Whatever a server may send instead; with ``hang_up``, nothing."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    after: float = 0.0
    hang_up: bool = False


Reply = Call | Text | Raw


def act(
    *actions: Action | Mapping[str, Any], thought: str = "As planned.", notes: str = "", after: float = 0.0
) -> Call:
    """One decision."""

    def made(words: str) -> dict[str, Any]:
        taken = [action(words) if callable(action) else dict(action) for action in actions]
        return {"thought": thought, "actions": taken, "notes": notes}

    return Call("act", made, after)


def ask(question: str) -> Call:
    """A question to the user."""
    return Call("ask", {"question": question})


def done(
    answer: Callable[[str], Any] | Any, missing: tuple[str, ...] = (), **evidence: Callable[[str], str] | str
) -> Call:
    """The result, with quotes by the name of the value."""

    def made(words: str) -> dict[str, Any]:
        quotes = [{"field": name, "quote": _of(quote, words)} for name, quote in evidence.items()]
        return {"answer": _of(answer, words), "evidence": quotes, "missing": list(missing)}

    return Call("done", made)


def element(name: str, role: str, label: str, beside: str = "", **arguments: Any) -> Action:
    """The action ``name`` on an element; further arguments as in ``interfaces.actions``."""
    return lambda words: {"name": name, "index": find(words, role, label, beside), **arguments}


def click(role: str, label: str, beside: str = "") -> Action:
    """Click an element."""
    return element("click", role, label, beside)


def fill(role: str, label: str, text: str, *, submit: bool = False, beside: str = "") -> Action:
    """Fill a field."""
    return element("fill", role, label, beside, text=text, submit=submit)


def select(label: str, option: str, role: str = "combobox") -> Action:
    """Choose an option."""
    return element("select", role, label, option=option)


def _of(value: Any, words: str) -> Any:
    return value(words) if callable(value) else value
