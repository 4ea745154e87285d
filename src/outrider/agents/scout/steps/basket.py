"""Putting the product on the page into the basket."""

from collections.abc import Sequence

from outrider.agents.scout.pages.blocks import block_of
from outrider.agents.scout.pages.choosing import is_available
from outrider.agents.scout.pages.grounding import Candidate, ambiguous, describe, rank
from outrider.agents.scout.steps.attempts import attempt, choose_by_answer, reacted, refused
from outrider.agents.scout.steps.progress import Done, Move, Outcome, Situation
from outrider.agents.scout.synonyms import canonical
from outrider.agents.scout.tasks.intentions import AddToBasket, Locate
from outrider.agents.scout.tasks.targets import Target
from outrider.interfaces.actions import Back, Click, Fill
from outrider.interfaces.models import Ask
from outrider.interfaces.pages import Element
from outrider.problems import OutriderError

_ADDING = frozenset({"add", "put", "into", "place", "buy"})


def add_to_basket(wanted: AddToBasket, now: Situation) -> Outcome:
    """Press the button that adds this product, with the wanted quantity, and read what the page says to it."""
    if now.phase == "try" and now.last is not None and now.last.effect is not None:
        if why := refused(now.last.effect):
            raise OutriderError("STEP_REFUSED", action="add to the basket", said=why)
        if reacted(now.last.effect) and len(now.taken("try")) < _clicks(wanted, now):
            return _again(now)
    if wanted.quantity > 1 and now.last is None and (field := _quantity_field(now)):
        return Move(Fill(field.index, str(wanted.quantity)), f"Setting the quantity to {wanted.quantity}", "quantity")
    try:
        return attempt(
            now,
            "add to the basket",
            lambda: _buttons(now),
            lambda element: Click(element.index),
            reacted,
            lambda element: f"Putting it into the basket with {describe(element)}",
        )
    except OutriderError as problem:
        if problem.code != "TARGET_NOT_FOUND" or now.last is not None or not _came_from_list(now):
            raise
        return Move(Back(), "Going back to the list, since its own page has no basket", "back")


def _came_from_list(now: Situation) -> bool:
    """The page of the product was opened from another one, by the step that looked for it."""
    latest = now.history[-1] if now.history else None
    if latest is None or latest.effect is None or not latest.effect.navigated:
        return False
    return latest.memory.get("at") == now.at - 1 and bool(_name(now))


def _name(now: Situation) -> str:
    """What the product is called, by the choice or by the task."""
    if now.known.pick:
        return now.known.pick.name
    return now.preceding.name if isinstance(now.preceding, Locate) else ""


def _clicks(wanted: AddToBasket, now: Situation) -> int:
    """How often the button is pressed: once, unless the page has no field for the quantity."""
    return 1 if now.taken("quantity") else wanted.quantity


def _again(now: Situation) -> Outcome:
    found = _buttons(now)
    if isinstance(found, Ask):
        return found
    if not found:
        return Done()
    return Move(Click(found[0].element.index), "Putting one more into the basket", "try", {"element": ""})


def _quantity_field(now: Situation) -> Element | None:
    fields = rank(now.observation.elements, Target("quantity"), frozenset({"spinbutton", "textbox"}))
    return next((one.element for one in fields if one.element.region != "banner"), None)


def _buttons(now: Situation) -> Sequence[Candidate] | Ask:
    """Buttons that add to the basket: of the product that the page or the choice is about, else the only one.

    Raises STEP_REFUSED for a product that can't be had, TARGET_NOT_FOUND when there is no such button.
    """
    elements = [e for e in now.observation.elements if e.region not in ("banner", "navigation")]
    named = rank(elements, Target("add to basket"), frozenset({"button", "link"}))
    adding = [one for one in named if _ADDING & set(canonical(one.element.name))]
    subjects = [canonical(text.text) for text in now.observation.texts if text.kind == "heading1"]
    for subject in filter(None, (canonical(_name(now)), *subjects)):
        block = block_of(elements, " ".join(subject))
        own = [one for one in adding if one.element in block]
        own = own or [one for one in adding if not block and set(subject) <= set(canonical(one.element.context))]
        if own:
            _check_available([one.element for one in own])
            return _of_one(own, subject, now)
        _check_available([e for e in block if e.role == "button" and is_available(e.name) is False])
    if not adding or now.taken("back"):
        raise OutriderError("TARGET_NOT_FOUND", description="a button that adds to the basket", url=now.observation.url)
    if now.known.opened or len({one.element.context for one in adding}) == 1:
        _check_available([one.element for one in adding])
        return sorted(adding, key=lambda one: (one.element.region != "main", one.element.index))
    rivals = ambiguous(adding)
    return choose_by_answer(now, "add to the basket", rivals) if rivals and not now.taken("try") else adding


def _check_available(buttons: Sequence[Element]) -> None:
    """Raise STEP_REFUSED when all buttons of a product are switched off."""
    if buttons and all("disabled" in e.states for e in buttons):
        raise OutriderError("STEP_REFUSED", action="add to the basket", said=f"“{buttons[0].name}” can't be pressed")


def _of_one(own: Sequence[Candidate], subject: tuple[str, ...], now: Situation) -> Sequence[Candidate] | Ask:
    """The buttons of the one product that is called so; a question where the subject is what several are called."""
    beginning = [one for one in own if canonical(one.element.context)[: len(subject)] == subject]
    of_one = beginning if len({one.element.context for one in beginning}) == 1 else own
    several = len({one.element.context for one in of_one}) > 1 and now.known.pick is None
    return choose_by_answer(now, "add to the basket", of_one) if several else of_one
