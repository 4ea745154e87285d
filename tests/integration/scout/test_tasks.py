"""Whole tasks on a local site, from the sentence to the answer."""

from typing import Any

import pytest
from tests.integration.scout.conftest import Driver

from outrider.interfaces.actions import Action, Extract, Fill

pytestmark = pytest.mark.browser


async def test_the_main_job(run: Driver) -> None:
    done = await run(
        "Search for 'tea pot', open the cheapest match, put it in the basket, report name and price as JSON"
    )

    assert done.answer == {"name": "Tin tea pot", "price": "£9.49"}
    assert "£9.49" in done.evidence["price"]
    assert any("chosen from 5 entries" in thought for thought in done.thoughts)
    inside = await run("What is in the cart?", None)
    assert "Tin tea pot" in inside.answer
    assert "£9.49" in inside.answer


async def test_the_cheapest_that_is_in_stock(run: Driver) -> None:
    done = await run("Search for tea pot and report the name of the cheapest one in stock")
    assert done.answer == "Clay tea pot"


async def test_what_has_no_price_is_never_the_cheapest(run: Driver) -> None:
    done = await run("Search for 'cosy' and open the cheapest match")
    assert done.code == "RESULT_NOT_FOUND"


async def test_a_list_over_all_pages(run: Driver) -> None:
    done = await run("Go to the shop and list all products with name, price and link over all pages as JSON")

    assert [row["name"] for row in done.answer] == [
        "Green tea pot", "Clay tea pot", "Glass tea pot", "Tea cosy", "Tin tea pot", "Tea strainer", "Iron tea pot",
    ]  # fmt: skip
    assert done.answer[0]["price"] == "£14.50"
    assert done.answer[3]["price"] is None
    assert done.answer[0]["link"].endswith("/item/0")
    assert done.missing == ()


@pytest.mark.parametrize(
    ("task", "answer"),
    [
        ("List the products on this page", "Green tea pot – £14.50 – 4"),
        ("What is the title of the highest rated product?", "Glass tea pot"),
        ("How many products are there?", "7"),
        ("How many products are under £10?", "3"),
        ("Which product is the most expensive?", "name: Glass tea pot\nprice: £1,009.00"),
        ("Report the name of the second product", "Clay tea pot"),
        ("Tell me the name of the last product", "Iron tea pot"),
        ("Get the weight of the most expensive product", "3 kg"),
        ("Give me the 2 cheapest products with their name", "Tea strainer\nTin tea pot"),
        ("What is the price of 'Clay tea pot'?", "£9.99"),
        ("What is the article number of the 'Clay tea pot'?", "SM-001"),
        ("Is the 'Tin tea pot' in stock?", "No – Out of stock"),
        ("Open the product 'Iron tea pot' and read its description", "A fine thing, made in Smallham by the river."),
    ],
)
async def test_questions_about_a_list(run: Driver, task: str, answer: str) -> None:
    done = await run(task, "/shop")
    assert done.answer == answer or (answer.startswith("Green") and str(done.answer).startswith(answer)), done


@pytest.mark.parametrize(
    ("task", "answer"),
    [
        ("What is the population of Midbury?", "20,007"),
        ("Which town has the largest population?", "name: Bigton\npopulation: 98,311"),
        ("Report the town with the oldest founding", None),
        ("Extract all rows of the table as JSON", [
            {"Town": "Smallham", "Population": "1,204", "Founded": "2019"},
            {"Town": "Bigton", "Population": "98,311", "Founded": "1854"},
            {"Town": "Midbury", "Population": "20,007", "Founded": "1702"},
        ]),
    ],
)  # fmt: skip
async def test_tables(run: Driver, task: str, answer: Any) -> None:
    done = await run(task, "/towns")
    assert done.answer == answer, done


async def test_a_long_table_is_counted_whole(run: Driver) -> None:
    done = await run("How many rows does the table have?", "/census?rows=700")
    assert done.answer == "700"


@pytest.mark.parametrize(
    ("path", "task"),
    [
        ("/census?rows=1200", "How many rows are there?"),
        ("/census?rows=30&of=45", "Which person has the highest age?"),
        ("/census?page=1", "Which person has the highest age?"),
    ],
)
async def test_nothing_is_said_of_a_list_that_was_not_read_to_its_end(run: Driver, path: str, task: str) -> None:
    done = await run(task, path)
    assert done.code == "RESULT_NOT_FOUND", done


async def test_a_list_that_was_cut_says_so(run: Driver) -> None:
    done = await run("List all rows of the table", "/census?rows=30&of=45")
    assert len(done.answer.splitlines()) == 31
    assert done.answer.endswith("Not listed: 15 of the entries of the list (“45 entries”)")
    assert done.missing == ("15 of the entries of the list (“45 entries”)",)


async def test_values_of_a_page(run: Driver) -> None:
    done = await run("Read the heading and the mayor", "/imprint")
    assert done.answer == "heading: Imprint\nmayor: Una Vale"


async def test_a_value_that_is_not_there_is_missing(run: Driver) -> None:
    done = await run("Report the name, the weight and the colour as JSON", "/item/2")
    assert done.answer == {"name": "Glass tea pot", "weight": "3 kg", "colour": None}
    assert done.missing == ("colour",)


async def test_only_values_that_are_not_there_are_a_failure(run: Driver) -> None:
    done = await run("Report the colour", "/item/2")
    assert done.code == "RESULT_NOT_FOUND"
    assert done.error is not None
    assert "colour" in done.error.message


async def test_two_of_it_are_put_into_the_basket(run: Driver) -> None:
    done = await run("Put 2 of it in the basket and report the quantity as JSON", "/item/1")
    assert done.answer == {"quantity": "2"}


async def test_several_products_are_put_into_the_basket(run: Driver) -> None:
    await run("Add the first two products to the basket", "/shop")
    done = await run("List what is in the basket", None)
    assert "Green tea pot" in done.answer
    assert "Clay tea pot" in done.answer


async def test_a_shopping_list_in_lines(run: Driver) -> None:
    await run("Please put the following into my cart:\n- 2 x Clay tea pot\n- 1 x Iron tea pot")
    done = await run("List the name and quantity of everything in the cart", None)
    assert done.answer == "Clay tea pot – 2\nIron tea pot – 1"


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("When was Long Bridge last painted?", "3 May 2024"),
        ("Who is the warden of Long Bridge?", "Piet Holm"),
    ],
)
async def test_a_value_is_read_on_the_page_of_what_is_only_mentioned(run: Driver, question: str, answer: str) -> None:
    done = await run(question, "/bridges")
    assert done.answer == answer


async def test_a_headline_and_a_review_are_the_title_and_the_only_long_text(run: Driver) -> None:
    done = await run("Headline: 'Fine'. Review: 'Very quiet.'. Send it and read the status message.", "/opinion")
    assert done.answer == "Received: title=Fine, body=Very quiet."


async def test_a_search_without_results_is_quoted(run: Driver) -> None:
    done = await run("Search for zebra and open the cheapest match")
    assert done.code == "RESULT_NOT_FOUND"
    assert done.error is not None
    assert "No results for “zebra”." in done.error.message


async def test_one_reading_of_a_page_serves_several_questions(run: Driver) -> None:
    done = await run(
        "Report the name of the first product. Report the name of the second product. Report the name of the third "
        "product. Tell me the price of the cheapest product on this page. Answer in JSON.",
        "/shop",
    )
    assert [thing["name"] for thing in done.answer] == ["Green tea pot", "Clay tea pot", "Glass tea pot"]
    assert done.answer[2]["price"] == "£9.99"
    assert sum(isinstance(action, Extract) for action in done.actions) <= 4


def typed(actions: list[Action]) -> list[str]:
    return [action.text for action in actions if isinstance(action, Fill)]


async def test_logging_in(run: Driver) -> None:
    done = await run("Log in as ann@example.org with password 'right horse' and read the heading")
    assert done.answer == "Hello Ann"
    assert typed(done.actions) == ["ann@example.org", "right horse"]
    assert not any("horse" in thought for thought in done.thoughts)


async def test_a_refused_log_in_is_a_failure_that_quotes_the_page(run: Driver) -> None:
    done = await run("Log in as ann@example.org with password wrong")
    assert done.code == "STEP_REFUSED"
    assert done.error is not None
    assert "The password is incorrect." in done.error.message


async def test_credentials_that_are_not_given_are_asked_for(run: Driver) -> None:
    unanswered = await run("Log in")
    assert unanswered.question == "Which user name or email address shall I log in with?"
    assert unanswered.actions == []

    done = await run("Log in", answers={"user name": "ann@example.org", "password": "right horse"})
    assert "Hello Ann" in done.answer or "My page" in done.answer


async def test_a_form_is_filled_and_sent(run: Driver) -> None:
    done = await run(
        "Fill in the form: name 'Ann', street 'High Street', choose 'Deep' for depth, choose E-mail for reply by, "
        "tick the photo checkbox and submit. Then read the confirmation message",
        "/form",
    )
    assert done.answer == "Received: name=Ann, street=High Street, depth=Deep, by=mail, photo=on"


async def test_a_form_for_new_users_beside_the_log_in(run: Driver) -> None:
    done = await run("Register with email eve@example.org and password 'pw' and read the status message")
    assert done.answer == "Received: user=eve@example.org, word=pw"


async def test_an_empty_field_that_a_form_needs_is_asked_for(run: Driver) -> None:
    done = await run("Enter 'Ann' as name and submit the form", "/form")
    assert done.question == "The page asks for Street (“Please fill out this field.”). What is to be entered?"


async def test_what_was_given_is_kept_by_the_form_s_own_button(run: Driver) -> None:
    done = await run("Give the 'Your stars' four stars. Title: 'Fine'. Then read the status message.", "/stars")
    assert done.answer == "Received: rate=4, title=Fine"


async def test_a_form_that_is_not_accepted_is_not_said_to_be_kept(run: Driver) -> None:
    done = await run("Give the 'Your stars' four stars.", "/stars")
    assert done.question == "The page asks for Title (“Please fill out this field.”). What is to be entered?"


async def test_what_covers_the_page_is_closed(run: Driver) -> None:
    done = await run("Click 'Opening hours' and read the heading", "/covered")
    assert done.answer == "Imprint", done


async def test_ambiguous_descriptions_are_asked_about(run: Driver) -> None:
    asked = await run("Click 'Details'", "/awkward")
    assert "Spring fair" in asked.question
    assert "Autumn fair" in asked.question

    done = await run("Click 'Details' and read the heading", "/awkward", answers={"Details": "the autumn one"})
    assert done.answer == "Glass tea pot"
    said = await run("Click 'Details' for 'Spring fair' and read the heading", "/awkward")
    assert said.answer == "Clay tea pot"


async def test_a_click_without_effect_is_a_failure(run: Driver) -> None:
    done = await run("Click the 'Do nothing' button", "/awkward")
    assert done.code == "STEP_WITHOUT_EFFECT"


async def test_what_is_not_there_is_a_failure(run: Driver) -> None:
    done = await run("Click 'Teleport'", "/awkward")
    assert done.code == "TARGET_NOT_FOUND"
    assert done.actions == []


async def test_a_list_of_the_page_s_own_making(run: Driver) -> None:
    done = await run("Choose Large for size", "/awkward")
    assert done.error is None
    sizes = [element for element in (await run.page.observe()).elements if element.name == "Size"]
    texts = " ".join(str(element.value) for element in sizes)
    assert "Large" in texts or done.answer


async def test_an_addition_while_the_task_runs(run: Driver) -> None:
    done = await run("Go to the shop", update="and report the name of the first product")
    assert done.answer == "Green tea pot"


async def test_an_addition_that_is_not_understood_is_asked_about(run: Driver) -> None:
    done = await run("Go to the shop and read the heading", update="hurry up!", answers={"hurry up": "go on"})
    assert done.answer == "All goods"


PRODUCT = {
    "type": "object",
    "properties": {
        "productName": {"type": "string"},
        "price": {"type": "number"},
        "currency": {"type": "string"},
        "in_stock": {"type": "boolean"},
        "colour": {"type": "string"},
    },
    "required": ["productName", "price"],
}


async def test_an_answer_by_schema(run: Driver) -> None:
    done = await run("Search for 'clay' and open the first result", schema=PRODUCT)
    assert done.answer == {"productName": "Clay tea pot", "price": 9.99, "currency": "GBP", "in_stock": True}
    assert done.missing == ("colour",)


async def test_a_list_by_schema(run: Driver) -> None:
    schema = {"type": "object", "properties": {"products": {"type": "array", "items": PRODUCT}}}
    done = await run("List the products under £10 over all pages", "/shop", schema=schema)
    assert [row["productName"] for row in done.answer["products"]] == ["Clay tea pot", "Tin tea pot", "Tea strainer"]
    assert [row["in_stock"] for row in done.answer["products"]] == [True, False, True]


async def test_a_schema_that_the_page_can_t_fill_is_a_failure(run: Driver) -> None:
    schema = {
        "type": "object",
        "properties": {"colour": {"type": "string"}, "name": {"type": "string"}},
        "required": ["colour"],
    }
    done = await run("Open the first product", "/shop", schema=schema)
    assert done.code == "OUTPUT_INVALID"


async def test_a_task_that_needs_no_page(run: Driver) -> None:
    done = await run("Reply with 'OK'", None)
    assert (done.answer, done.actions) == ("OK", [])


async def test_a_task_that_has_no_page_asks_for_one(run: Driver, site: str) -> None:
    done = await run("Read the heading", None, answers={"which page": f"{site}/towns"})
    assert done.answer == "Towns"
