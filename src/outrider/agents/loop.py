"""The loop of one task: observe, decide, act, record, until DONE, a question, or a problem.

Every wait inside is bounded: by the deadlines of the page's own calls and of a step, by the step budget and by the
time budget.
A pause takes effect between actions; time spent paused or waiting for an answer does not count.
"""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any, Final

from outrider.agents.record import Recorder
from outrider.agents.steering import Steering
from outrider.agents.vault_page import VaultPage
from outrider.interfaces.actions import Action, Navigate
from outrider.interfaces.models import Act, Ask, Finish, Model, Step, Task, Turn
from outrider.interfaces.pages import Effect, Observation
from outrider.interfaces.sessions import SessionInboxError
from outrider.problems import OutriderError
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
        self, task: Task, page: VaultPage, model: Model, budget: Budget, recorder: Recorder, steering: Steering
    ):
        self._task = task
        self._page = page
        self._model = model
        self._budget = budget
        self._recorder = recorder
        self._steering = steering
        self._history: list[Step] = []
        self._seen: Counter[tuple[Action, str]] = Counter()
        self._clock: asyncio.Timeout

    async def run(self) -> None:
        """Work until the task is done."""
        try:
            async with asyncio.timeout(self._budget.seconds) as self._clock:
                if self._task.start_url:
                    await self._take(Act(Navigate(self._task.start_url), f"Opening {self._task.start_url}"))
                while not await self._step():
                    pass
        except TimeoutError:
            if not self._clock.expired():
                raise
            raise OutriderError("TASK_TIMEOUT", seconds=round(self._budget.seconds)) from None

    async def _step(self) -> bool:
        """One round; True when the task has ended."""
        await self._hold_while_paused()
        await self._take_in_updates()
        started = time.perf_counter()
        async with self._deadline_of_step():
            observation = await self._page.observe(limit=self._model.observed_elements)
            observed = time.perf_counter()
            decision = await self._model.decide(self._task, observation, tuple(self._history))
        self._recorder.timed(observe=observed - started, decide=time.perf_counter() - observed)
        await self._hold_while_paused()
        match decision:
            case Finish():
                return await self._finish(decision)
            case Ask():
                await self._ask(decision)
            case Act():
                self._refuse_loops(decision.action, observation)
                await self._take(decision, observation)
        return False

    async def _hold_while_paused(self) -> None:
        async with self._clock_stopped(self._steering.paused):
            await self._steering.unpaused()

    async def _take_in_updates(self) -> None:
        """Add to the task what the user said unasked."""
        for update in self._steering.take_updates():
            self._task = replace(self._task, turns=(*self._task.turns, Turn("update", update.text)))
            if update.start_url:
                await self._take(Act(Navigate(update.start_url), f"Opening {update.start_url}"))

    async def _take(self, decision: Act, observation: Observation | None = None) -> None:
        """Record the thought, carry out the action, record what it did."""
        if len(self._history) >= self._budget.steps:
            raise OutriderError("STEP_LIMIT_REACHED", limit=self._budget.steps)
        await self._recorder.thought(decision, observation)
        effect, problem = await self._attempt(decision.action)
        told = (problem.code, problem.as_model_sentence()) if problem else None
        self._history.append(Step(decision.action, decision.memory, effect, told))
        await self._recorder.step(decision.action, effect, problem)
        if problem and (problem.code in _FATAL or isinstance(decision.action, Navigate)):
            raise problem

    async def _attempt(self, action: Action) -> tuple[Effect | None, OutriderError | None]:
        try:
            async with self._deadline_of_step():
                return await self._page.act(action), None
        except OutriderError as problem:
            return None, problem

    async def _ask(self, decision: Ask) -> None:
        if not await self._said_nothing_new(self._recorder.question(decision.question)):
            return
        async with self._clock_stopped(stopped=True):
            answer = await self._steering.answer()
        turns = (*self._task.turns, Turn("question", decision.question), Turn("answer", answer.text))
        self._task = replace(self._task, turns=turns)

    async def _finish(self, decision: Finish) -> bool:
        """End the task, unless the user said something that has not been read yet."""
        if self._task.output_schema is not None:
            check_answer(decision.answer, self._task.output_schema)
        return await self._said_nothing_new(self._recorder.done(decision, len(self._history)))

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
        self._seen[action, observation.digest] += 1
        times = self._seen[action, observation.digest]
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


#: Problems after which the page can't be worked with: the task ends.
_FATAL: Final = frozenset(
    {"BROWSER_CRASHED", "EXTERNAL_BROWSER_UNREACHABLE", "PAGE_CRASHED", "SERVER_STOPPING", "STEP_TIMEOUT"}
)
