"""The end of a purchase: go on through the checkout to the button that orders, and see that the shop took it."""

from typing import Final

from outrider.agents.scout.pages.grounding import describe
from outrider.agents.scout.steps.attempts import reacted, refused
from outrider.agents.scout.steps.progress import Done, Move, Outcome, Situation
from outrider.agents.scout.synonyms import canonical, plain_words
from outrider.agents.scout.tasks.undertakings import PlaceOrder
from outrider.interfaces.actions import Click
from outrider.interfaces.pages import Element
from outrider.problems import OutriderError

__all__ = ["place_order"]

#: Pages between the address and the order.
_MOST_PAGES: Final = 6
_ASIDE: Final = frozenset({"banner", "navigation", "contentinfo", "search"})


def place_order(wanted: PlaceOrder, now: Situation) -> Outcome:
    """Press what orders; before it, what goes on. Raises STEP_REFUSED with what the page says, TARGET_NOT_FOUND."""
    effect = now.last.effect if now.last is not None else None
    if now.last is not None and effect is None:
        raise OutriderError("STEP_WITHOUT_EFFECT", action="place the order")
    if effect is not None and (why := refused(effect)):
        raise OutriderError("STEP_REFUSED", action="place the order", said=why)
    if now.phase == "order" and effect is not None:
        if not reacted(effect):
            raise OutriderError("STEP_WITHOUT_EFFECT", action="place the order")
        return Done()
    usable = [e for e in now.observation.elements if e.role in ("button", "link") and e.region not in _ASIDE]
    if ordering := next((e for e in usable if _orders(e)), None):
        return Move(Click(ordering.index), f"Placing the order with {describe(ordering)}", "order")
    onward = next((e for e in usable if _goes_on(e) and "disabled" not in e.states), None)
    if onward is None or len(now.taken("onward")) >= _MOST_PAGES:
        raise OutriderError("TARGET_NOT_FOUND", description="a button that places the order", url=now.observation.url)
    return Move(Click(onward.index), f"Going on with {describe(onward)}", "onward")


def _orders(element: Element) -> bool:
    words = set(plain_words(element.name))
    return element.role == "button" and (
        {"place", "order"} <= words or {"confirm", "order"} <= words or {"buy", "now"} <= words
    )


def _goes_on(element: Element) -> bool:
    return canonical(element.name)[:1] == ("next",)
