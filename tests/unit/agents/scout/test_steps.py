"""How steps go on from what a page says, on hand-made pages."""

import json

import pytest
from tests.unit.agents.scout.conftest import MakeElement, MakeObservation

from outrider.agents.scout import Scout
from outrider.interfaces.actions import Action, Check, Click, Extract, Fill, Navigate, Select, Wait
from outrider.interfaces.models import Act, Ask, Decision, Finish, Step, Task, Turn
from outrider.interfaces.pages import Effect, Element, Extraction, Field, Observation, Pair, Record, RecordGroup, Text
from outrider.problems import OutriderError

URL = "http://shop.test/"


def price_list(*rows: tuple[str, str], following: int | None = None, heading: str = "Goods") -> Extraction:
    records = tuple(
        Record((Field(name, "heading", href=f"/{name.replace(' ', '-')}"), Field(price, "text", hint="price")))
        for name, price in rows
    )
    texts = (Text("main", "heading1", heading),)
    return Extraction(URL, heading, (RecordGroup(records, "main", heading, 1000.0),), (), texts, following)


async def play(task: Task, page: Observation, *seen: Extraction) -> tuple[list[Action], Decision]:
    """The actions that are taken until the task ends or asks; each extraction is what one look at the page gives."""
    history: list[Step] = []
    looks = list(seen)
    for _ in range(20):
        decision = await Scout().decide(task, page, history)
        if not isinstance(decision, Act):
            return [step.action for step in history], decision
        read = looks.pop(0) if isinstance(decision.action, Extract) else None
        effect = Effect(URL, "", navigated=isinstance(decision.action, Click), changed=True, extraction=read)
        history.append(Step(decision.action, json.loads(json.dumps(decision.memory)), effect))
    raise AssertionError("the task did not end")


async def ending(text: str, page: Observation, *seen: Extraction, turns: tuple[Turn, ...] = ()) -> Decision:
    return (await play(Task(1, text, turns=turns), page, *seen))[1]


async def test_equals_of_the_cheapest_are_said(observation: MakeObservation) -> None:
    goods = price_list(("Tin pot", "£2"), ("Clay pot", "£2"), ("Iron pot", "£9"))
    done = await ending("Which product is the cheapest?", observation([], url=URL), goods)
    assert isinstance(done, Finish)
    assert done.answer == "name: Tin pot\nprice: £2\nJust as well: “Clay pot” with the same price"
    assert done.missing == ()


async def test_which_of_equals_is_to_be_opened_is_asked(observation: MakeObservation) -> None:
    goods, page = price_list(("Tin pot", "£2"), ("Clay pot", "£2")), observation([], url=URL)
    asked = await ending("Open the cheapest product", page, goods)
    assert isinstance(asked, Ask)
    assert "1) Tin pot, 2) Clay pot" in asked.question
    turns = (Turn("question", asked.question), Turn("answer", "the clay one"))
    actions, _ = await play(Task(1, "Open the cheapest product", turns=turns), page, goods)
    assert actions[-1] == Navigate(f"{URL}Clay-pot")


async def test_the_hits_of_a_search_need_not_be_what_was_searched_for(observation: MakeObservation) -> None:
    page = observation([], url=f"{URL}search?q=kettle", texts=[("heading1", "Results for 'kettle'")])
    hits = replace_url(price_list(("Tea pot", "£2"), ("Steel kettle", "£9")), page.url)
    done = await ending("Which kettle is the cheapest?", page, hits)
    assert isinstance(done, Finish)
    assert str(done.answer).startswith("name: Steel kettle")


def replace_url(extraction: Extraction, url: str) -> Extraction:
    return Extraction(url, extraction.title, extraction.groups, (), extraction.texts, extraction.next_page)


async def test_what_only_has_the_word_in_its_name_is_asked_about(observation: MakeObservation) -> None:
    goods = price_list(("One Kettle, Forty Soups", "£2"), ("Steel kettle", "£9"))
    asked = await ending("Which kettle is the cheapest?", observation([], url=URL), goods)
    assert isinstance(asked, Ask)
    assert asked.question.startswith("Which one do you mean by “kettle”")


async def test_the_next_of_a_chapter_leads_to_no_further_page_of_a_list(
    element: MakeElement, observation: MakeObservation
) -> None:
    goods = price_list(("Tin pot", "£2"), ("Clay pot", "£3"), following=1)
    chapter = observation([element(1, "link", "Next", href=f"{URL}controlflow.html")], url=URL)
    actions, done = await play(Task(1, "List all products"), chapter, goods)
    assert isinstance(done, Finish)
    assert actions == [Extract()]
    pager = observation([element(1, "link", "Next", href=f"{URL}?page=2")], url=URL)
    actions, _ = await play(Task(1, "List all products"), pager, goods, goods)
    assert Click(1) in actions


async def test_another_list_behind_next_is_not_joined(element: MakeElement, observation: MakeObservation) -> None:
    page = observation([element(1, "link", "Next", href=f"{URL}2.html")], url=f"{URL}1.html")
    first = replace_url(price_list(("Tin pot", "£2"), ("Clay pot", "£3"), following=1), page.url)
    other = replace_url(price_list(("Fork", "£4"), ("Spade", "£5"), heading="Tools"), page.url)
    done = await ending("List all products with name", page, first, other)
    assert isinstance(done, Finish)
    assert done.answer == "Tin pot\nClay pot"


async def test_what_is_found_is_told(element: MakeElement, observation: MakeObservation) -> None:
    page = observation([element(1, "searchbox", "Search")], url=URL)
    goods = price_list(("Blue tea pot", "£2"), ("Milk jug", "£3"))
    done = await ending("Find a tea pot", page, goods)
    assert isinstance(done, Finish)
    assert done.answer == f"Blue tea pot – £2 – {URL}Blue-tea-pot"
    with pytest.raises(OutriderError) as caught:
        await ending("Find an elephant", page, goods)
    assert caught.value.code == "RESULT_NOT_FOUND"


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Is there a pot under £3?", "Yes – 1: Tin pot"),
        ("Are there any pots under £1?", "No"),
        ("Does the 'Tin pot' cost less than £5?", "Yes – £2"),
        ("Is the 'Tin pot' more expensive than £5?", "No – £2"),
        ("How many pots cost more than £2?", "1"),
    ],
)
async def test_yes_and_no(question: str, answer: str, observation: MakeObservation) -> None:
    page = observation([], url=URL, texts=[("heading1", "Pots"), ("heading3", "Tin pot")])
    done = await ending(question, page, price_list(("Tin pot", "£2"), ("Clay pot", "£3")))
    assert isinstance(done, Finish)
    assert done.answer == answer


async def test_a_page_that_is_still_loading_is_waited_for(observation: MakeObservation) -> None:
    goods = price_list(("Tin pot", "£2"), ("Clay pot", "£3"))
    loading = Extraction(URL, "", (), (), (Text("main", "heading2", "Searching..."),), None)
    actions, done = await play(Task(1, "List all products with name"), observation([], url=URL), loading, goods)
    assert actions == [Extract(), Wait(), Extract()]
    assert isinstance(done, Finish)


async def first_action(text: str, page: Observation) -> Action:
    decision = await Scout().decide(Task(1, text), page, ())
    assert isinstance(decision, Act)
    return decision.action


async def test_a_button_next_to_what_has_a_number_is_no_other(
    element: MakeElement, observation: MakeObservation
) -> None:
    rows = [element(n, "button", "Cancel", context=f"1042{n} Open") for n in (1, 2)]
    page = observation(rows, url=URL)
    assert await first_action("Cancel order 10422", page) == Click(2)
    with pytest.raises(OutriderError) as caught:
        await first_action("Cancel order 10499", page)
    assert caught.value.code == "TARGET_NOT_FOUND"


async def test_the_word_for_a_kind_of_name_may_be_missing(element: MakeElement, observation: MakeObservation) -> None:
    page = observation([element(1, "link", "A"), element(2, "link", "Z"), element(3, "link", "9. Classes")], url=URL)
    assert await first_action("Go to the letter Z", page) == Click(2)
    assert await first_action("Open the chapter Classes", page) == Click(3)


async def test_several_options_are_chosen_one_by_one(element: MakeElement, observation: MakeObservation) -> None:
    several = element(1, "listbox", "Colours", options=("Red", "Blue", "Green"), states=frozenset({"multiple"}))
    boxes = [element(n, "checkbox", size, context="Size") for n, size in ((2, "41"), (3, "42"))]
    page = observation([several, *boxes], url=URL)
    actions, _ = await play(Task(1, "Select Red and Blue under colours, tick sizes 41 and 42"), page)
    assert actions == [Select(1, "Red"), Select(1, "Blue"), Check(2), Check(3)]


async def test_a_filter_is_applied(element: MakeElement, observation: MakeObservation) -> None:
    page = observation([element(1, "combobox", "Size", options=("41", "42")), element(2, "button", "Apply")], url=URL)
    actions, _ = await play(Task(1, "Filter by size 42"), page)
    assert actions == [Select(1, "42"), Click(2)]


async def test_a_star_is_clicked_for_a_score(element: MakeElement, observation: MakeObservation) -> None:
    stars: list[Element] = [element(n, "generic", hints=("fas fa-star",)) for n in range(1, 6)]
    page = observation([*stars, element(6, "textbox", "Title")], url=URL)
    actions, _ = await play(Task(1, "Title: Great. Score 4."), page)
    assert actions == [Fill(6, "Great"), Click(4)]


async def test_nothing_is_sent_that_is_not_called_so(element: MakeElement, observation: MakeObservation) -> None:
    page = observation([element(1, "button", "Apply filters", kind="submit")], url=URL)
    assert await first_action("Apply the filters", page) == Click(1)
    with pytest.raises(OutriderError) as caught:
        await first_action("Apply the filter 'Red'", page)
    assert caught.value.code == "TARGET_NOT_FOUND"


async def test_on_a_page_of_candles_all_entries_are_candles(observation: MakeObservation) -> None:
    goods = price_list(("Taper candle pair", "£2"), ("Pillar candle", "£9"))
    page = observation([], url=URL, texts=[("heading1", "Candles")])
    done = await ending("Which candle costs the least?", page, goods)
    assert isinstance(done, Finish)
    assert done.answer == "name: Taper candle pair\nprice: £2"


async def test_filters_are_chosen_together_and_applied_once(element: MakeElement, observation: MakeObservation) -> None:
    colours = element(1, "listbox", "Colours", options=("Red", "Blue"), states=frozenset({"multiple"}))
    sizes = [element(n, "checkbox", size, context="Size") for n, size in ((2, "41"), (3, "42"))]
    page = observation([colours, *sizes, element(4, "button", "Apply filters")], url=URL)
    actions, _ = await play(Task(1, "Filter by Blue and size 42"), page)
    assert actions == [Select(1, "Blue"), Check(3), Click(4)]
    actions, _ = await play(Task(1, "Filter by Blue. Filter by size 42."), page)
    assert actions == [Select(1, "Blue"), Check(3), Click(4)], "a form that is sent twice may forget the first"


@pytest.mark.parametrize("text", ["Filter by weight 42", "Filter by waterproof", "Choose 42 as weight"])
async def test_a_field_that_is_not_there_is_not_replaced(
    text: str, element: MakeElement, observation: MakeObservation
) -> None:
    page = observation(
        [element(1, "checkbox", "42", context="Size"), element(2, "link", "Waterproof boot", href="/boot")], url=URL
    )
    with pytest.raises(OutriderError) as caught:
        await first_action(text, page)
    assert caught.value.code == "TARGET_NOT_FOUND"


async def test_which_of_a_kind_goes_into_the_basket_is_asked(
    element: MakeElement, observation: MakeObservation
) -> None:
    cards = [(1, "Oak wall clock"), (2, "Ash wall clock")]
    buttons = [element(n, "button", "Add to basket", context=f"{name} £5") for n, name in cards]
    shelf = observation(list(buttons), url=f"{URL}clocks", texts=[("heading1", "Clocks")])
    asked = await ending("Add two clocks to my basket", shelf)
    assert isinstance(asked, Ask)
    assert "Oak wall clock" in asked.question
    page = observation(list(buttons), url=f"{URL}oak", texts=[("heading1", "Oak wall clock")])
    assert await first_action("Add it to my basket", page) == Click(1)


async def test_an_entry_may_be_on_a_further_page(element: MakeElement, observation: MakeObservation) -> None:
    page = observation([element(1, "link", "Next", href=URL)], url=URL)
    first, second = price_list(("Tin pot", "£2"), ("Iron pot", "£9"), following=1), price_list(("Clay pot", "£3"))
    actions, done = await play(Task(1, "Report the price of the Clay pot"), page, first, second)
    assert actions == [Extract(), Click(1), Extract()]
    assert isinstance(done, Finish)
    assert done.answer == "£3"


async def test_what_a_function_does_is_told_by_its_name(observation: MakeObservation) -> None:
    texts = (Text("main", "heading1", "heap"), Text("main", "label", "heap.push(item)"))
    manual = Extraction(URL, "heap", (), (Pair("heap.push(item)", "Adds the item."),), texts, None)
    page = observation([], url=URL, texts=[("heading1", "heap")])
    done = await ending("What does heap.push do?", page, manual)
    assert isinstance(done, Finish)
    assert done.answer == "Adds the item."


async def test_a_value_that_others_only_begin_with_counts_nothing(observation: MakeObservation) -> None:
    rows = tuple(
        Record((Field(number, "cell", "Order"), Field(name, "cell", "Customer")))
        for number, name in (("1", "Harbour Inn"), ("2", "Harbour Inn"), ("3", "Ann Lee"))
    )
    orders = Extraction(URL, "Orders", (RecordGroup(rows, "main", "Orders", 99.0),), (), (), None)
    page = observation([], url=URL, texts=[("heading1", "Orders")])
    done = await ending("How many orders did Harbour Inn place?", page, orders)
    assert isinstance(done, Finish)
    assert done.answer == "2"
    with pytest.raises(OutriderError, match="there is “Harbour Inn”"):
        await ending("How many orders did Harbour place?", page, orders)


async def test_a_table_without_headings_is_given_whole(observation: MakeObservation) -> None:
    rows = tuple(
        Record((Field(name, "cell"), Field(name, "link", href=f"#{name}"), Field(told, "cell")))
        for name, told in (("mean", "The average."), ("mode", "The most common."))
    )
    manual = Extraction(URL, "statistics", (RecordGroup(rows, "main", "Averages", 99.0),), (), (), None)
    done = await ending("Extract the table under 'Averages'", observation([], url=URL), manual)
    assert isinstance(done, Finish)
    assert done.answer == "mean – The average.\nmode – The most common."


async def test_a_way_with_a_form_of_the_word_is_taken_only_if_the_start_has_none(
    element: MakeElement, observation: MakeObservation
) -> None:
    task = Task(1, "Go to the Gardening category", start_url=URL)
    alike = observation([element(1, "link", "Garden", href=f"{URL}garden")], url=f"{URL}account")
    exact = observation([element(2, "link", "Gardening", href=f"{URL}gardening")], url=URL)
    bare = observation([], url=URL)

    async def taken(*pages: Observation) -> list[Action]:
        history: list[Step] = []
        for page in pages:
            decision = await Scout().decide(task, page, history)
            assert isinstance(decision, Act)
            effect = Effect(page.url, "", navigated=True, changed=True)
            history.append(Step(decision.action, json.loads(json.dumps(decision.memory)), effect))
        return [step.action for step in history]

    assert await taken(alike, exact) == [Navigate(URL), Click(2)]
    assert await taken(alike, bare, alike) == [Navigate(URL), Navigate(f"{URL}account"), Click(1)]
