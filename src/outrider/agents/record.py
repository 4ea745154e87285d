"""Writes a task's progress into its session's log, as messages that a person and a program can read."""

import asyncio
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from outrider.agents.replay.targets import as_json, described
from outrider.agents.secrets import Secrets
from outrider.interfaces.actions import NAMES, Action, Fill, action_to_json
from outrider.interfaces.models import Act, Finish, Task
from outrider.interfaces.pages import Effect, Element, Observation
from outrider.interfaces.screening import Ruling
from outrider.interfaces.sessions import Change, Entry, Lease, Message, MessageType
from outrider.problems import OutriderError

__all__ = ["Recorder"]


class Recorder:
    """The log writer of one task. Every append is fenced by the task: once it has ended, SessionFencedError.

    No secret gets into any entry.
    """

    def __init__(self, lease: Lease, task: Task, secrets: Secrets) -> None:
        self._lease = lease
        self._task_id = task.id
        self._meter = task.meter
        self._started = time.perf_counter()
        self._step_number = 0
        self._timings: dict[str, float] = {}
        self._secrets = secrets
        self._target: Element | None = None
        #: What the step under way is about, for scripts: the page's address, and descriptions of elements.
        self._about: dict[str, Any] = {}
        self._told: set[Ruling] = set()
        self._writing: asyncio.Future[tuple[Message, ...]] | None = None

    def timed(self, **seconds: float) -> None:
        """Keep durations for the next step's entry."""
        self._timings |= seconds

    async def thought(self, decision: Act, observation: Observation | None) -> None:
        """A step is about to be taken, and why."""
        self._step_number += 1
        self._target = _element_of(decision.action, observation)
        self._about = {}
        if observation is not None:
            targets = described(decision.action, observation)
            self._about = {"page": observation.url} | ({"targets": as_json(targets)} if targets else {})
        if isinstance(decision.action, Fill) and self._target is not None and self._target.kind == "password":
            self._secrets.add(decision.action.text)
        metadata = {"step": self._step_number, "action": action_to_json(decision.action)}
        await self._append(Entry(MessageType.THOUGHT, decision.thought, metadata))

    def step(self, action: Action, effect: Effect | None, problem: OutriderError | None) -> None:
        """A step was taken, and what it did. It is written while the task goes on; the next entry waits for that."""
        metadata: dict[str, Any] = {
            "event": "step",
            "step": self._step_number,
            "action": action_to_json(action),
            **self._about,
            "milliseconds": {name: round(seconds * 1000, 1) for name, seconds in self._timings.items()},
        }
        self._timings = {}
        outcome = "done"
        if effect is not None:
            metadata["milliseconds"]["act"] = round(effect.milliseconds, 1)
            metadata["effect"] = _effect_json(effect)
            outcome = _outcome(effect)
        if problem is not None:
            metadata["problem"] = {"code": problem.code, "message": problem.message, "hint": problem.fix}
            outcome = f"{problem.message} [{problem.code}]"
        entry = Entry(MessageType.LOG, f"{self.say(action)}: {outcome}", metadata)
        self._writing = asyncio.ensure_future(
            self._lease.append(Change(entries=(self._masked(entry),), task_id=self._task_id))
        )
        self._writing.add_done_callback(lambda done: done.cancelled() or done.exception())  # ``_append`` raises it

    async def suspicious(self, rulings: Iterable[Ruling]) -> None:
        """A page has text that speaks to the agent; each passage is told once."""
        new = [ruling for ruling in rulings if ruling not in self._told]
        self._told.update(new)
        for ruling in new:
            content = f"{ruling.reason} It is not followed: “{ruling.excerpt}”"
            screening = {"rule": ruling.rule, "verdict": ruling.verdict, "excerpt": ruling.excerpt}
            await self._append(Entry(MessageType.LOG, content, {"event": "log", "screening": screening}))

    async def question(self, question: str) -> None:
        """The task waits for the user. Raises SessionInboxError when the inbox holds something not read yet."""
        await self._append(Entry(MessageType.QUESTION, question), event="asked", inbox_empty=True)

    async def done(self, decision: Finish, steps: int, evidence: Sequence[Mapping[str, Any]]) -> None:
        """The task is done. Raises SessionInboxError when the inbox holds something not read yet."""
        metadata = {
            "evidence": list(evidence),
            "missing": list(decision.missing),
            "steps": steps,
            **self._spent(),
        }
        await self._append(Entry(MessageType.DONE, decision.answer, metadata), event="finished", inbox_empty=True)

    async def failed(self, problem: OutriderError) -> None:
        """The task has ended with a problem."""
        content, metadata = problem.as_message(f"task {self._task_id}")
        metadata |= self._spent()
        await self._append(Entry(MessageType.ERROR, content, metadata), event="failed")

    def _spent(self) -> dict[str, Any]:
        """Time, and what language models took."""
        spent: dict[str, Any] = {"seconds": round(time.perf_counter() - self._started, 3)}
        return spent | {"usage": self._meter.used.as_json()} if self._meter.used.requests else spent

    def say(self, action: Action, observation: Observation | None = None) -> str:
        """The action as a person would say it: ``click “Add to basket”``."""
        target = self._target if observation is None else _element_of(action, observation)
        name = NAMES[type(action)]
        if target is not None:
            return f"{name} “{target.name or target.role}”"
        told = {key: value for key, value in action_to_json(action).items() if key not in _UNTOLD and value}
        detail = [f"{value:g} s" if key == "at_least" else str(value) for key, value in told.items()]
        return " ".join([name, *detail[:1]])

    async def _append(self, entry: Entry, event: str | None = None, *, inbox_empty: bool = False) -> None:
        if (writing := self._writing) is not None:
            try:
                await asyncio.shield(writing)
            finally:
                if writing.done():  # told once: the task's end has to be written all the same
                    self._writing = None
        change = Change(event=event, entries=(self._masked(entry),), task_id=self._task_id, inbox_empty=inbox_empty)
        await self._lease.append(change)

    def _masked(self, entry: Entry) -> Entry:
        return replace(entry, content=self._secrets.mask(entry.content), metadata=self._secrets.mask(entry.metadata))


#: Of an action: what it is called, its element, which goes by its name, and how long it may take.
_UNTOLD: Final = frozenset({"name", "index", "seconds"})


def _effect_json(effect: Effect) -> dict[str, Any]:
    shown: dict[str, Any] = {"url": effect.url, "title": effect.title}
    shown |= {name: True for name in ("navigated", "changed", "opened_tab") if getattr(effect, name)}
    shown |= {name: list(getattr(effect, name)) for name in ("alerts", "downloads") if getattr(effect, name)}
    if effect.value is not None:
        shown["value"] = effect.value
    if effect.extraction is not None:
        shown["next_page"] = effect.extraction.next_page
    if effect.dialogs:
        shown["dialogs"] = [{"kind": d.kind, "message": d.message, "accepted": d.accepted} for d in effect.dialogs]
    return shown


def _element_of(action: Action, observation: Observation | None) -> Element | None:
    index = getattr(action, "index", None)
    if index is None or observation is None:
        return None
    return next((element for element in observation.elements if element.index == index), None)


def _outcome(effect: Effect) -> str:
    """What an effect amounts to, in a few words."""
    if effect.downloads:
        return f"downloaded {', '.join(effect.downloads)}"
    if effect.opened_tab:
        return f"opened a new tab: {effect.url}"
    if effect.navigated:
        return f"now at {effect.url}"
    if effect.alerts:
        return f"the page says “{effect.alerts[0]}”"
    if effect.extraction is not None:
        entries = sum(len(group.records) for group in effect.extraction.groups)
        return f"read the page: {entries} entries of lists, {len(effect.extraction.pairs)} values with a label"
    return "the page changed" if effect.changed else "done"
