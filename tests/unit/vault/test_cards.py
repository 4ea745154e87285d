"""What a card has to be; and how fields want it to be written."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outrider.browsers.card_forms import FORMS
from outrider.interfaces.vault import Card
from outrider.problems import OutriderError
from outrider.vault.cards import check_card, passes_luhn

TODAY = date(2030, 8, 31)


def card(number: str = "4111 1111-1111\u00a01111", month: int = 8, year: int = 2030, cvc: str = "123") -> Card:
    return check_card("Ann", number, month, year, cvc, today=TODAY)


def test_a_card_is_kept_without_blanks_and_told_without_numbers() -> None:
    kept = card()
    assert kept.number == "4111111111111111"
    assert "4111" not in repr(kept)
    assert "123" not in repr(kept)


@pytest.mark.parametrize("number", ["4242424242424242", "378282246310005", "5555555555554444", "6011111111111117"])
def test_numbers_with_their_check_digit_pass(number: str) -> None:
    assert card(number).number == number


@pytest.mark.parametrize(
    "number", ["4111111111111112", "411111111111", "", "x" * 16, "4" * 20, "４１１１１１１１１１１１１１１１"]
)
def test_other_numbers_are_refused_and_not_repeated(number: str) -> None:
    with pytest.raises(OutriderError) as refused:
        card(number)
    assert refused.value.code == "CARD_INVALID"
    assert "4111" not in str(refused.value.as_envelope("r"))


@pytest.mark.parametrize(
    ("month", "year", "cvc"), [(7, 2030, "123"), (12, 2029, "123"), (8, 2030, "12"), (8, 2030, "12a")]
)
def test_a_card_that_is_over_or_has_no_code_is_refused(month: int, year: int, cvc: str) -> None:
    with pytest.raises(OutriderError, match="card"):
        card(month=month, year=year, cvc=cvc)


@given(digits=st.text("0123456789", min_size=11, max_size=18))
def test_exactly_one_check_digit_fits(digits: str) -> None:
    assert sum(passes_luhn(digits + last) for last in "0123456789") == 1


@given(digits=st.text("0123456789", min_size=12, max_size=19), place=st.integers(0, 18), by=st.integers(1, 9))
def test_one_wrong_digit_is_noticed(digits: str, place: int, by: int) -> None:
    place %= len(digits)
    wrong = digits[:place] + str((int(digits[place]) + by) % 10) + digits[place + 1 :]
    assert not (passes_luhn(digits) and passes_luhn(wrong))


def test_the_ways_of_writing_a_card() -> None:
    forms = {name: write(card(month=9)) for name, write in FORMS.items()}
    assert forms["number"] == ("4111111111111111", "4111 1111 1111 1111")
    assert forms["expiry"][:2] == ["09/30", "09/2030"]
    assert forms["expiry"][-1] == "2030-09"
    assert forms["expiry_month"] == ("09", "9", "September")
    assert forms["expiry_year"] == ("2030", "30")
    assert list(forms)[-1] == "number"
