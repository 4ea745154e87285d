"""Tasks of several clauses, with conditions, with something for each of several, with things to make and to keep."""

import pytest
from tests.unit.agents.scout.test_everyday import gist

from outrider.agents.scout.tasks.addresses import postal
from outrider.agents.scout.tasks.plan import parse
from outrider.problems import OutriderError

PLANS = (
    (
        "Create a new ticket with the title 'Lamp flickers', priority high, assigned to ann and the note 'Since May.'",
        "MakeNew(ticket) NameIt(ticket, Lamp flickers) Enter(priority, high) Enter(assigned to, ann) "
        "Enter(note, Since May.) Keep()",
    ),
    ("Create the tag urgent", "MakeNew(tag) NameIt(tag, urgent) Keep()"),
    (
        "In the user list, add the user Ann Lee with the e-mail address ann@example.org",
        "GoTo(user) MakeNew(user) NameIt(user, Ann Lee) Enter(e-mail address, ann@example.org) Keep()",
    ),
    ("Rename the page 'Old' to 'New'", "Locate(Old) ClickOn(rename) Enter(new name, New) Keep()"),
    ("Delete the page 'Old'", "Locate(Old) ClickOn(remove) ConfirmRemoval(Old)"),
    ("Give Ann Lee the right to upload", "Tick(upload, Ann Lee) Keep()"),
    ("Set the price of the 'Tea pot' to 5", "Locate(Tea pot) Enter(price, 5) Keep()"),
    ("Set the status to open and click Save", "Enter(status, open) ClickOn(Save)"),
    (
        "Create the tag urgent, and then set it as the tag of the issue 'Lamp'",
        "MakeNew(tag) NameIt(tag, urgent) Keep() Locate(Lamp) Enter(tag, urgent) Keep()",
    ),
    (
        "Add the cheapest product of the category Garden to the basket. If it is out of stock, take the next one.",
        "GoTo(Garden) Pick(price, availability, is, in stock) OpenPick() AddToBasket(1)",
    ),
    (
        "For each of the books 'Ann' and 'Ben' tell me the price and whether it is in stock",
        "Locate(Ann) Note(price, availability, Ann) Locate(Ben) Note(price, availability, Ben)",
    ),
    (
        "For each of the sites Ann and Ben tell me what it is for, as told in the heading of its page, and its address",
        "Locate(Ann) Note(heading, address, Ann) Locate(Ben) Note(heading, address, Ben)",
    ),
    (
        "Assign every urgent ticket that is assigned to nobody to ann",
        "Seek(ticket) Gather(urgent ticket, assigned to, is, nobody) Each(assigned to, ann)",
    ),
    (
        "Set the status of every ticket that is assigned to bob to closed",
        "Seek(ticket) Gather(ticket, assigned to, is, bob) Each(status, closed)",
    ),
    (
        "For each route on the Routes page, open its page and tell me the distance",
        "GoTo(Routes) Gather() Each(distance)",
    ),
    (
        "Compare the prices of 'Ann' and 'Ben' and add the cheaper one to the basket",
        "Locate(Ann) Note(price, Ann) Locate(Ben) Note(price, Ben) PickNoted(price) OpenPick() AddToBasket(1)",
    ),
    (
        "Which of the boats Ann and Ben was built first? Tell me its name and the year.",
        "Locate(Ann) Note(built, Ann) Locate(Ben) Note(built, Ben) PickNoted(built)",
    ),
    (
        "Put every product of the category Candles under £5 into the basket",
        "GoTo(Candles) Gather(price, below, £5) Each(1)",
    ),
    ("Add two of the 'Cup' and one 'Pot' to the basket", "Locate(Cup) AddToBasket(2) Locate(Pot) AddToBasket(1)"),
    (
        "Who is the treasurer of the club?",
        "SearchFor(treasurer) OpenHit(treasurer) Locate(treasurer) Read(name, treasurer)",
    ),
    (
        "Search for 'paint' and tell me how much painting the door cost and who did it",
        "SearchFor(paint) ReadDeed(painting the door, cost, done by)",
    ),
)


@pytest.mark.parametrize(("text", "steps"), PLANS, ids=[text for text, _ in PLANS])
def test_a_task_comes_to_its_steps(text: str, steps: str) -> None:
    assert " ".join(map(gist, parse(text).intentions)) == steps


@pytest.mark.parametrize(
    "text",
    [
        "If the weather is fine, take the next one instead",
        "Add the 'Tea pot' to the basket. If it is out of stock, take the next one.",
        "For each of the books 'Ann' and 'Ben' juggle the results",
        "Have it sent to somebody nice",
        "Assign every ticket to ann",
        "Create a new ticket with the title 'Lamp' unless there is one",
    ],
)
def test_what_can_not_be_carried_out_is_refused(text: str) -> None:
    with pytest.raises(OutriderError) as caught:
        parse(text)
    assert caught.value.code == "TASK_NOT_UNDERSTOOD"


def test_a_value_that_may_be_taken_has_another() -> None:
    plan = parse(
        "Register with the e-mail address a@b.example and the password 'x'. If that address is already taken, use "
        "c@d.example instead."
    )
    assert any(getattr(one, "otherwise", "") == "c@d.example" for one in plan.intentions)


@pytest.mark.parametrize(
    ("said", "fields"),
    [
        (
            "Ms Nora Lind, 14 Mill Lane, York, YO1 7HH, United Kingdom, phone 01904 551088",
            {"title": "Ms", "first name": "Nora", "last name": "Lind", "first line of address": "14 Mill Lane",
             "postcode": "YO1 7HH", "phone": "01904 551088", "city": "York", "country": "United Kingdom"},
        ),
        (
            "Jan van Dijk, Keizersgracht 12, 1015 CN Amsterdam, Netherlands",
            {},
        ),
        (
            "Anna Maria Schmidt, Hauptstraße 5, 10115 Berlin, Germany",
            {"first name": "Anna Maria", "last name": "Schmidt", "first line of address": "Hauptstraße 5",
             "postcode": "10115", "city": "Berlin", "country": "Germany"},
        ),
        ("Nora Lind, 14 Mill Lane, York, United Kingdom", {}),
        ("the first shop on the left", {}),
    ],
)  # fmt: skip
def test_an_address_comes_to_its_fields(said: str, fields: dict[str, str]) -> None:
    found = {one.field.text: one.value for one in postal(said) or ()}
    assert found == fields
