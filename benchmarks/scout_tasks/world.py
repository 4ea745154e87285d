"""Everything that a task can write to, looked at before and after."""

from collections import Counter
from dataclasses import dataclass
from typing import Any, Final

from benchmarks.scout_tasks.case import Changes
from benchmarks.scout_tasks.local_site import LocalSite
from benchmarks.scout_tasks.truth import Truth

__all__ = ["Look", "World"]

_BASKETS: Final = (
    "SELECT product.title, SUM(line.quantity) FROM basket_line AS line"
    " JOIN catalogue_product AS product ON product.id = line.product_id GROUP BY product.title"
)
_REVIEWS: Final = (
    "SELECT product.title, CAST(review.score AS TEXT), review.title, review.body, review.name, review.email"
    " FROM reviews_productreview AS review JOIN catalogue_product AS product ON product.id = review.product_id"
    " ORDER BY review.id"
)
_ADDRESSES: Final = (
    "SELECT first_name, last_name, line1, line4, postcode, country_id FROM address_useraddress ORDER BY id"
)
_CUSTOMERS: Final = "SELECT email FROM auth_user ORDER BY id"


@dataclass(frozen=True, slots=True)
class Look:
    """What was there at one time."""

    baskets: Counter[str]
    reviews: tuple[Any, ...]
    addresses: tuple[Any, ...]
    customers: tuple[str, ...]
    posts: tuple[Any, ...]

    def since(self, before: "Look") -> Changes:
        """What came between."""
        basket = Counter(self.baskets)
        basket.subtract(before.baskets)
        return Changes(
            {title: pieces for title, pieces in basket.items() if pieces},
            self.reviews[len(before.reviews) :],
            self.addresses[len(before.addresses) :],
            self.customers[len(before.customers) :],
            self.posts[len(before.posts) :],
        )


@dataclass(frozen=True, slots=True)
class World:
    """The sites of a run."""

    truth: Truth
    local: LocalSite
    #: Address of the documentation; "" when it could not be had.
    docs_url: str

    def address(self, site: str, path: str) -> str:
        """The full address of a path on one of the sites."""
        return {"shop": self.truth.shop_url, "docs": self.docs_url, "local": self.local.url}[site] + path

    def look(self) -> Look:
        """What is there now."""
        rows = self.truth.rows
        return Look(
            Counter(dict(rows(_BASKETS))),
            tuple(rows(_REVIEWS)),
            tuple(rows(_ADDRESSES)),
            tuple(email for (email,) in rows(_CUSTOMERS)),
            tuple(self.local.posts),
        )
