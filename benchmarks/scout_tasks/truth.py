"""What is so, from the sources: the shop's database and lists, and the data behind our own pages."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

import httpx
from demo.shopkeeper import Offer, parse_offers

__all__ = ["Product", "Truth"]

_PRODUCTS = (
    "SELECT product.id, product.title, stock.price, product.upc, product.rating, category.path, category.name"
    " FROM catalogue_product AS product JOIN partner_stockrecord AS stock ON stock.product_id = product.id"
    " JOIN catalogue_productcategory AS link ON link.product_id = product.id"
    " JOIN catalogue_category AS category ON category.id = link.category_id ORDER BY product.id"
)
_ATTRIBUTES = (
    "SELECT attribute.name, value.value_text FROM catalogue_productattributevalue AS value"
    " JOIN catalogue_productattribute AS attribute ON attribute.id = value.attribute_id WHERE value.product_id = ?"
)


@dataclass(frozen=True, slots=True)
class Product:
    """One product as the database holds it."""

    id: int
    title: str
    #: Pounds.
    price: Decimal
    upc: str
    #: Mean of the reviews, 0 without any.
    rating: float
    #: The tree's path of its shelf; that of a department is a prefix.
    category_path: str
    shelf: str


@dataclass(frozen=True)
class Truth:
    """Reads the shop's sources; nothing of it goes through Outrider."""

    shop_url: str
    database: Path

    @cached_property
    def products(self) -> tuple[Product, ...]:
        """The whole catalogue, as it was seeded."""
        return tuple(
            Product(number, title, Decimal(str(price)).quantize(Decimal("0.01")), upc, rating or 0.0, path, shelf)
            for number, title, price, upc, rating, path, shelf in self.rows(_PRODUCTS)
        )

    def product(self, title: str) -> Product:
        """The product of that title."""
        return next(product for product in self.products if product.title == title)

    def category(self, name: str) -> list[Product]:
        """The products of a shelf or department."""
        ((path,),) = self.rows("SELECT path FROM catalogue_category WHERE name = ?", name)
        return [product for product in self.products if product.category_path.startswith(path)]

    def attributes(self, title: str) -> dict[str, str]:
        """What the product's page lists of it."""
        return dict(self.rows(_ATTRIBUTES, self.product(title).id))

    def listed(self, path: str) -> list[Offer]:
        """The products of a list of the shop, all pages, in the order of the shop."""
        offers: list[Offer] = []
        with httpx.Client(base_url=self.shop_url, trust_env=False) as http:
            for page in range(1, 50):
                answer = http.get(httpx.URL(path).copy_merge_params({"page": page}))
                found = parse_offers(answer.text) if answer.is_success else []
                if not found:
                    break
                offers += found
        return offers

    def rows(self, query: str, *values: object) -> list[Any]:
        """Rows of the shop's database, read only."""
        with closing(sqlite3.connect(f"file:{self.database}?mode=ro", uri=True)) as database:
            return database.execute(query, values).fetchall()
