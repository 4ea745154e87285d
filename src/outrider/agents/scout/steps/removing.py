"""What a page asks before it removes something: agreed to only where it is about that thing, and by one button."""

import re
from typing import Final

from outrider.agents.scout.pages.grounding import CLICKED, TICKED, Candidate, describe
from outrider.agents.scout.pages.told import ASIDE
from outrider.agents.scout.steps.attempts import attempt, reacted, refused
from outrider.agents.scout.steps.progress import Done, Move, Outcome, Situation
from outrider.agents.scout.synonyms import canonical, plain_words
from outrider.agents.scout.tasks.undertakings import ConfirmRemoval
from outrider.interfaces.actions import Click, Wait
from outrider.interfaces.pages import Element, Text
from outrider.problems import OutriderError

__all__ = ["confirm_removal"]

_AGREES: Final = frozenset(canonical("remove yes confirm ok"))
_DECLINES: Final = re.compile(r"\b(?:no|not|don['’]?t|cancel|abort|keep|without|back)\b", re.IGNORECASE)
_ASKS: Final = re.compile(
    r"\b(?:delete|remove|discard|erase)\b[^.!]*\?|\bsure\b|\bundone\b|^(?:confirm|delete|remove|discard|erase)\b",
    re.IGNORECASE,
)
#: It is done already: "Gate was deleted. This cannot be undone."
_TELLS: Final = re.compile(r"\b(?:was|were|has been|have been) (?:\w+ )?(?:deleted|removed|discarded|erased)\b")
#: What a question calls the thing that it was asked about.
_IT: Final = frozenset({"this", "it"})


def confirm_removal(wanted: ConfirmRemoval, now: Situation) -> Outcome:
    """Press what agrees. A page that does not ask has removed the thing, and its next button is another thing's.

    Raises TARGET_NOT_FOUND when it is not clear what the page asks, or which button agrees; STEP_REFUSED when the page
    says why not.
    """
    effect = now.last.effect if now.last is not None else None
    if effect is not None and (why := refused(effect)):
        raise OutriderError("STEP_REFUSED", action=f"remove “{wanted.name}”", said=why)
    agreeing = _agreeing(wanted.name, now)
    asked = any(_asks_about(wanted.name, text) for text in now.observation.texts)
    is_first = all(step.memory["phase"] == _ASKED for step in now.steps)
    if is_first and not asked and not (agreeing and _may_decline(now)):
        if not _shows(wanted.name, now):
            return Done()
        if not now.steps:
            return Move(Wait(at_least=_SECONDS), "Waiting for what the page asks, or for it to be gone", _ASKED)
        return Done({"missing": [f"that “{wanted.name}” is removed: it is still to be seen"]})
    if is_first and (not asked or len(agreeing) != 1):
        what = f"a question of the page on removing {wanted.name}, with one button that agrees"
        raise OutriderError("TARGET_NOT_FOUND", description=what, url=now.observation.url)
    return attempt(
        now,
        f"agree that “{wanted.name}” is removed",
        lambda: [Candidate(element, 1.0) for element in agreeing],
        lambda element: Click(element.index),
        reacted,
        lambda element: f"Agreeing with {describe(element)}",
    )


_ASKED: Final = "asked"
_SECONDS: Final = 1.0


def _shows(name: str, now: Situation) -> bool:
    """Whether something on the page still says this name and nothing else."""
    words = plain_words(name)
    said = (*(t.text for t in now.observation.texts if t.kind not in ("status", "alert")), *_names(now))
    return any(plain_words(text) == words for text in said)


def _names(now: Situation) -> list[str]:
    return [element.name for element in now.observation.elements]


def _asks_about(name: str, text: Text) -> bool:
    """Whether a text asks about removing this. A message does not, and what was done is not asked about."""
    if text.kind in ("status", "alert") or not _ASKS.search(text.text) or _TELLS.search(text.text):
        return False
    words = set(plain_words(text.text))
    return set(plain_words(name)) <= words or bool(_IT & words)


def _agreeing(name: str, now: Situation) -> list[Element]:
    """What agrees: in the dialog, where there is one; buttons before links. What belongs to another thing does not."""
    elements = [e for e in _controls(now) if _AGREES & set(canonical(e.name)) and not _DECLINES.search(e.name)]
    elements = [e for e in elements if "disabled" not in e.states and _is_about(name, e, now)]
    elements = [e for e in elements if e.region == "dialog"] or elements
    return [e for e in elements if e.role == "button"] or elements


def _is_about(name: str, element: Element, now: Situation) -> bool:
    """Whether a button is the page's own, or the thing's: in a list it belongs to a row."""
    headings = {text.text for text in now.observation.texts if text.kind.startswith("heading")}
    own = not element.context or element.context in headings or element.region == "dialog"
    return own or set(plain_words(name)) <= set(plain_words(element.context))


def _may_decline(now: Situation) -> bool:
    return any(_DECLINES.search(e.name) or e.region == "dialog" for e in _controls(now))


def _controls(now: Situation) -> list[Element]:
    return [e for e in now.observation.elements if e.role in CLICKED - TICKED and e.region not in ASIDE]
