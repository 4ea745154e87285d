"""Putting the product on the page into the basket."""

from collections.abc import Sequence

from outrider.agents.scout.pages.grounding import Candidate, ambiguous, describe, rank
from outrider.agents.scout.steps.attempts import attempt, choose_by_answer, reacted, refused
from outrider.agents.scout.steps.progress import Done, Move, Outcome, Situation
from outrider.agents.scout.synonyms import canonical
from outrider.agents.scout.tasks.intentions import AddToBasket
from outrider.agents.scout.tasks.targets import Target
from outrider.interfaces.actions import Click, Fill
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
    return attempt(
        now,
        "add to the basket",
        lambda: _buttons(now),
        lambda element: Click(element.index),
        reacted,
        lambda element: f"Putting it into the basket with {describe(element)}",
    )


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
    """Buttons that add to the basket: of the product that the page or the choice is about, else the only one."""
    named = rank(now.observation.elements, Target("add to basket"), frozenset({"button", "link"}))
    adding = [
        one
        for one in named
        if _ADDING & set(canonical(one.element.name)) and one.element.region not in ("banner", "navigation")
    ]
    if not adding:
        raise OutriderError("TARGET_NOT_FOUND", description="a button that adds to the basket", url=now.observation.url)
    subjects = [canonical(text.text) for text in now.observation.texts if text.kind == "heading1"]
    if now.known.pick is not None:
        subjects.insert(0, canonical(now.known.pick.name))
    for subject in subjects:
        own = [one for one in adding if set(subject) and set(subject) <= set(canonical(one.element.context))]
        if own:
            return _of_one(own, subject, now)
    if now.known.opened or len({one.element.context for one in adding}) == 1:
        return sorted(adding, key=lambda one: (one.element.region != "main", one.element.index))
    rivals = ambiguous(adding)
    return choose_by_answer(now, "add to the basket", rivals) if rivals and not now.taken("try") else adding


def _of_one(own: Sequence[Candidate], subject: tuple[str, ...], now: Situation) -> Sequence[Candidate] | Ask:
    """The buttons of the one product that is called so; a question where the subject is what several are called."""
    beginning = [one for one in own if canonical(one.element.context)[: len(subject)] == subject]
    of_one = beginning if len({one.element.context for one in beginning}) == 1 else own
    several = len({one.element.context for one in of_one}) > 1 and now.known.pick is None
    return choose_by_answer(now, "add to the basket", of_one) if several else of_one
