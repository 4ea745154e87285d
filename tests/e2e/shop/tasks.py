"""Tasks on the shop, in the words of different people, with the truth taken from the shop's own database.

``FAILS`` stands for a task that has to end with a problem or a question, because it can't be done or is not clear.
"""

import json
import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from demo.shopkeeper import Line, Shop

FAILS = "fails"

#: Says whether an answer is right; gets the shop as it is after the task.
Check = Callable[[Any, Shop], bool]


@dataclass(frozen=True, slots=True)
class Product:
    """A product as the shop's database has it."""

    title: str
    upc: str
    rating: float
    price: Decimal
    stock: int


def products(shop: Shop, category: str = "") -> list[Product]:
    """The products of a category, those below it included, or of the whole shop; in the order of the catalogue."""
    rows = _query(
        shop,
        "SELECT DISTINCT p.title, p.upc, coalesce(p.rating, 0), r.price, r.num_in_stock, p.id FROM catalogue_product p"
        " JOIN partner_stockrecord r ON r.product_id = p.id"
        " JOIN catalogue_productcategory pc ON pc.product_id = p.id"
        " JOIN catalogue_category c ON c.id = pc.category_id"
        " JOIN catalogue_category top ON c.path LIKE top.path || '%' WHERE ? IN ('', top.name) ORDER BY p.id",
        category,
    )
    return [Product(title, upc, rating, Decimal(str(price)), stock) for title, upc, rating, price, stock, _ in rows]


def _query(shop: Shop, sql: str, *values: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(f"file:{shop.database}?mode=ro", uri=True)) as database:
        return database.execute(sql, values).fetchall()


def _text(answer: Any) -> str:
    return answer if isinstance(answer, str) else json.dumps(answer, ensure_ascii=False)


def _money(text: Any) -> Decimal:
    return Decimal(re.sub(r"[^\d.]", "", str(text)))


def says(*words: str) -> Check:
    """The answer has all these words in it."""
    return lambda answer, shop: all(word.casefold() in _text(answer).casefold() for word in words)


def is_product(choose: Callable[[Shop], Product], *, price: bool = False) -> Check:
    """The answer names that product, and no other; its price too if asked for."""

    def check(answer: Any, shop: Shop) -> bool:
        product, text = choose(shop), _text(answer)
        others = [one.title for one in products(shop) if one.title != product.title and one.title in text]
        return product.title in text and not others and (not price or f"{product.price}" in text)

    return check


def are_products(choose: Callable[[Shop], list[Product]], *, price: bool = False) -> Check:
    """The answer is a list of exactly these, in any order."""

    def check(answer: Any, shop: Shop) -> bool:
        wanted, text = choose(shop), _text(answer)
        named = {one.title for one in products(shop) if re.search(re.escape(one.title), text)}
        return named == {one.title for one in wanted} and (not price or all(f"{one.price}" in text for one in wanted))

    return check


def number_is(count: Callable[[Shop], int]) -> Check:
    """The answer has that number and no other."""
    return lambda answer, shop: re.findall(r"\d+", _text(answer)) == [str(count(shop))]


def basket_has(*lines: tuple[str, int]) -> Check:
    """The basket has exactly these products in these quantities, whatever the answer says."""

    def check(answer: Any, shop: Shop) -> bool:
        del answer
        return sorted((line.name, line.quantity) for line in _newest(shop)) == sorted(lines)

    return check


def _newest(shop: Shop) -> list[Line]:
    """The lines of the newest basket; the shop keeps those of earlier visitors."""
    rows = _query(
        shop,
        "SELECT product.title, line.price_incl_tax, line.quantity FROM basket_line AS line"
        " JOIN catalogue_product AS product ON product.id = line.product_id"
        " WHERE line.basket_id = (SELECT max(id) FROM basket_basket)",
    )
    return [Line(name, Decimal(str(price)), quantity) for name, price, quantity in rows]


def cheapest(category: str) -> Callable[[Shop], Product]:
    return lambda shop: min(products(shop, category), key=lambda one: one.price)


def dearest(category: str) -> Callable[[Shop], Product]:
    return lambda shop: max(products(shop, category), key=lambda one: one.price)


def named(title: str) -> Callable[[Shop], Product]:
    return lambda shop: next(one for one in products(shop) if one.title == title)


def nth(number: int) -> Callable[[Shop], Product]:
    return lambda shop: products(shop)[number - 1]


def basket_total_of(choose: Callable[[Shop], Product]) -> Check:
    return lambda answer, shop: (
        f"{choose(shop).price}" in _text(answer) and [line.name for line in _newest(shop)] == [choose(shop).title]
    )


def has_account(email: str) -> Check:
    return lambda answer, shop: bool(_query(shop, "SELECT 1 FROM auth_user WHERE email = ?", email))


def _kitchen_of_two_pages(shop: Shop) -> list[Product]:
    return products(shop, "Kitchen")[:40]


TASKS: dict[str, Check | str] = {
    # reading
    "Open the first product and report its UPC and availability as JSON": says("LL-48538", "in stock"),
    "What is the UPC of the Fennimore graphite reading lamp?": says("LL-42758"),
    "Report the price of the Sandpiper walnut travel clock": says("17.25"),
    "Tell me the name of the second product": is_product(nth(2)),
    "Go to page 3 of the catalogue and report the name of the first product": is_product(nth(41)),
    "How many products are in the category Books?": number_is(lambda shop: len(products(shop, "Books"))),
    "Is the Hollin nickel clamp lamp in stock?": says("in stock"),
    "Tell me the weight of the first product": says("535 g"),
    "Could you find out what the 'Tallis brass storm lantern' costs?": says("48.99"),
    "Show the product description of the first book in Books": says("Two sisters inherit trees"),
    "Give the UPC, the maker and the weight of the 'Quillan brass desk lamp' as JSON": says("LL-48538", "Quillan"),
    "Search for 'teapot zzz' and tell me what the page says": says("0 results"),
    # lists
    "List name, price and link of the first 5 products as JSON": are_products(
        lambda shop: products(shop)[:5], price=True
    ),
    "List the products of the category Kitchen with name and price over the first 2 pages": are_products(
        _kitchen_of_two_pages, price=True
    ),
    "Go to the category Clocks and list all products with name and price as JSON": are_products(
        lambda shop: products(shop, "Clocks"), price=True
    ),
    "Give me the names of all notebooks in the Notebooks category.": are_products(
        lambda shop: products(shop, "Notebooks")
    ),
    "Open the category Stationery and list all products under £6 with their prices": are_products(
        lambda shop: [one for one in products(shop, "Stationery") if one.price < 6], price=True
    ),
    "Could you list the names of the products on page 2 of the Books category, one per line?": are_products(
        lambda shop: products(shop, "Books")[20:]
    ),
    "Give me a JSON array of the titles and prices of all products in Fiction": are_products(
        lambda shop: products(shop, "Fiction"), price=True
    ),
    "In the category Hand tools, which products cost between £20 and £30?": are_products(
        lambda shop: [one for one in products(shop, "Hand tools") if 20 <= one.price <= 30]
    ),
    "Count the products in Pots and planters that cost more than £20": number_is(
        lambda shop: sum(one.price > 20 for one in products(shop, "Pots and planters"))
    ),
    "Go to Kitchen, find all products whose name contains 'kettle' and list name and price": are_products(
        lambda shop: [one for one in products(shop, "Kitchen") if "kettle" in one.title], price=True
    ),
    "I'd like to know how many books you sell": number_is(lambda shop: len(products(shop, "Books"))),
    # choosing
    "Open the category Books and tell me the name and price of the cheapest book": is_product(
        cheapest("Books"), price=True
    ),
    "Find the most expensive product in the Garden category": is_product(dearest("Garden")),
    "Go to Lanterns, open the cheapest one and report name, price and UPC as JSON": is_product(
        cheapest("Lanterns"), price=True
    ),
    "Sort the products by price from high to low and tell me the first one": is_product(dearest("")),
    "Sort by 'Title A to Z' and report the name of the first product": is_product(
        lambda shop: min(products(shop), key=lambda one: one.title.casefold())
    ),
    "- open the Garden section\n- sort it by price descending\n- tell me the name of the first product": is_product(
        dearest("Garden")
    ),
    "1. Go to Workshop\n2. Open the cheapest product\n3. Report its name and price": is_product(
        cheapest("Workshop"), price=True
    ),
    "Please tell me which product in the category Storage boxes is the cheapest and what it costs": is_product(
        cheapest("Storage boxes"), price=True
    ),
    "Show me the cheapest three notebooks in Notebooks as a JSON array with keys title and cost": are_products(
        lambda shop: sorted(products(shop, "Notebooks"), key=lambda one: one.price)[:3], price=True
    ),
    "Go to Stationery > Pens and pencils and find the dearest item": is_product(dearest("Pens and pencils")),
    'Return {"name": "...", "price": "..."} for the second product in Lanterns': is_product(
        lambda shop: products(shop, "Lanterns")[1], price=True
    ),
    # searching
    "Search for 'lantern' and tell me how many results there are": number_is(
        lambda shop: sum("lantern" in one.title.casefold() for one in products(shop))
    ),
    "I need a clock: search 'walnut travel clock', open the first match and give me its price": says("17.25"),
    'Search for "notebook", add the cheapest one to the basket, go to the basket and report the total': basket_total_of(
        lambda shop: min(
            (one for one in products(shop) if "notebook" in one.title.casefold()), key=lambda one: one.price
        )
    ),
    # the basket
    "Go to the basket and tell me what is in it": says("empty"),
    "Put the Quillan brass desk lamp into the basket": basket_has(("Quillan brass desk lamp", 1)),
    "Add 3 copies of 'Hollin nickel clamp lamp' to the cart": basket_has(("Hollin nickel clamp lamp", 3)),
    "Add the first two products to the basket": basket_has(
        ("Quillan brass desk lamp", 1), ("Harrow & Pine steel desk lamp", 1)
    ),
    "Put the Quillan brass desk lamp into the basket, then remove it from the basket": basket_has(),
    "I want you to add the two cheapest products of the Clocks category to my basket": lambda answer, shop: (
        sorted(line.name for line in _newest(shop))
        == sorted(one.title for one in sorted(products(shop, "Clocks"), key=lambda one: one.price)[:2])
    ),
    "Add the Hollin nickel clamp lamp to the basket, go to the basket, change the quantity to 4, click Update and "
    "report the total": says("183.80"),
    # forms
    "Log in as reader@shop.example with password lantern-lane-42": says(""),
    "Register with email new@shop.example and password Zx81-spectrum-green": has_account("new@shop.example"),
    # small talk
    "Reply with 'OK'": lambda answer, shop: answer == "OK",
    # as people say it
    "What does the Tallis brass storm lantern cost?": says("48.99"),
    "Find the Tallis brass storm lantern": is_product(named("Tallis brass storm lantern"), price=True),
    "Which candle costs the least?": is_product(cheapest("Candles"), price=True),
    "Go to the Books department and give me a list of every book with its price": are_products(
        lambda shop: products(shop, "Books"), price=True
    ),
    "give me name + price of everything in Candles under 18 pounds": are_products(
        lambda shop: [one for one in products(shop, "Candles") if one.price < 18], price=True
    ),
    "Tell me the three cheapest garden products and their prices": are_products(
        lambda shop: sorted(products(shop, "Garden"), key=lambda one: one.price)[:3], price=True
    ),
    "Show me all candles, cheapest first": are_products(lambda shop: products(shop, "Candles"), price=True),
    "Look for notebooks under £6 and tell me how many there are": number_is(
        lambda shop: sum(one.price < 6 for one in products(shop, "Notebooks"))
    ),
    "Look up the Oxbow nickel plant mister and give me its maker, finish and weight as JSON": says(
        "Oxbow", "nickel", "1975 g"
    ),
    "Is the Tallis brass storm lantern sold out?": says("No – In stock"),
    "Does the Tallis brass storm lantern cost less than £20?": says("No – £48.99"),
    "What is the name of this shop?": says("Lantern Lane"),
    "add 2x Hollin cream tealight holder to cart and tell me the total, thanks": says("57.98"),
    "Put the first two candles in my basket": lambda answer, shop: (
        sorted(line.name for line in _newest(shop)) == sorted(one.title for one in products(shop, "Candles")[:2])
    ),
    # what can't be done, or is not said clearly enough
    "What's the cheapest kettle?": FAILS,  # a book on kettles is cheaper than any: a question
    "Buy the Tallis brass storm lantern": FAILS,
    "Use the coupon SAVE10 to get a discount": FAILS,
    "Show me the reviews of Supper for Six": FAILS,
    "Find a purple elephant": FAILS,
    "Log in": FAILS,
    "Log in as reader@shop.example with password wrong-one": FAILS,
    "Search for 'xylophone quasar' and open the first result": FAILS,
    "Tell me the shoe size of the first product": FAILS,
    "Open the category Yachts and tell me the cheapest": FAILS,
    "List the products of the category Yachts": FAILS,
    "Buy a yacht": FAILS,
    "Summarise the first product in your own words": FAILS,
    "Translate this page into French": FAILS,
    "Search for clock and give me the average price": FAILS,
    "Open the first product that is made of chocolate": FAILS,
    "If the first product is out of stock, open the second one and tell me its name": FAILS,
    "Report the name of the cheapest product that was added by Ann last week": FAILS,
    "List all products except lamps": FAILS,
    "Report the average rating of the products in Books": FAILS,
    "Tell me the price of the desk lamp": FAILS,  # there are several: a question
    "List all products with free delivery": FAILS,
    "How many pages does the catalogue have?": FAILS,
    "Tell me the name of the cheapest and the most expensive product": FAILS,
    "Which product in Garden has the most reviews?": FAILS,  # its lists don't say
    "Report the price of the first product in euros": FAILS,
    "Go to Books and open each product and report its UPC": FAILS,
}
