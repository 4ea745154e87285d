"""The demo shop is a real shop: its own pages, over HTTP, without a browser."""

import re
import sqlite3
from contextlib import closing
from decimal import Decimal

import httpx
import pytest
from demo.shopkeeper import Offer, Shop, parse_offers

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]  # the first start prepares the shop


def count(shop: Shop, table: str) -> int:
    with closing(sqlite3.connect(f"file:{shop.database}?mode=ro", uri=True)) as database:
        return int(database.execute(f"SELECT count(*) FROM {table}").fetchone()[0])  # noqa: S608  names of our own


def test_it_sells_products_in_categories_with_reviews(shop: Shop) -> None:
    assert count(shop, "catalogue_product") == 250
    assert count(shop, "catalogue_category") >= 20
    assert count(shop, "reviews_productreview") > 200


async def test_a_search_lists_its_matches_over_several_pages(shop: Shop) -> None:
    offers = await shop.search("Lowmoor")
    assert len(offers) > 20
    assert len({offer.path for offer in offers}) == len(offers)
    assert all(offer.name and offer.price > 0 for offer in offers)


async def test_the_cheapest_match_of_the_first_task_is_one_product_in_stock(shop: Shop) -> None:
    offers = await shop.search("clock")
    cheapest = await shop.cheapest("clock")
    assert [offer.price for offer in offers].count(cheapest.price) == 1
    assert cheapest.in_stock


@pytest.mark.parametrize("path", ["/catalogue/", "/search/?q=clock", "/basket/", "/accounts/login/"])
def test_a_page_needs_nothing_from_elsewhere(shop: Shop, path: str) -> None:
    page = httpx.get(f"{shop.url}{path}", follow_redirects=True, trust_env=False)
    assert page.status_code == 200
    loaded = re.findall(r"<(?:script|img|link|iframe)[^>]+?(?:src|href)=\"([^\"]+)\"", page.text)
    assert loaded
    for address in loaded:
        assert address.startswith("/")
        assert httpx.get(f"{shop.url}{address}", trust_env=False).status_code == 200


def test_the_known_customer_can_log_in(shop: Shop) -> None:
    with httpx.Client(base_url=shop.url, trust_env=False) as http:
        http.get("/accounts/login/")
        form = {
            "login-username": "reader@shop.example",
            "login-password": "lantern-lane-42",
            "csrfmiddlewaretoken": http.cookies["csrftoken"],
            "login_submit": "Log In",
        }
        answer = http.post("/accounts/login/", data=form, follow_redirects=True)
    assert "reader@shop.example" in answer.text


def test_a_list_page_is_read_as_a_customer_reads_it() -> None:
    page = """
    <article class="product_pod"><h3><a href="/lamp_1/" title="Tall &amp; thin lamp">Tall &amp; …</a></h3>
    <p class="price_color">£1,017.25</p><p class="outofstock availability">Unavailable</p></article>
    """
    assert parse_offers(page) == [Offer("Tall & thin lamp", "/lamp_1/", Decimal("1017.25"), in_stock=False)]
