from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from tests.unit.agents.scout.conftest import MakeObservation

from outrider.agents.scout.answer import finish, wanted_by
from outrider.agents.scout.pages.records import Item
from outrider.agents.scout.steps.progress import Known, Value
from outrider.agents.scout.tasks.intentions import AnswerFormat, Plan
from outrider.interfaces.models import Finish, Task
from outrider.problems import OutriderError

PICK = Item("Teapot", "http://shop.test/teapot", "£1,014.50", 4.0, "In stock", text="Teapot £1,014.50", page="http://p")
READ = Known(
    pick=PICK,
    values=(
        Value("name", "Teapot", "http://p", "Teapot"),
        Value("price", "£1,014.50", "http://p", "Teapot: £1,014.50"),
    ),
)
LISTED = Known(listed=(PICK, Item("Cup", "http://shop.test/cup", "£2", page="http://p")), fields=("name", "price"))


@pytest.fixture
def end(observation: MakeObservation) -> Any:
    def make(known: Known, form: AnswerFormat | None = None, schema: Mapping[str, Any] | None = None) -> Finish:
        task = Task(1, "x", output_schema=schema)
        return finish(task, Plan((), form or AnswerFormat()), known, observation([]))

    return make


def test_one_value_is_the_answer_itself(end: Any) -> None:
    known = Known(values=(Value("price", "£3", "http://p", "Price: £3"),))
    done = end(known)
    assert done.answer == "£3"
    assert [(e.field, e.url, e.quote) for e in done.evidence] == [("price", "http://p", "Price: £3")]


def test_several_values_as_text_and_as_json(end: Any) -> None:
    assert end(READ).answer == "name: Teapot\nprice: £1,014.50"
    assert end(READ, AnswerFormat(json=True)).answer == {"name": "Teapot", "price": "£1,014.50"}


@pytest.mark.parametrize("keys", [("title", "cost"), ("product_name", "Price"), ("first", "second")])
def test_keys_are_matched_by_meaning_or_by_order(end: Any, keys: tuple[str, str]) -> None:
    assert end(READ, AnswerFormat(json=True, keys=keys)).answer == {keys[0]: "Teapot", keys[1]: "£1,014.50"}


def test_a_missing_value_is_null_and_listed(end: Any) -> None:
    known = Known(values=READ.values, missing=("colour",))
    done = end(known, AnswerFormat(json=True))
    assert done.answer["colour"] is None
    assert done.missing == ("colour",)


def test_lists(end: Any) -> None:
    assert end(LISTED).answer == "Teapot – £1,014.50\nCup – £2"
    rows = end(LISTED, AnswerFormat(json=True, keys=("title", "cost"))).answer
    assert rows == [{"title": "Teapot", "cost": "£1,014.50"}, {"title": "Cup", "cost": "£2"}]
    assert end(Known(listed=())).answer == "Nothing is listed."


def test_without_values_the_answer_says_where_the_task_ended(end: Any) -> None:
    assert end(Known(said="It is in your basket.")).answer == (
        "Done. The page is “A shop” (http://shop.test/). The page says: “It is in your basket.”."
    )


def test_a_schema_is_filled_by_names_synonyms_and_types(end: Any) -> None:
    types = {"product_name": "string", "unitPrice": "number", "currency": "string", "rating": "integer",
             "inStock": "boolean", "url": "string", "weight": "number"}  # fmt: skip
    schema = {"type": "object", "properties": {name: {"type": kind} for name, kind in types.items()}}
    done = end(READ, schema=schema)
    assert done.answer == {
        "product_name": "Teapot",
        "unitPrice": 1014.5,
        "currency": "GBP",
        "rating": 4,
        "inStock": True,
        "url": "http://shop.test/teapot",
    }
    assert done.missing == ("weight",)


def test_an_optional_null_and_an_enumeration(end: Any) -> None:
    schema = {
        "type": "object",
        "properties": {"weight": {"type": ["number", "null"]}, "currency": {"enum": ["gbp", "eur"]}},
    }
    assert end(READ, schema=schema).answer == {"weight": None, "currency": "gbp"}


def test_a_required_value_that_is_missing_fails(end: Any) -> None:
    schema = {"type": "object", "properties": {"weight": {"type": "number"}}, "required": ["weight"]}
    with pytest.raises(OutriderError) as caught:
        end(READ, schema=schema)
    assert caught.value.code == "OUTPUT_INVALID"
    assert "weight" in caught.value.message


def test_a_list_by_schema(end: Any) -> None:
    entry = {"type": "object", "properties": {"name": {"type": "string"}, "price": {"type": "number"}}}
    rows = [{"name": "Teapot", "price": 1014.5}, {"name": "Cup", "price": 2}]
    assert end(LISTED, schema={"type": "array", "items": entry}).answer == rows
    schema = {"type": "object", "properties": {"products": {"type": "array", "items": entry}}}
    assert end(LISTED, schema=schema).answer == {"products": rows}
    assert end(LISTED, schema={"type": "array", "items": {"type": "string"}}).answer == ["Teapot", "Cup"]


def test_what_a_schema_wants_read() -> None:
    entry = {"type": "object", "properties": {"name": {}, "price": {}}}
    assert wanted_by({"type": "array", "items": entry}) == ((), ("name", "price"))
    assert wanted_by({"properties": {"total": {}, "items": {"type": "array", "items": entry}}}) == (
        ("total",),
        ("name", "price"),
    )
    assert wanted_by({"type": "object", "properties": {"total": {}}}) == (("total",), None)


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "object", "properties": {"name": True}},
        {"type": "object", "properties": {"items": {"type": "array", "items": True}}},
        {"type": "array", "items": {"type": "object", "properties": {"name": True}}},
    ],
)
def test_schemas_that_leave_a_part_open(end: Any, schema: dict[str, Any]) -> None:
    wanted_by(schema)
    assert end(replace(LISTED, values=READ.values), schema=schema).missing == ()
