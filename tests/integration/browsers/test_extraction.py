"""Reading pages by structure."""

import pytest
from tests.integration.browsers.conftest import Open

from outrider.interfaces.actions import Extract
from outrider.interfaces.pages import Extraction, Pair

pytestmark = pytest.mark.browser


@pytest.fixture
async def shop(goto: Open) -> Extraction:
    page = await goto("shop.html")
    extraction = (await page.act(Extract())).extraction
    assert extraction is not None
    return extraction


async def test_the_products_are_the_largest_group(shop: Extraction) -> None:
    products = max(shop.groups, key=lambda group: group.area)
    assert (len(products.records), products.region, products.heading) == (8, "main", "All products")
    fields = {field.kind: field for field in products.records[1].fields}
    assert fields["heading"].text == "Book 1 long title", "a shortened text is completed by its title"
    assert fields["heading"].href.endswith("/p1")
    assert fields["rating"].hint == "star-rating two"
    assert fields["button"].text == "Add to basket"
    assert fields["button"].index is not None
    assert ("£11.50", "price_color") in [(field.text, field.hint) for field in products.records[1].fields]


async def test_table_cells_bear_their_column(shop: Extraction) -> None:
    table = next(group for group in shop.groups if group.heading == "Spec")
    rows = [[(field.label, field.text) for field in record.fields if field.kind == "cell"] for record in table.records]
    assert rows == [
        [("Name", "Apple"), ("Qty", "3"), ("Price", "£1")],
        [("Name", "Pear"), ("Qty", "4"), ("Price", "£2")],
    ]
    assert table.records[0].fields[1].href.endswith("/x")


async def test_rows_have_the_heading_that_spans_the_table_above_them(goto: Open) -> None:
    html = (
        "<table><tr><th>Title<th>Owner<tr><th colspan=2>urgent<tr><td>Leak<td>Ann<tr><td>Noise<td>"
        "<tr><th colspan=2>wish<tr><td>Paint<td>Bob</table>"
    )
    page = await goto(f"script?run=document.body.innerHTML = `{html}`")
    extraction = (await page.act(Extract())).extraction
    assert extraction is not None
    found = [(record.fields[0].text, record.section) for record in extraction.groups[0].records]
    assert found == [("Leak", "urgent"), ("Noise", "urgent"), ("Paint", "wish")]


async def test_labelled_values(shop: Extraction) -> None:
    assert set(shop.pairs) >= {
        Pair("UPC", "123"), Pair("Tax", "£0"), Pair("Weight", "3 kg"), Pair("Size", "XL"), Pair("Price", "£3"),
        Pair("SKU", "998"),
    }  # fmt: skip


async def test_the_row_of_a_sum_may_be_of_headings_only(goto: Open) -> None:
    html = "<table><tr><th>Item<th>Price<tr><td>Tea<td>£4<tr><th>Sum<th>£4.50</table>"
    page = await goto(f"script?run=document.body.innerHTML = `{html}`")
    extraction = (await page.act(Extract())).extraction
    assert extraction is not None
    assert [(pair.label, pair.value) for pair in extraction.pairs] == [("Sum", "£4.50")]


async def test_each_heading_of_a_row_has_the_cells_after_it(goto: Open) -> None:
    rows = (
        "<tr><th>Berth<td>7<th>Since<td>May<td>2024<tr><th>Boat<th>Crew<tr><td>Skua<td>4<tr><th>Anna<th>Ben<td>5"
        "<tr><th>Left<td>2<th>Alone"
    )
    page = await goto(f"script?run=document.body.innerHTML = `<table>{rows}</table>`")
    extraction = (await page.act(Extract())).extraction
    assert extraction is not None
    assert extraction.pairs == (Pair("Berth", "7"), Pair("Since", "May 2024"))


async def test_the_way_to_the_next_page(shop: Extraction, goto: Open) -> None:
    page = await goto("shop.html")
    observed = {each.name: each.index for each in (await page.observe()).elements}
    extraction = (await page.act(Extract())).extraction
    assert extraction is not None
    assert extraction.next_page == observed["next"]
    other = (await (await goto("form.html")).act(Extract())).extraction
    assert other is not None
    assert other.next_page is None


async def test_a_table_in_one_of_several_like_sections_is_a_list_of_its_own(goto: Open) -> None:
    page = await goto("sections.html")
    extraction = (await page.act(Extract())).extraction
    assert extraction is not None
    tables = {group.heading: group for group in extraction.groups if group.records[0].fields[0].kind == "cell"}
    assert sorted(tables) == ["Averages", "Spread"]
    cells = [[field.text for field in record.fields if field.kind == "cell"] for record in tables["Spread"].records]
    assert cells == [["stdev()", "Standard deviation."], ["variance()", "Variance."]]
