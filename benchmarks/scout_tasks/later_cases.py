"""Thirty tasks more, on all three sites, written from Scout's reference page after it was mended for the first forty.

Not changed after the first run, whose figures stand in ``benchmarks/README.md``.
"""

from collections.abc import Iterable
from typing import Final

from benchmarks.scout_tasks.case import ANY_QUESTION, Case, Changes, Check
from benchmarks.scout_tasks.checks import Amounts, At, Facts, Members, Rows, Titles
from benchmarks.scout_tasks.records import NEWS, ORDERS, SHOES
from benchmarks.scout_tasks.truth import Product, Truth

__all__ = ["LATER"]

_NOT_SO: Final = frozenset({ANY_QUESTION, "TASK_NOT_UNDERSTOOD", "TARGET_NOT_FOUND", "RESULT_NOT_FOUND"})


def _priced(products: Iterable[Product]) -> tuple[tuple[str, ...], ...]:
    return tuple((product.title, f"{product.price}") for product in products)


def _cheap_garden(truth: Truth) -> Check:
    return Rows(_priced(product for product in truth.category("Garden") if product.price < 20))


def _five_pens(truth: Truth) -> Check:
    pens = sorted(truth.category("Pens and pencils"), key=lambda product: product.price)
    return Rows(_priced(pens[:5]), json=True)


def _dear_fiction(truth: Truth) -> Check:
    return Facts((str(sum(product.price > 30 for product in truth.category("Fiction"))),))


def _best_basket(truth: Truth) -> Check:
    best = max(truth.category("Baskets"), key=lambda product: product.rating)
    return At(f"_{best.id}/")


def _jars(truth: Truth) -> Check:
    attributes = truth.attributes("Fruit in Jars")
    return Members({"author": attributes["Author"], "pages": attributes["Pages"]})


def _cheaper_book(truth: Truth) -> Check:
    pair = [truth.product(title) for title in ("The Lazy Border", "Hedges and Edges")]
    cheaper = min(pair, key=lambda product: product.price)
    return Titles((cheaper.title,), tuple(product.title for product in pair))


def _hammock_total(truth: Truth) -> Check:
    return Amounts((min(product.price for product in truth.products if product.title.endswith("hammock")),))


def _hotel_orders(_: Truth) -> Check:
    return Facts((str(sum(order.customer == "Nordlys Hotel" for order in ORDERS)),))


def _blue_shoes(_: Truth) -> Check:
    wanted = [shoe for shoe in SHOES if shoe.colour == "Blue" and shoe.size == "42"]
    return Rows(tuple((shoe.name, shoe.price) for shoe in wanted))


def _oldest_news(_: Truth) -> Check:
    return Facts((NEWS[-1].headline,), tuple(article.headline for article in NEWS[:-1]))


_SHOP: Final = (
    Case("log in and read the name", "shop",
         "Sign in with reader@shop.example / 'lantern-lane-42'. What name is on my profile?", "/",
         lambda _: Facts(("Robin Reader",))),
    Case("two mugs", "shop", "Put two Fennimore speckled camping mugs into my basket please", "/",
         changes=Changes({"Fennimore speckled camping mug": 2})),
    Case("cheapest hammock and total", "shop",
         "Find the cheapest hammock, add it to the basket, and tell me the basket total.", "/", _hammock_total,
         Changes({"Sandpiper linen hammock": 1})),
    Case("two books, one out again", "shop",
         "Add 'Slow Trains North' and 'The Lantern Roads' to my cart, then take 'Slow Trains North' out again.", "/",
         changes=Changes({"The Lantern Roads": 1})),
    Case("account", "shop",
         "I'd like to create an account on this site. My e-mail is mila.storm@example.org and the password should be"
         " Gull-harbour-71", "/",
         changes=Changes(customers=("mila.storm@example.org",))),
    Case("review", "shop",
         "Write a review for the Oxbow wool tarp: score 4, title 'Keeps the rain off', body 'Survived two storms.',"
         " name Mila, e-mail mila@example.org. Then save it.", "/",
         changes=Changes(reviews=(("Oxbow wool tarp", "4", "Keeps the rain off", "Survived two storms.", "Mila",
                                   "mila@example.org"),))),
    Case("author and pages", "shop",
         "Who wrote Fruit in Jars and how many pages does it have? Answer as JSON with the keys author and pages.", "/",
         _jars),
    Case("cheaper of two books", "shop", "Which one is cheaper: 'The Lazy Border' or 'Hedges and Edges'?", "/",
         _cheaper_book),
    Case("garden under 20", "shop",
         "List everything in the Garden department that costs less than £20, with the price of each", "/",
         _cheap_garden),
    Case("dear fiction", "shop", "How many books in Fiction cost over £30?", "/", _dear_fiction),
    Case("knife block there", "shop", "Is the Hollin walnut knife block in stock at the moment?", "/",
         lambda _: Facts(("No",), ("Yes",))),
    Case("five cheapest pens", "shop",
         "Show me the 5 cheapest items in Pens and pencils as JSON, title and price only", "/", _five_pens),
    Case("best rated basket", "shop", "Go to the Baskets category and open the product with the highest rating", "/",
         _best_basket),
    Case("lamp that is not there", "shop", "Add the Tallis brass desk lamp to my basket", "/", refusals=_NOT_SO),
    Case("out of stock", "shop", "Put one copy of 'Hedges and Edges' in my basket", "/",
         refusals=_NOT_SO | {"ELEMENT_NOT_ACTIONABLE", "STEP_WITHOUT_EFFECT", "STEP_REFUSED"}),
    Case("present for mother", "shop", "Order something nice for my mother's birthday, not more than £30", "/",
         refusals=_NOT_SO),
)  # fmt: skip

_DOCS: Final = (
    Case("what heapify does", "docs", "What does heapq.heapify do?", "/library/heapq.html",
         lambda _: Facts(("Transform list x into a heap, in-place, in linear time",))),
    Case("bisect page", "docs", "Open the page about the bisect module", "/library/index.html",
         lambda _: At("/library/bisect.html")),
    Case("statistics since", "docs", "In which Python version was the statistics module added?",
         "/library/statistics.html", lambda _: Facts(("3.4",), ("3.6", "3.8", "3.10", "3.11"))),
    Case("measures of spread", "docs", "Extract the table in the section 'Measures of spread' as JSON",
         "/library/statistics.html",
         lambda _: Rows((("pstdev", "Population standard deviation of data"),
                         ("pvariance", "Population variance of data"),
                         ("stdev", "Sample standard deviation of data"),
                         ("variance", "Sample variance of data")), json=True)),
    Case("coroutine", "docs", "Look up 'coroutine' in the glossary and tell me what it says", "/index.html",
         lambda _: Facts(("Coroutines are a more generalized form of subroutines",))),
    Case("for a ten-year-old", "docs", "Explain this page so that a ten-year-old understands it",
         "/library/secrets.html", refusals=_NOT_SO),
)  # fmt: skip

_LOCAL: Final = (
    Case("fleet account", "local",
         "Please sign me up. Full name: Otto Brandt, email: otto@brandt.example, password: Kelp-forest-9,"
         " country: Denmark. I want the Fleet plan and I agree to the terms. Then create the account.", "/signup",
         changes=Changes(posts=(("/signup", {"full_name": "Otto Brandt", "email": "otto@brandt.example",
                                             "password": "Kelp-forest-9", "country": "Denmark", "plan": "fleet",
                                             "terms": "on"}),))),
    Case("alerts off, fifty a page", "local",
         "Turn off the storm alerts, show 50 items per page, and save", "/settings",
         changes=Changes(posts=(("/settings", {"language": "en", "zone": "Europe/Stockholm", "digest": "on",
                                               "per_page": "50"}),))),
    Case("orders of the hotel", "local", "How many orders did Nordlys Hotel place?", "/orders", _hotel_orders),
    Case("order on the second page", "local", "Who placed order 10418 and what was the total?", "/orders",
         lambda _: Facts(("Ferry Office", "€3,015.75"))),
    Case("author of the pool", "local", "Who wrote the article about the sea pool?", "/news",
         lambda _: Facts(("Maud Ferris",), ("Ines Calder", "Jonas Weir", "Pavel Strand"))),
    Case("oldest news", "local", "What is the headline of the oldest article?", "/news", _oldest_news),
    Case("blue shoes", "local", "Filter the shoes by Blue and size 42, then list names and prices", "/shoes",
         _blue_shoes),
    Case("cancel what was sent", "local", "Cancel order 10428", "/orders",
         refusals=_NOT_SO | {"ELEMENT_NOT_ACTIONABLE"}),
)  # fmt: skip

LATER: Final = (*_SHOP, *_DOCS, *_LOCAL)
