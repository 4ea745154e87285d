"""What newcomers have asked for on pages as they are: lists with owners, baskets of lists, menus, results."""

import pytest
from tests.integration.scout.conftest import Driver

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    ("task", "answer"),
    [
        ("Which boat is the longest?", "name: Nordlys\nlength: 15 m"),
        ("What is the second longest boat?", "name: Grey Gull\nlength: 12.4 m"),
        ("List the two longest boats with owner.", "Nordlys – Jon Ek\nGrey Gull – Ida Holm"),
        ("Which two boats are the shortest?", "Otter – Tom Reed – 6.1 m – B2\nSea Lark – Tom Reed – 9.2 m – A3"),
        ("How many boats does Tom Reed own?", "2"),
        ("How many boats belong to Zoe Quist?", None),
        ("Which boats does Tom Reed own?", "Sea Lark – Tom Reed – 9.2 m – A3\nOtter – Tom Reed – 6.1 m – B2"),
        ("Which boats belong to Ida Holm?", "Grey Gull – Ida Holm – 12.4 m – A7"),
        ("List the boats of Tom Reed.", "Sea Lark\nOtter"),
        ("List the berths of Tom Reed.", "A3\nB2"),
        ("Who owns the Grey Gull?", "Ida Holm"),
    ],
)
async def test_who_has_what_and_which_is_the_longest(run: Driver, task: str, answer: str | None) -> None:
    done = await run(task, "/harbour")
    assert (done.answer, done.code) == (answer, "" if answer else "RESULT_NOT_FOUND"), done


@pytest.mark.parametrize(("task", "way"), [("Open Crane hire.", "C"), ("Click 'Join us'.", "J")])
async def test_a_menu_opens_when_it_is_pointed_at(run: Driver, task: str, way: str) -> None:
    done = await run(task, "/harbour")
    assert (await run.page.observe()).url.endswith(f"/imprint?{way}"), done


async def test_what_no_menu_has_is_told(run: Driver) -> None:
    assert (await run("Open Boat school.", "/harbour")).code == "TARGET_NOT_FOUND"


@pytest.mark.parametrize(
    ("task", "said"),
    [
        ("Put the tin mug into the basket.", "Tin mug was added to your basket."),
        ("Put the cheapest mug into the basket.", "Tin mug was added to your basket."),
        ("Put the glass mug into the basket.", "“Sold out” can't be pressed"),
        ("Put the steel mug into the basket.", "“Add to basket” can't be pressed"),
    ],
)
async def test_what_only_the_list_can_put_into_the_basket_is_put_there(run: Driver, task: str, said: str) -> None:
    done = await run(task, "/mugs")
    assert said in (done.answer or str(done.error)), done
    assert done.code == ("" if "added" in said else "STEP_REFUSED")


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ("tell me the Result", "42"),
        ("report the result", "42"),
        ("report the value of Result", "42"),
        ("report the order number", "HC-2291"),
    ],
)
async def test_a_result_is_read_by_what_it_is_called(run: Driver, asked: str, answer: str) -> None:
    assert (await run(f"Open the page, enter 21 as A, click 'Compute' and {asked}.", "/sums")).answer == answer
