"""Scout: the embedded model. Deterministic, stateless, and honest about what it does not understand."""

import asyncio
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from outrider.agents.scout.answer import finish, matching, wanted_by
from outrider.agents.scout.pages.embeddings import load_reranker
from outrider.agents.scout.steps.at_work import await_end_of_work, unfinished_work, unsaved
from outrider.agents.scout.steps.attempts import COVER, uncover
from outrider.agents.scout.steps.basket import add_to_basket
from outrider.agents.scout.steps.checking_out import place_order
from outrider.agents.scout.steps.deeds import DEEDS
from outrider.agents.scout.steps.entrance import log_in
from outrider.agents.scout.steps.entries import in_row_menu
from outrider.agents.scout.steps.fetching import fetch
from outrider.agents.scout.steps.filling import enter
from outrider.agents.scout.steps.hits import open_hit
from outrider.agents.scout.steps.judging import judge
from outrider.agents.scout.steps.listing import collect, count, found, pick, read_or_list
from outrider.agents.scout.steps.making import keep, make_new, name_it, to_own
from outrider.agents.scout.steps.menus import unfold
from outrider.agents.scout.steps.moving import (
    capture,
    click_on,
    go_back,
    go_to,
    open_address,
    press_key,
    scroll_page,
    search_for,
    wait_for,
)
from outrider.agents.scout.steps.noting import gather, note, pick_noted, take
from outrider.agents.scout.steps.opening import open_pick
from outrider.agents.scout.steps.options import choose, tick
from outrider.agents.scout.steps.paging import turn_to
from outrider.agents.scout.steps.patience import CHANGES_LISTS, REDRAWN, await_coming, await_redrawn
from outrider.agents.scout.steps.paying import pay_with
from outrider.agents.scout.steps.progress import Done, Known, Outcome, Situation, fold
from outrider.agents.scout.steps.removing import confirm_removal
from outrider.agents.scout.steps.seeking import locate, seek
from outrider.agents.scout.steps.sending import submit
from outrider.agents.scout.steps.telling import read_deed
from outrider.agents.scout.tasks.criteria import Selection
from outrider.agents.scout.tasks.intentions import (
    AddToBasket,
    Capture,
    Choose,
    ClickOn,
    Collect,
    Count,
    Enter,
    Fetch,
    Found,
    GoBack,
    GoTo,
    Intention,
    Locate,
    LogIn,
    Open,
    OpenPick,
    PayWith,
    Pick,
    Plan,
    PressKey,
    Read,
    Say,
    ScrollPage,
    SearchFor,
    Seek,
    Submit,
    Tick,
    TurnTo,
    WaitFor,
)
from outrider.agents.scout.tasks.phrases import address, is_address
from outrider.agents.scout.tasks.plan import parse
from outrider.agents.scout.tasks.undertakings import (
    ConfirmRemoval,
    Each,
    Gather,
    Keep,
    MakeNew,
    NameIt,
    Note,
    OpenHit,
    PickNoted,
    PlaceOrder,
    ReadDeed,
    Take,
    ToOwn,
    When,
)
from outrider.interfaces.actions import Navigate
from outrider.interfaces.models import Act, Ask, Decision, Step, Task
from outrider.interfaces.pages import Observation
from outrider.problems import OutriderError

__all__ = ["Scout"]

#: How each intention goes on from a situation.
_HANDLERS: Final[Mapping[type[Intention], Callable[[Any, Situation], Outcome]]] = {
    Open: open_address,
    ClickOn: click_on,
    GoTo: go_to,
    TurnTo: turn_to,
    SearchFor: search_for,
    Seek: seek,
    Enter: enter,
    Choose: choose,
    Tick: tick,
    Submit: submit,
    Keep: keep,
    ConfirmRemoval: confirm_removal,
    MakeNew: make_new,
    NameIt: name_it,
    ToOwn: to_own,
    OpenHit: open_hit,
    ReadDeed: read_deed,
    PlaceOrder: place_order,
    Gather: gather,
    Take: take,
    When: judge,
    Note: note,
    PickNoted: pick_noted,
    LogIn: log_in,
    PayWith: pay_with,
    Pick: pick,
    OpenPick: open_pick,
    Locate: locate,
    AddToBasket: add_to_basket,
    Read: read_or_list,
    Collect: collect,
    Count: count,
    Found: found,
    GoBack: go_back,
    ScrollPage: scroll_page,
    WaitFor: wait_for,
    PressKey: press_key,
    Fetch: fetch,
    Capture: capture,
    Say: lambda wanted, now: Done(),
    **DEEDS,
}
_START_QUESTION: Final = "On which page shall I start? Send its address."
_BLANK: Final = ("", "about:blank", "chrome://newtab/", "chrome://new-tab-page/")


class Scout:
    """The model that needs no key: it plans the whole task from its words, then grounds each part on the page.

    It keeps nothing between calls: the plan follows from the task's text, the progress from the history. Raises
    TASK_NOT_UNDERSTOOD, TARGET_NOT_FOUND, RESULT_NOT_FOUND, STEP_WITHOUT_EFFECT, STEP_REFUSED, LOGIN_NOT_STORED,
    OUTPUT_INVALID, or the problem that a page met.
    """

    @property
    def name(self) -> str:
        """As in the configuration."""
        return "scout"

    @property
    def observed_elements(self) -> int:
        """All of any page that a person would use: looking costs it no tokens."""
        return 5000

    async def decide(self, task: Task, observation: Observation, history: Sequence[Step]) -> Decision:
        """The next thing to do, by the first intention that is not fulfilled."""
        if load_reranker() is None:
            return _decide(task, observation, history)
        return await asyncio.to_thread(_decide, task, observation, history)


def _decide(task: Task, observation: Observation, history: Sequence[Step]) -> Decision:
    plan = plan_of(task)
    if isinstance(plan, Ask):
        return plan
    at, steps, known = fold(history)
    if not history and (start := _start(plan, task, observation)) is not None:
        return start
    if wait := await_end_of_work(history, observation, at):
        return wait
    own = tuple(step for step in steps if step.memory["phase"] != COVER)
    return _advance(
        plan, Situation(task, observation, at, own, tuple(history), known, plan.intentions, len(steps) - len(own))
    )


def plan_of(task: Task) -> Plan | Ask:
    """The plan of a task with what the user added since. Raises TASK_NOT_UNDERSTOOD.

    An addition that is not understood is asked about: it must not end a task that is under way.
    """
    plan = parse(task.text)
    for turn in task.turns:
        if turn.kind != "update":
            continue
        more = _addition(turn.text, task)
        if isinstance(more, Ask):
            return more
        form = more.format if more.format.json else plan.format
        plan = Plan((*plan.intentions, *more.intentions), form)
    return plan if task.output_schema is None else _for_schema(plan, task.output_schema)


def _addition(text: str, task: Task) -> Plan | Ask:
    try:
        return parse(text)
    except OutriderError:
        question = f"I don't understand “{text}”. Say it as a step such as “open …”, or answer “go on” to leave it out."
    reply = next(
        (b.text for a, b in zip(task.turns, task.turns[1:], strict=False) if a.text == question and b.kind == "answer"),
        None,
    )
    if reply is None:
        return Ask(question)
    return (
        Plan(())
        if reply.strip(" .!").casefold() in ("go on", "continue", "leave it out", "skip", "no")
        else parse(reply)
    )


def _for_schema(plan: Plan, schema: Mapping[str, Any]) -> Plan:
    """The plan with what the output schema wants read: added to what the task reads, else as a reading of its own."""
    single, entry = wanted_by(schema)
    intentions = list(plan.intentions)
    listing = next((i for i, one in enumerate(intentions) if isinstance(one, Collect)), None)
    reading = max((i for i, one in enumerate(intentions) if isinstance(one, Read)), default=None)
    if entry is not None:
        if listing is None:
            intentions.append(Collect((), Selection(), also=entry))
        elif isinstance(old := intentions[listing], Collect):
            intentions[listing] = replace(old, also=entry)
    elif single and reading is None and listing is None and not any(isinstance(one, Count | Say) for one in intentions):
        intentions.append(Read(single))
    elif reading is not None and isinstance(last := intentions[reading], Read):
        further = tuple(name for name in single if matching(name, last.fields) is None)
        intentions[reading] = replace(last, fields=(*last.fields, *further))
    return replace(plan, intentions=tuple(intentions))


def _start(plan: Plan, task: Task, observation: Observation) -> Decision | None:
    """Where a task begins that needs a page and has none."""
    if observation.url not in _BLANK or _opens(plan.intentions[0]):
        return None
    if task.start_url:
        return Act(Navigate(task.start_url), f"Opening {task.start_url}")
    reply = next((turn.text for turn in reversed(task.turns) if turn.kind == "answer"), "")
    if not is_address(reply):
        return Ask(_START_QUESTION)
    return Act(Navigate(address(reply)), f"Opening {address(reply)}")


def _opens(first: Intention) -> bool:
    """It needs no page to begin on."""
    return isinstance(first, Open | Say) or (isinstance(first, LogIn) and bool(first.site))


def _advance(plan: Plan, now: Situation) -> Decision:
    """Let intention after intention go on, until one needs an action or an answer."""
    learned: list[dict[str, Any]] = []
    while now.at < len(steps := unrolled(plan.intentions, now.known)):
        now, wanted = replace(now, plan=steps), steps[now.at]
        outcome = _go_on(wanted, now)
        if isinstance(outcome, Ask):
            return outcome
        if isinstance(outcome, Done):
            if outcome.learned:
                learned.append({"at": now.at, **outcome.learned})
            now = _next(now, now.known.with_learned(now.at, outcome.learned))
            continue
        if outcome.learned:
            learned.append({"at": now.at, **outcome.learned})
        memory = {"at": now.at, "phase": outcome.phase, "notes": dict(outcome.notes), "learned": learned}
        return Act(outcome.action, outcome.thought, memory)
    done = finish(now.task, plan, now.known, now.observation)
    if told := unfinished_work(now.history, now.observation):
        done = replace(done, missing=(*done.missing, f"what comes of “{told}”"))
    if told := unsaved(now.history, now.observation):
        done = replace(done, missing=(*done.missing, f"that it is saved (the page says “{told}”)"))
    return done


def unrolled(intentions: tuple[Intention, ...], known: Known) -> tuple[Intention, ...]:
    """The intentions with what is to be done with each gathered entry, once for each, and as each verdict says.

    What is gathered, and judged, is so in this order: an intention keeps its place when more is known.
    """
    steps: list[Intention] = []
    batches, verdicts = enumerate(known.batches), iter(known.verdicts)
    left = deque(intentions)
    while left:
        one = left.popleft()
        if isinstance(one, Each) and (gathered := next(batches, None)) is not None:
            at, entries = gathered
            each = [step for place in range(len(entries)) for step in (Take(place, at), *one.steps)]
            left.extendleft(reversed(each))
            continue
        steps.append(one)
        if isinstance(one, When) and (verdict := next(verdicts, None)) is not None:
            left.extendleft(reversed(one.then if verdict else one.otherwise))
    return tuple(steps)


def _go_on(wanted: Intention, now: Situation) -> Outcome:
    """What an intention does next, and what comes of it on a list that is told afterwards."""
    outcome = Done() if now.phase == REDRAWN else _attempt(wanted, now)
    return (await_redrawn(now) or outcome) if outcome == Done() and isinstance(wanted, CHANGES_LISTS) else outcome


def _attempt(wanted: Intention, now: Situation) -> Outcome:
    """What it does not find may be under a dialog: that is closed first, once."""
    try:
        return _HANDLERS[type(wanted)](wanted, now)
    except OutriderError as problem:
        if problem.code not in _NOT_FOUND:
            raise
        if isinstance(wanted, ClickOn) and (own := in_row_menu(wanted, now)):
            return own
        closing = None if now.uncovered else uncover(now, dialogs_only=True)
        menu = unfold(now) if isinstance(wanted, ClickOn | MakeNew | ToOwn) and not now.taken("open") else None
        more = closing or menu or await_coming(wanted, now)
        if more is None:
            raise
        return more


_NOT_FOUND: Final = frozenset({"TARGET_NOT_FOUND", "RESULT_NOT_FOUND"})


def _next(now: Situation, known: Known) -> Situation:
    return replace(now, at=now.at + 1, steps=(), known=known, uncovered=0)
