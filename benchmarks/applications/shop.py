"""django-oscar: the demo shop with its dashboard."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Final

from demo.shopkeeper import open_shop as open_demo_shop

from benchmarks.applications.application import Application, Login, State, query

__all__ = ["open_shop"]

#: Key and value of what a task can write.
_TABLES: Final = (
    "SELECT 'customer ' || email, first_name || ' ' || last_name FROM auth_user",
    "SELECT 'address of ' || user.email || ' ' || address.id, title || ' ' || address.first_name || ' ' ||"
    " address.last_name || ', ' || line1 || ', ' || line4 || ', ' || postcode || ', ' || country_id || ', ' ||"
    " phone_number FROM address_useraddress address JOIN auth_user user ON user.id = address.user_id",
    "SELECT 'in open baskets: ' || product.title, SUM(line.quantity) FROM basket_line line"
    " JOIN basket_basket basket ON basket.id = line.basket_id"
    " JOIN catalogue_product product ON product.id = line.product_id WHERE basket.status = 'Open' GROUP BY 1",
    "SELECT 'order ' || number, coalesce(user.email, guest_email) || ': ' || (SELECT group_concat(quantity || ' x ' ||"
    " title, '; ') FROM order_line WHERE order_id = orders.id) || ' to ' || address.first_name || ' ' ||"
    " address.last_name || ', ' || line1 || ', ' || line4 || ', ' || postcode || ', ' || country_id || ', ' || status"
    " FROM order_order orders LEFT JOIN auth_user user ON user.id = orders.user_id"
    " LEFT JOIN order_shippingaddress address ON address.id = orders.shipping_address_id",
    "SELECT 'review ' || review.id, product.title || ': ' || score || ', ' || review.title || ', ' || body || ', ' ||"
    " review.name || ', ' || review.email FROM reviews_productreview review"
    " JOIN catalogue_product product ON product.id = review.product_id",
    "SELECT 'on wish lists: ' || title, SUM(quantity) FROM wishlists_line GROUP BY 1",
    "SELECT 'product ' || title || ': ' || upc, (SELECT price || ' x ' || num_in_stock FROM partner_stockrecord"
    " WHERE product_id = product.id) FROM catalogue_product product",
    "SELECT 'category ' || name, depth FROM catalogue_category",
    "SELECT 'offer ' || offer.name, benefit.type || ' ' || benefit.value || ' for ' || condition.type || ' ' ||"
    " condition.value FROM offer_conditionaloffer offer JOIN offer_benefit benefit ON benefit.id = offer.benefit_id"
    " JOIN offer_condition condition ON condition.id = offer.condition_id",
)


@asynccontextmanager
async def open_shop() -> AsyncIterator[Application]:
    """A fresh shop; a customer's and the keeper's log-in are in the vault."""
    async with open_demo_shop() as shop:
        logins = (
            Login("reader", "reader@shop.example", "lantern-lane-42"),
            Login("shop-keeper", "keeper@shop.example", "lamp-keeper-71"),
        )
        rows = partial(query, shop.database)
        yield Application("shop", shop.url, lambda: _look(rows), rows, logins)


def _look(rows: "partial[list[tuple[object, ...]]]") -> State:
    return {str(key): str(value) for table in _TABLES for key, value in rows(table)}
