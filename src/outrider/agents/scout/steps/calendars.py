"""Dates and times of day: typed into the field as it takes them, or picked in the calendar that it opens."""

import re
from collections.abc import Callable, Sequence
from datetime import date
from typing import Final, NoReturn

from outrider.agents.scout.dates import MONTHS
from outrider.agents.scout.pages.grounding import TYPED, describe, rank
from outrider.agents.scout.steps.attempts import failure, ground
from outrider.agents.scout.steps.progress import Done, Move, Outcome, Situation
from outrider.agents.scout.synonyms import plain_words
from outrider.agents.scout.tasks.deeds import EnterDate
from outrider.interfaces.actions import Click, Fill, Wait
from outrider.interfaces.models import Ask
from outrider.interfaces.pages import Element
from outrider.problems import OutriderError

__all__ = ["enter_date"]

#: Months that a calendar is turned at most.
_TURNS: Final = 60
_PICKERS: Final = frozenset({"datepicker", "calendar", "datetimepicker", "flatpickr"})
_TITLE: Final = re.compile(rf"\b({'|'.join(sorted(MONTHS, key=len, reverse=True))})\.?,?\s+(\d{{4}})\b", re.IGNORECASE)
_ISO: Final = re.compile(r"(\d{4})[/.-](\d{1,2})[/.-](\d{1,2})")
_PARTS: Final = re.compile(r"(\d{1,2})([/.-])(\d{1,2})[/.-](\d{4})")
_CLOCK: Final = re.compile(r"(\d{1,2}):(\d{2})(?::\d{2})?(?:\s?([ap])\.?m\.?)?", re.IGNORECASE)


def enter_date(wanted: EnterDate, now: Situation) -> Outcome:
    """Put the date or time in; in a calendar, month by month to the day."""
    if now.last is not None and now.last.problem:
        raise failure(now.last, f"enter {wanted.value}", now)
    if now.phase == "day":
        return Move(Wait(), "Waiting until the calendar is closed", "wait")
    if now.phase in ("fill", "wait"):
        return Done()
    day = day_of(wanted.value)
    if now.phase in ("open", "turn"):
        return _in_calendar(day or _unreadable(wanted, now), now)
    found = _field(wanted, now)
    if isinstance(found, Ask):
        return found
    if found.kind in ("date", "time"):
        return Move(Fill(found.index, _written(found.kind, wanted, now)), f"Entering {wanted.value}", "fill")
    if "readonly" in found.states or _PICKERS & {word for hint in found.hints for word in _words(hint)}:
        return Move(Click(found.index), f"Opening the calendar of {describe(found)}", "open")
    return Move(Fill(found.index, wanted.value), f"Entering {wanted.value}", "fill")


def _words(hint: str) -> Sequence[str]:
    return (hint.lower(), *plain_words(hint), *(word.removeprefix("has") for word in re.split(r"\W+", hint.lower())))


def _field(wanted: EnterDate, now: Situation) -> Element | Ask:
    """The field that is called so; else the only one that takes dates, or times."""
    if not rank(now.observation.elements, wanted.field, TYPED):
        kind = "time" if _CLOCK.fullmatch(wanted.value) else "date"
        own = [e for e in now.observation.elements if e.kind == kind]
        if len(own) == 1:
            return own[0]
    found = ground(now, wanted.field, TYPED)
    return found if isinstance(found, Ask) else found[0].element


def day_of(text: str) -> date | None:
    """The day that a task means: with slashes the month comes first, as the browser's language (en-US) has it."""
    try:
        if found := _ISO.fullmatch(text):
            return date(*map(int, found.groups()))
        if found := _PARTS.fullmatch(text):
            one, sign, two, year = int(found[1]), found[2], int(found[3]), int(found[4])
            month, day = (two, one) if sign == "." or one > 12 else (one, two)
            return date(year, month, day)
    except ValueError:
        return None
    return None


def _written(kind: str, wanted: EnterDate, now: Situation) -> str:
    """As a field of the browser's own takes it: ``2016-01-14``, ``21:37``."""
    if kind == "date":
        return (day_of(wanted.value) or _unreadable(wanted, now)).isoformat()
    clock = _CLOCK.fullmatch(wanted.value) or _unreadable(wanted, now)
    hours = int(clock[1]) % 12 + 12 * (clock[3].lower() == "p") if clock[3] else int(clock[1])
    return f"{hours:02}:{clock[2]}"


def _unreadable(wanted: EnterDate, now: Situation) -> NoReturn:
    description = f"a day called “{wanted.value}”"
    raise OutriderError("TARGET_NOT_FOUND", description=description, url=now.observation.url)


def _in_calendar(day: date, now: Situation) -> Outcome:
    """Turn to the month, then click the day."""
    shown = next(filter(None, (_TITLE.search(text.text) for text in now.observation.texts)), None)
    if shown is None or len(now.taken("turn")) > _TURNS:
        raise OutriderError("TARGET_NOT_FOUND", description="a calendar with its month", url=now.observation.url)
    ahead = (day.year - int(shown[2])) * 12 + day.month - MONTHS[shown[1].lower()]
    if ahead:
        names = ("next", "›", "»", ">") if ahead > 0 else ("prev", "previous", "‹", "«", "<")
        turn = _called(now, lambda name: name in names or name.split()[:1] == [names[0]] or name == f"{names[1]} month")
        return Move(Click(turn[0].index), f"Turning the calendar to {day:%B %Y}", "turn")
    found = _called(now, lambda name: name == str(day.day))
    element = found[-1] if day.day > 15 else found[0]  # days of the neighbouring months may stand around
    return Move(Click(element.index), f"Choosing {day.isoformat()}", "day")


def _called(now: Situation, fits: Callable[[str], bool]) -> list[Element]:
    found = [
        e
        for e in now.observation.elements
        if e.role not in TYPED and "disabled" not in e.states and fits(e.name.strip().lower())
    ]
    if not found:
        raise OutriderError("TARGET_NOT_FOUND", description="the day in the calendar", url=now.observation.url)
    return found
