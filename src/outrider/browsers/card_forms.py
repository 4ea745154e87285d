"""How fields of payment pages want a card to be written: several ways for each, the most usual first."""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from outrider.interfaces.vault import Card

__all__ = ["FORMS"]

_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_GROUP: Final = 4


def _expiry(card: Card) -> Sequence[str]:
    month, year, short = f"{card.expiry_month:02}", str(card.expiry_year), f"{card.expiry_year % 100:02}"
    separated = [f"{month}{mark}{end}" for mark in ("/", " / ", "-", "") for end in (short, year)]
    return [*separated, f"{year}-{month}"]


def _month(card: Card) -> Sequence[str]:
    return f"{card.expiry_month:02}", str(card.expiry_month), _MONTHS[card.expiry_month - 1]


def _number(card: Card) -> Sequence[str]:
    groups = [card.number[start : start + _GROUP] for start in range(0, len(card.number), _GROUP)]
    return card.number, " ".join(groups)


#: By the name of the field in ``actions.Pay``. The number comes last: a date that can't be set keeps it out.
FORMS: Final[Mapping[str, Callable[[Card], Sequence[str]]]] = MappingProxyType(
    {
        "holder": lambda card: (card.holder,),
        "expiry": _expiry,
        "expiry_month": _month,
        "expiry_year": lambda card: (str(card.expiry_year), f"{card.expiry_year % 100:02}"),
        "cvc": lambda card: (card.cvc,),
        "number": _number,
    }
)
