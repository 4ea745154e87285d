"""Ten tasks on our own pages."""

from typing import Final

from benchmarks.scout_tasks.case import ANY_QUESTION, Case, Changes
from benchmarks.scout_tasks.checks import Facts, Rows
from benchmarks.scout_tasks.records import NEWS, ORDERS

__all__ = ["LOCAL"]

_MISSING: Final = frozenset({ANY_QUESTION, "RESULT_NOT_FOUND", "TARGET_NOT_FOUND"})
_OPEN: Final = tuple((order.number, order.customer, order.total) for order in ORDERS if order.status == "Open")
_TOTALS: Final = {order.number: float(order.total.removeprefix("€").replace(",", "")) for order in ORDERS}
_DEAREST: Final = max(_TOTALS, key=_TOTALS.__getitem__)
_OTHERS: Final = tuple(number for number in _TOTALS if number != _DEAREST)

LOCAL: Final = (
    Case(
        "sign up, field by field",
        "local",
        "Fill in the sign-up form: full name Mara Lindqvist, e-mail mara@lindqvist.example, password Fjord-2031, "
        "country Sweden. Tick the box for the terms and press Create account.",
        "/signup",
        changes=Changes(
            posts=(
                (
                    "/signup",
                    {
                        "full_name": "Mara Lindqvist",
                        "email": "mara@lindqvist.example",
                        "password": "Fjord-2031",
                        "country": "Sweden",
                        "plan": "solo",
                        "terms": "on",
                    },
                ),
            )
        ),
    ),
    Case(
        "sign up, told loosely",
        "local",
        "Please create an account for Tom Byrne. His email is tom@byrne.example, he lives in Ireland, the password "
        "should be clover-leaf-9 and he wants the Team plan. Accept the terms, and yes to the newsletter.",
        "/signup",
        changes=Changes(
            posts=(
                (
                    "/signup",
                    {
                        "full_name": "Tom Byrne",
                        "email": "tom@byrne.example",
                        "password": "clover-leaf-9",
                        "country": "Ireland",
                        "plan": "team",
                        "newsletter": "on",
                        "terms": "on",
                    },
                ),
            )
        ),
    ),
    Case(
        "change settings",
        "local",
        "Switch the language to Dutch, turn off the weekly digest and save the changes.",
        "/settings",
        changes=Changes(
            posts=(("/settings", {"language": "nl", "zone": "Europe/Stockholm", "alerts": "on", "per_page": "20"}),)
        ),
    ),
    Case(
        "highest total",
        "local",
        "Which order has the highest total? Just give me the order number.",
        "/orders",
        lambda _: Facts((_DEAREST,), _OTHERS),
    ),
    Case(
        "open orders as JSON",
        "local",
        "Get all orders with status Open from the table, with order number, customer and total, as JSON.",
        "/orders",
        lambda _: Rows(_OPEN, json=True),
    ),
    Case(
        "all headlines",
        "local",
        "Give me the headlines and dates of all news articles",
        "/news",
        lambda _: Rows(tuple((article.headline, article.date) for article in NEWS)),
    ),
    Case(
        "newest article",
        "local",
        "open the newest article and tell me who wrote it",
        "/news",
        lambda _: Facts(("Jonas Weir",), ("Ines Calder", "Pavel Strand", "Maud Ferris")),
    ),
    Case(
        "filter shoes",
        "local",
        "Select Red and Blue under colours, tick size 42, click Apply filters and list the shoes with their prices.",
        "/shoes",
        lambda _: Rows(
            (
                ("Fell Runner", "€89.00"),
                ("Pier Sandal", "€45.00"),
                ("Dune Slipper", "€39.00"),
                ("Quay Loafer", "€99.00"),
            )
        ),
    ),
    Case("two Edit buttons", "local", "Click the Edit button.", "/settings", refusals=frozenset({ANY_QUESTION})),
    Case("no such order", "local", "Cancel order 10499.", "/orders", refusals=_MISSING),
)
