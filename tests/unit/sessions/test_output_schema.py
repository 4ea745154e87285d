"""Schemas that an answer may and may not be asked in."""

from typing import Any

import pytest

from outrider.problems import OutriderError
from outrider.sessions.output_schema import check_output_schema


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "object", "properties": {"price": {"type": "number"}}, "required": ["price"]},
        {"type": "array", "items": {"$ref": "#/$defs/item"}, "$defs": {"item": {"type": "string"}}},
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
        ({"type": "object", "$ref": 5}, "leads out of the schema"),
    ],
)
def test_schemas_that_are_refused(schema: dict[str, Any], part: str) -> None:
    with pytest.raises(OutriderError) as caught:
        check_output_schema(schema)
    assert caught.value.code == "OUTPUT_SCHEMA_INVALID"
    assert part in caught.value.message
