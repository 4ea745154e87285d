"""Sending a form: by the button that the task names, else by its own; what the page asks or says to that."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from outrider.agents.scout.pages.grounding import TYPED, Candidate, describe, rank
from outrider.agents.scout.steps.attempts import attempt, reacted, refused
from outrider.agents.scout.steps.mending import MEND, as_sent, marked, mended, name_of
from outrider.agents.scout.steps.options import plain
from outrider.agents.scout.steps.patience import await_answer, await_pressed
from outrider.agents.scout.steps.progress import Done, Move, Outcome, Situation
from outrider.agents.scout.synonyms import canonical, plain_words
from outrider.agents.scout.tasks.intentions import Submit
from outrider.agents.scout.tasks.targets import Target
from outrider.interfaces.actions import Check, Click, Fill, Press, Select, Wait
from outrider.interfaces.models import Ask
from outrider.interfaces.pages import Element
from outrider.problems import OutriderError

_SENDING: Final = (
    "submit",
    "next",
    "save",
    "login",
    "register",
    "search",
    "ok",
    "done",
    "order",
    "finish",
    "confirm",
    "add",
    "create",
    "go",
    "newsletter",  # to subscribe
)


def submit(wanted: Submit, now: Situation) -> Outcome:
    """Send the form that was worked on, to its last step, and see whether the page took it."""
    outcome = _send(wanted, now)
    further = _to_the_end(now) if isinstance(outcome, Done) and now.phase != _LAST_STEP else None
    return further or outcome


def _send(wanted: Submit, now: Situation) -> Outcome:
    if further := _after_sending(wanted, now) or confirming(now):
        return further
    if now.phase == "settle":
        return Done()
    last = next((s.action.index for s in reversed(now.history) if isinstance(s.action, Fill | Select | Check)), None)
    buttons = send_buttons(now, wanted, last)
    typed = _typed_last(now)
    if not buttons and now.last is None and typed is not None:
        return Move(Press("Enter", typed), "Sending the form with Enter", "enter", {"sent": as_sent(now)})
    effect = now.last.effect if now.last is not None else None
    if now.phase in ("enter", "confirm", "again", _LAST_STEP) and effect is not None:
        if reacted(effect):
            return Done()
        if longer := await_answer(now):
            return longer
    if now.phase in ("amend", MEND) and (again := send_again(now, buttons)):
        return again
    if buttons and (longer := await_pressed(buttons[0].element.index, now)):
        return longer
    if not buttons and now.last is None:
        description = f"button {wanted.button}" if wanted.button else "a button that sends the form"
        raise OutriderError("TARGET_NOT_FOUND", description=description, url=now.observation.url)
    return press(now, _unsent(now), buttons, "Sending the form")


def _to_the_end(now: Situation) -> Outcome | None:
    """After one step of several, the last one where it is shown; else it is told that the form goes on."""
    pressed = str(now.taken("try")[-1].memory["notes"]["element"]).split("|")[1] if now.taken("try") else ""
    if plain_words(pressed)[:1] not in _ONE_STEP:
        return None
    buttons = [e for e in now.observation.elements if e.role == "button" and "disabled" not in e.states]
    last = [e for e in buttons if plain_words(e.name)[:1] in _SENDS and e.region not in ("search", "banner")]
    if len(last) == 1:
        return Move(Click(last[0].index), f"Sending it with {describe(last[0])}", _LAST_STEP, {"sent": as_sent(now)})
    onward = next((e for e in buttons if plain_words(e.name)[:1] in _ONE_STEP), None)
    if onward is None or not now.is_last:
        return None
    return Done({"missing": [f"that it is sent: the form goes on with “{onward.name}”"]})


_LAST_STEP: Final = "last step"
_ONE_STEP: Final = (("continue",), ("next",))
_SENDS: Final = (("submit",), ("send",), ("finish",))


def _typed_last(now: Situation) -> int | None:
    """The field on this page that was typed into last: Enter in a box would switch it over."""
    here = {e.index for e in now.observation.elements if e.role in TYPED}
    filled = (step.action.index for step in reversed(now.history) if isinstance(step.action, Fill))
    return next((index for index in filled if index in here), None)


def press(now: Situation, what: str, buttons: Sequence[Candidate], thought: str) -> Outcome:
    """Click the best of the buttons until the page reacts, and remember what ``marked`` compares with."""
    outcome = attempt(
        now,
        what,
        lambda: buttons,
        lambda element: Click(element.index),
        reacted,
        lambda element: f"{thought} with {describe(element)}",
    )
    if not isinstance(outcome, Move):
        return outcome
    return replace(outcome, notes={**outcome.notes, "sent": as_sent(now)})


def send_again(now: Situation, buttons: Sequence[Candidate]) -> Move | None:
    """Press the button once more, now that something was put right."""
    if not buttons:
        return None
    thought = f"Sending it again with {describe(buttons[0].element)}"
    return Move(Click(buttons[0].element.index), thought, "again", {"sent": as_sent(now)})


def _after_sending(wanted: Submit, now: Situation) -> Move | Ask | None:
    """What is put right of a form that was refused. Raises STEP_REFUSED where there is nothing to put right."""
    if now.phase == "amend":
        return _amend(wanted, now)
    if now.last is None or now.last.effect is None:
        return None
    amending = _amend(wanted, now) if refused(now.last.effect) or _taken(now) or marked(now) else None
    return amending or mended(now, "send the form", _taken(now))


def _taken(now: Situation) -> str:
    """What a page that shows the form again says of a value that somebody else has; "" when it does not."""
    still = any(e.kind == "password" for e in now.observation.elements)
    texts = (text.text for text in now.observation.texts if len(text.text) < _SHORT)
    return next((text for text in texts if _TAKEN.search(text)), "") if still else ""


_SHORT: Final = 120
_TAKEN: Final = re.compile(
    r"\balready (?:exists?|taken|registered|in use|used)\b|\bis (?:already )?taken\b", re.IGNORECASE
)


def _amend(wanted: Submit, now: Situation) -> Move | None:
    """Put the other value into the field whose first one is taken, once, and again what the page has forgotten."""
    field = wanted.amended
    if field is None or now.taken("again"):
        return None
    fields = [e for e in now.observation.elements if e.role in TYPED]
    taken = [e for e in fields if e.value and plain(e.value) == plain(field.value)]
    if taken:
        thought = f"“{field.value}” is taken: entering “{field.otherwise}” into {describe(taken[0])}"
        return Move(Fill(taken[0].index, field.otherwise), thought, "amend")
    begun = next(
        (at for at, e in enumerate(fields) if e.value and plain(e.value) == plain(field.otherwise)), len(fields)
    )
    filled = {name_of(step): step.action for step in now.history if isinstance(step.action, Fill)}
    for e in fields[begun:]:
        before = filled.get(e.name)
        if not e.value and e.name and isinstance(before, Fill):
            return Move(Fill(e.index, before.text), f"Filling {describe(e)} again, which is empty now", "amend")
    return None


def confirming(now: Situation) -> Move | None:
    """Press the button of the same name in the dialog that has opened instead: "Save", then how to save.

    A page that has changed in place may still be opening it: it gets the time to settle, once.
    """
    if now.phase not in ("try", "settle") or not now.taken("try"):
        return None
    pressed = now.taken("try")[-1]
    words = canonical(str(pressed.memory["notes"].get("element", "||")).split("|")[1])
    in_dialog = [e for e in now.observation.elements if e.role == "button" and e.region == "dialog"]
    own = getattr(pressed.action, "index", None)  # a dialog may take a moment to close
    named = [e for e in in_dialog if canonical(e.name) == words and e.index != own and "disabled" not in e.states]
    if named:
        return Move(Click(named[0].index), f"Confirming with {describe(named[0])}", "confirm")
    effect = pressed.effect
    unclear = effect is not None and effect.changed and not (effect.navigated or effect.alerts or effect.dialogs)
    still = any(e.role == "button" and canonical(e.name) == words for e in now.observation.elements)
    if now.phase == "try" and unclear and still:
        return Move(Wait(), "Waiting for what the page makes of it", "settle")
    return None


def _unsent(now: Situation) -> str:
    """The deed, with the required fields that are still empty."""
    empty = [e.name for e in now.observation.elements if "required" in e.states and e.role in TYPED and not e.value]
    return "send the form" + (f" (required and empty: {', '.join(empty)})" if empty else "")


def send_buttons(now: Situation, wanted: Submit, last: int | None) -> Sequence[Candidate]:
    """Buttons that send: the one that the task names, else the first after the field that was filled last.

    What is named but not there is not replaced by another button, unless it names a form that was filled in.
    """
    elements = now.observation.elements
    buttons = [e for e in elements if e.role == "button" and "disabled" not in e.states]
    named = rank(buttons, Target(wanted.button), frozenset({"button"})) if wanted.button else ()
    called = [one for one in named if _says(one.element, wanted.button)]
    if called or (last is None and wanted.button):
        return called if last is None else called[:1]
    position = next((i for i, e in enumerate(elements) if e.index == last), -1)
    after = [e for e in elements[position + 1 :] if e in buttons and e.region not in ("search", "banner")]
    sending = [e for e in after if e.kind == "submit" or deed_words(e.name) & set(_SENDING)]
    found = sending or [b for b in buttons if b.kind == "submit" and b.region not in ("search", "banner")]
    return [Candidate(e, 1.0) for e in found or ([] if buttons else _drawn_buttons(elements))]


def deed_words(name: str) -> set[str]:
    """The words of a button that may say what it does: to store is to save, but "Browse store" is not."""
    first, *more = plain_words(name) or ("",)
    return set(canonical(" ".join((first, *(word for word in more if word != "store")))))


def _drawn_buttons(elements: Sequence[Element]) -> list[Element]:
    """What sends where there is no button: something that can be clicked, called by a word for it and nothing else."""
    return [
        e for e in elements if e.role == "generic" and canonical(e.name) and set(canonical(e.name)) <= set(_SENDING)
    ]


def _says(button: Element, wanted: str) -> bool:
    """Whether a button's name has all words of the wanted one but those that any button of a form may leave out."""
    said, asked = plain_words(button.name), plain_words(wanted)
    if "apply" in asked and "save" in said and not _OF_FORMS & set(asked):  # to apply for a job is not to save it
        return False
    return set(canonical(wanted)) - deed_words(button.name) <= _LEFT_OUT


_OF_FORMS: Final = frozenset({"change", "changes", "setting", "settings", "filter", "filters"})


_LEFT_OUT: Final = frozenset(canonical("changes settings details profile form edits order message request review"))
