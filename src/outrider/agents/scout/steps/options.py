"""Options of a form: choose one or several, tick boxes, apply filters."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from outrider.agents.scout.ordering import fitting_orders
from outrider.agents.scout.pages.grounding import CHOSEN, CLICKED, TICKED, Candidate, called, covers, describe, rank
from outrider.agents.scout.steps.attempts import attempt, choose_by_answer, failure, ground, reacted, spoken
from outrider.agents.scout.steps.progress import Done, Move, Outcome, Situation
from outrider.agents.scout.synonyms import canonical, plain_words
from outrider.agents.scout.tasks.intentions import Choose, Tick
from outrider.agents.scout.tasks.language import items
from outrider.agents.scout.tasks.targets import Target
from outrider.interfaces.actions import Action, Check, Click, Select
from outrider.interfaces.models import Ask
from outrider.interfaces.pages import Element
from outrider.problems import OutriderError


def plain(text: str) -> str:
    return re.sub(r"[\W_]", "", text).casefold()


def best_option(options: Sequence[str], wanted: str) -> str | None:
    """The option that is meant by some words, or None when none or several are."""
    exact = [option for option in options if plain(option) == plain(wanted)]
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
    exact = next((option for option in options if plain(option) == plain(wanted.option)), None)
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
    applying = [e for e in now.observation.elements if e.role == "button" and _applies(e.name)]
    own = [e for e in applying if e.region not in ("banner", "search", "navigation")]
    return Move(Click(own[0].index), f"Applying the filter with {describe(own[0])}", "apply") if own else outcome


def _applies(name: str) -> bool:
    """Whether a button is called "Apply" or "Show 12 results", not "Show recipe", which an entry has."""
    first, *more = plain_words(name) or ("",)
    return first in _APPLIES and all(word.isdigit() or word in _LISTED for word in more)


_APPLIES: Final = frozenset({"apply", "filter", "refine", "update", "show", "go"})
_LISTED: Final = frozenset(
    {"filter", "filters", "search", "results", "result", "list", "selection", "products", "items", "entries", "matches"}
)


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
    if element is None and len(parts) > 1 and (boxes := _boxes(parts, now)):
        return _one_by_one(now, len(boxes), lambda at: (Check(boxes[at].index), f"Ticking {describe(boxes[at])}"))
    if element is None or best_option(element.options, wanted.option):
        return None
    options = [best_option(element.options, part) for part in parts]
    if None in options:
        return None
    return _one_by_one(
        now, len(parts), lambda at: (Select(element.index, options[at] or ""), f"Choosing “{options[at]}”")
    )


def _boxes(parts: Sequence[str], now: Situation) -> list[Element]:
    """The checkboxes that are called like the parts of an enumeration; none unless each has one of its own."""
    boxes = [e for e in now.observation.elements if e.role in TICKED - {"radio", "menuitemradio"}]
    found = [called(boxes, part) for part in parts]
    return [one[0] for one in found] if all(len(one) == 1 for one in found) else []


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
    if len(rivals) < 2 or any(plain(one) == plain(wanted.option) for one in rivals):
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
    if wanted.field is not None:
        shown_options = tuple(one for one in shown_options if covers(one.element, Target("", near=near)))
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
        lambda: found or _called_so(wanted, now),
        lambda element: Check(element.index) if element.role in TICKED else Click(element.index),
        lambda effect: reacted(effect) or effect.value is not None,
        lambda element: f"Choosing {describe(element)}",
    )


def _called_so(wanted: Choose, now: Situation) -> Sequence[Candidate] | Ask:
    """What is called like the option: in the field that the task names, unless that was unfolded just now.

    A filter has just the words of the option, beside a number of entries: an entry may have them as well.
    """
    near = wanted.field.text if wanted.field and now.phase != "unfold" else ""
    found = ground(now, Target(wanted.option, near=near), CLICKED)
    if isinstance(found, Ask):
        return found
    fitting = [one for one in found if not near or covers(one.element, Target("", near=near))]
    if wanted.field is None and not wanted.filters:  # what has only some of the words is another thing's
        fitting = [one for one in fitting if covers(one.element, Target(wanted.option))]
    if wanted.filters and wanted.field is None:
        words = canonical(wanted.option)
        fitting = [one for one in fitting if canonical(_COUNT.sub("", one.element.name)) == words]
    if not fitting:
        raise OutriderError("TARGET_NOT_FOUND", description=f"{wanted.option} {near}".strip(), url=now.observation.url)
    return fitting


_COUNT: Final = re.compile(r"\W*\b\d+\W*$")


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
