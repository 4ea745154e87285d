import pytest

from outrider.agents.scout.pages.choosing import about, choose, enough, has_value, is_available, meets, tied, unclear
from outrider.agents.scout.pages.records import Item, items_of, list_under, main_list, tables_of
from outrider.agents.scout.tasks.criteria import Condition, Order, Selection
from outrider.interfaces.pages import Extraction, Field, Record, RecordGroup, Text

PAGE = "http://shop.test/list"


def group(*records: tuple[Field, ...], region: str = "main", heading: str = "", area: float = 1000.0) -> RecordGroup:
    return RecordGroup(tuple(map(Record, records)), region, heading, area)


def extraction(*groups: RecordGroup, texts: tuple[Text, ...] = ()) -> Extraction:
    return Extraction(PAGE, "List", groups, (), texts, None)


def card(name: str, price: str, *more: Field) -> tuple[Field, ...]:
    return (Field(name, "heading", href=f"/{name}"), Field(price, "text", hint="price"), *more)


def test_a_card_becomes_an_item() -> None:
    fields = (
        Field("Teapot", "image", href="/teapot", index=1),
        Field("", "rating", hint="star-rating four"),
        Field("Teapot", "heading", href="/teapot", index=2),
        Field("£20.00", "text", hint="old-price"),
        Field("£14.50", "text", hint="price"),
        Field("£1.45 / 100 g", "text"),
        Field("Only 3 left", "text"),
        Field("(1,204)", "text"),
        Field("Add to basket", "button", index=3),
    )
    (item,) = items_of(group(fields), PAGE)
    assert (item.name, item.link, item.index) == ("Teapot", "http://shop.test/teapot", 2)
    assert (item.price, item.rating, item.availability) == ("£14.50", 4.0, "Only 3 left")
    assert item.value("currency") == "GBP"
    assert item.value("title") == "Teapot"
    assert item.value("weight") is None
    assert Item.from_json(item.as_json()) == item


def test_a_row_is_read_by_its_columns() -> None:
    row = (Field("France", "cell", "Country"), Field("68,042,591", "cell", "Population (2023)"))
    (item,) = items_of(group(row), PAGE)
    assert item.name == "France"
    assert item.value("population") == "68,042,591"
    assert item.amount("population") == 68042591


def test_without_heading_the_longest_link_names_an_item() -> None:
    fields = (Field("More", "link", href="/x"), Field("A long way home", "link", href="/home"), Field("$4", "text"))
    (item,) = items_of(group(fields), PAGE)
    assert (item.name, item.link) == ("A long way home", "http://shop.test/home")


def test_the_main_list_has_what_is_needed() -> None:
    menu = group(*((Field(f"Menu {n}", "link", href="/m"),) for n in range(9)), region="navigation", area=9000)
    teasers = group(*((Field(f"News {n}", "heading", href="/n"),) for n in range(3)), area=5000)
    goods = group(*(card(f"Good {n}", f"£{n}") for n in range(1, 4)), area=3000)
    page = extraction(menu, teasers, goods)
    assert [item.name for item in main_list(page, {}, ("price",))] == ["Good 1", "Good 2", "Good 3"]
    assert main_list(page, {}, ("rating",)) == ()


def test_an_entry_that_stands_alone_is_a_list_of_one() -> None:
    texts = (
        Text("main", "heading1", "Results"),
        Text("main", "heading3", "Teapot"),
        Text("main", "paragraph", "£4.00"),
        Text("main", "heading2", "Newsletter"),
    )
    page = extraction(texts=texts)
    (item,) = main_list(page, {"Teapot": ("http://shop.test/teapot", 7)}, ("price",))
    assert (item.name, item.price, item.index) == ("Teapot", "£4.00", 7)
    assert main_list(page, {}, ("price",)) == ()


def test_the_only_row_of_a_table_has_its_columns() -> None:
    cells = ("Product", "Price", "Number", "Teapot", "£4.00", "2")
    page = extraction(texts=tuple(Text("main", "cell", cell) for cell in cells))
    (item,) = main_list(page, {"Teapot": ("/teapot", 7)})
    assert item.columns == {"Product": "Teapot", "Price": "£4.00", "Number": "2"}


GOODS = [
    Item("Green tea", price="£4.50", rating=4.0, availability="In stock", text="Green tea £4.50"),
    Item("Black tea", price="£3.00", rating=None, availability="Out of stock", text="Black tea £3.00"),
    Item("Tea pot", price="", rating=5.0, text="Tea pot, price on request"),
    Item("Coffee", price="£1,010.00", rating=2.0, availability="In stock", text="Coffee for green mornings"),
]


def names(selection: Selection) -> list[str]:
    return [item.name for item in choose(GOODS, selection)]


def test_choosing() -> None:
    up, down = (Order("price", descending=way) for way in (False, True))
    in_stock = Condition("availability", "is", "in stock")
    assert names(Selection(order=up)) == ["Black tea"]
    assert names(Selection(order=down)) == ["Coffee"]
    assert names(Selection(order=up, count=2)) == ["Black tea", "Green tea"]
    assert names(Selection(order=up, position=3)) == ["Coffee"]
    assert names(Selection(order=up, conditions=(in_stock,))) == ["Green tea"]
    assert names(Selection(order=Order("rating", descending=True))) == ["Tea pot"]
    assert names(Selection(position=2)) == ["Black tea"]
    assert names(Selection(position=-1)) == ["Coffee"]
    assert names(Selection(position=9)) == []
    assert names(Selection(conditions=(Condition("price", "at most", "£4.50"),))) == ["Green tea", "Black tea"]
    assert names(Selection(conditions=(Condition("text", "contains", "green"),))) == ["Green tea", "Coffee"]
    assert names(Selection(conditions=(Condition("name", "starts", "tea"),))) == ["Tea pot"]
    assert names(Selection()) == [item.name for item in GOODS]


def test_an_entry_without_the_value_does_not_meet_a_condition() -> None:
    assert not meets(GOODS[2], (Condition("price", "below", "£9"),))
    assert not meets(GOODS[2], (Condition("availability", "is", "in stock"),))
    assert not meets(GOODS[2], (Condition("availability", "lacks", "in stock"),))


@pytest.mark.parametrize(
    ("said", "available"),
    [
        *((text, True) for text in (
            "In stock", "In stock: 7 pieces", "Only 2 left", "Available", "Low stock", "12", "Stock: 12", "yes",
            "https://schema.org/InStock", "Ready to ship", "Ships in 2 days", "Never out of stock", "3 pieces",
        )),
        *((text, False) for text in (
            "Out of stock", "Sold out", "Not in stock", "No longer available", "not currently available",
            "This can't be ordered", "Isn't available", "Availability: 0", "0 in stock", "0", "Discontinued",
            "On back order", "Temporarily unavailable", "None left", "https://schema.org/OutOfStock",
            "In stock: 0 pcs", "In stock (0)", "Quantity available: 0", "Nothing in stock", "None available",
            "We do not currently have it in stock",
        )),
        *((text, None) for text in (
            "", "Pre-order", "Ask us", "Price on request", "Available soon", "Back in stock soon", "12 May 2027",
            "Expected in stock 12 May", "Notify me when available", "Available for pre-order", "1 review",
            "Available on 3 March 2027", "Not only available online",
        )),
    ],
)  # fmt: skip
def test_whether_something_can_be_had(said: str, available: bool | None) -> None:
    assert is_available(said) is available
    assert meets(Item("Tea", availability=said), (Condition("availability", "is", "in stock"),)) is (available is True)


def test_further_pages_are_read_only_where_they_can_matter() -> None:
    assert enough(GOODS, Selection(position=2))
    assert enough(GOODS, Selection(position=1, count=4))
    assert not enough(GOODS, Selection(count=5))
    assert not enough(GOODS, Selection(order=Order("price", descending=False)))
    assert not enough(GOODS, Selection(position=-1))
    assert not enough(GOODS, Selection())


def test_a_noun_narrows_a_mixed_list_only() -> None:
    assert [item.name for item in about(GOODS, "tea", ())] == ["Green tea", "Black tea", "Tea pot"]
    assert about(GOODS, "tea", ("tea", "shop")) == tuple(GOODS)
    assert about(GOODS, "laptop", ()) == ()
    assert about(GOODS, "product on sale", ("sale",)) == tuple(GOODS)


def news(name: str, said: str) -> Item:
    fields = (Field(name, "heading", href=f"/{name}"), Field(said, "text"))
    return items_of(group(fields), PAGE)[0]


def test_an_entry_has_a_date_and_an_author() -> None:
    item = news("Night ferry", "By Jonas Weir, 20 November 2026")
    assert (item.value("author"), item.value("date"), item.value("headline")) == (
        "Jonas Weir",
        "20 November 2026",
        "Night ferry",
    )


def test_dates_are_compared_as_dates() -> None:
    entries = [news("a", "31 October 2026"), news("b", "5 November 2026"), news("c", "2 November 2026")]
    newest = Selection(order=Order("date", descending=True))
    assert [one.name for one in choose(entries, newest)] == ["b"]
    assert unclear(entries, newest) == ""
    assert unclear([*entries, news("d", "3/4/2026")], newest) == "3/4/2026"


def test_a_column_of_dates_is_compared_as_dates_and_one_of_sizes_by_size() -> None:
    rows = [
        items_of(group((Field(n, "cell", "Order"), Field(d, "cell", "Due"), Field(s, "cell", "Size"))), PAGE)[0]
        for n, d, s in (("1", "9 Nov 2026", "900 kB"), ("2", "31 Oct 2026", "1.4 MB"))
    ]
    assert [one.name for one in choose(rows, Selection(order=Order("due", descending=False)))] == ["2"]
    assert [one.name for one in choose(rows, Selection(order=Order("size", descending=True)))] == ["2"]


def test_a_column_may_leave_unsaid_what_goes_without_saying() -> None:
    row = (Field("10418", "cell", "Order"), Field("Open", "cell", "Status"), Field("€3", "cell", "Total"))
    (item,) = items_of(group(row), PAGE)
    assert item.value("order number") == "10418"
    assert item.value("order status") == "Open"
    assert item.value("shipping total") is None
    assert has_value(item, "open")
    assert not has_value(item, "op")


def test_what_is_as_good_as_the_choice_is_known() -> None:
    goods = [Item(name, price=price) for name, price in (("a", "£2"), ("b", "£1"), ("c", "£1"), ("d", "£3"))]
    up = Order("price", descending=False)
    assert [one.name for one in tied(goods, Selection(order=up))] == ["c"]
    assert tied(goods, Selection(order=up, count=2)) == ()
    assert [one.name for one in tied(goods, Selection(order=up, position=1))] == ["c"]
    assert tied(goods, Selection(order=up, position=1), total=2) == ()
    assert tied(goods, Selection(position=1)) == ()


def test_a_quality_may_be_what_a_column_says() -> None:
    orders = [Item(n, columns={"Order": n, "Status": said}) for n, said in (("1", "Open"), ("2", "Shipped"))]
    assert [one.name for one in about(orders, "shipped orders", ("orders",))] == ["2"]
    assert about(orders, "late orders", ("orders",)) == ()


def test_rows_are_what_the_heading_above_them_says_and_nobody_is_an_empty_cell() -> None:
    rows = [
        Record((Field(title, "cell", "Title"), *([Field(who, "cell", "Owner")] if who else [])), section)
        for title, who, section in (
            ("A leak", "", "urgent"),
            ("A noise", "ann", "urgent"),
            ("An urgent ticket of last year", "", "wish"),
        )
    ]
    tickets = items_of(RecordGroup(tuple(rows), "main", "Tickets", 9.0), PAGE)
    nobody = Selection(conditions=(Condition("owner", "is", "nobody"),))
    urgent = about(tickets, "urgent ticket", ("ticket",))
    assert [one.name for one in urgent] == ["A leak", "A noise"]
    assert [one.name for one in choose(urgent, nobody)] == ["A leak"]


def test_a_list_is_found_by_the_heading_above_it() -> None:
    page = extraction(
        group((Field("a", "cell", "Name"),), heading="Open orders", area=1),
        group((Field("b", "cell", "Name"),), heading="Orders that were shipped", area=9),
        group((Field("c", "heading"),), heading="News"),
    )
    assert [one.name for one in list_under(page, "open orders")] == ["a"]
    assert [one.name for one in list_under(page, "orders")] == ["b"]
    assert list_under(page, "invoices") == ()
    assert [one.records[0].fields[0].text for one in tables_of(page).groups] == ["a", "b"]
