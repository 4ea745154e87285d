"""What is done only if the page shows that something is so."""

import pytest
from tests.integration.scout.conftest import Driver

from outrider.interfaces.actions import Extract

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    ("task", "received"),
    [
        ("If its state is planned, set the crew to North.", "state=Planned, crew=North"),
        ("If the state is still 'Planned', change the state to Done.", "state=Done"),
        ("If the state is not planned, set the crew to North. Otherwise set the crew to South.", "crew=South"),
    ],
)
async def test_a_field_decides(run: Driver, task: str, received: str) -> None:
    done = await run(f"{task} Then read the status message.", "/repair")
    assert received in str(done.answer), done


async def test_a_condition_that_is_not_met_changes_nothing_and_the_answer_says_why(run: Driver) -> None:
    done = await run("If its state is done, set the crew to North. Otherwise don't change anything.", "/repair")
    assert (done.answer, done.actions) == ("Planned", [])


async def test_what_the_page_does_not_show_decides_nothing(run: Driver) -> None:
    done = await run("If its urgency is high, set the crew to North.", "/repair")
    assert done.code == "RESULT_NOT_FOUND"
    assert all(isinstance(action, Extract) for action in done.actions)


@pytest.mark.parametrize(
    ("wanted", "bought"), [("Tin tea pot", "Iron tea pot"), ("Clay tea pot", "Clay tea pot")], ids=["sold out", "there"]
)
async def test_another_is_taken_in_the_place_of_what_is_sold_out(run: Driver, wanted: str, bought: str) -> None:
    await run(f"I'd like to buy the '{wanted}'. If it is sold out, put the 'Iron tea pot' into my cart instead.")
    done = await run("List what is in the cart", None)
    assert [name for name in ("Tin tea pot", "Iron tea pot", "Clay tea pot") if name in str(done.answer)] == [bought]


async def test_the_price_decides(run: Driver) -> None:
    told = "If it costs less than £10, put it into my cart. Otherwise tell me the weight."
    done = await run(f"Open the product 'Iron tea pot'. {told}")
    assert done.answer == "7 kg"


async def test_a_condition_that_speaks_of_no_value_that_the_field_can_have_decides_nothing(run: Driver) -> None:
    done = await run("If its state is not shipped, set the crew to North.", "/repair")
    assert (done.code, done.actions) == ("RESULT_NOT_FOUND", [])


async def test_a_field_that_is_empty_decides_nothing(run: Driver) -> None:
    done = await run("If its crew is not North, set the state to Done.", "/repair")
    assert (done.code, done.actions) == ("RESULT_NOT_FOUND", [])


async def test_whether_it_can_be_had_has_to_be_clear(run: Driver) -> None:
    done = await run("If it is out of stock, press 'Add to cart'.", "/item/3")
    assert (done.code, len(done.actions)) == ("RESULT_NOT_FOUND", 1)
