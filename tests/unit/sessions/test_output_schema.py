"""Schemas that an answer may and may not be asked in."""

from typing import Any

import pytest

from outrider.problems import OutriderError
from outrider.sessions.output_schema import check_answer, check_output_schema


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "object", "properties": {"price": {"type": "number"}}, "required": ["price"]},
        {"type": "array", "items": {"$ref": "#/$defs/item"}, "$defs": {"item": {"type": "string"}}},
        {
            "type": "object",
            "properties": {"$ref": {"type": "string"}, "a~/b": {}, "c": {"$ref": "#/properties/a~0~1b"}},
        },
        {"$id": "https://example.org/tree", "type": "object", "properties": {"children": {"items": {"$ref": "#"}}}},
        {"type": "object", "allOf": [{"type": "object"}, {"$ref": "#/allOf/0"}]},
    ],
)
def test_schemas_that_are_accepted(schema: dict[str, Any]) -> None:
    check_output_schema(schema)


@pytest.mark.parametrize(
    ("schema", "part"),
    [
        ({}, "no “type”"),
        ({"type": "string"}, "no “type”"),
        ({"type": ["object"]}, "no “type”"),
        ({"type": "object", "properties": 5}, "5 is not of type"),
        ({"type": "object", "properties": {"a": {"type": "nothing"}}}, "at properties/a/type"),
        ({"type": "object", "properties": {"a": {"$ref": "http://127.0.0.1/s.json"}}}, "leads out of the schema"),
        ({"type": "object", "allOf": [{"$dynamicRef": "other.json"}]}, "leads out of the schema"),
        ({"type": "object", "$ref": 5}, "5 is not of type"),
        ({"type": "object", "$ref": "#"}, "refers to itself"),
        ({"type": "array", "$ref": "#/$defs/a", "$defs": {"a": {"$ref": "#/$defs/a"}}}, "refers to itself"),
        ({"type": "object", "properties": {"a": {"$ref": "#/$defs/b"}}}, "“#/$defs/b” leads nowhere"),
        ({"type": "object", "$ref": "#nowhere"}, "one of its references leads nowhere"),
        ({"type": "object", "description": "x" * 40_000}, "larger than 32768 bytes"),
    ],
)
def test_schemas_that_are_refused(schema: dict[str, Any], part: str) -> None:
    with pytest.raises(OutriderError) as caught:
        check_output_schema(schema)
    assert caught.value.code == "OUTPUT_SCHEMA_INVALID"
    assert part in caught.value.message


def test_an_answer_that_fits_and_one_that_does_not() -> None:
    schema = {"type": "object", "properties": {"prices": {"items": {"type": "number"}}}, "required": ["prices"]}
    check_answer({"prices": [1, 2.5]}, schema)
    with pytest.raises(OutriderError, match="prices/1: 'free' is not of type 'number'") as caught:
        check_answer({"prices": [1, "free"]}, schema)
    assert caught.value.code == "OUTPUT_SCHEMA_MISMATCH"


def test_a_reason_is_short_whatever_the_schema_lists() -> None:
    with pytest.raises(OutriderError) as caught:
        check_answer({}, {"type": "object", "enum": [{"number": number} for number in range(1000)]})
    assert len(caught.value.message) < 300


@pytest.mark.parametrize("inner", [{"$ref": "#/properties/a"}, {"$ref": "#nowhere"}])
def test_a_schema_whose_fault_only_an_answer_shows(inner: dict[str, Any]) -> None:
    schema = {"type": "object", "properties": {"a": inner}}
    check_output_schema(schema)
    with pytest.raises(OutriderError) as caught:
        check_answer({"a": 1}, schema)
    assert caught.value.code == "OUTPUT_SCHEMA_INVALID"
