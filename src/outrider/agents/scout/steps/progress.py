"""How far a task has come: a fold over its steps, whose memories Scout wrote itself.

A step's memory is ``{"at": <index of the intention>, "phase": …, "notes": {…}, "learned": [{"at": …, …}, …]}``.
``learned`` holds what was found out since the step before; all of it together is what is known. Joined with the waits
that came after it, a step's memory also has ``"late"``: whether something changed in each of them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from msgspec import structs

from outrider.agents.scout.pages.records import Item
from outrider.agents.scout.tasks.intentions import Intention
from outrider.interfaces.actions import Action, Extract, Scroll, TakeScreenshot, Wait
from outrider.interfaces.models import Ask, Step, Task
from outrider.interfaces.pages import Extraction, Observation


@dataclass(frozen=True, slots=True)
class Value:
    """One value that was read, and where."""

    name: str
    value: Any
    url: str
    quote: str


@dataclass(frozen=True, slots=True)
class Known:
    """What earlier steps found out."""

    #: Entries of the list that was gone through last, and the intention that did it.
    items: tuple[Item, ...] = ()
    items_at: int = -1
    pick: Item | None = None
    #: Entries that are as good as the pick by what it was chosen by, and that value's name.
    equal: tuple[Item, ...] = ()
    equal_by: str = ""
    #: Address of the page of the pick once it was opened.
    opened: str = ""
    values: tuple[Value, ...] = ()
    #: Entries that the task wants listed, and the names of the values it wants of each; None: nothing was listed.
    listed: tuple[Item, ...] | None = None
    fields: tuple[str, ...] = ()
    #: Why the list is empty.
    empty: str = ""
    #: What was left out of the list.
    cut: str = ""
    #: Entries that were gathered to do something with each, by the times that this was done.
    batches: tuple[tuple[Item, ...], ...] = ()
    #: Things whose values were noted, to be compared.
    noted: tuple[Item, ...] = ()
    #: Whether each condition of the task was met, in their order.
    verdicts: tuple[bool, ...] = ()
    #: What was looked for and is not there.
    missing: tuple[str, ...] = ()
    #: What the page said last: alerts and status messages.
    said: str = ""

    def with_learned(self, at: int, learned: Mapping[str, Any]) -> "Known":
        """What is known after an intention learned something."""
        known = self
        for name, value in learned.items():
            known = _LEARNERS[name](known, at, value)
        return known


def _learn_items(known: Known, at: int, value: Sequence[Mapping[str, Any]]) -> Known:
    found = tuple(map(Item.from_json, value))
    before = known.items if known.items_at == at else ()
    seen = {item.key for item in before}
    return replace(known, items=(*before, *(item for item in found if item.key not in seen)), items_at=at)


def _learn_values(known: Known, at: int, value: Sequence[Sequence[Any]]) -> Known:
    return replace(known, values=(*known.values, *(Value(*one) for one in value)))


def _learn_listed(known: Known, at: int, value: Mapping[str, Any]) -> Known:
    listed = (*(known.listed or ()), *map(Item.from_json, value["items"]))
    return replace(known, listed=listed, fields=tuple(dict.fromkeys((*known.fields, *value["fields"]))))


def _learn_pick(known: Known, at: int, value: Mapping[str, Any]) -> Known:
    return replace(known, pick=Item.from_json(value), opened="", equal=())


def _learn_equal(known: Known, at: int, value: Mapping[str, Any]) -> Known:
    return replace(known, equal=tuple(map(Item.from_json, value["items"])), equal_by=value["by"])


def _learn_missing(known: Known, at: int, value: Sequence[str]) -> Known:
    return replace(known, missing=tuple(dict.fromkeys((*known.missing, *value))))


#: How each kind of finding changes what is known.
_LEARNERS: Mapping[str, Any] = {
    "items": _learn_items,
    "pick": _learn_pick,
    "equal": _learn_equal,
    "opened": lambda known, at, value: replace(known, opened=value),
    "values": _learn_values,
    "listed": _learn_listed,
    "empty": lambda known, at, value: replace(known, empty=value),
    "cut": lambda known, at, value: replace(known, cut=value),
    "missing": _learn_missing,
    "batch": lambda known, at, value: replace(known, batches=(*known.batches, tuple(map(Item.from_json, value)))),
    "verdict": lambda known, at, value: replace(known, verdicts=(*known.verdicts, value)),
    "noted": lambda known, at, value: replace(known, noted=(*known.noted, Item.from_json(value))),
}


@dataclass(frozen=True, slots=True)
class Move:
    """An intention goes on with an action."""

    action: Action
    thought: str
    #: What the step is for, within its intention.
    phase: str = "try"
    notes: Mapping[str, Any] = field(default_factory=dict)
    learned: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Done:
    """An intention is fulfilled."""

    learned: Mapping[str, Any] = field(default_factory=dict)


Outcome = Move | Ask | Done


@dataclass(frozen=True, slots=True)
class Situation:
    """All that an intention decides by."""

    task: Task
    observation: Observation
    #: Index of the intention, and the steps that it has taken, oldest first.
    at: int
    steps: tuple[Step, ...]
    #: All steps of the task.
    history: tuple[Step, ...]
    known: Known
    #: The whole plan, as far as it is known: what is done for each of several things comes when these are known.
    plan: tuple[Intention, ...] = ()

    #: How often something that covered the page was closed for this intention; those steps are not in ``steps``.
    uncovered: int = 0

    @property
    def is_last(self) -> bool:
        """Nothing is to be done after this intention."""
        return self.at + 1 >= len(self.plan)

    @property
    def preceding(self) -> Intention | None:
        """What was to be done just before."""
        return self.plan[self.at - 1] if self.at else None

    @property
    def following(self) -> Intention | None:
        """What is to be done next."""
        return None if self.is_last else self.plan[self.at + 1]

    @property
    def last(self) -> Step | None:
        """The latest step of this intention."""
        return self.steps[-1] if self.steps else None

    @property
    def extraction(self) -> Extraction | None:
        """What the page says, if the latest step of the task has read it."""
        latest = self.history[-1] if self.history else None
        found = latest.effect.extraction if latest and latest.effect else None
        return found if found and found.url == self.observation.url else None

    @property
    def phase(self) -> str:
        """What the latest step of this intention was for; "" before the first."""
        return str(self.steps[-1].memory.get("phase", "")) if self.steps else ""

    def taken(self, phase: str) -> tuple[Step, ...]:
        """The steps of this intention that were for one thing."""
        return tuple(step for step in self.steps if step.memory.get("phase") == phase)

    def answer(self, question: str) -> str | None:
        """What the user answered to a question of ours, if it was asked."""
        asked = ""
        reply: str | None = None
        for turn in self.task.turns:
            if turn.kind == "question":
                asked = turn.text
            elif turn.kind == "answer" and asked == question:
                reply = turn.text.strip()
        return reply


def fold(history: Sequence[Step]) -> tuple[int, tuple[Step, ...], Known]:
    """The intention under way, its steps, and what is known, from the steps of a task."""
    own = [step for step in history if "at" in step.memory]
    known = Known()
    for step in own:
        for learned in step.memory.get("learned", ()):
            known = known.with_learned(learned["at"], {name: value for name, value in learned.items() if name != "at"})
    told = next((step.effect.alerts for step in reversed(history) if step.effect and _tells(step)), ())
    known = replace(known, said=" ".join(alert.strip(" ×\n") for alert in told))
    at = int(own[-1].memory["at"]) if own else 0
    return at, tuple(_with_what_came_late(step for step in own if step.memory["at"] == at)), known


def _tells(step: Step) -> bool:
    """Reading a page, waiting and looking do not make what it said before out of date, unless it says something new."""
    looks = isinstance(step.action, Extract | Scroll | Wait | TakeScreenshot)
    return not looks or (step.effect is not None and bool(step.effect.alerts))


#: Phases of a wait for what the page makes of the step before: nothing is to be seen of it, or the page says that it is
#: at work on it. Such a wait is no step of its own: what comes belongs to that one.
LATE: Final = "late"
AT_WORK: Final = "at work"


def _with_what_came_late(steps: Iterable[Step]) -> list[Step]:
    joined: list[Step] = []
    for step in steps:
        if step.memory["phase"] in (LATE, AT_WORK) and joined:
            joined[-1] = _joined(joined[-1], step)
        else:
            joined.append(step)
    return joined


def _joined(step: Step, wait: Step) -> Step:
    """The step with what came of it. That something changed counts when nothing did afterwards: a clock goes on."""
    before, later = step.effect, wait.effect
    changes: tuple[bool, ...] = tuple(step.memory.get("late", ()))
    if wait.memory["phase"] == LATE:
        changes = (*changes, later is not None and later.changed)
    memory = {**step.memory, "late": changes}
    if before is None or later is None:
        return replace(step, memory=memory)
    effect = structs.replace(
        later,
        navigated=before.navigated or later.navigated,
        replaced=before.replaced or later.replaced,
        changed=before.changed or (any(changes) and not changes[-1]),
        value=before.value,
        alerts=(*before.alerts, *later.alerts),
        dialogs=(*before.dialogs, *later.dialogs),
        downloads=(*before.downloads, *later.downloads),
        opened_tab=before.opened_tab or later.opened_tab,
    )
    return replace(step, effect=effect, memory=memory)
