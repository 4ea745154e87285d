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


@pytest.mark.parametrize(
    ("task", "answer"),
    [
        ("How much is the Highland Roast?", "£6.50"),
        ("Open Highland Roast and report the price.", "£6.50"),
        ("How many coffees cost less than £8?", "2"),
        ("What is the phone number of sales?", "0800 555 018"),
    ],
)
async def test_what_is_struck_through_is_no_price_and_what_is_no_page_is_not_opened(
    run: Driver, task: str, answer: str
) -> None:
    assert (await run(task, "/coffees")).answer == answer


async def test_a_part_of_a_list_is_not_counted(run: Driver) -> None:
    done = await run("How many coffees are there?", "/coffees?more=1")
    assert (done.code, "“Showing 3 of 8 coffees”" in str(done.error)) == ("RESULT_NOT_FOUND", True)


@pytest.mark.parametrize(
    ("task", "code", "said"),
    [
        ("Add the Pen to the basket.", "STEP_REFUSED", "“Sold out” can't be pressed"),
        ("Add the Pen Deluxe to the basket.", "", "Pen Deluxe: Add to basket"),
        ("Put the ink into the basket.", "", "Ink: Add to basket"),
        ("Click 'Archive' for 'Tax letter'.", "STEP_WITHOUT_EFFECT", "it is disabled"),
        ("Click 'Archive' for 'Rent letter'.", "", "Rent letter: Archive"),
        ("Click 'Delete' for 'Ink'.", "TARGET_NOT_FOUND", "Delete (Ink)"),
        ("Go to Saved.", "", "/imprint?saved"),
    ],
)
async def test_the_button_of_one_thing_is_not_replaced_by_another_s(
    run: Driver, task: str, code: str, said: str
) -> None:
    done = await run(task, "/rows")
    assert (done.code, done.question) == (code, "")
    assert said in (done.answer or str(done.error)), done


async def test_what_is_nearly_called_so_is_asked_about_with_its_place(run: Driver) -> None:
    done = await run("Click 'Delete' for 'Tax letter'.", "/rows")
    assert (
        done.question == "Nothing is called “Delete (Tax letter)”. Do you mean button “Delete” (Old letter £0 Delete)?"
    )


@pytest.mark.parametrize(
    ("task", "page", "answer"),
    [
        ("List the starters.", "/menu", "Soup – £5.00\nBread – £3.00"),
        ("What is the cheapest main?", "/menu", "name: Curry\nprice: £11.00"),
        ("How many mains are there?", "/menu", "2"),
        ("Which home has the most holds?", "/menu/homes", "name: Garden Flat\nholds: 17"),
        ("How many homes with more than 5 holds are there?", "/menu/homes", "2"),
        ("How much is the Garden Flat?", "/menu/homes", "£275 pw"),
    ],
)
async def test_entries_are_known_by_the_heading_among_them_and_by_what_they_count(
    run: Driver, task: str, page: str, answer: str
) -> None:
    assert (await run(task, page)).answer == answer


@pytest.mark.parametrize("task", ["Which home is the cheapest?", "List the homes under £1,000."])
async def test_prices_for_different_times_are_not_compared(run: Driver, task: str) -> None:
    done = await run(task, "/menu/homes")
    assert (done.code, "what “£275 pw” is beside the others" in str(done.error)) == ("RESULT_NOT_FOUND", True)


@pytest.mark.parametrize(
    ("task", "answer"),
    [
        ("What is my time zone?", "Paris"),
        ("How much is delivery?", "£4.50"),
        ("What is the deposit?", "£1,100"),
    ],
)
async def test_values_of_fields_and_behind_their_names_are_read(run: Driver, task: str, answer: str) -> None:
    assert (await run(task, "/questions")).answer == answer


async def test_answers_are_opened_by_their_questions(run: Driver) -> None:
    done = await run("Expand 'How do I pay?' and tell me what the page says.", "/questions")
    assert ("By card." in done.answer, "five days" in done.answer) == (True, False), done
    done = await run("Expand all questions and tell me what the page says.", "/questions")
    assert ("By card." in done.answer, "five days" in done.answer) == (True, True), done


@pytest.mark.parametrize("way", ["go to Home", "go back"])
async def test_the_next_page_of_an_application_is_the_one_that_is_read(run: Driver, way: str) -> None:
    done = await run(f"Open Folk Night, {way}, open Ghost Walk and tell me the heading.", "/application")
    assert done.answer == "Ghost Walk", done


@pytest.mark.parametrize(
    ("task", "said"),
    [
        ("Click Subscribe.", "Enter a UK postcode; You must agree to continue"),
        ("Enter 90210 as postcode and tick 'I agree'. Submit the form.", "Enter a UK postcode"),
        ("Enter LS1 as postcode and click Subscribe.", "You must agree to continue"),
    ],
)
async def test_what_a_page_objects_to_beside_its_fields_is_told(run: Driver, task: str, said: str) -> None:
    done = await run(task, "/newsletter")
    assert done.code == "STEP_REFUSED", done
    assert said in str(done.error)


async def test_a_form_is_sent_by_what_it_calls_it(run: Driver) -> None:
    done = await run("Enter LS1 as postcode and tick 'I agree'. Submit the form.", "/newsletter")
    assert "You are subscribed." in done.answer
