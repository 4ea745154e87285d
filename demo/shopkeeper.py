"""Opens the demo shop beside us, and says what it really shows and holds, to check an answer against."""

import asyncio
import re
import sqlite3
import tempfile
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path

import httpx
from demo.shop import prepare

__all__ = ["Line", "Offer", "Shop", "open_shop", "parse_offers"]

START_TIMEOUT_SECONDS = 30.0
STOP_TIMEOUT_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Offer:
    """One product as a list of the shop shows it."""

    name: str
    path: str
    #: Pounds.
    price: Decimal
    in_stock: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a customer's open basket."""

    name: str
    price: Decimal
    quantity: int


@dataclass(frozen=True, slots=True)
class Shop:
    """A running shop: its address and its database, which it alone writes."""

    url: str
    database: Path

    async def search(self, query: str) -> list[Offer]:
        """What the shop's own search lists for a query, all pages, in its order."""
        offers: list[Offer] = []
        async with httpx.AsyncClient(base_url=self.url, trust_env=False) as http:
            for page in range(1, 100):
                answer = await http.get("/search/", params={"q": query, "page": page})
                found = parse_offers(answer.text) if answer.is_success else []
                if not found:
                    break
                offers += found
        return offers

    async def cheapest(self, query: str) -> Offer:
        """The cheapest product that the search lists. Raises ValueError when it lists none."""
        return min(await self.search(query), key=lambda offer: offer.price)

    def baskets(self) -> list[Line]:
        """The lines of all open baskets, newest first."""
        with closing(sqlite3.connect(f"file:{self.database}?mode=ro", uri=True)) as database:
            rows = database.execute(
                "SELECT product.title, line.price_incl_tax, line.quantity FROM basket_line AS line"
                " JOIN basket_basket AS basket ON basket.id = line.basket_id"
                " JOIN catalogue_product AS product ON product.id = line.product_id"
                " WHERE basket.status = 'Open' ORDER BY line.id DESC"
            ).fetchall()
        return [Line(name, Decimal(str(price)), quantity) for name, price, quantity in rows]


@asynccontextmanager
async def open_shop(port: int = 0) -> AsyncIterator[Shop]:
    """A fresh shop on 127.0.0.1 for the duration; prepares it first when this is the first time."""
    catalogue = await asyncio.to_thread(prepare.prepare)
    with tempfile.TemporaryDirectory(prefix="outrider-shop-") as folder:
        arguments = ["--catalogue", str(catalogue), "--folder", folder, "--port", str(port), "--with-parent"]
        process = await asyncio.create_subprocess_exec(
            prepare.PYTHON, prepare.HERE / "serve.py", *arguments, stdin=PIPE, stdout=PIPE
        )
        try:
            yield Shop(await _address(process), Path(folder) / "shop.sqlite3")
        finally:
            await _stop(process)


async def _address(process: Process) -> str:
    """What the shop prints once it answers."""
    if process.stdout is None:
        raise RuntimeError("the shop was started without a pipe")
    async with asyncio.timeout(START_TIMEOUT_SECONDS):
        line = (await process.stdout.readline()).decode()
    match = re.search(r"http://\S+?(?=/?\s)", line)
    if match is None:
        raise RuntimeError("the shop did not start; its messages are above")
    return match[0]


async def _stop(process: Process) -> None:
    """Let the shop go; its pipe's end is its signal, so it also ends when we are killed."""
    if process.stdin is not None:
        process.stdin.close()
    try:
        async with asyncio.timeout(STOP_TIMEOUT_SECONDS):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()


def parse_offers(page: str) -> list[Offer]:
    """The products of a list page of the shop."""
    reader = _OfferReader()
    reader.feed(page)
    return reader.offers


class _OfferReader(HTMLParser):
    """Reads django-oscar's ``article.product_pod``: a titled link, a price, an availability."""

    def __init__(self) -> None:
        super().__init__()
        self.offers: list[Offer] = []
        self._name = self._path = ""
        self._price = Decimal(0)
        self._at_price = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        classes = given.get("class", "").split()
        if tag == "a" and "title" in given:
            self._name, self._path = given["title"], given.get("href", "")
        elif tag == "p" and "price_color" in classes:
            self._at_price = True
        elif tag == "p" and "availability" in classes:
            self.offers.append(Offer(self._name, self._path, self._price, "instock" in classes))

    def handle_data(self, data: str) -> None:
        if self._at_price:
            self._price, self._at_price = Decimal(re.sub(r"[^\d.]", "", data)), False
