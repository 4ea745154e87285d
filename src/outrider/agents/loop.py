"""The loop of one task: observe, decide, act, record, until DONE, a question, or a problem.

Every wait inside is bounded: by the deadlines of the page's own calls and of a step, by the step budget and by the
time budget.
A pause takes effect between actions; time spent paused or waiting for an answer does not count.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any, Final

from outrider.agents import approval
from outrider.agents.evidence import Witness
from outrider.agents.proof import Proof, before_last_looks
from outrider.agents.record import Recorder
from outrider.agents.repetition import Repetition
from outrider.agents.steering import Steering, UserText
from outrider.agents.vault_page import VaultPage
from outrider.interfaces.actions import (
    Action,
    Back,
    Check,
    Extract,
    Fill,
    FillSecret,
    Navigate,
    Scroll,
    Select,
    TakeScreenshot,
    Upload,
)
from outrider.interfaces.models import Act, Ask, Finish, Model, Step, Task, Turn
from outrider.interfaces.pages import Effect, Observation
from outrider.interfaces.screening import Ruling, Verdict
from outrider.interfaces.sessions import SessionInboxError
from outrider.problems import OutriderError
from outrider.screening.content import TaskScreen
from outrider.sessions.output_schema import check_answer

__all__ = ["Budget", "TaskLoop"]

#: The same action on the same page, this often, is a loop.
REPEATS_OF_A_LOOP: Final = 4


@dataclass(frozen=True, slots=True)
class Budget:
    """What a task may use up."""

    steps: int
    seconds: float
    #: For one look with its decision, and for one action: the last resort behind the page's and the model's own.
    step_seconds: float


class TaskLoop:
    """Carries out one task. Ends the task in the log unless it raises.

    Raises the ``OutriderError`` that the task failed with, and SessionFencedError when the task was ended meanwhile.
    """

    def __init__(
        self,
        task: Task,
        page: VaultPage,
        model: Model,
        budget: Budget,
        recorder: Recorder,
        steering: Steering,
        screen: TaskScreen,
        witness: Witness,
    ):
        self._task = task
        self._page = page
        self._model = model
        self._budget = budget
        self._recorder = recorder
        self._steering = steering
        self._screen = screen
        self._proof = Proof(witness, screen.pays)
        #: What the user said that was not screened yet, and addresses still to be opened.
        self._unscreened = [task.text, task.context]
        self._to_open = [task.start_url] if task.start_url else []
        self._history: list[Step] = []
        #: Steps of the task; the history forgets those that only looked, when they are to be taken again.
        self._taken = 0
        self._repetition = Repetition()
        self._clock: asyncio.Timeout

    async def run(self) -> None:
        """Work until the task is done."""
        try:
            async with asyncio.timeout(self._budget.seconds) as self._clock:
                while not await self._step():
                    pass
        except TimeoutError:
            if not self._clock.expired():
                raise
            raise OutriderError("TASK_TIMEOUT", seconds=round(self._budget.seconds)) from None

    async def _step(self) -> bool:
        """One round; True when the task has ended."""
        await self._hold_while_paused()
        self._take_in_updates()
        if not await self._words_pass() or not await self._opened():
            return False
        started = time.perf_counter()
        async with self._deadline_of_step():
            observation = await self._page.observe(limit=self._model.observed_elements)
        self._recorder.timed(observe=time.perf_counter() - started)
        self._proof.saw(observation, self._taken)
        if not await self._page_passes(observation):
            return False
        observation = self._screen.marked(observation)
        started = time.perf_counter()
        async with self._deadline_of_step():
            decision = await self._model.decide(self._task, observation, tuple(self._history))
        self._recorder.timed(decide=time.perf_counter() - started)
        await self._hold_while_paused()
        match decision:
            case Finish():
                return await self._finish(decision, observation)
            case Ask():
                await self._ask(decision)
            case Act():
                await self._carry_out(decision, observation)
        return False

    async def _carry_out(self, decision: Act, observation: Observation) -> None:
        """Take the action, and the further ones for as long as they are still for the page that was observed."""
        for action in (decision.action, *decision.then):
            one = replace(decision, action=action, then=())
            self._refuse_loops(action, observation)
            if not await self._passes(one, observation):
                return
            await self._take(one, observation)
            await self._hold_while_paused()
            if self._steering.has_texts or not _leaves_alone(self._history[-1]):
                return

    async def _hold_while_paused(self) -> None:
        async with self._clock_stopped(self._steering.paused):
            await self._steering.unpaused()

    def _take_in_updates(self) -> None:
        """Add to the task what the user said unasked."""
        for update in self._steering.take_updates():
            self._add(Turn("update", self._heard(update)))

    def _heard(self, said: UserText) -> str:
        """What the user said, after taking in what came with it."""
        self._to_open += [said.start_url] if said.start_url else []
        self._screen.change(said.screening)
        return said.text

    def _add(self, *turns: Turn) -> None:
        self._task = replace(self._task, turns=(*self._task.turns, *turns))
        self._unscreened += [turn.text for turn in turns if turn.kind != "question"]

    # --- screening: each of these is False when the user was asked, so that the loop has to go round first

    async def _words_pass(self) -> bool:
        ruling = await self._screen.words(*self._unscreened) if self._unscreened else None
        if ruling is None:
            self._unscreened.clear()
            return True
        if ruling.verdict is Verdict.BLOCK or await self._agreed(ruling, "") is False:
            raise approval.refused(ruling)
        return False

    async def _opened(self) -> bool:
        """Open the addresses that the user gave."""
        while self._to_open:
            opening = Act(Navigate(self._to_open[0]), f"Opening {self._to_open[0]}")
            if not await self._passes(opening):
                return False
            del self._to_open[0]
            await self._take(opening)
        return True

    async def _page_passes(self, observation: Observation) -> bool:
        suspicious, ruling = await self._screen.page(observation)
        await self._recorder.suspicious(suspicious)
        if ruling is None:
            return True
        going_on = f"go on at {observation.url}"
        if ruling.verdict is Verdict.BLOCK:
            raise approval.blocked(ruling, going_on)
        if await self._agreed(ruling, going_on) is False:
            await self._take(Act(Back(), f"Going back, since the user does not want to {going_on}"))
        return False

    async def _passes(self, decision: Act, observation: Observation | None = None) -> bool:
        ruling = await self._screen.action(self._task, decision.action, observation)
        if ruling is None:
            return True
        said = self._recorder.say(decision.action, observation) if observation else decision.thought
        if ruling.verdict is Verdict.BLOCK:
            raise approval.blocked(ruling, said)
        if await self._agreed(ruling, said) is False:
            await self._take(decision, observation, approval.declined(ruling, said))
        return False

    async def _agreed(self, ruling: Ruling, action: str) -> bool | None:
        """What the user says to it; None when they said something else before they were asked."""
        if not await self._said_nothing_new(self._recorder.question(approval.question_about(ruling, action))):
            return None
        answer = await self._answer()
        agreed = approval.agrees(answer)
        await self._screen.answered(ruling, agreed=agreed)
        if not agreed and not approval.is_plain_no(answer):
            self._add(Turn("update", answer))
        return agreed

    async def _answer(self) -> str:
        async with self._clock_stopped(stopped=True):
            return self._heard(await self._steering.answer())

    # --- steps

    async def _take(
        self, decision: Act, observation: Observation | None = None, refused: OutriderError | None = None
    ) -> None:
        """Record the thought, carry out the action, record what it did; or, if it is refused, that."""
        if self._taken >= self._budget.steps:
            raise OutriderError("STEP_LIMIT_REACHED", limit=self._budget.steps)
        self._taken += 1
        recording = self._recorder.thought(decision, observation)
        await (recording if refused else asyncio.gather(recording, self._page.watch(decision.action)))
        effect, problem = (None, refused) if refused else await self._attempt(decision.action, observation)
        told = (problem.code, problem.as_model_sentence()) if problem else None
        facts = problem.facts if problem else {}
        if effect is not None and (effect.replaced or effect.opened_tab):  # what was seen before is no more to be told
            self._history = [replace(step, seen=None) for step in self._history]
        self._history.append(Step(decision.action, decision.memory, effect, told, facts, observation))
        self._recorder.step(decision.action, effect, problem)
        if problem and (problem.code in _FATAL or _leads_nowhere(decision.action, problem)):
            raise problem

    async def _attempt(
        self, action: Action, observation: Observation | None
    ) -> tuple[Effect | None, OutriderError | None]:
        try:
            async with self._deadline_of_step():
                effect = await self._page.act(action)
                await self._proof.acted(action, observation, effect, self._taken)
                return effect, None
        except OutriderError as problem:
            return None, problem

    async def _ask(self, decision: Ask) -> None:
        if not await self._said_nothing_new(self._recorder.question(decision.question)):
            return
        self._add(Turn("question", decision.question), Turn("answer", await self._answer()))

    async def _finish(self, decision: Finish, observation: Observation) -> bool:
        """End the task, unless the user said something that has not been read yet."""
        if self._task.output_schema is not None:
            check_answer(decision.answer, self._task.output_schema)
        async with self._deadline_of_step():
            closed = await self._proof.close(decision, observation, self._page, self._model.observed_elements)
        if closed is None:
            self._history = before_last_looks(self._history)
            return False
        decision, evidence = closed
        return await self._said_nothing_new(self._recorder.done(decision, self._taken, evidence))

    async def _said_nothing_new(self, record: Coroutine[Any, Any, None]) -> bool:
        """Record a question or an end, unless the user said something new: then the loop has to take that in first."""
        if self._steering.has_texts:
            record.close()
            return False
        try:
            await record
        except SessionInboxError:
            await self._steering.next_inbox_read()
            return False
        return True

    def _refuse_loops(self, action: Action, observation: Observation) -> None:
        times = self._repetition.count(action, observation)
        if times >= REPEATS_OF_A_LOOP:
            raise OutriderError("LOOP_DETECTED", action=self._recorder.say(action, observation), times=times)

    @asynccontextmanager
    async def _deadline_of_step(self) -> AsyncIterator[None]:
        try:
            async with asyncio.timeout(self._budget.step_seconds) as clock:
                yield
        except TimeoutError:
            if not clock.expired():
                raise
            raise OutriderError("STEP_TIMEOUT", seconds=round(self._budget.step_seconds)) from None

    @asynccontextmanager
    async def _clock_stopped(self, stopped: bool) -> AsyncIterator[None]:
        """Leave a wait for the user out of the time budget."""
        deadline = self._clock.when()
        if not stopped or deadline is None:
            yield
            return
        loop = asyncio.get_running_loop()
        left = deadline - loop.time()
        self._clock.reschedule(None)
        yield
        self._clock.reschedule(loop.time() + left)


def _leaves_alone(step: Step) -> bool:
    """What was decided on together with this step can still be done: the rest of the page is as it was."""
    effect = step.effect
    return effect is not None and (
        isinstance(step.action, _QUIET)
        and not (effect.navigated or effect.opened_tab or effect.alerts or effect.dialogs or effect.downloads)
        and not getattr(step.action, "submit", False)
    )


#: What only changes the field that it is for, as far as the page itself does not say otherwise.
_QUIET: Final = (Fill, FillSecret, Select, Check, Upload, Scroll, Extract, TakeScreenshot)


def _leads_nowhere(action: Action, problem: OutriderError) -> bool:
    """An address was not opened; where the client has opened another one, the task goes on there, as it would later."""
    return isinstance(action, Navigate) and problem.code != "NAVIGATION_REPLACED"


#: Problems after which the page can't be worked with: the task ends.
_FATAL: Final = frozenset(
    {
        "BROWSER_CRASHED",
        "EXTERNAL_BROWSER_UNFIT",
        "EXTERNAL_BROWSER_UNREACHABLE",
        "PAGE_CRASHED",
        "SERVER_STOPPING",
        "STEP_TIMEOUT",
    }
)
