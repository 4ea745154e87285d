"""Twenty-two tasks on the demo shop. What is expected is computed from its database and its own lists."""

from collections.abc import Iterable
from typing import Final

from benchmarks.scout_tasks.case import ANY_QUESTION, Case, Changes, Check
from benchmarks.scout_tasks.checks import Amounts, Both, Facts, Members, Rows, Titles
from benchmarks.scout_tasks.truth import Product, Truth

__all__ = ["SHOP"]

_MISSING: Final = frozenset({ANY_QUESTION, "RESULT_NOT_FOUND", "TARGET_NOT_FOUND"})


def _titles(truth: Truth, titles: Iterable[str], *, ordered: bool = False) -> Check:
    return Titles(tuple(titles), tuple(product.title for product in truth.products), ordered)


def _one(truth: Truth, product: Product) -> Check:
    """The answer names this product alone, and its price alone."""
    return Both((_titles(truth, [product.title]), Amounts((product.price,))))


def _priced(products: Iterable[Product]) -> Check:
    return Rows(tuple((product.title, f"£{product.price}") for product in products))


def _price(product: Product) -> float:
    return float(product.price)


def _cheapest_teapot(truth: Truth) -> Check:
    return Amounts((min(offer.price for offer in truth.listed("/search/?q=teapot")),))


def _second_lantern(truth: Truth) -> Check:
    offer = truth.listed("/search/?q=lantern")[1]
    return Members({"title": offer.name, "price": f"£{offer.price}"})


def _mister(truth: Truth) -> Check:
    return Members(truth.attributes("Oxbow nickel plant mister"))


def _third_page(truth: Truth) -> Check:
    return _titles(truth, [offer.name for offer in truth.listed("/catalogue/")[40:60]], ordered=True)


def _three_cheapest(truth: Truth) -> Check:
    return _titles(
        truth, [product.title for product in sorted(truth.category("Kitchen"), key=_price)[:3]], ordered=True
    )


def _best_travel_book(truth: Truth) -> Check:
    return _titles(truth, [max(truth.category("Travel and history"), key=lambda book: book.rating).title])


SHOP: Final = (
    Case(
        "cheapest of a search",
        "shop",
        "Search for teapot and tell me what the cheapest one costs.",
        "/catalogue/",
        _cheapest_teapot,
    ),
    Case(
        "dearest of a category",
        "shop",
        "could you please find me the most expensive item in the Clocks category and tell me its name and price, "
        "thanks",
        "/catalogue/",
        lambda truth: _one(truth, max(truth.category("Clocks"), key=_price)),
    ),
    Case(
        "two into the basket",
        "shop",
        "Put two of the Hollin cream tealight holder in my basket.",
        "/catalogue/",
        changes=Changes(basket={"Hollin cream tealight holder": 2}),
    ),
    Case(
        "log in and read",
        "shop",
        "Log in with the e-mail reader@shop.example and the password lantern-lane-42 and tell me the name that is "
        "shown on my profile page.",
        "/catalogue/",
        lambda _: Facts(("Robin Reader",)),
    ),
    Case(
        "whole department",
        "shop",
        "Go to the Books department and give me a list of every book with its price",
        "/catalogue/",
        lambda truth: _priced(truth.category("Books")),
    ),
    Case(
        "one value",
        "shop",
        "I need the UPC of the Quillan ash garden fork. What is it?",
        "/catalogue/",
        lambda truth: Facts((truth.product("Quillan ash garden fork").upc,)),
    ),
    Case(
        "sort and read",
        "shop",
        "Open the Kitchen category, sort by price low to high and tell me the first three products",
        "/catalogue/",
        _three_cheapest,
    ),
    Case(
        "best rated",
        "shop",
        "Which book about travel and history do customers rate highest?",
        "/catalogue/",
        _best_travel_book,
    ),
    Case(
        "first that contains",
        "shop",
        "In the Garden category, find the first product that has 'hose' in its name and add it to the cart.",
        "/catalogue/",
        changes=Changes(basket={"Sandpiper graphite hose reel": 1}),
    ),
    Case(
        "several, and no checkout",
        "shop",
        "Buy 3 x Tallis brass pencil sharpener - just put them in the basket, don't check out",
        "/catalogue/",
        changes=Changes(basket={"Tallis brass pencil sharpener": 3}),
    ),
    Case(
        "several values as JSON",
        "shop",
        "Look up the Oxbow nickel plant mister and give me its maker, finish and weight as JSON",
        "/catalogue/",
        _mister,
    ),
    Case(
        "write a review",
        "shop",
        "Open the book 'Supper for Six' and click on Write a review. Title: Great for winter. Score 5. Body: Every "
        "recipe worked. Name: Nora Flint. Email: nora@flint.example. Then save the review.",
        "/catalogue/",
        changes=Changes(
            reviews=(
                ("Supper for Six", "5", "Great for winter", "Every recipe worked.", "Nora Flint", "nora@flint.example"),
            )
        ),
    ),
    Case(
        "new customer",
        "shop",
        "Sign me up at this shop with the e-mail pia.holm@mail.example and the password Winter-lake-77.",
        "/catalogue/",
        changes=Changes(customers=("pia.holm@mail.example",)),
    ),
    Case(
        "new address",
        "shop",
        "Log in as reader@shop.example with password lantern-lane-42, then fill in the new address: first name Robin, "
        "last name Reader, first line of address 12 Mill Lane, city Leeds, postcode LS1 4AP, country United Kingdom. "
        "Save it.",
        "/accounts/addresses/add/",
        changes=Changes(addresses=(("Robin", "Reader", "12 Mill Lane", "Leeds", "LS1 4AP", "GB"),)),
    ),
    Case(
        "under a price",
        "shop",
        "give me name + price of everything in Candles under 18 pounds",
        "/catalogue/",
        lambda truth: _priced(product for product in truth.category("Candles") if product.price < 18),
    ),
    Case(
        "availability",
        "shop",
        "Tell me whether the Hollin walnut knife block is in stock.",
        "/catalogue/",
        lambda _: Facts(("Unavailable",)),
    ),
    Case(
        "open the second result",
        "shop",
        "Search for lantern, open the second result and report its title and price as JSON with the keys "
        "title and price.",
        "/catalogue/",
        _second_lantern,
    ),
    Case(
        "third page",
        "shop",
        "Show me the names of the products on page 3 of the catalogue",
        "/catalogue/",
        _third_page,
    ),
    Case(
        "log in, buy, read the total",
        "shop",
        "Sign in as reader@shop.example, password lantern-lane-42. Add The Night Garden to the basket, open the basket "
        "and tell me the order total.",
        "/catalogue/",
        lambda truth: Amounts((truth.product("The Night Garden").price,)),
        Changes(basket={"The Night Garden": 1}),
    ),
    Case("no such product", "shop", "Add the Sandpiper samovar to my basket.", "/catalogue/", refusals=_MISSING),
    Case(
        "two fit equally",
        "shop",
        "Add the camping lantern to my basket.",
        "/catalogue/",
        refusals=frozenset({ANY_QUESTION}),
    ),
    Case(
        "unknown verb",
        "shop",
        "Haggle the price of the Fennimore brass banker's lamp down to 50 pounds.",
        "/catalogue/",
        refusals=frozenset({"TASK_NOT_UNDERSTOOD"}),
    ),
)
