"""What a card's values have to be: a number with its check digit, a date that is not over, a security code."""

import re
from datetime import date
from typing import Final

from outrider.interfaces.vault import Card
from outrider.problems import OutriderError

__all__ = ["check_card", "passes_luhn"]

#: Lengths of numbers by ISO/IEC 7812.
_NUMBER: Final = re.compile(r"[0-9]{12,19}")
_CVC: Final = re.compile(r"[0-9]{3,4}")
_BLANKS: Final = re.compile(r"[ \-\u00a0]")


def check_card(holder: str, number: str, expiry_month: int, expiry_year: int, cvc: str, *, today: date) -> Card:
    """The card, its number without blanks. Raises CARD_INVALID, which repeats no value."""
    digits = _BLANKS.sub("", number)
    if not _NUMBER.fullmatch(digits):
        raise OutriderError("CARD_INVALID", reason="The number has to have 12 to 19 digits.")
    if not passes_luhn(digits):
        raise OutriderError("CARD_INVALID", reason="The check digit does not fit the number.")
    if (expiry_year, expiry_month) < (today.year, today.month):
        raise OutriderError("CARD_INVALID", reason="The card has expired.")
    if not _CVC.fullmatch(cvc):
        raise OutriderError("CARD_INVALID", reason="The security code has to have 3 or 4 digits.")
    return Card(holder, digits, expiry_month, expiry_year, cvc)


def passes_luhn(digits: str) -> bool:
    """Whether the last digit is the check digit of the others (ISO/IEC 7812-1, annex B)."""
    doubled = (sum(divmod(2 * int(digit), 10)) for digit in digits[-2::-2])
    return (sum(doubled) + sum(map(int, digits[::-2]))) % 10 == 0
