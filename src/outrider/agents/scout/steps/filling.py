"""Forms: enter a value, choose an option, tick a box, send."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from outrider.agents.scout.amounts import count_word
from outrider.agents.scout.ordering import fitting_orders
from outrider.agents.scout.pages.grounding import CHOSEN, CLICKED, TICKED, TYPED, Candidate, covers, describe, rank
from outrider.agents.scout.steps.attempts import attempt, choose_by_answer, failure, ground, reacted, refused, spoken
from outrider.agents.scout.steps.moving import is_fillable
from outrider.agents.scout.steps.progress import Done, Move, Outcome, Situation
from outrider.agents.scout.synonyms import canonical, plain_words
from outrider.agents.scout.tasks.intentions import Choose, Enter, Submit, Target, Tick
from outrider.agents.scout.tasks.language import items
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
        return _open_field(now, wanted)
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
        return _plain(effect.value) == _plain(action.option) or reacted(effect) or bool(effect.value)
    if isinstance(action, Check):
        return True
    have, want = _plain(effect.value), _plain(value)
    return have == want or set(effect.value) <= {"•", "*"} or (bool(have) and (have in want or want in have))


def _plain(text: str) -> str:
    return re.sub(r"[\W_]", "", text).casefold()


def best_option(options: Sequence[str], wanted: str) -> str | None:
    """The option that is meant by some words, or None when none or several are."""
    exact = [option for option in options if _plain(option) == _plain(wanted)]
    if exact:
        return exact[0]
    words = set(canonical(wanted))
    holding = [option for option in options if words and words <= set(canonical(option))]
    shortest = sorted(holding, key=lambda option: len(canonical(option)))[:2]
    clear = shortest and (len(shortest) == 1 or len(canonical(shortest[0])) < len(canonical(shortest[1])))
    return shortest[0] if clear else None


def _option(wanted: Choose, options: Sequence[str]) -> str | None:
    """The option of a list that is meant; for the order of a list by what the words ask for."""
    if not _sorts(wanted):
        return best_option(options, wanted.option)
    exact = next((option for option in options if _plain(option) == _plain(wanted.option)), None)
    return exact or next(iter(fitting_orders(options, wanted.option)), None)


def _sorts(wanted: Choose) -> bool:
    return wanted.field is not None and "sort" in canonical(wanted.field.text)


def choose(wanted: Choose, now: Situation) -> Outcome:
    """Choose an option; for a filter, also press the button without which it has no effect."""
    return _applied(now, lambda: _chosen(wanted, now)) if wanted.filters else _chosen(wanted, now)


def tick(wanted: Tick, now: Situation) -> Outcome:
    """Bring a checkbox or radio button into the wanted state; for a filter, also press the button that applies it."""
    return _applied(now, lambda: _ticked(wanted, now)) if wanted.filters else _ticked(wanted, now)


def _applied(now: Situation, fill: Callable[[], Outcome]) -> Outcome:
    if now.phase == "apply":
        return Done()
    outcome = fill()
    reloaded = any(step.effect is not None and step.effect.navigated for step in now.steps)
    if not isinstance(outcome, Done) or reloaded:
        return outcome
    applying = [e for e in now.observation.elements if e.role == "button" and _APPLIES & set(canonical(e.name))]
    own = [e for e in applying if e.region not in ("banner", "search", "navigation")]
    return Move(Click(own[0].index), f"Applying the filter with {describe(own[0])}", "apply") if own else outcome


_APPLIES: Final = frozenset(canonical("apply filter refine update show go"))


def _chosen(wanted: Choose, now: Situation) -> Outcome:
    """Choose an option: of a select, of radio buttons, or of a list that a click opens."""
    what = f"choose “{wanted.option}”" + (f" for {wanted.field.text}" if wanted.field else "")
    clear = _with_direction(wanted, now)
    if isinstance(clear, Ask):
        return clear
    wanted = clear
    if several := _several(wanted, now):
        return several
    if now.phase == "unfold":
        return _choose_unfolded(wanted, now, what)
    selects = _selects(now, wanted)
    if isinstance(selects, Ask):
        return selects
    if selects or (now.last is not None and isinstance(now.last.action, Select)):
        return attempt(
            now,
            what,
            lambda: selects or (),
            lambda element: Select(element.index, _option(wanted, element.options) or wanted.option),
            lambda effect: True,
            lambda element: f"Choosing “{_option(wanted, element.options)}” in {describe(element)}",
        )
    return _choose_otherwise(wanted, now, what)


def _several(wanted: Choose, now: Situation) -> Outcome | None:
    """Choose option after option of a list that takes several, where the task enumerates some; None elsewhere."""
    parts = items(wanted.option)
    lists = [e for e in now.observation.elements if "multiple" in e.states and e.options]
    named = rank(lists, wanted.field, CHOSEN) if wanted.field and len(parts) > 1 else ()
    element = named[0].element if named else None
    if element is None or best_option(element.options, wanted.option):
        return None
    options = [best_option(element.options, part) for part in parts]
    if None in options:
        return None
    return _one_by_one(
        now, len(parts), lambda at: (Select(element.index, options[at] or ""), f"Choosing “{options[at]}”")
    )


def _one_by_one(now: Situation, count: int, step: Callable[[int], tuple[Action, str]]) -> Outcome:
    """So many steps of one kind. Raises the problem that one of them met."""
    if now.last is not None and now.last.effect is None:
        raise failure(now.last, "choose several", now)
    at = len(now.taken("several"))
    return Done() if at == count else Move(*step(at), "several")


def _with_direction(wanted: Choose, now: Situation) -> Choose | Ask:
    """An order whose direction is clear: as the user says, where the page offers both."""
    if not _sorts(wanted):
        return wanted
    offered = [fitting_orders(e.options, wanted.option) for e in now.observation.elements if e.options]
    rivals = max(offered, key=len, default=())
    if len(rivals) < 2 or any(_plain(one) == _plain(wanted.option) for one in rivals):
        return wanted
    question = f"Which order do you mean by “{wanted.option}”: {', '.join(f'“{one}”' for one in rivals)}?"
    reply = now.answer(question)
    chosen = best_option(rivals, reply) or next(iter(fitting_orders(rivals, reply)), None) if reply else None
    return replace(wanted, option=chosen) if chosen else Ask(question)


def _selects(now: Situation, wanted: Choose) -> Sequence[Candidate] | Ask:
    """Selects that have the option and, when the task names a field, are called so; a question when it has several."""
    elements = [e for e in now.observation.elements if e.options]
    having = [e for e in elements if _option(wanted, e.options)]
    if wanted.field is None:
        found = [Candidate(e, 1.0) for e in having]
        return found if len(found) < 2 else choose_by_answer(now, f"the list with {wanted.option}", found)
    named = rank(elements, wanted.field, CHOSEN)
    fitting = [one for one in named if one.element in having]
    if named and not fitting and not now.steps:
        return _ask_option(now, wanted, named[0].element)
    return fitting or ([Candidate(e, 1.0) for e in having] if len(having) == 1 and not named else [])


def _ask_option(now: Situation, wanted: Choose, element: Element) -> Sequence[Candidate] | Ask:
    options = ", ".join(f"“{option}”" for option in element.options[:20])
    raise OutriderError(
        "TARGET_NOT_FOUND", description=f"{wanted.option} (offered: {options})", url=now.observation.url
    )


def _choose_otherwise(wanted: Choose, now: Situation, what: str) -> Outcome:
    """Radio buttons and other options on the page; else a list of its own making, unfolded first."""
    near = wanted.field.text if wanted.field else ""
    option = Target(wanted.option, near=near)
    shown_options = rank(
        now.observation.elements, option, frozenset({"option", "radio", "menuitem", "menuitemradio", "tab"})
    )
    if not shown_options and wanted.field is not None and now.last is None:
        lists = rank(now.observation.elements, wanted.field, CHOSEN | {"button"})
        if lists:
            return Move(Click(lists[0].element.index), f"Opening {describe(lists[0].element)}", "unfold")
    return _click_option(wanted, now, what, shown_options)


def _choose_unfolded(wanted: Choose, now: Situation, what: str) -> Outcome:
    return _click_option(wanted, now, what, rank(now.observation.elements, Target(wanted.option), CLICKED))


def _click_option(wanted: Choose, now: Situation, what: str, found: Sequence[Candidate]) -> Outcome:
    return attempt(
        now,
        what,
        lambda: found or ground(now, Target(wanted.option), CLICKED),
        lambda element: Check(element.index) if element.role in TICKED else Click(element.index),
        lambda effect: reacted(effect) or effect.value is not None,
        lambda element: f"Choosing {describe(element)}",
    )


def _ticked(wanted: Tick, now: Situation) -> Outcome:
    """Bring a checkbox or radio button into the wanted state; one after the other where the task enumerates some."""
    parts = items(wanted.target.text)
    boxes = rank(now.observation.elements, wanted.target, TICKED)
    if len(parts) > 1 and not any(covers(one.element, wanted.target) for one in boxes):
        return _tick_each(wanted, parts, now)
    return attempt(
        now,
        f"{'tick' if wanted.checked else 'untick'} {spoken(wanted.target)}",
        lambda: ground(now, wanted.target, TICKED),
        lambda element: Check(element.index, wanted.checked),
        lambda effect: True,
        lambda element: f"{'Ticking' if wanted.checked else 'Unticking'} {describe(element)}",
    )


def _tick_each(wanted: Tick, parts: Sequence[str], now: Situation) -> Outcome:
    found = [ground(now, replace(wanted.target, text=part), TICKED) for part in parts]
    if asked := next((one for one in found if isinstance(one, Ask)), None):
        return asked
    boxes = [one[0].element for one in found if not isinstance(one, Ask)]
    return _one_by_one(
        now, len(boxes), lambda at: (Check(boxes[at].index, wanted.checked), f"Ticking {describe(boxes[at])}")
    )


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
    return [
        Candidate(e, 1.0)
        for e in sending or [b for b in buttons if b.kind == "submit" and b.region not in ("search", "banner")]
    ]
