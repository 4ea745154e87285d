"""What a language model is told of a task: one message that only grows while the page stays the same document.

The page is told whole where a document begins or little of it is left, and as differences after that; what was done
before is one line a step.
So each request begins like the one before, which providers read from their cache, and is bounded: where it would get
longer than ``characters``, the page is told anew and the steps before become lines, too.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from outrider.agents.difference import goes_on, render_difference
from outrider.agents.models.reading import render_extraction
from outrider.agents.observation import quoted, render_observation
from outrider.interfaces.actions import action_to_json
from outrider.interfaces.models import Step, Task
from outrider.interfaces.pages import Effect, Observation

__all__ = ["Room", "Telling"]

#: Steps before the current document that are told one by one; of earlier ones only the number is.
_LINES: Final = 30
_LINE_CHARACTERS: Final = 400
#: Of such a line, what was done and why.
_DEED_CHARACTERS: Final = 240


@dataclass(frozen=True, slots=True)
class Room:
    """How long what is told may be, in characters."""

    prompt: int
    page: int


class Telling:
    """Tells one task's model of it, again and again. What it has put into words once, it says again.

    So a request costs what is new; to compare all looks anew each time would cost ever more.
    """

    def __init__(self, room: Room) -> None:
        self._room = room
        #: By the identity of looks; kept with them, so that nothing else can come to have it.
        self._said: dict[tuple[int, ...], tuple[tuple[Observation, ...], str]] = {}
        self._said_before = self._said

    def render_task(self, task: Task, observation: Observation, history: Sequence[Step]) -> str:
        """The whole message: the task, what was done, the page."""
        self._said_before, self._said = self._said, {}
        head = _head(task)
        base, parts = self._since_base(observation, history, len(head))
        done = _done(history[:base], base)
        return "\n\n".join(part for part in (head, done, *parts) if part)

    def _since_base(self, observation: Observation, history: Sequence[Step], used: int) -> tuple[int, list[str]]:
        """Where the page is told whole, as a number of steps, and all that is told from there."""
        looks = [step.seen for step in history] + [observation]
        base = len(history)
        while base and goes_on(history[base - 1], looks[base]):
            base -= 1
        parts: list[str] = []
        left = 0
        for at in range(base, len(looks)):
            look = looks[at]
            if look is None:
                continue
            before = looks[at - 1] if at > base else None
            if before is not None and left > 0:
                new = [_told(at, history[at - 1])]
                if before is not look:  # else both steps were decided on at once
                    new.append(f"# Changes of the page\n{self._once(render_difference, before, look)}")
                left -= sum(map(len, new))
            if before is None or left <= 0:
                base = at
                parts, new = [], [f"# Page\n{self._once(render_observation, look)}"]
                left = self._room.prompt - used - len(new[0]) - _LINE_CHARACTERS * min(at, _LINES)
            parts += new
        return base, parts

    def _once(self, render: Callable[..., str], *looks: Observation) -> str:
        key = tuple(map(id, looks))
        said = self._said_before.get(key) or (looks, render(*looks, self._room.page))
        self._said[key] = said
        return said[1]


def _head(task: Task) -> str:
    parts = [f"# Task\n{task.text}"]
    if task.context:
        parts.append(f"# Background, from the user\n{task.context}")
    if task.output_schema is not None:
        parts.append(f"# The answer has to be JSON that fits this schema\n{json.dumps(task.output_schema)}")
    if task.logins:
        names = (f"- {login.name} ({', '.join(login.parts)}) for {', '.join(login.origins)}" for login in task.logins)
        parts.append("# Saved log-ins, for fill_secret: “name.part”\n" + "\n".join(names))
    if task.turns:
        said = (f"- {_TURNS.get(turn.kind, turn.kind)}: {turn.text}" for turn in task.turns)
        parts.append("# Said since\n" + "\n".join(said))
    return "\n\n".join(parts)


_TURNS: Final = {"question": "You asked", "answer": "The user answered", "update": "The user added"}


def _done(steps: Sequence[Step], count: int) -> str:
    if not steps:
        return ""
    shown = steps[-_LINES:]
    lines = [f"… {count - len(shown)} earlier steps"] if count > len(shown) else []
    lines += [_told(count - len(shown) + at, step, short=True) for at, step in enumerate(shown, start=1)]
    notes = next((step.memory["notes"] for step in reversed(steps) if step.memory.get("notes")), "")
    told = "# Done before this page\n" + "\n".join(lines)
    return f"{told}\n\n# Your notes\n{notes}" if notes else told


def _told(number: int, step: Step, *, short: bool = False) -> str:
    """A step: what was done and why, in the model's own words, and in the fence what the page said to it."""
    action = {name: value for name, value in action_to_json(step.action).items() if value not in (None, "", False)}
    thought = step.memory.get("thought", "")
    did = json.dumps(action, ensure_ascii=False) + (f" ({thought})" if thought else "")
    told = f"{number}. {did[:_DEED_CHARACTERS] if short else did}"
    if step.problem is not None:
        outcome = f"failed: {step.problem[1]} [{step.problem[0]}]"
    else:
        outcome = _outcome(step.effect, short=short)
    if short:
        outcome = outcome[: _LINE_CHARACTERS - _DEED_CHARACTERS]
    return f"{told} → {quoted(outcome) if outcome else 'done'}"


def _outcome(effect: Effect | None, *, short: bool) -> str:
    if effect is None:
        return ""
    parts: list[Any] = []
    if effect.opened_tab or effect.navigated:
        parts.append(f"{'opened a new tab: ' if effect.opened_tab else 'now at '}{effect.url}")
    elif not effect.changed and effect.extraction is None and effect.screenshot is None:
        parts.append("nothing changed")
    if effect.value is not None:
        parts.append(f"value: {effect.value}")
    parts += [f"says “{alert}”" for alert in effect.alerts]
    parts += [
        f"dialog “{dialog.message}” {'accepted' if dialog.accepted else 'dismissed'}" for dialog in effect.dialogs
    ]
    parts += [f"downloaded {name}" for name in effect.downloads]
    if effect.extraction is not None and not short:
        parts.append(render_extraction(effect.extraction))
    return "; ".join(parts)
