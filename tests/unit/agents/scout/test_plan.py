"""Sentences as people write them, and the plan that they mean."""

import pytest

from outrider.agents.scout.tasks.criteria import Condition, Order, Selection
from outrider.agents.scout.tasks.deeds import PressOwn
from outrider.agents.scout.tasks.intentions import (
    AddToBasket,
    AnswerFormat,
    Capture,
    Choose,
    ClickOn,
    Collect,
    Count,
    Enter,
    Fetch,
    Found,
    GoBack,
    GoTo,
    Intention,
    Locate,
    LogIn,
    Open,
    OpenPick,
    PayWith,
    Pick,
    PressKey,
    Read,
    Say,
    ScrollPage,
    SearchFor,
    Seek,
    Submit,
    Tick,
    TurnTo,
    WaitFor,
)
from outrider.agents.scout.tasks.plan import parse
from outrider.agents.scout.tasks.targets import Target
from outrider.agents.scout.tasks.undertakings import Keep
from outrider.problems import OutriderError

CHEAPEST = Selection(order=Order("price", descending=False))
DEAREST = Selection(order=Order("price", descending=True))
BEST = Selection(order=Order("rating", descending=True))
FIRST, SECOND, THIRD = (Selection(position=n) for n in (1, 2, 3))
ALL = Selection()
BASKET = GoTo(Target("basket", frozenset({"link", "button"})))
CHECKOUT = GoTo(Target("checkout"))
TOKEN = f"pt_live_{'aB3' * 13}x"
CONTENTS = Collect((), ALL, 1, also=("name", "price", "quantity"))
IN_STOCK = Condition("availability", "is", "in stock")
LINKS = frozenset({"link"})
BOXES = frozenset({"checkbox", "switch"})
TICKABLE = BOXES | {"radio"}
LISTS = frozenset({"combobox", "listbox"})
FIELDS = frozenset({"textbox", "searchbox", "spinbutton", "combobox"})


def category(name: str) -> GoTo:
    return GoTo(Target(name, frozenset({"link", "tab"})))


def enter(field: str, value: str, near: str = "") -> Enter:
    return Enter(Target(field, near=near), value)


def below(limit: str) -> Selection:
    return Selection(conditions=(Condition("price", "below", limit),))


PLANS: list[tuple[str, list[Intention]]] = [
    # Addresses
    ("Open http://127.0.0.1:8000/catalogue/", [Open("http://127.0.0.1:8000/catalogue/")]),
    ("Go to example.com", [Open("https://example.com")]),
    ("Please visit localhost:8080/shop.", [Open("http://localhost:8080/shop")]),
    ("navigate to https://example.com/a,b?x=1.", [Open("https://example.com/a,b?x=1")]),
    ("On http://x.test/shop, search for tea", [Open("http://x.test/shop"), SearchFor("tea")]),
    ("From http://x.test/ report the title", [Open("http://x.test/"), Read(("title",))]),
    # Searching
    ("Search for tea", [SearchFor("tea")]),
    ("search the shop for 'green tea'", [SearchFor("green tea")]),
    ('Could you please search for "tea and coffee"?', [SearchFor("tea and coffee")]),
    ("Look for salt and pepper", [SearchFor("salt and pepper"), Found("salt and pepper")]),
    ("Look up hacking on the site", [SearchFor("hacking"), Found("hacking")]),
    ("Do a search for rock and roll", [SearchFor("rock and roll")]),
    ("Search for tea and press Enter", [SearchFor("tea")]),
    ("Search for tea and click the search button", [SearchFor("tea")]),
    # Choosing from a list
    ("Search for tea, then open the cheapest match", [SearchFor("tea"), Pick(CHEAPEST), OpenPick()]),
    ("search for tea and open the first result", [SearchFor("tea"), Pick(FIRST), OpenPick()]),
    ("Search for tea and open it", [SearchFor("tea"), Pick(FIRST), OpenPick()]),
    ("1. Search for tea\n2. Open the second result", [SearchFor("tea"), Pick(SECOND), OpenPick()]),
    ("Open the most expensive one", [Pick(DEAREST), OpenPick()]),
    ("click on the highest rated product", [Pick(BEST), OpenPick()]),
    (
        "Select the product with the lowest price",
        [Pick(CHEAPEST), Read(("name", "price")), PressOwn(("select", "choose"))],
    ),
    (
        "Open the first result that contains 'green'",
        [Pick(Selection(position=1, conditions=(Condition("text", "contains", "green"),))), OpenPick()],
    ),
    (
        "Find the cheapest book in the 'Fiction' category",
        [category("Fiction"), Pick(Selection("book", CHEAPEST.order)), Read(("name", "price"))],
    ),
    ("Find the cheapest laptop", [Seek("laptop"), Pick(Selection("laptop", CHEAPEST.order)), Read(("name", "price"))]),
    ("Find the highest rated product in Books", [category("Books"), Pick(BEST), Read(("name", "rating"))]),
    (
        "Search for tea and open the cheapest one under £5 with at least 4 stars",
        [
            SearchFor("tea"),
            Pick(
                Selection(
                    order=CHEAPEST.order,
                    conditions=(Condition("price", "below", "£5"), Condition("rating", "at least", "4 stars")),
                )
            ),
            OpenPick(),
        ],
    ),
    # Basket
    (
        "Search for 'tea pot', open the cheapest match, put it in the basket, report name and price as JSON",
        [SearchFor("tea pot"), Pick(CHEAPEST), OpenPick(), AddToBasket(), Read(("name", "price"))],
    ),
    ("Add it to my cart", [AddToBasket()]),
    ("Add 3 copies of 'Tea pot' to the cart", [Locate("Tea pot"), AddToBasket(3)]),
    ("Put 2 x 'Tea pot' into the basket", [Locate("Tea pot"), AddToBasket(2)]),
    ("Add the cheapest product to the basket twice", [Pick(CHEAPEST), OpenPick(), AddToBasket(2)]),
    ("Go to the basket and tell me what is in it", [BASKET, BASKET, CONTENTS]),
    ("put two of them into the shopping bag", [AddToBasket(2)]),
    ("Search for tea and add it to the basket", [SearchFor("tea"), Pick(FIRST), OpenPick(), AddToBasket()]),
    ("Add the cheapest product to the trolley", [Pick(CHEAPEST), OpenPick(), AddToBasket()]),
    ("Add 'Tea pot' to the basket", [Locate("Tea pot"), AddToBasket()]),
    ("Add 'Tea' and 'Milk' to the cart", [Locate("Tea"), AddToBasket(), Locate("Milk"), AddToBasket()]),
    ("Put the tea pot and the milk jug in the cart",
     [Locate("tea pot"), AddToBasket(), Locate("milk jug"), AddToBasket()]),
    (
        "Add the first two products to the basket",
        [Pick(FIRST), OpenPick(), AddToBasket(), Pick(SECOND, again=True), OpenPick(), AddToBasket()],
    ),
    ("What is in the basket?", [BASKET, CONTENTS]),
    ("open the cart", [BASKET]),
    ("tell me the total of the basket", [BASKET, Read(("total",))]),
    ("Report the basket total", [BASKET, Read(("basket total",))]),
    ("Remove 'Tea pot' from the basket", [BASKET, ClickOn(Target("remove", near="Tea pot"))]),
    ("Delete the first item from the cart", [BASKET, ClickOn(Target("remove", position=1))]),
    ("Proceed to checkout", [GoTo(Target("checkout"))]),
    (
        "Check out as a guest with email a@b.c",
        [GoTo(Target("checkout")), Choose("guest"), enter("email", "a@b.c"), Submit("continue")],
    ),
    # Clicking
    ("Click 'Save'", [ClickOn(Target("Save"))]),
    ("Press the Save button", [ClickOn(Target("Save", frozenset({"button"}), cue="button"))]),
    ("click Save and continue", [ClickOn(Target("Save and continue"))]),
    ("Click 'A' and 'B'", [ClickOn(Target("A")), ClickOn(Target("B"))]),
    ("Click the second 'Details' link", [ClickOn(Target("Details", LINKS, 2, "link"))]),
    ("Click on 'Add to basket' for 'Tea pot'", [ClickOn(Target("Add to basket", near="Tea pot"))]),
    ("Follow the link to the imprint", [ClickOn(Target("imprint", LINKS, cue="link"))]),
    ("Select the 'Reviews' tab", [ClickOn(Target("Reviews", frozenset({"tab", "link", "button"}), cue="tab"))]),
    ("Go to the next page", [ClickOn(Target("next page"))]),
    ("Go to page 3 of the catalogue", [TurnTo(3)]),
    ("Open page 2 of the Kitchen category", [category("Kitchen"), TurnTo(2)]),
    ("Report the name of the first product on page 3", [TurnTo(3), Pick(FIRST, pages=1), Read(("name",))]),
    ("Go to the category Clocks", [GoTo(Target("Clocks", LINKS, cue="category"))]),
    ("Go to Lighting > Desk lamps", [GoTo(Target("Lighting")), GoTo(Target("Desk lamps"))]),
    ("Open the second page of results", [TurnTo(2)]),
    ("press Enter", [PressKey("Enter")]),
    ("Hit ctrl+a", [PressKey("Control+a")]),
    ("Log out", [ClickOn(Target("log out"))]),
    # Forms
    (
        "Fill in the form: name 'Ann', email a@b.c, choose 'Germany' for country, tick the terms checkbox and submit",
        [
            GoTo(Target("form"), optional=True),
            enter("name", "Ann"),
            enter("email", "a@b.c"),
            Choose("Germany", Target("country")),
            Tick(Target("terms", BOXES, cue="checkbox")),
            Submit(),
        ],
    ),
    (
        "Go to the contact page, enter 'Ann' as name, type 'Hello' into the message field and press Send",
        [
            GoTo(Target("contact", LINKS, cue="page")),
            enter("name", "Ann"),
            Enter(Target("message", FIELDS, cue="field"), "Hello"),
            ClickOn(Target("Send")),
        ],
    ),
    (
        "Fill in first name: Ann, last name: Lee, street: 12 High Street, London, postcode: N1 9GU",
        [
            enter("first name", "Ann"),
            enter("last name", "Lee"),
            enter("street", "12 High Street, London"),
            enter("postcode", "N1 9GU"),
        ],
    ),
    (
        "Set the country to Germany and the city to Berlin",
        [enter("country", "Germany"), enter("city", "Berlin"), Keep()],
    ),
    ("Change the quantity to 3", [enter("quantity", "3"), Keep()]),
    ("enter your name: Ann Smith", [enter("name", "Ann Smith")]),
    ("Type 'hello'", [enter("", "hello")]),
    ("Choose Germany as country", [Choose("Germany", Target("country"))]),
    (
        "Choose 'Blue' for colour and 'XL' for size",
        [Choose("Blue", Target("colour")), Choose("XL", Target("size"))],
    ),
    (
        "Choose the option 'Express' in the shipping dropdown",
        [Choose("Express", Target("shipping", LISTS, cue="dropdown"))],
    ),
    ("Sort by price low to high", [Choose("price low to high", Target("sort", LISTS))]),
    ("Sort the products cheapest first", [Choose("cheapest first", Target("sort", LISTS))]),
    ("Sort the results by 'Price, low to high'", [Choose("Price, low to high", Target("sort", LISTS))]),
    ("Filter by brand: Acme", [Choose("Acme", Target("brand"), filters=True)]),
    ("uncheck newsletter", [Tick(Target("newsletter", TICKABLE), checked=False)]),
    ("Accept all cookies", [ClickOn(Target("Accept all cookies", BOXES | {"button", "link"}))]),
    ("Send the form", [Submit()]),
    # Accounts
    ("Log in as ann@example.com with password 'secret'", [LogIn("ann@example.com", "secret")]),
    ("Sign in with email: ann@x.org, password: pw1", [LogIn("ann@x.org", "pw1")]),
    ("Log in (email ann@x.org, password 'pw 1')", [LogIn("ann@x.org", "pw 1")]),
    ("1. Name: Ann\n2. Street: High Street 5\n3. Send it",
     [enter("Name", "Ann"), enter("Street", "High Street 5"), Submit()]),
    ("Log in using ann / s3cret", [LogIn("ann", "s3cret")]),
    ("Log in to the site as bob with password x", [LogIn("bob", "x")]),
    ("log in", [LogIn()]),
    ("Log in to shop.example", [LogIn(site="https://shop.example")]),
    (
        "Sign in to the shop at http://127.0.0.1:8000/start as bob with password x",
        [LogIn("bob", "x", "http://127.0.0.1:8000/start")],
    ),
    ("Log in as work", [LogIn("work")]),
    ("Log in with the log-in 'work account'", [LogIn("work account")]),
    ("Log in with the saved credentials", [LogIn(stored=True)]),
    ("Log in with my stored user name and password, then go back", [LogIn(stored=True), GoBack()]),
    ("Log in using the stored log-in work-2", [LogIn("work-2", stored=True)]),
    ("Sign in with the credentials for work from the vault", [LogIn("work", stored=True)]),
    ("Log in to localhost:80 using the vault", [LogIn(site="http://localhost:80", stored=True)]),
    ("Use the stored credentials to log in", [LogIn()]),
    # Paying
    ("Pay", [PayWith()]),
    ("Check out and pay", [CHECKOUT, PayWith()]),
    (f"Pay with the payment token {TOKEN}.", [PayWith(TOKEN)]),
    (f"Then pay for the order with my one-time token '{TOKEN}', please", [PayWith(TOKEN)]),
    (f"Pay £23.50 with {TOKEN}", [PayWith(TOKEN, "£23.50")]),
    (f"Check out and pay EUR 5 by payment token {TOKEN}", [CHECKOUT, PayWith(TOKEN, "EUR 5")]),
    (f"Check out with the payment token {TOKEN} and go back", [CHECKOUT, PayWith(TOKEN), GoBack()]),
    (f"Complete the payment with the payment token {TOKEN}", [PayWith(TOKEN)]),
    (f"Use the payment token {TOKEN}", [PayWith(TOKEN)]),
    (
        f"Buy 2 copies of 'Tea pot' with the payment token {TOKEN}",
        [Locate("Tea pot"), AddToBasket(2, bought=True), BASKET, CHECKOUT, PayWith(TOKEN)],
    ),
    (
        f"Buy the Tea pot and pay with the payment token {TOKEN}",
        [Locate("Tea pot"), AddToBasket(bought=True), BASKET, CHECKOUT, PayWith(TOKEN)],
    ),
    (
        f"Put the Tea pot into the basket, check out and pay with {TOKEN}",
        [Locate("Tea pot"), AddToBasket(), CHECKOUT, PayWith(TOKEN)],
    ),
    (
        "Sign up with email ann@x.org and password Secret123",
        [
            GoTo(Target("register"), optional=True),
            enter("email", "ann@x.org", "register"),
            enter("password", "Secret123", "register"),
            Enter(Target("confirm password", near="register"), "Secret123", optional=True),
            Submit("register"),
        ],
    ),
    # Reading
    ("Tell me the UPC of the product", [Read(("UPC",))]),
    ("what's the UPC?", [Read(("UPC",))]),
    ("Read the price, the availability and the number of reviews of the product",
     [Read(("price", "availability", "number of reviews"))]),
    ("What is the price of 'Tea pot'?", [Locate("Tea pot", optional=True), Read(("price",), "Tea pot")]),
    ("How much does the 'Tea pot' cost?", [Locate("Tea pot", optional=True), Read(("price",), "Tea pot")]),
    ("Is 'Tea pot' in stock?", [Locate("Tea pot", optional=True), Read(("availability",), "Tea pot", IN_STOCK)]),
    ("What is the heading of this page?", [Read(("page heading",))]),
    ("read the confirmation message", [Read(("confirmation message",))]),
    ("Get the price of the second result", [Pick(SECOND), Read(("price",))]),
    ("Which product is the cheapest?", [Pick(CHEAPEST), Read(("name", "price"))]),
    (
        "Which country has the largest population?",
        [
            Seek("country", column="population"),
            Pick(Selection("country", Order("population", descending=True))),
            Read(("name", "population")),
        ],
    ),
    (
        "Go to the Books category, and tell me the title of the highest rated book",
        [
            GoTo(Target("Books", LINKS, cue="category")),
            Pick(Selection("book", BEST.order)),
            Read(("title",)),
        ],
    ),
    # Lists
    (
        "List all products with name, price and link over all pages",
        [Collect(("name", "price", "link"), ALL, 0)],
    ),
    ("list the products with their price over the first 2 pages", [Collect(("name", "price"), ALL, 2)]),
    ("List the names and prices of all products", [Collect(("name", "price"), ALL, 0)]),
    ("Collect the first 10 products", [Collect((), Selection(position=1, count=10), 0)]),
    ("List the 5 cheapest products", [Collect((), Selection(order=CHEAPEST.order, count=5), 0)]),
    ("Give me the top 3 highest rated products", [Collect((), Selection(order=BEST.order, count=3), 0)]),
    ("Find products under £10 and list their names", [Collect(("name",), below("£10"), 0)]),
    ("Extract all rows of the table", [Collect((), ALL, 0, tabular=True)]),
    (
        "search for rock and roll and list the results",
        [SearchFor("rock and roll"), Collect((), ALL, 0, or_result=True)],
    ),
    ("How many products are on this page?", [Count(ALL, 1)]),
    ("List the products of the category Kitchen with name and price",
     [category("Kitchen"), Collect(("name", "price"), ALL)]),
    ("List products from the Kitchen category sorted by price",
     [category("Kitchen"), Choose("price", Target("sort", LISTS)), Collect((), ALL)]),
    ("List all products as JSON sorted by price", [Choose("price", Target("sort", LISTS)), Collect((), ALL)]),
    ("Get me everything in Clocks", [category("Clocks"), Collect((), ALL)]),
    ("How many products are in the Books category?", [category("Books"), Count(ALL)]),
    ("Search for 'python' and tell me how many results were found.", [SearchFor("python"), Count(ALL)]),
    # The rest
    ("Go back", [GoBack()]),
    ("Scroll down", [ScrollPage(0.8)]),
    ("wait until 'Done' appears", [WaitFor("Done")]),
    ("Wait for the page to load", [WaitFor()]),
    ("Download the price list", [Fetch(Target("price", frozenset({"combobox", "listbox", "link"}), cue="list"))]),
    ("Take a screenshot", [Capture()]),
    ("Reply with 'OK'", [Say("OK")]),
    ("Reply  with\t'a\u2028b\r\nc\td  e'.", [Say("a\u2028b\r\nc\td  e")]),
    ('Reply with " a\n\nb ", and nothing else', [Say(" a\n\nb ")]),
    ("Search  for 'a  b'", [SearchFor("a b")]),
    ("Submit the form and tell me what the page says", [Submit(), Read(("page message",))]),
    ("I need a clock: search 'walnut clock'", [SearchFor("walnut clock"), Found("walnut clock")]),
    ("Reply with OK", [Say("OK")]),
    ('reply only with "hello world" and nothing else.', [Say("hello world")]),
    ("Say hello", [Say("hello")]),
    ("Do the following: open the cart, then go back. Thank you!", [BASKET, GoBack()]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "intentions"), PLANS, ids=[text for text, _ in PLANS])
def test_a_sentence_means_a_plan(text: str, intentions: list[Intention]) -> None:
    assert list(parse(text).intentions) == intentions


FORMATS = [
    ("Report the name and price as JSON", ("name", "price"), ()),
    ("Report the name and price as a JSON object with keys title and cost", ("name", "price"), ("title", "cost")),
    ("Return a JSON object with name and price", ("name", "price"), ("name", "price")),
    ('Answer in JSON with the keys "name" and "price".', ("name", "price"), ("name", "price")),
    ('Open the cheapest product and return {"title": ..., "price": ...}', ("title", "price"), ("title", "price")),
]


@pytest.mark.parametrize(("text", "fields", "keys"), FORMATS)
def test_the_form_of_the_answer(text: str, fields: tuple[str, ...], keys: tuple[str, ...]) -> None:
    plan = parse(text)
    assert plan.format == AnswerFormat(json=True, keys=keys)
    assert plan.intentions[-1] == Read(fields)


def test_a_format_alone_does_not_ask_for_more_values() -> None:
    plan = parse("List all products with name and price. Return the result as JSON with keys title and cost.")
    assert plan.intentions == (Collect(("name", "price"), ALL, 0),)
    assert plan.format == AnswerFormat(json=True, keys=("title", "cost"))


NOT_UNDERSTOOD = [
    ("Dance with me", "Dance with me"),
    ("Book a flight to Paris", "Book a flight to Paris"),
    ("Search for tea and sing a song", "Search for tea and sing a song"),
    ("Search for tea, juggle the results", "Search for tea, juggle the results"),
    ("If the price is under £20 add it to the basket", "If the price is under £20 add it to the basket"),
    ("Open the cart. Compare A and B", "Compare A and B"),
    ("Search for 'tea' and buy it now", "buy it now"),
    ("Write a review", "Write a review"),
    ("Add an event at 10:20.", "Add an event at 10:20"),
    ("Book a table for two at 7pm", "Book a table for two at 7pm"),
    ("Report the average rating of the products in Books", "Report the average rating of the products in Books"),
    ("How many pages does the catalogue have?", "How many pages does the catalogue have"),
    ("Remove everything from the basket", "Remove everything from the basket"),
    ("Tell me if it will rain", "Tell me if it will rain"),
    ("asdf qwer", "asdf qwer"),
    ("", ""),
]


@pytest.mark.parametrize(("text", "words"), NOT_UNDERSTOOD)
def test_what_is_not_understood_is_named_before_anything_is_done(text: str, words: str) -> None:
    with pytest.raises(OutriderError) as caught:
        parse(text)
    assert caught.value.code == "TASK_NOT_UNDERSTOOD"
    assert caught.value.facts["words"] == f"“{words}”"


def test_every_clause_that_is_not_understood_is_named() -> None:
    with pytest.raises(OutriderError) as caught:
        parse("Dance with me. Open the cart. Sing a song.")
    assert caught.value.facts["words"] == "“Dance with me”; “Sing a song”"
