"""What is to be done otherwise: "if it is out of stock, take the next one instead", "if it is taken, use … instead"."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from outrider.agents.scout.tasks.criteria import Condition
from outrider.agents.scout.tasks.intentions import Enter, Intention, Pick
from outrider.agents.scout.tasks.language import Utterance, like

__all__ = ["adjusted", "is_condition"]

_WHAT: Final = r"(?:it|that|this|the \w+|that (?:one|address|name|user ?name|product|item|e-?mail(?: address)?))"
_OUT: Final = like(rf"if {_WHAT} is (?:already )?(?:out of stock|sold out|unavailable|not (?:available|in stock))")
_TAKEN: Final = like(rf"if {_WHAT} is (?:already |not )?(?:taken|in use|used|registered|known|available|free)")
_NEXT: Final = like(
    r"(?:take|use|choose|add|pick|try) the (?:next|following)"
    r"(?: (?:cheapest|best|dearest|one|product|item|most expensive))*(?: instead)?"
)
_OTHER: Final = like(r"(?:take|use|choose|enter|try) (?P<value>\S+?)(?: instead)?")


def is_condition(clause: str) -> bool:
    """Whether a clause begins a condition that can be fulfilled."""
    return _OUT.fullmatch(clause) is not None or _TAKEN.fullmatch(clause) is not None


def adjusted(
    condition: str, consequence: str, found: Sequence[Intention], utterance: Utterance
) -> list[Intention] | None:
    """The intentions so far, with what is to be done otherwise; None when it fits none of them.

    The next of an order after what is out of stock is the first that is in stock.
    """
    steps = list(found)
    if _OUT.fullmatch(condition) and _NEXT.fullmatch(consequence):
        at = next((i for i in reversed(range(len(steps))) if isinstance(steps[i], Pick)), None)
        if at is None or not isinstance(pick := steps[at], Pick) or not pick.selection.order:
            return None
        in_stock = Condition("availability", "is", "in stock")
        steps[at] = replace(pick, selection=replace(pick.selection, conditions=(*pick.selection.conditions, in_stock)))
        return steps
    if _TAKEN.fullmatch(condition) and (other := _OTHER.fullmatch(consequence)):
        names = ("email", "username", "user", "name")
        at = next((i for i, one in enumerate(steps) if isinstance(one, Enter) and _called(one, names)), None)
        if at is None or not isinstance(entry := steps[at], Enter):
            return None
        steps[at] = replace(entry, otherwise=utterance.expand(other["value"]))
        return steps
    return None


def _called(entry: Enter, names: Sequence[str]) -> bool:
    return any(name in entry.field.text.replace("-", "").lower() for name in names)
