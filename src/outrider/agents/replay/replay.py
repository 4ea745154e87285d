"""The model that does a script again: it finds each element by its description, and asks another model only then.

It keeps nothing between decisions: which step is next, and what was read, is in the memories of the steps before.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from outrider.agents.places import View, squeezed
from outrider.agents.replay.orders import order, said
from outrider.agents.replay.pages import after_page
from outrider.agents.replay.reading import Found, answer_of, read_all
from outrider.agents.replay.targets import indices_of, locate, passes, spoken
from outrider.agents.scout.pages.grounding import describe
from outrider.interfaces.actions import ACTIONS, NAMES, Action, Back, Check, Click, Press, Scroll, Wait
from outrider.interfaces.models import Act, Ask, Decision, Finish, Model, Step, Task
from outrider.interfaces.pages import Effect, Observation
from outrider.problems import OutriderError
from outrider.protocol.scripts import Script, ScriptStep, Target
from outrider.sessions.scripts import filled_steps

__all__ = ["Replay"]

#: Steps that another model may take for one of the script.
_MOST_ASKED: Final = 3
#: What it may do on the way to the step itself: close something, open a menu, look further down.
_ON_THE_WAY: Final = (Back, Check, Click, Press, Scroll, Wait)
#: How often a step is tried whose element went away, or was covered, while it was being used.
_TRIES: Final = 2
_MAY_PASS: Final = frozenset({"ELEMENT_GONE", "ELEMENT_COVERED", "ELEMENT_NOT_ACTIONABLE"})
#: Nobody is asked how to do it otherwise: the user or the policy has said no, or money is at stake.
_FINAL: Final = frozenset({"ACTION_DECLINED", "ACTION_BLOCKED"})
_NEVER_ASKED: Final = frozenset({"pay"})


@dataclass(frozen=True, slots=True)
class _Now:
    """Where a replay is: the step that is under way, its tries, what is known, and what was read just now."""

    number: int
    tries: tuple[Step, ...]
    known: Found
    news: Found
    #: To the next page of the list that the step reads.
    turn: Click | None = None


class Replay:
    """One script with its variables filled in. ``fallback`` grounds single steps; None: nobody is asked.

    Raises SCRIPT_TARGET_NOT_FOUND and SCRIPT_STEP_FAILED, which name the step, RESULT_NOT_FOUND, OUTPUT_INVALID.
    """

    def __init__(self, script: Script, values: Mapping[str, str], fallback: Model | None) -> None:
        self._script = script
        self._steps = filled_steps(script, values)
        hidden = {name: f"‹{name}›" for name, variable in script.variables.items() if variable.secret}
        #: As they are shown, to models too.
        self._shown = filled_steps(script, {**values, **hidden})
        self._fallback = fallback

    @property
    def name(self) -> str:
        """As it is called beside the models of the configuration."""
        return "replay"

    @property
    def observed_elements(self) -> int:
        """All of any page that a person would use: looking costs it no tokens."""
        return 5000

    async def decide(self, task: Task, observation: Observation, history: Sequence[Step]) -> Decision:
        """The next step of the script; the answer after the last one."""
        now = self._now(observation, history)
        while not (now.tries or now.turn) and self._is_left_out(now.number, observation):
            now = replace(now, number=now.number + 1)
        if now.turn is not None:
            return Act(now.turn, "Going to the next page of the list", self._memory(now))
        if now.number == len(self._steps):
            now.known.add(now.news)
            now.known.missing += [
                f"“{turn.text}”: scripts take no additions" for turn in task.turns if turn.kind == "update"
            ]
            return answer_of(self._script, now.known, observation)
        problem = self._problem(now, observation)
        grounded = problem or self._grounded(now, observation)
        return await self._asked(task, observation, now, grounded) if isinstance(grounded, OutriderError) else grounded

    def _now(self, observation: Observation, history: Sequence[Step]) -> _Now:
        own = [step for step in history if "script" in step.memory]
        known = Found.of_json([step.memory["read"] for step in own if "read" in step.memory])
        if not own:
            return _Now(0, (), known, Found())
        number = int(own[-1].memory["script"])
        tries = tuple(step for step in own if step.memory["script"] == number)
        effect = None if tries[-1].memory.get("on_the_way") else tries[-1].effect
        if effect is None or not self._has_come(number, effect, own):
            return _Now(number, tries, known, Found())
        step = self._steps[number]
        if step.pages and isinstance(tries[-1].action, Click):  # and now the page that it has led to
            now = _Now(number, (), known, Found())
            if not _reacted(effect):
                raise self._failed(now, "the next page of the list did not come", observation)
            return now
        news = read_all(step.read, View(observation, effect.extraction), observation.url, known)
        turn, news = after_page(tries, observation, known, news) if step.pages else (None, news)
        return _Now(number + (turn is None), (), known, news, turn)

    def _has_come(self, number: int, effect: Effect, own: Sequence[Step]) -> bool:
        """Whether a step had the effect that was recorded. What a wait is for may have come with the step before it."""
        step = self._steps[number]
        if step.action != "wait":
            return _has_effect(step, effect)
        acting = next((at for at in range(number, 0, -1) if self._steps[at].action not in ("wait", "extract")), 0)
        effects = [one.effect for one in own if one.effect is not None and one.memory["script"] >= acting]
        return any(_has_effect(step, one) for one in effects)

    def _is_left_out(self, number: int, observation: Observation) -> bool:
        step = self._steps[number] if number < len(self._steps) else None
        return step is not None and step.optional and bool(step.target and locate(step.target, observation) is None)

    def _is_same(self, number: int, action: Action) -> bool:
        return NAMES[type(action)] == self._steps[number].action

    def _problem(self, now: _Now, observation: Observation) -> OutriderError | None:
        """Why the step is not to be tried as it is once more; None before the first try.

        Raises it for a step that was carried out: to do it otherwise as well might do it twice.
        """
        if not now.tries:
            return None
        last = now.tries[-1]
        code, reason = last.problem or ("", "")
        if last.effect is not None:
            if last.memory.get("on_the_way"):
                return None
            reason = _missed(self._steps[now.number], last.effect)
        problem = self._failed(now, reason, observation)
        if code in _FINAL or (last.effect is not None and _reacted(last.effect)):
            raise problem
        return None if code in _MAY_PASS and len(now.tries) < _TRIES else problem

    def _grounded(self, now: _Now, observation: Observation) -> Act | OutriderError:
        """The step on this page; what it does not find."""
        step = self._steps[now.number]
        indices: dict[str, int] = {}
        anew: list[str] = []
        if step.amount is not None and squeezed(step.amount) not in squeezed(
            " ".join(t.text for t in observation.texts)
        ):
            return self._not_found(now, f"a total of {step.amount}", observation)
        for name, target in _targets(step).items():
            place = locate(target, observation)
            if place is None:
                return self._not_found(now, spoken(target), observation)
            indices[name] = place.element.index
            anew += [f"{spoken(target)} is {describe(place.element)} by now"] if place.anew else []
        thought = f"Step {now.number + 1} of the script: {said(self._shown[now.number])}"
        return Act(_action(step, indices), "; ".join([thought, *anew]), self._memory(now))

    def _memory(self, now: _Now, **more: Any) -> dict[str, Any]:
        """What was read after a step goes into the first try of the next."""
        return {"script": now.number} | ({} if now.tries else {"read": now.news.as_json()}) | more

    # --- asking

    async def _asked(self, task: Task, observation: Observation, now: _Now, problem: OutriderError) -> Decision:
        """The step as the other model grounds it. Raises ``problem`` when there is none, or it knows no better."""
        step = self._steps[now.number]
        asked = [self._told(now.number, one) for one in now.tries if "asked" in one.memory]
        if self._fallback is None or step.action in _NEVER_ASKED or len(asked) >= _MOST_ASKED:
            raise problem
        only = replace(task, text=order(self._shown[now.number]), start_url="", output_schema=None)
        try:
            decision = await self._fallback.decide(only, observation, asked)
        except OutriderError as unknown:
            raise problem from unknown
        if isinstance(decision, Ask):
            return decision
        if isinstance(decision, Finish):
            raise problem
        action = decision.action
        on_the_way = not self._is_same(now.number, action) or self._clears(now.number, action, observation)
        if not on_the_way:  # what it is done to is the model's to say, what is done is the script's
            action = _action(step, indices_of(action))
        elif not isinstance(action, _ON_THE_WAY):
            raise problem
        thought = f"Step {now.number + 1} of the script, as {self._fallback.name} sees it: {decision.thought}"
        return Act(action, thought, self._memory(now, asked=dict(decision.memory), on_the_way=on_the_way))

    def _told(self, number: int, tried: Step) -> Step:
        """A try as the other model may know it: without the values that nobody may see."""
        own = not tried.memory.get("on_the_way")
        action = _action(self._shown[number], indices_of(tried.action)) if own else tried.action
        return replace(tried, action=action, memory=tried.memory["asked"])

    def _clears(self, number: int, action: Action, observation: Observation) -> bool:
        """It closes what covers the page, rather than do what the step did."""
        index, target = getattr(action, "index", None), self._steps[number].target
        element = next((e for e in observation.elements if e.index == index), None)
        wanted = locate(target, observation) if target else None
        if element is None or (wanted and wanted.element == element):
            return False
        return wanted is not None or passes(element.region, element.name)

    def _not_found(self, now: _Now, description: str, observation: Observation) -> OutriderError:
        asked = f"The model “{self._fallback.name}” found nothing either." if self._fallback else "No model was asked."
        action = said(self._shown[now.number])
        facts = {"step": now.number + 1, "action": action, "url": observation.url}
        return OutriderError("SCRIPT_TARGET_NOT_FOUND", **facts, description=description, reason=asked)

    def _failed(self, now: _Now, reason: str, observation: Observation) -> OutriderError:
        facts = {"step": now.number + 1, "action": said(self._shown[now.number]), "url": observation.url}
        return OutriderError("SCRIPT_STEP_FAILED", **facts, reason=reason)


def _targets(step: ScriptStep) -> dict[str, Target]:
    """The elements that a step is about, by the names of the action's arguments."""
    named = [("index", step.target), ("onto", step.onto), *(step.fields or {}).items()]
    return {name: target for name, target in named if target is not None}


def _action(step: ScriptStep, indices: Mapping[str, int]) -> Action:
    given = {name: value for name, value in step.arguments.items() if name not in ("target", "onto", "fields")} | dict(
        indices
    )
    if step.names is not None:
        given["names"] = tuple(step.names)
    return ACTIONS[step.action](**given)


def _has_effect(step: ScriptStep, effect: Effect) -> bool:
    """Whether an effect is of the kind that was recorded."""
    kinds = {
        "navigated": effect.navigated or effect.opened_tab,
        "tab": effect.navigated or effect.opened_tab,
        "download": bool(effect.downloads),
        "value": effect.value is not None,
        "changed": _reacted(effect),
    }
    return step.expect is None or kinds[step.expect]


def _reacted(effect: Effect) -> bool:
    return bool(
        effect.navigated or effect.changed or effect.alerts or effect.dialogs or effect.opened_tab or effect.downloads
    )


def _missed(step: ScriptStep, effect: Effect) -> str:
    """What did not happen, and what the page says to it."""
    lacking = {
        "navigated": "it has led to no other page",
        "tab": "it has opened no tab",
        "download": "nothing was downloaded",
        "value": "the field has no value",
        "changed": "nothing has changed",
    }[step.expect or "changed"]
    told = [*effect.alerts, *(dialog.message for dialog in effect.dialogs)]
    return f"{lacking}, and the page says “{'; '.join(told)}”." if told else f"{lacking}."
