from datetime import UTC, datetime
from decimal import Decimal

import pytest

from outrider.agents.scout.dates import date_in, is_date, moment


def days(year: int, month: int, day: int) -> Decimal:
    return Decimal(datetime(year, month, day, tzinfo=UTC).toordinal())


CLEAR = [
    ("2026-11-03", days(2026, 11, 3)),
    ("Placed 2 Nov 2026", days(2026, 11, 2)),
    ("November 2nd, 2026", days(2026, 11, 2)),
    ("Nov 2 2026", days(2026, 11, 2)),
    ("31. October 2026", days(2026, 10, 31)),
    ("03.11.2026", days(2026, 11, 3)),
    ("25/12/2026", days(2026, 12, 25)),
    ("12/25/2026", days(2026, 12, 25)),
    ("4/4/2026", days(2026, 4, 4)),
    ("2026-11-03T12:00:00Z", days(2026, 11, 3) + Decimal("0.5")),
    ("3 May 2026, 6:00 pm", days(2026, 5, 3) + Decimal("0.75")),
]


@pytest.mark.parametrize(("text", "when"), CLEAR)
def test_a_date_is_a_moment(text: str, when: Decimal) -> None:
    assert moment(text) == when


@pytest.mark.parametrize(
    "text", ["3/4/2026", "18 November", "yesterday", "2 days ago", "31 Feb 2026", "price 2026", ""]
)
def test_what_is_not_clear_is_no_moment(text: str) -> None:
    assert moment(text) is None


def test_a_date_is_found_among_other_words() -> None:
    assert date_in("By Jonas Weir, 20 November 2026") == "20 November 2026"
    assert date_in("Tram line 4 gets quieter wheels") == ""


@pytest.mark.parametrize(
    "text", ["20 November 2026", "Published on Mon, 2 Nov 2026, 12:30", "18 November", "2 days ago"]
)
def test_a_text_that_is_a_date_and_nothing_else(text: str) -> None:
    assert is_date(text)


@pytest.mark.parametrize("text", ["By Ann, 20 November 2026", "May", "£4.00", "Version 2026.11.03 of it"])
def test_a_text_that_says_more_is_none(text: str) -> None:
    assert not is_date(text)
