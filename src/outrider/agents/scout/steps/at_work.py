"""A page that is still at work on what was done ("Saving…", "Please wait"): that is waited for before anything else."""

import re
from collections.abc import Iterator, Sequence
from itertools import chain, takewhile
from typing import Final

from outrider.agents.scout.steps.progress import AT_WORK, LATE
from outrider.interfaces.actions import Back, Check, Click, Fill, Navigate, Press, Select, Wait
from outrider.interfaces.models import Act, Step
from outrider.interfaces.pages import Observation

__all__ = ["await_end_of_work", "unfinished_work", "unsaved"]

#: How long is waited, each time; for a button that was only switched off, the first times.
_SECONDS: Final = (0.4, 0.8, 1.2, 2.0, 3.0, 4.0)
_SWITCHED_OFF_WAITS: Final = 2
_ACTS: Final = (Back, Check, Click, Fill, Navigate, Press, Select)
#: What pages say meanwhile, alone in its line or on a button.
_WORKING: Final = re.compile(
    r"\W*(?:(?!\w*thing\b|morning|evening|during|coming)\w+ing\b[^.!?…]{0,40}(?:…|\.{3})"
    r"|(?:please wait|one moment|just a moment)\b[^.!?]{0,30}"
    r"|(?:loading|processing|submitting|saving|sending|searching|checking|uploading))\W*|[⏳⌛\s]+",
    re.IGNORECASE,
)


def await_end_of_work(history: Sequence[Step], observation: Observation, at: int) -> Act | None:
    """A wait for the intention ``at`` while the page is at work on the latest action; None when it is not, or too long.

    What was waited for in vain once is not waited for again.
    """
    waited = list(takewhile(lambda step: step.memory.get("phase") in (LATE, AT_WORK), reversed(history)))
    acting = history[-1 - len(waited)] if len(history) > len(waited) else None
    if acting is None or acting.effect is None or not isinstance(acting.action, _ACTS):
        return None
    told = _work_told(observation, acting.seen)
    waits = _waits_for(told, history) if told else sum(step.memory["phase"] == AT_WORK for step in waited)
    seconds = _SECONDS if told else _SECONDS[:_SWITCHED_OFF_WAITS] if _is_switched_off(acting, observation) else ()
    if waits >= len(seconds):
        return None
    thought = f"Waiting while the page says “{told}”" if told else "Waiting for what the page makes of it"
    memory = {"at": at, "phase": AT_WORK, "notes": {"told": told}, "learned": []}
    return Act(Wait(at_least=seconds[waits]), thought, memory)


def unfinished_work(history: Sequence[Step], observation: Observation) -> str:
    """What the page was waited for in vain and still says that it is doing; "" when there is nothing of that."""
    told = _work_told(observation, None)
    return told if told and _waits_for(told, history) >= len(_SECONDS) else ""


def unsaved(history: Sequence[Step], observation: Observation) -> str:
    """What the page says of changes that it has not saved, if any were made; "" when it does not say so."""
    changing = next((s for s in history if isinstance(s.action, _CHANGES) and s.effect is not None), None)
    if changing is None:
        return ""
    before = frozenset(text.text for text in changing.seen.texts) if changing.seen else frozenset[str]()
    said = (text.text for text in observation.texts if text.text not in before)
    return next((text for text in said if _UNSAVED.search(text[:_STATEMENT])), "")


_CHANGES: Final = (Check, Fill, Select)
_STATEMENT: Final = 100
_UNSAVED: Final = re.compile(
    r"\bunsaved (?:changes|edits|settings)\b"
    r"|\bchanges?\b.{0,30}\b(?:not|haven['’]t|hasn['’]t|aren['’]t) (?:yet )?(?:been )?saved\b",
    re.IGNORECASE,
)


def _work_told(observation: Observation, before: Observation | None) -> str:
    """What the page says that it is doing, if it did not say so before."""
    known = frozenset(_sayings(before)) if before is not None else frozenset()
    return next((text for text in _sayings(observation) if text not in known and _WORKING.fullmatch(text)), "")


def _sayings(observation: Observation) -> Iterator[str]:
    return chain((text.text for text in observation.texts), (e.name for e in observation.elements if not e.href))


def _waits_for(told: str, history: Sequence[Step]) -> int:
    waits = (step.memory for step in history if step.memory.get("phase") == AT_WORK)
    return sum(memory["notes"]["told"] == told for memory in waits)


def _is_switched_off(acting: Step, observation: Observation) -> bool:
    """The button that was pressed can't be pressed any more, and nothing came of it that a page would tell."""
    effect, seen = acting.effect, acting.seen
    if effect is None or seen is None or not isinstance(acting.action, Click):
        return False
    if effect.navigated or effect.alerts or effect.dialogs or effect.downloads or effect.opened_tab:
        return False
    index, pages = acting.action.index, (seen, observation)
    return [{"disabled" in e.states for e in page.elements if e.index == index} for page in pages] == [{False}, {True}]
