"""What tasks cost: the price list, and what becomes of a price at each end of a task."""

import pytest

from outrider.config import load_settings
from outrider.interfaces.credits import Price
from outrider.limits.prices import Prices
from outrider.problems import OutriderError

LIST = {
    "agi-0": {"task": 10},
    "scout": {"task": 3, "step": 1},
    "gift": {},
    "*": {"step": 2},
}


@pytest.mark.parametrize(
    ("agent_name", "model", "price"),
    [
        ("agi-0", "scout", Price(10, 0, 25)),
        ("fast", "scout", Price(3, 1, 25)),
        ("scout", "scout", Price(3, 1, 25)),
        ("other", "gpt", Price(0, 2, 25)),
        ("gift", "scout", None),
    ],
)
def test_the_closest_name_in_the_list_counts(agent_name: str, model: str, price: Price | None) -> None:
    assert Prices(load_settings(prices=LIST)).of(agent_name, model, 25) == price


def test_without_a_list_nothing_costs_anything() -> None:
    assert Prices(load_settings()).of("agi-0", "scout", 25) is None


def test_who_may_take_as_many_steps_as_the_server_allows_has_credits_for_them() -> None:
    price = Prices(load_settings(prices=LIST, max_steps=40)).of("scout", "scout")
    assert price is not None
    assert (price.max_steps, price.most) == (40, 43)


@pytest.mark.parametrize(
    ("event", "charged"),
    [("finished", 17), ("failed", 7), ("cancel", 7), ("delete", 7), ("expire", 7), ("close", 7), ("interrupted", 0)],
)
def test_an_answer_is_paid_for_when_there_is_one_and_work_when_the_server_has_not_cut_it_off(
    event: str, charged: int
) -> None:
    assert Price(task=10, step=1, max_steps=100).charge(event, 7) == charged


@pytest.mark.parametrize("price", [{"task": -1}, {"task": 1.5}, {"step": 10**7}, {"second": 1}])
def test_what_is_no_price_is_refused(price: dict[str, float]) -> None:
    with pytest.raises(OutriderError) as caught:
        load_settings(prices={"agi-0": price})
    assert caught.value.code == "CONFIG_INVALID"
