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
        {"type": "object", "properties": {"$id": {"type": "string"}, "a": {"pattern": r"^\d{4}-\d{2}$"}}},
        {"$schema": "http://json-schema.org/draft-07/schema#", "type": "object"},
        {"type": "object", "properties": {"a": {"$ref": "#a"}}, "$defs": {"any": {"$anchor": "a", "type": "string"}}},
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
        ({"type": "object", "$ref": "#nowhere"}, "“#nowhere” leads nowhere"),
        ({"type": "object", "properties": {"a": {"$ref": "#nowhere"}}}, "“#nowhere” leads nowhere"),
        ({"type": "object", "properties": {"a": {"$id": "b", "type": "string"}}}, "only its root can have an “$id”"),
        (
            {"type": "object", "properties": {"a": {"pattern": "^(?=a)"}}},
            "without backtracking (at properties/a/pattern)",
        ),
        ({"type": "object", "patternProperties": {r"(a)\1": True}}, "without backtracking"),
        ({"type": "object", "properties": {"a": {"pattern": "((a{1,999}){1,999}){1,999}"}}}, "without backtracking"),
        ({"type": "object", "patternProperties": {f"a{i}": True for i in range(51)}}, "more than 50 patterns"),
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
    with pytest.raises(OutriderError, match='prices/1: "free" is not of type "number"') as caught:
        check_answer({"prices": [1, "free"]}, schema)
    assert caught.value.code == "OUTPUT_INVALID"


def test_a_reason_is_short_whatever_the_schema_lists() -> None:
    with pytest.raises(OutriderError) as caught:
        check_answer({}, {"type": "object", "enum": [{"number": number} for number in range(1000)]})
    assert len(caught.value.message) < 300


def test_a_schema_whose_fault_only_an_answer_shows() -> None:
    schema = {"type": "object", "properties": {"a": {"$ref": "#/properties/a"}}}
    check_output_schema(schema)
    with pytest.raises(OutriderError) as caught:
        check_answer({"a": 1}, schema)
    assert caught.value.code == "OUTPUT_SCHEMA_INVALID"


def test_a_schema_that_refers_to_itself_takes_trees() -> None:
    schema = {"type": "object", "properties": {"parts": {"type": "array", "items": {"$ref": "#"}}}}
    tree: dict[str, Any] = {"parts": []}
    for _ in range(100):
        tree = {"parts": [tree, {}]}
    check_answer(tree, schema)
    with pytest.raises(OutriderError, match="parts/1/parts"):
        check_answer({"parts": [{}, {"parts": 5}]}, schema)


def _doubling(definitions: int) -> dict[str, Any]:
    """Each definition names the next one twice."""
    named = {str(i): {"allOf": [{"$ref": f"#/$defs/{i + 1}"}] * 2} for i in range(definitions)}
    return {"type": "object", "$ref": "#/$defs/0", "$defs": named | {str(definitions): {"type": "object"}}}


def test_references_that_multiply_are_refused_before_they_are_followed() -> None:
    check_output_schema(_doubling(8))
    with pytest.raises(OutriderError, match="more than 10000 steps"):
        check_output_schema(_doubling(100))


def test_a_pattern_takes_time_in_proportion_to_the_text() -> None:
    pattern = "^(a+)+$"
    schema = {"type": "object", "patternProperties": {pattern: {"pattern": pattern}}, "additionalProperties": False}
    check_output_schema(schema)
    check_answer({"a" * 10_000: "a" * 10_000}, schema)
    for answer in ({"a" * 10_000: "a" * 10_000 + "!"}, {"a" * 10_000 + "!": "a"}):
        with pytest.raises(OutriderError) as caught:
            check_answer(answer, schema)
        assert caught.value.code == "OUTPUT_INVALID"


def test_a_long_list_of_entries_is_checked() -> None:
    schema = {"type": "array", "items": {"properties": {f"field{i}": {"type": "string"} for i in range(10)}}}
    check_answer([{f"field{i}": "x" for i in range(10)}] * 5000, schema)


def test_half_a_character_in_a_schema() -> None:
    with pytest.raises(OutriderError) as caught:
        check_output_schema({"type": "object", "description": "\ud800"})
    assert caught.value.code == "OUTPUT_SCHEMA_INVALID"
