"""Amounts of money as pages write them: whatever the way of writing, a limit is not passed."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outrider.problems import OutriderError
from outrider.vault.amounts import read_amount


@pytest.mark.parametrize(
    ("text", "value", "currency"),
    [
        ("£1,234.50", "1234.50", "GBP"),
        ("12,99 €", "12.99", "EUR"),
        ("Total: EUR 5", "5", "EUR"),
        ("1.234,50 EUR", "1234.50", "EUR"),
        ("$20", "20", "USD"),
        ("$20", "20", "CAD"),
        ("CHF 1'234.00", "1234.00", "CHF"),
        ("12\u202f000,5\u00a0kr", "12000.5", "SEK"),
        ("₹1,23,456.00", "123456.00", "INR"),
        ("99 zł", "99", "PLN"),
        ("5.00 kr", "5.00", "NOK"),
        ("NT$4,000", "4000", "TWD"),
        ("500.000 ₫", "500000", "VND"),
        ("R$ 20,00", "20.00", "BRL"),
    ],
)
def test_an_amount_is_read(text: str, value: str, currency: str) -> None:
    amount = read_amount(text)
    assert amount.value == Decimal(value)
    assert currency in amount.currencies


@pytest.mark.parametrize(("text", "currency"), [("NT$4000", "USD"), ("CI$20", "USD"), ("20 ₾", "GBP"), ("C$20", "USD")])
def test_a_sign_with_letters_is_not_the_sign_alone(text: str, currency: str) -> None:
    assert currency not in read_amount(text).currencies
    assert read_amount(text).currencies


@pytest.mark.parametrize("text", ["₿20", "Z$20", "XY€ 5", "₰ 12"])
def test_a_sign_that_nobody_knows_is_refused(text: str) -> None:
    with pytest.raises(OutriderError) as refused:
        read_amount(text)
    assert refused.value.code == "PAYMENT_AMOUNT_UNREADABLE"
    assert "currency" in refused.value.message


@pytest.mark.parametrize(("text", "value"), [("1.234", "1234"), ("1,234 €", "1234"), ("0.500", "0500")])
def test_what_may_be_two_amounts_is_the_larger_one(text: str, value: str) -> None:
    assert read_amount(text).value == Decimal(value)


@pytest.mark.parametrize("text", ["12.50", "Kreditkarte 12.50", "Total 12.50"])
def test_a_text_without_a_currency_names_none(text: str) -> None:
    assert read_amount(text).currencies == frozenset()


@pytest.mark.parametrize("text", ["", "free", "1 of 2 for £3", "-£5.00", "− 5 €", "1.2.3.4", "12,34,5", "£"])
def test_what_is_no_single_amount_is_refused(text: str) -> None:
    with pytest.raises(OutriderError) as refused:
        read_amount(text)
    assert refused.value.code == "PAYMENT_AMOUNT_UNREADABLE"


@given(cents=st.integers(0, 10**11), group=st.sampled_from([",", ".", "", "'", "\u00a0"]), mark=st.sampled_from(".,"))
def test_every_way_of_writing_is_the_same_amount(cents: int, group: str, mark: str) -> None:
    if group == mark:
        group = ""
    whole = f"{cents // 100:,}".replace(",", group)
    assert read_amount(f"EUR {whole}{mark}{cents % 100:02}").value == Decimal(cents) / 100
