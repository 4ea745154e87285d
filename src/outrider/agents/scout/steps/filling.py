"""Forms: enter a value, send."""

import re
from collections.abc import Sequence
from typing import Final

from outrider.agents.scout.amounts import count_word
from outrider.agents.scout.pages.grounding import CHOSEN, TICKED, TYPED, Candidate, describe, rank
from outrider.agents.scout.steps.attempts import attempt, choose_by_answer, ground, reacted, refused
from outrider.agents.scout.steps.moving import is_fillable
from outrider.agents.scout.steps.options import best_option, plain
from outrider.agents.scout.steps.progress import Done, Move, Outcome, Situation
from outrider.agents.scout.synonyms import canonical, plain_words
from outrider.agents.scout.tasks.intentions import Enter, Submit, Target
from outrider.interfaces.actions import Action, Check, Click, Fill, Press, Select
from outrider.interfaces.models import Ask
from outrider.interfaces.pages import Effect, Element
from outrider.problems import OutriderError

_NO: Final = frozenset({"no", "false", "off", "unchecked", "0"})
_YES: Final = frozenset({"yes", "true", "on", "checked", "1"})
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
    "go",
)


def enter(wanted: Enter, now: Situation) -> Outcome:
    """Put a value into a field: typed, chosen or ticked, as the field wants it."""
    if wanted.optional and now.last is None and not _has_field(now, wanted.field):
        return Done()
    what = f"enter “{shown(wanted)}”" + (f" as {wanted.field.text}" if wanted.field.text else "")
    return attempt(
        now,
        what,
        lambda: _fields(now, wanted),
        lambda element: _put(element, wanted.value),
        lambda effect: _holds(effect, now, wanted.value),
        lambda element: f"Entering “{shown(wanted)}” into {describe(element)}",
    )


def shown(wanted: Enter) -> str:
    """A value as thoughts and failures may show it: never a password."""
    return "••••" if "password" in canonical(wanted.field.text) else wanted.value


def _has_field(now: Situation, field: Target) -> bool:
    best = rank(now.observation.elements, field, TYPED)
    return bool(best) and set(canonical(field.text)) <= {
        w for t in (best[0].element.name, *best[0].element.hints) for w in field_words(t)
    }


def field_words(text: str) -> Sequence[str]:
    """Words of a name or hint; ``password2`` counts as the second password."""
    return (*canonical(re.sub(r"(password|pass)[-_ ]?2\b", "confirm password", text, flags=re.IGNORECASE)),)


def _fields(now: Situation, wanted: Enter) -> Sequence[Candidate] | Ask:
    if not wanted.field.text:
        placed = wanted.field.position or wanted.field.cue == "textarea"
        return ground(now, wanted.field, TYPED) if placed else _open_field(now, wanted)
    usable = [e for e in now.observation.elements if "readonly" not in e.states]
    if "confirm" in canonical(wanted.field.text):
        again = [
            Candidate(e, 1.0)
            for e in usable
            if e.kind == "password" and "confirm" in {w for t in (e.name, *e.hints) for w in field_words(t)}
        ]
        if again:
            return again
    candidates = rank(usable, wanted.field, TYPED | CHOSEN)
    if not candidates and (radios := rank(usable, Target(wanted.value, near=wanted.field.text), TICKED)):
        return radios[:1]
    if not candidates and (star := _star(now, wanted)):
        return star
    ticked = TICKED if wanted.value.casefold() in _YES | _NO else frozenset()
    return (candidates and ground(now, wanted.field, TYPED | CHOSEN)) or ground(
        now, wanted.field, TYPED | CHOSEN | ticked
    )


def _says(button: Element, wanted: str) -> bool:
    """Whether a button's name has all words of the wanted one but those that any button of a form may leave out."""
    return set(canonical(wanted)) - set(canonical(button.name)) <= _LEFT_OUT


_LEFT_OUT: Final = frozenset(canonical("changes settings details profile form edits order message request review"))


def _star(now: Situation, wanted: Enter) -> Sequence[Candidate]:
    """The star to click for a rating, where a row of five or ten of them is all that there is to fill in."""
    if not {"score", "rating", "star", "rate"} & set(canonical(wanted.field.text)):
        return ()
    stars = [e for e in now.observation.elements if not e.href and any("star" in plain_words(h) for h in e.hints)]
    value = count_word(wanted.value.split()[0]) or 0
    return (Candidate(stars[value - 1], 1.0),) if len(stars) in (5, 10) and 0 < value <= len(stars) else ()


def _open_field(now: Situation, wanted: Enter) -> Sequence[Candidate] | Ask:
    """Where a value goes that the task names no field for: the focused field, else the only empty one."""
    fields = [e for e in now.observation.elements if e.role in TYPED and not e.options and "disabled" not in e.states]
    focused = [e for e in fields if "focused" in e.states]
    empty = [e for e in fields if not e.value and is_fillable(e)] or [e for e in fields if not e.value]
    found = [Candidate(e, 1.0) for e in focused or empty]
    if len(found) > 1:
        return choose_by_answer(now, f"the field for {wanted.value}", found)
    if not found:
        raise OutriderError("TARGET_NOT_FOUND", description=f"a field for “{wanted.value}”", url=now.observation.url)
    return found


def _put(element: Element, value: str) -> Action:
    if element.options:
        return Select(element.index, best_option(element.options, value) or value)
    if element.role not in TYPED | CHOSEN | TICKED:
        return Click(element.index)
    if element.role in TICKED:
        return Check(element.index, value.casefold() not in _NO)
    return Fill(element.index, value)


def _holds(effect: Effect, now: Situation, value: str) -> bool:
    """The field has the value, whatever punctuation it adds."""
    if effect.value is None:
        return reacted(effect)
    action = now.last.action if now.last else None
    if isinstance(action, Select):
        return plain(effect.value) == plain(action.option) or reacted(effect) or bool(effect.value)
    if isinstance(action, Check):
        return True
    have, want = plain(effect.value), plain(value)
    return have == want or set(effect.value) <= {"•", "*"} or (bool(have) and (have in want or want in have))


def submit(wanted: Submit, now: Situation) -> Outcome:
    """Send the form that was worked on, and see whether the page took it."""
    if now.last is not None and now.last.effect is not None and (why := refused(now.last.effect)):
        raise OutriderError("STEP_REFUSED", action="send the form", said=why)
    last = next((s.action.index for s in reversed(now.history) if isinstance(s.action, Fill | Select | Check)), None)
    buttons = _send_buttons(now, wanted, last)
    if not buttons and now.last is None and last is not None:
        return Move(Press("Enter", last), "Sending the form with Enter", "enter")
    if now.phase == "enter" and now.last is not None and now.last.effect is not None and reacted(now.last.effect):
        return Done()
    return attempt(
        now,
        _unsent(now),
        lambda: buttons,
        lambda element: Click(element.index),
        reacted,
        lambda element: f"Sending the form with {describe(element)}",
    )


def _unsent(now: Situation) -> str:
    """The deed, with the required fields that are still empty."""
    empty = [e.name for e in now.observation.elements if "required" in e.states and e.role in TYPED and not e.value]
    return "send the form" + (f" (required and empty: {', '.join(empty)})" if empty else "")


def _send_buttons(now: Situation, wanted: Submit, last: int | None) -> Sequence[Candidate]:
    """Buttons that send: the one that the task names, else the first after the field that was filled last.

    What is named but not there is not replaced by another button, unless it names a form that was filled in.
    """
    elements = now.observation.elements
    buttons = [e for e in elements if e.role == "button" and "disabled" not in e.states]
    named = rank(buttons, Target(wanted.button), frozenset({"button"})) if wanted.button else ()
    if last is None and wanted.button:
        return [one for one in named if _says(one.element, wanted.button)]
    if named and _says(named[0].element, wanted.button):
        return named[:1]
    position = next((i for i, e in enumerate(elements) if e.index == last), -1)
    after = [e for e in elements[position + 1 :] if e in buttons and e.region not in ("search", "banner")]
    sending = [e for e in after if e.kind == "submit" or set(canonical(e.name)) & set(_SENDING)]
    found = sending or [b for b in buttons if b.kind == "submit" and b.region not in ("search", "banner")]
    return [Candidate(e, 1.0) for e in found or ([] if buttons else _drawn_buttons(elements))]


def _drawn_buttons(elements: Sequence[Element]) -> list[Element]:
    """What sends where there is no button: something that can be clicked, called by a word for it and nothing else."""
    return [
        e for e in elements if e.role == "generic" and canonical(e.name) and set(canonical(e.name)) <= set(_SENDING)
    ]
