from decimal import Decimal

import pytest

from outrider.agents.scout.amounts import count_word, money, number, ordinal, quantity, rating


@pytest.mark.parametrize(
    ("text", "amount", "currency"),
    [
        ("£3.99", "3.99", "GBP"),
        ("Price: $1,299.00 incl. tax", "1299.00", "USD"),
        ("1.299,50 €", "1299.50", "EUR"),
        ("€1.299", "1299", "EUR"),
        ("12,99 €", "12.99", "EUR"),
        ("CHF 1'200.00", "1200.00", "CHF"),
        ("1 234,50 kr", "1234.50", "SEK"),
        ("USD 5", "5", "USD"),
        ("20 pounds", "20", "GBP"),
        ("₹ 1,00,000", "100000", "INR"),
        ("US$0.500", "0.500", "USD"),
        ("now £15 was £20", "15", "GBP"),
    ],
)
def test_money(text: str, amount: str, currency: str) -> None:
    found = money(text)
    assert found is not None
    assert (found.amount, found.currency) == (Decimal(amount), currency)


@pytest.mark.parametrize("text", ["", "20 left", "LL-63134", "Krone", "2 krill", "room 12"])
def test_no_money(text: str) -> None:
    assert money(text) is None


@pytest.mark.parametrize(
    ("text", "hint", "stars"),
    [
        ("4 out of 5", "", 4.0),
        ("4.5/5", "", 4.5),
        ("Rated 3,5", "", 3.5),
        ("5 stars", "", 5.0),
        ("★★★☆☆", "", 3.0),
        ("", "star-rating three", 3.0),
        ("Rating: 2", "", 2.0),
        ("", "rating five-stars", 5.0),
    ],
)
def test_ratings(text: str, hint: str, stars: float) -> None:
    assert rating(text, hint) == stars


@pytest.mark.parametrize(("text", "hint"), [("", "star-rating"), ("£5.00", "price"), ("In stock", "")])
def test_no_rating(text: str, hint: str) -> None:
    assert rating(text, hint) is None


def test_numbers_and_number_words() -> None:
    assert number("about -1,234.5 m") == Decimal("-1234.5")
    assert number("none") is None
    assert [count_word(word) for word in ("3", "Seven", "many")] == [3, 7, None]
    assert [ordinal(word) for word in ("first", "2nd", "last", "next")] == [1, 2, -1, None]


@pytest.mark.parametrize(
    ("more", "less"),
    [("1.4 MB", "900 kB"), ("1 h 5 min", "50 min"), ("2 kg", "1975 g"), ("1.2 km", "900 m"), ("3 GiB", "13 MiB")],
)
def test_sizes_are_compared_in_one_unit(more: str, less: str) -> None:
    one, other = quantity(more), quantity(less)
    assert one is not None
    assert other is not None
    assert one > other


def test_a_number_without_a_unit_is_itself() -> None:
    assert quantity("68,042,591") == 68042591
    assert quantity("€3,015.75") == Decimal("3015.75")
    assert quantity("none") is None
