"""The products of the shop as plain values: the same ones at every call, on every machine."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar
from zlib import crc32

from shop.shelves import BOOKS, MAKERS, REVIEWERS, REVIEWS, SHELVES, BookShelf, Shelf

T = TypeVar("T")

BOOK_DEPARTMENT = "Books"
#: One product in this many is sold out.
SOLD_OUT = 19


@dataclass(frozen=True, slots=True)
class Review:
    """What a customer says; ``score`` is 1 to 5."""

    score: int
    title: str
    body: str
    name: str


@dataclass(frozen=True, slots=True)
class Product:
    """One product. Prices are unique within a shelf, so that “the cheapest” is one product."""

    upc: str
    title: str
    department: str
    shelf: str
    description: str
    price: Decimal
    stock: int
    #: Attribute name -> value, as the product page lists them.
    attributes: dict[str, str]
    reviews: tuple[Review, ...]

    @property
    def is_book(self) -> bool:
        return self.department == BOOK_DEPARTMENT


def products() -> tuple[Product, ...]:
    """The whole catalogue, shelf by shelf."""
    return tuple(
        product
        for shelf in (*SHELVES, *BOOKS)
        for product in (_goods(shelf) if isinstance(shelf, Shelf) else _books(shelf))
    )


def _goods(shelf: Shelf) -> Iterator[Product]:
    prices = _Prices(shelf.cheapest, shelf.dearest)
    for row, (kind, sentence) in enumerate(shelf.kinds):
        for variant in range(2):
            maker = _pick(MAKERS, kind, variant)
            finish = shelf.finishes[(row + 3 * variant) % len(shelf.finishes)]
            title = f"{maker} {finish} {kind}"
            yield _product(
                title, shelf.department, shelf.name, prices,
                f"{sentence} This one comes in {finish}, made by {maker}.",
                {"Maker": maker, "Finish": finish, "Weight": f"{_number(title, 'weight', 120, 4200)} g"},
            )  # fmt: skip


def _books(shelf: BookShelf) -> Iterator[Product]:
    prices = _Prices(6, 34)
    for title, author, sentence in shelf.books:
        pages = _number(title, "pages", 120, 560)
        yield _product(
            title, BOOK_DEPARTMENT, shelf.name, prices, f"{sentence} {pages} pages, by {author}.",
            {"Author": author, "Pages": str(pages), "Published": str(_number(title, "year", 1988, 2024))},
        )  # fmt: skip


def _product(
    title: str, department: str, shelf: str, prices: "_Prices", description: str, attributes: dict[str, str]
) -> Product:
    number = _number(title, "upc", 10_000, 99_999)
    return Product(
        upc=f"LL-{number}",
        title=title,
        department=department,
        shelf=shelf,
        description=description,
        price=prices.next(title),
        stock=0 if _number(title, "stock", 0, SOLD_OUT - 1) == 0 else _number(title, "pieces", 2, 60),
        attributes=attributes,
        reviews=tuple(_reviews(title)),
    )


def _reviews(title: str) -> Iterator[Review]:
    for place in range(_number(title, "reviews", 0, 4)):
        score, head, body = _pick(REVIEWS, title, place)
        yield Review(score, head, body, _pick(REVIEWERS, title, 10 + place))


class _Prices:
    """Prices of one shelf, none of them twice."""

    def __init__(self, lowest: int, highest: int) -> None:
        self.lowest, self.highest = lowest, highest
        self.taken: set[Decimal] = set()

    def next(self, title: str) -> Decimal:
        pence = (99, 50, 95, 25)[_number(title, "pence", 0, 3)]
        price = Decimal(_number(title, "price", self.lowest, self.highest)) + Decimal(pence) / 100
        while price in self.taken:
            price += 1
        self.taken.add(price)
        return price


def _number(text: str, purpose: str, low: int, high: int) -> int:
    """A number from ``low`` to ``high`` that always follows from the text and the purpose."""
    return low + crc32(f"{text}/{purpose}".encode()) % (high - low + 1)


def _pick(options: tuple[T, ...], text: str, place: int) -> T:
    """One of the options, another one for most other texts and places."""
    return options[_number(text, f"pick {place}", 0, len(options) - 1)]
