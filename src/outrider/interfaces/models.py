"""What decides: tasks, steps, decisions, and the contract of a model."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from outrider.interfaces.actions import Action
from outrider.interfaces.pages import Effect, Observation
from outrider.interfaces.usage import Meter
from outrider.interfaces.vault import SavedLogin


@dataclass(frozen=True, slots=True)
class Turn:
    """A further exchange during a task."""

    #: question (the agent's), answer (the user's reply), update (the user's unasked addition)
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Task:
    """What a session was told to do."""

    #: Message id of the USER message that started it.
    id: int
    text: str
    start_url: str = ""
    #: JSON Schema of the answer, or None for free form.
    output_schema: Mapping[str, Any] | None = None
    #: Background that came with the message, in the user's words; no part of what is to be done.
    context: str = ""
    turns: tuple[Turn, ...] = ()
    #: What ``actions.FillSecret`` may put into pages.
    logins: tuple[SavedLogin, ...] = ()
    #: Takes down what its models use.
    meter: Meter = field(default_factory=Meter, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Act:
    """Decision: carry out one action. ``memory`` is JSON that the model gets back with the step.

    ``then`` are further actions on the page as it was observed. They are carried out as long as the ones before them
    can't have changed what they are for; the model is asked again for the rest.
    """

    action: Action
    thought: str
    memory: Mapping[str, Any] = field(default_factory=dict)
    then: tuple[Action, ...] = ()


@dataclass(frozen=True, slots=True)
class Ask:
    """Decision: ask the user, and go on with the answer as a Turn."""

    question: str
    memory: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where a value of the answer was read."""

    field: str
    url: str
    quote: str


@dataclass(frozen=True, slots=True)
class Finish:
    """Decision: the task is done. ``answer`` is text or JSON."""

    answer: str | dict[str, Any] | list[Any]
    evidence: tuple[Evidence, ...] = ()
    missing: tuple[str, ...] = ()
    thought: str = ""


Decision = Act | Ask | Finish


@dataclass(frozen=True, slots=True)
class Step:
    """One action that was taken, what it did or why it failed, and what the model wanted to remember."""

    action: Action
    memory: Mapping[str, Any]
    effect: Effect | None
    #: Code and model-facing sentence of the problem, when the action failed.
    problem: tuple[str, str] | None = None
    #: The facts of that problem.
    facts: Mapping[str, object] = field(default_factory=dict)
    #: What the model saw when it decided on it; kept as long as the page is the same document.
    seen: Observation | None = field(default=None, compare=False, repr=False)


class Model(Protocol):
    """What decides for an agent. Stateless: what it needs to know is in its arguments.

    Concurrency: one instance serves all sessions. A task that it can't do raises an ``OutriderError`` (for example
    TASK_NOT_UNDERSTOOD, TARGET_NOT_FOUND): that ends the task. It never invents a value.
    """

    @property
    def name(self) -> str:
        """As in the configuration: ``scout``."""
        ...

    @property
    def observed_elements(self) -> int:
        """How many elements of a page it takes in at a time."""
        ...

    async def decide(self, task: Task, observation: Observation, history: Sequence[Step]) -> Decision:
        """The next thing to do. ``history`` has the steps of this task, oldest first."""
        ...
