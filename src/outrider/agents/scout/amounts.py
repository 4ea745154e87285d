"""Numbers as pages write them: prices, ratings, counts, sizes."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Final

_NUMBERS: Final = "zero one two three four five six seven eight nine ten eleven twelve"
_ORDINALS: Final = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth"
_COUNT: Final[Mapping[str, int]] = MappingProxyType({word: n for n, word in enumerate(_NUMBERS.split())})
_PLACE: Final[Mapping[str, int]] = MappingProxyType(
    {word: n for n, word in enumerate(_ORDINALS.split(), start=1)} | {"last": -1, "final": -1, "top": 1}
)

#: Symbol or code as pages write it -> ISO 4217 code.
CURRENCIES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "£": "GBP", "gbp": "GBP", "us$": "USD", "$": "USD", "usd": "USD", "€": "EUR", "eur": "EUR", "euro": "EUR",
        "euros": "EUR", "¥": "JPY", "jpy": "JPY", "₹": "INR", "inr": "INR", "rs": "INR", "chf": "CHF", "fr.": "CHF",
        "kr": "SEK", "sek": "SEK", "nok": "NOK", "dkk": "DKK", "zł": "PLN", "pln": "PLN", "₽": "RUB", "rub": "RUB",
        "r$": "BRL", "brl": "BRL", "c$": "CAD", "cad": "CAD", "a$": "AUD", "aud": "AUD", "₩": "KRW", "krw": "KRW",
        "₺": "TRY", "czk": "CZK", "kč": "CZK", "huf": "HUF", "ft": "HUF", "cny": "CNY", "元": "CNY", "sgd": "SGD",
        "pounds": "GBP", "dollars": "USD", "bucks": "USD",
    }
)  # fmt: skip

_CURRENCY = "|".join(re.escape(one) for one in sorted(CURRENCIES, key=len, reverse=True))
_DIGITS = r"\d{1,2}(?:,\d{2})+,\d{3}(?!\d)|\d{1,3}(?:[.,’' \u00a0\u202f]\d{3})+(?:[.,]\d{1,2})?(?!\d)|\d+(?:[.,]\d+)?"
_MONEY = re.compile(
    rf"(?<![\w.])(?:(?P<before>{_CURRENCY})\s*(?P<a>{_DIGITS})"
    rf"|(?P<b>{_DIGITS})(?:,-)?\s*(?P<after>{_CURRENCY})(?![^\W\d_]))",
    re.IGNORECASE,
)
#: As the browser tells what a page strikes through.
_STRUCK = re.compile("~~.*?~~")
_NUMBER = re.compile(rf"[-−]?(?:{_DIGITS})")
_OUT_OF = re.compile(r"(\d+(?:[.,]\d+)?)\s*(?:/|out of|of|von)\s*(?:5|10|100)\b", re.IGNORECASE)
_STARS = re.compile(
    r"(\d+(?:[.,]\d+)?)[\s-]*(?:stars?|★)|(?:rating|rated|score|stars?)\D{0,15}?(\d+(?:[.,]\d+)?)", re.IGNORECASE
)
_STAR_WORD = re.compile(
    r"\b(zero|one|two|three|four|five)\b[\s-]*(?:stars?|out of)"
    r"|(?:star|rating|rated)\D{0,15}?\b(zero|one|two|three|four|five)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Money:
    """An amount with its currency (ISO 4217 code, "" when unknown) and the words it was read from."""

    amount: Decimal
    currency: str
    text: str


def money(text: str) -> Money | None:
    """The first amount of money in a text that is not struck through: ``£1,299.00``, ``12,99 €``, ``USD 5``."""
    found = _MONEY.search(_STRUCK.sub(" ", text))
    if found is None:
        return None
    digits = found["a"] or found["b"]
    mark = (found["before"] or found["after"]).lower()
    return Money(_decimal(digits), CURRENCIES[mark], found.group().strip())


def number(text: str) -> Decimal | None:
    """The first number in a text, whatever its separators."""
    found = _NUMBER.search(text)
    if found is None:
        return None
    sign = -1 if found.group()[0] in "-−" else 1
    return sign * _decimal(found.group().lstrip("-−"))


#: Unit as pages write it -> how many of the smallest that lists have beside it.
_UNITS: Final[Mapping[str, Decimal]] = MappingProxyType(
    {
        unit: Decimal(factor)
        for units, factor in (
            ("b bytes g ml mm sec s", 1), ("kb kib k thousand kg l", 1000), ("cm cl", 10), ("m min", "1000"),
            ("mb mib million mn", 1000_000), ("gb gib billion bn", 1000_000_000), ("tb tib", 1000_000_000_000),
            ("km", 1000_000), ("h hr hrs hour hours", 60_000), ("day days", 1_440_000), ("lb lbs", "453.6"),
            ("oz", "28.35"), ("t", 1000_000),
        )
        for unit in units.split()
    }
)  # fmt: skip
_MEASURED = re.compile(rf"({_DIGITS})\s?({'|'.join(sorted(_UNITS, key=len, reverse=True))})\b", re.IGNORECASE)


def has_unit(text: str) -> bool:
    """Whether a text says a number with a unit that ``quantity`` knows."""
    return _MEASURED.search(text) is not None


def quantity(text: str) -> Decimal | None:
    """The number of a text in the smallest unit of its kind: "1.4 MB" is more than "900 kB", "1 h 5 min" than "50"
    " min"."""
    parts = _MEASURED.findall(text)
    if not parts or money(text):
        return number(text)
    return sum((_decimal(digits) * _UNITS[unit.lower()] for digits, unit in parts), Decimal(0))


def rating(text: str, hint: str = "") -> float | None:
    """How many stars a text (``4 out of 5``, ``★★★☆☆``, ``Rated 4.2``) or class words (``star-rating three``) show."""
    for source in (text, hint):
        if found := _OUT_OF.search(source):
            return float(_decimal(found[1]))
        if found := _STAR_WORD.search(source):
            return float(_COUNT[(found[1] or found[2]).lower()])
        if found := _STARS.search(source):
            return float(_decimal(found[1] or found[2]))
    full = text.count("★")
    return float(full) if full and full + text.count("☆") <= 10 and ("☆" in text or full > 1) else None


def count_word(word: str) -> int | None:
    """A whole number in digits or as a word."""
    word = word.lower()
    return int(word) if word.isdigit() else _COUNT.get(word)


def ordinal(word: str) -> int | None:
    """The position that a word names, counted from 1; the last is -1."""
    if found := re.fullmatch(r"(\d+)(?:st|nd|rd|th)", word.lower()):
        return int(found[1])
    return _PLACE.get(word.lower())


def names_of_number(number: int) -> frozenset[str]:
    """How a count or a position may be written: 2 as "2", "two", "second", "2nd", "twice"."""
    words = {word for names in (_COUNT, _PLACE) for word, value in names.items() if value == number}
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10 if number % 100 not in (11, 12, 13) else 0, "th")
    return frozenset({*words, str(number), f"{number}{ending}", *({"twice"} if number == 2 else ())})


def _decimal(digits: str) -> Decimal:
    """Digits with any separators: the last one is the decimal point unless exactly three digits follow it."""
    digits = re.sub(r"[’' \u00a0\u202f]", "", digits)
    whole, mark, rest = _last_separator(digits)
    if mark and (len(rest) != 3 or whole == "0") and mark not in whole:
        return Decimal(f"{re.sub('[.,]', '', whole)}.{rest}")
    return Decimal(re.sub("[.,]", "", digits))


def _last_separator(digits: str) -> tuple[str, str, str]:
    found = re.match(r"(.*)([.,])(\d+)$", digits)
    return (found[1], found[2], found[3]) if found else (digits, "", "")
