"""Answers in XML as what JSON would have said, by the schemas of the OpenAPI document."""

import json
from collections.abc import Callable, Mapping
from copy import copy
from typing import Any, Final
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring
from schemathesis.core.transport import Response
from tests.e2e.api.described import DOCUMENT

__all__ = ["as_json"]

_SCALARS: Final[Mapping[str, Callable[[str], Any]]] = {"integer": int, "number": float, "boolean": json.loads}


def as_json(response: Response, operation: Mapping[str, Any]) -> Response:
    """The same answer, as if JSON had been asked for."""
    described = operation["responses"].get(str(response.status_code), operation["responses"]["default"])
    schema = described["content"]["application/json"]["schema"]
    read = copy(response)
    read.content = json.dumps(_value(fromstring(response.content), schema)).encode()
    read.headers = response.headers | {"content-type": ["application/json"]}
    return read


def _value(element: Element, schema: Mapping[str, Any]) -> Any:
    schema = _resolved(schema)
    tags = {child.tag for child in element}
    kind = schema.get("type", "array" if tags == {"Item"} else "object" if tags else "string")
    if kind == "array":
        assert tags <= {"Item"}
        return [_value(item, schema.get("items", {})) for item in element]
    if kind != "object":
        assert len(element) == 0
        return _SCALARS.get(kind, str)(element.text or "")
    fields = schema.get("properties", {})
    absent = {name: None for name in schema.get("required", ()) if _may_be_null(fields[name])}
    assert len(tags) == len(element)
    return absent | {child.tag: _value(child, fields.get(child.tag, {})) for child in element}


def _resolved(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """Without references, and without null, which XML leaves out."""
    while "$ref" in schema or "anyOf" in schema:
        if "$ref" in schema:
            schema = DOCUMENT["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
        else:
            (schema,) = (one for one in schema["anyOf"] if one.get("type") != "null")
    return schema


def _may_be_null(schema: Mapping[str, Any]) -> bool:
    return any(one.get("type") == "null" for one in schema.get("anyOf", ()))
