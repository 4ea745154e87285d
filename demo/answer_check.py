"""Checks an answer about the demo shop against what the shop itself shows and holds."""

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from demo.shopkeeper import Line, Shop

__all__ = ["faults_of_purchase", "price_of"]


async def faults_of_purchase(shop: Shop, query: str, answer: Any) -> list[str]:
    """What is wrong with “name and price of the cheapest match, which is in the basket now”; empty when right."""
    cheapest = await shop.cheapest(query)
    if not isinstance(answer, Mapping):
        return [f"the answer is no JSON object: {answer!r}"]
    faults = []
    if answer.get("name") != cheapest.name:
        faults.append(f"the cheapest match is “{cheapest.name}”, the answer names “{answer.get('name')}”")
    if price_of(answer.get("price")) != cheapest.price:
        faults.append(f"it costs {cheapest.price}, the answer says {answer.get('price')!r}")
    basket = shop.baskets()
    if basket != [Line(cheapest.name, cheapest.price, 1)]:
        faults.append(f"the basket should have it once, but has {basket}")
    return faults


def price_of(value: Any) -> Decimal | None:
    """``17.25``, ``"£17.25"`` or ``"17.25 GBP"`` as a number; None for what is no price."""
    try:
        return Decimal(re.sub(r"[^\d.]", "", str(value)))
    except InvalidOperation:
        return None
