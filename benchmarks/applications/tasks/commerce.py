"""E-commerce: search, filter, compare, basket, wish list and checkout in a real shop."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from benchmarks.applications.application import Application
from benchmarks.applications.task import Task
from benchmarks.scout_tasks.case import Check, Ending
from benchmarks.scout_tasks.checks import Facts, Rows

__all__ = ["COMMERCE"]

_PRODUCTS: Final = (
    "SELECT title, price, num_in_stock, coalesce(rating, 0) FROM catalogue_product product"
    " JOIN partner_stockrecord stock ON stock.product_id = product.id"
    " JOIN catalogue_productcategory shelf ON shelf.product_id = product.id"
    " JOIN catalogue_category category ON category.id = shelf.category_id WHERE category.name = ? ORDER BY price"
)
_OPEN: Final = (
    "SELECT coalesce(SUM(line.quantity), 0) FROM basket_line line JOIN basket_basket basket"
    " ON basket.id = line.basket_id JOIN catalogue_product product ON product.id = line.product_id"
    " WHERE basket.status = 'Open' AND product.title = ?"
)


def in_baskets(shop: Application, added: dict[str, int]) -> tuple[str, ...]:
    """What the open baskets of all visitors then hold of these."""
    before = {title: int(shop.rows(_OPEN, title)[0][0]) for title in added}
    return tuple(f"in open baskets: {title} = {before[title] + pieces}" for title, pieces in added.items())


def _shelf(shop: Application, name: str) -> list[tuple[str, Decimal, int, float]]:
    return [(title, Decimal(str(price)), stock, rating) for title, price, stock, rating in shop.rows(_PRODUCTS, name)]


def _cheapest_in_stock(shop: Application, shelf: str) -> str:
    return next(title for title, _, stock, _ in _shelf(shop, shelf) if stock)


def _cheap_candles(shop: Application) -> Iterable[str]:
    return in_baskets(shop, {title: 1 for title, price, _, _ in _shelf(shop, "Candles") if price < 17})


def _three_books(shop: Application) -> Check:
    books = {title: (price, stock) for title, price, stock, _ in
             (*_shelf(shop, "Fiction"), *_shelf(shop, "Gardening"), *_shelf(shop, "Travel and history"))}  # fmt: skip
    titles = ("Slow Trains North", "Hedges and Edges", "The Lantern Roads")
    rows = [(title, f"£{books[title][0]:.2f}", "In stock" if books[title][1] else "Unavailable") for title in titles]
    return Rows(tuple(rows))


def _best_garden_book(shop: Application) -> str:
    return max((book for book in _shelf(shop, "Gardening") if book[1] < 20), key=lambda book: book[3])[0]


@dataclass(frozen=True, slots=True)
class OrderNumber:
    """The answer has the number of the newest order."""

    shop: Application

    def __str__(self) -> str:
        return "the number of the newest order"

    def faults(self, ending: Ending) -> list[str]:
        orders = self.shop.rows("SELECT number FROM order_order ORDER BY id DESC LIMIT 1")
        return [] if orders and str(orders[0][0]) in ending.text else [f"not the order's number: {orders}"]


COMMERCE: Final = (
    Task("commerce", "shop", "cheapest in stock",
         "Search for 'hose reel' and put the cheapest one that is in stock into the basket.",
         writes=lambda shop: in_baskets(shop, {next(
             title for title, _, stock, _ in _shelf(shop, "Watering") if stock and title.endswith("hose reel")): 1})),
    Task("commerce", "shop", "if it is out of stock",
         "Add the cheapest product of the category Gardening to the basket. If it is out of stock, take the next "
         "cheapest one instead.",
         writes=lambda shop: in_baskets(shop, {_cheapest_in_stock(shop, "Gardening"): 1})),
    Task("commerce", "shop", "the cheaper of two",
         "Compare the prices of the 'Sandpiper beech kitchen timer' and the 'Lowmoor oak kitchen timer' and add the "
         "cheaper one to the basket.",
         writes=lambda shop: in_baskets(shop, {"Sandpiper beech kitchen timer": 1})),
    Task("commerce", "shop", "each of three books",
         "For each of the books 'Slow Trains North', 'Hedges and Edges' and 'The Lantern Roads' tell me the price and "
         "whether it is in stock.",
         answer=_three_books),
    Task("commerce", "shop", "every cheap candle",
         "Put every product of the category Candles that costs less than £17 into the basket.",
         writes=_cheap_candles),
    Task("commerce", "shop", "change the basket",
         "Add two of the 'Hollin beech wall clock' and one 'Quillan ash mantel clock' to the basket. Then go to the "
         "basket, set the quantity of the 'Hollin beech wall clock' to 3, remove the 'Quillan ash mantel clock' and "
         "tell me the total.",
         answer=lambda _: Facts(("£159.75",)),
         writes=lambda shop: in_baskets(shop, {"Hollin beech wall clock": 3})),
    Task("commerce", "shop", "guest checkout",
         "Buy the 'Tallis brass storm lantern' as a guest with the e-mail address john.carter@post.example. Have it "
         "sent to Mr John Carter, 5 Station Road, Leeds, LS1 4DY, United Kingdom. Place the order and tell me the "
         "order number.",
         answer=OrderNumber,
         writes=lambda _: (
             re.compile(r"order \d+ = john.carter@post.example: 1 x Tallis brass storm lantern to John Carter, "
                        r"5 Station Road, Leeds, LS1 4DY, GB, Pending"),)),
    Task("commerce", "shop", "order with a log-in",
         "Log in with the saved log-in reader, put 2 of the 'Ardent nickel pen stand' into the basket and check out. "
         "Have it delivered to Mrs Ruth Reader, 8 Canal Street, Bristol, BS1 6QA, United Kingdom, and place the order.",
         writes=lambda _: (
             re.compile(r"order \d+ = reader@shop.example: 2 x Ardent nickel pen stand to Ruth Reader, "
                        r"8 Canal Street, Bristol, BS1 6QA, GB, Pending"),
             re.compile(r"address of reader@shop.example \d+ = (?:Mrs)? Ruth Reader, 8 Canal Street, Bristol, BS1 6QA, "
                        r"GB, "))),
    Task("commerce", "shop", "wish list",
         "Log in with the saved log-in reader and put the best rated book of the category Gardening under £20 on my "
         "wish list.",
         writes=lambda shop: (f"on wish lists: {_best_garden_book(shop)} = 1",)),
    Task("commerce", "shop", "the two dearest in stock",
         "Go to the category Flasks and mugs, sort it by price from high to low, and add the first two products that "
         "are in stock to the basket.",
         writes=lambda shop: in_baskets(shop, {
             title: 1 for title, *_ in [one for one in reversed(_shelf(shop, "Flasks and mugs")) if one[2]][:2]})),
)  # fmt: skip
