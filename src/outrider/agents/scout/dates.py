"""Dates as pages write them. What can be read in two ways, or lacks its year, is no date to compare by."""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Final

MONTHS: Final[Mapping[str, int]] = {
    name: number
    for number, names in enumerate(
        (
            "jan january", "feb february", "mar march", "apr april", "may", "jun june", "jul july", "aug august",
            "sep sept september", "oct october", "nov november", "dec december",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_MONTH: Final = rf"(?P<month>{'|'.join(sorted(MONTHS, key=len, reverse=True))})\b\.?"
_DAY: Final = r"(?P<day>\d{1,2})(?:st|nd|rd|th|\.)?"
_YEAR: Final = r"(?P<year>\d{4})"
_FORMS: Final = tuple(
    re.compile(rf"(?<![\w/.-]){form}(?![\w/-])", re.IGNORECASE)
    for form in (
        rf"{_YEAR}[-/.](?P<month>\d{{1,2}})[-/.](?P<day>\d{{1,2}})(?:T[\d:.]+Z?)?",
        rf"{_DAY}\s+(?:of\s+)?{_MONTH},?\s+{_YEAR}",
        rf"{_MONTH}\s+{_DAY},?\s+{_YEAR}",
        rf"(?P<day>\d{{1,2}})\.(?P<month>\d{{1,2}})\.{_YEAR}",
        rf"(?P<one>\d{{1,2}})[/-](?P<two>\d{{1,2}})[/-]{_YEAR}",
    )
)
_CLOCK: Final = re.compile(r"(?<!\d)([01]?\d|2[0-3]):([0-5]\d)\b(?:\s*([ap])\.?m\b)?", re.IGNORECASE)
_WITHOUT_YEAR: Final = re.compile(
    rf"\b(?:{_DAY}\s+{_MONTH}|{_MONTH.replace('month', 'm')}\s+\d{{1,2}}\b)", re.IGNORECASE
)
_AGO: Final = re.compile(r"\b(?:ago|yesterday|today|just now|last (?:week|month|year))\b", re.IGNORECASE)
#: What may stand around a date in a text that says nothing else.
_AROUND: Final = re.compile(
    r"\b(?:published|posted|updated|created|written|released|added|on|at|date|placed|by|mon|tue|wed|thu|fri|sat|sun"
    r"|mon|tues|wednes|thurs|fri|satur|sun)(?:day)?\b|[\s,:;·|()–-]",
    re.IGNORECASE,
)


def date_in(text: str) -> str:
    """The words of the first date in a text, or ""."""
    found = next(filter(None, (form.search(text) for form in _FORMS)), None) or _WITHOUT_YEAR.search(text)
    return found.group().strip() if found else ""


def is_date(text: str) -> bool:
    """Whether a text is a date and nothing else, whether or not it can be compared."""
    if _AGO.search(text) and len(text) < 40:
        return True
    found = date_in(text)
    return bool(found) and not _AROUND.sub("", _CLOCK.sub("", text.replace(found, "", 1)))


def moment(text: str) -> Decimal | None:
    """The first date in a text as a number of days, its time of day as their fraction; None when it is not clear."""
    day = next(filter(None, (_day(found) for form in _FORMS if (found := form.search(text)))), None)
    if day is None:
        return None
    clock = _CLOCK.search(text)
    hours = (int(clock[1]) % 12 + 12 * (clock[3].lower() == "p") if clock[3] else int(clock[1])) if clock else 0
    minutes = hours * 60 + (int(clock[2]) if clock else 0)
    return Decimal(day.toordinal()) + Decimal(minutes) / 1440


def _day(found: re.Match[str]) -> date | None:
    parts = found.groupdict()
    if "one" in parts:
        one, two = int(parts["one"]), int(parts["two"])
        if one <= 12 and two <= 12 and one != two:
            return None  # 3/4: the third of April, or the fourth of March
        day, month = (one, two) if one > 12 or one == two else (two, one)
    else:
        day, month = int(parts["day"]), MONTHS.get(parts["month"].lower()) or int(parts["month"])
    try:
        return date(int(parts["year"]), month, day)
    except ValueError:
        return None
