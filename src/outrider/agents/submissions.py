"""What pages said to what a task has sent off: whether an order, a payment or a form was confirmed or refused.

A model may believe that it is done. What counts is the page after the last step that sent something: what it confirms
becomes evidence, what it refuses is no success, and where it says nothing the answer says that.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from outrider.agents.objections import CONFIRMS, objects
from outrider.interfaces.actions import (
    NAMES,
    Action,
    Check,
    Click,
    Extract,
    Fill,
    FillSecret,
    Pay,
    Press,
    Scroll,
    Select,
    TakeScreenshot,
    Upload,
    Wait,
)
from outrider.interfaces.pages import Effect, Element, Observation

__all__ = ["CONFIRMATION", "Outcome", "Submissions"]

#: Name of the field in the evidence.
CONFIRMATION: Final = "confirmation"
_LONGEST_QUOTE: Final = 300
_LONGEST_OBJECTION: Final = 120

#: Buttons that send what somebody has to take; others (search, filter, log in, next) show by their page what they did.
_SENDS: Final = re.compile(
    r"\b(?:send|submit|save|register|sign ?up|create|book|reserve|order|buy|purchase|pay|place|confirm|publish|post"
    r"|subscribe|apply now|request|enrol|enroll|donate|join|report|finish|complete)\b",
    re.IGNORECASE,
)
_SAID_BY: Final = ("alert", "status", "heading", "paragraph", "item", "cell")
_FILLS: Final = (Fill, FillSecret, Select, Check, Upload)
_LOOKS: Final = (Wait, Extract, Scroll, TakeScreenshot)
_IS_SEARCH: Final = re.compile(r"search|find|filter|sort", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the last thing that was sent off."""

    #: What sent it, as a person would say it.
    deed: str
    url: str
    #: What the page says to it; "" for nothing.
    said: str
    #: That is an objection, and the task has not gone elsewhere since.
    refused: bool = False


@dataclass(slots=True)
class _Sent:
    """Something that was sent off, until a look at the page has told what became of it."""

    deed: str
    before: Observation
    #: Messages and dialogs that came with it, or later.
    told: tuple[str, ...]
    needs_words: bool
    #: The page was not replaced, nor is another one of the site shown.
    in_place: bool


@dataclass(slots=True)
class Submissions:
    """Follows one task: told each action that was carried out, and each look at a page."""

    _filled: set[int] = field(default_factory=set)
    _sent: _Sent | None = None
    _outcome: Outcome | None = None

    def acted(self, action: Action, observation: Observation, effect: Effect, *, pays: bool) -> None:
        """An action had this effect; ``pays``: it is one that places an order or pays."""
        target = _target(action, observation)
        if isinstance(action, _LOOKS):  # what comes meanwhile belongs to what was sent before
            if self._sent is not None:
                self._sent.told += _told_by(effect)
            return
        self._sent = None
        if isinstance(action, _FILLS) and target is not None and not _is_search(target):
            self._filled.add(target.index)
        if pays or isinstance(action, Pay) or (self._filled and _sends(action, target)):
            needs = pays or isinstance(action, Pay) or any(map(_SENDS.search, _buttons_of(action, target, observation)))
            self._sent = _Sent(_called(action, target), observation, _told_by(effect), needs, not effect.navigated)
            self._filled.clear()
        elif effect.navigated:
            self._filled.clear()
            if self._outcome is not None and self._outcome.refused:
                self._outcome = Outcome(self._outcome.deed, self._outcome.url, "")

    def saw(self, observation: Observation) -> None:
        """The page that came of it."""
        sent = self._sent
        if sent is None:
            return
        refusal = _refusal(sent, observation)
        said = refusal or _confirmation(sent, observation)
        if said or sent.needs_words:
            self._outcome = Outcome(sent.deed, observation.url, said[:_LONGEST_QUOTE], bool(refusal))
        else:
            self._outcome = None
        # What says nothing yet may be at work: the next look tells more, until the task does something else.
        self._sent = sent if not said else None

    @property
    def outcome(self) -> Outcome | None:
        """What became of the last one that a confirmation can be expected of, or that was refused."""
        return self._outcome


def _called(action: Action, target: Element | None) -> str:
    """What sent it, for people."""
    return target.name or target.role if target is not None else NAMES[type(action)]


def _target(action: Action, observation: Observation) -> Element | None:
    index = getattr(action, "index", None)
    return next((element for element in observation.elements if element.index == index), None)


def _is_search(element: Element) -> bool:
    words = " ".join((element.name, *element.hints))
    return element.role == "searchbox" or element.region == "search" or _IS_SEARCH.search(words) is not None


def _sends(action: Action, target: Element | None) -> bool:
    if isinstance(action, Fill | FillSecret):
        return action.submit and target is not None and not _is_search(target)
    if isinstance(action, Press):
        return action.keys.lower() in ("enter", "numpadenter")
    return isinstance(action, Click) and target is not None and (target.role == "button" or target.kind == "submit")


def _buttons_of(action: Action, target: Element | None, observation: Observation) -> Iterable[str]:
    """Names of what is pressed: the button itself, or those beside a field in which Enter was pressed."""
    if isinstance(action, Click):
        return (target.name,) if target else ()
    region = target.region if target else ""
    return tuple(e.name for e in observation.elements if e.role == "button" and e.region == region)


def _refusal(sent: _Sent, observation: Observation) -> str:
    """What the page objects to: messages that came with the step, and fields that it marks."""
    new = [text for text in _new(sent, observation) if len(text) < _LONGEST_OBJECTION] if sent.in_place else []
    objections = [text for text in (*sent.told, *new) if objects(text) and not CONFIRMS.search(text)]
    invalid = [element for element in observation.elements if "invalid" in element.states]
    marked = [
        f"it does not take “{one.name or one.role}”" + (f": {one.complaint}" if one.complaint else "")
        for one in invalid
    ]
    return "; ".join(dict.fromkeys((*objections, *marked)))


def _confirmation(sent: _Sent, observation: Observation) -> str:
    """What the page says in confirmation: a message that came with the step, else a text that was not there before."""
    return next((text for text in (*sent.told, *_new(sent, observation)) if CONFIRMS.search(text)), "")


def _new(sent: _Sent, observation: Observation) -> Iterator[str]:
    """The texts that were not there when it was sent."""
    before = {text.text for text in sent.before.texts}
    return (text for text in _said(observation) if text not in before)


def _told_by(effect: Effect) -> tuple[str, ...]:
    told = (*effect.alerts, *(dialog.message for dialog in effect.dialogs))
    return tuple(text.strip(" ×\n") for text in told)


def _said(observation: Observation) -> Iterator[str]:
    for kind in _SAID_BY:
        for text in observation.texts:
            if text.kind.startswith(kind) and text.region not in ("navigation", "contentinfo", "banner"):
                yield text.text
