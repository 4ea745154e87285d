"""XML and forms in and out, for a surface whose bodies are flat: fields, and lists of texts.

What XML and forms bring is text; a JSON Schema says which texts are numbers, truth values or lists.
"""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any, Final
from urllib.parse import parse_qsl
from xml.etree.ElementTree import Element, ParseError, SubElement, tostring

from defusedxml.ElementTree import fromstring

from outrider.problems import OutriderError

__all__ = ["parse_form", "parse_xml", "to_xml", "typed"]

#: Of a form, where each entry of a list is one; lists may have some hundred.
_MAX_FIELDS: Final = 1_000
#: Characters that XML 1.0 has not (section 2.2).
_FOREIGN: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_WHOLE: Final = re.compile(r"[+-]?\d{1,18}")
_TRUTH: Final = {"true": True, "false": False}

Fields = dict[str, Any]


def parse_xml(body: bytes) -> Fields:
    """The children of the root by name: texts, or lists of texts. Raises MALFORMED_BODY.

    A list is a child that has children, or one that comes again.

    No DTD is read, so there are no entities to expand and nothing to fetch.
    """
    try:
        root = fromstring(body, forbid_dtd=True)
    except ParseError as error:
        raise OutriderError("MALFORMED_BODY", kind="XML", reason=str(error)) from error
    except ValueError as error:  # what defusedxml refuses is one, and so is an unknown encoding
        raise OutriderError("MALFORMED_BODY", kind="XML", reason="it has a DTD or an unknown encoding") from error
    except LookupError as error:
        raise OutriderError("MALFORMED_BODY", kind="XML", reason="its encoding is not known") from error
    if any(text and not text.isspace() for text in (root.text, *(child.tail for child in root))):
        raise OutriderError("MALFORMED_BODY", kind="XML", reason="it has text beside its fields")
    return _gathered((_local(child.tag), _content(child)) for child in root)


def _content(element: Element) -> str | list[str]:
    return [child.text or "" for child in element] if len(element) else element.text or ""


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def parse_form(body: bytes) -> Fields:
    """The fields of ``application/x-www-form-urlencoded``; one that comes again is a list. Raises MALFORMED_BODY."""
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True, errors="strict", max_num_fields=_MAX_FIELDS)
    except ValueError as error:
        raise OutriderError("MALFORMED_BODY", kind="form", reason="it is no UTF-8 or has too many fields") from error
    return _gathered(pairs)


def _gathered(pairs: Iterable[tuple[str, str | list[str]]]) -> Fields:
    fields: Fields = {}
    for name, value in pairs:
        if name not in fields:
            fields[name] = value
            continue
        if isinstance(fields[name], str):
            fields[name] = [fields[name]]
        fields[name] += [value] if isinstance(value, str) else value  # in place: a body may have 100,000 of them
    return fields


def typed(fields: Fields, schema: Mapping[str, Any]) -> Fields:
    """Fields with the types that the schema names, as far as their texts have them; an empty one is null there."""
    properties = schema.get("properties", {})
    return {name: _typed(value, _types(properties.get(name, {}))) for name, value in fields.items()}


def _types(schema: Mapping[str, Any]) -> frozenset[str]:
    inner = schema.get("anyOf", ())
    return frozenset(filter(None, [schema.get("type"), *(one.get("type") for one in inner)]))


def _typed(value: str | list[str], types: frozenset[str]) -> Any:
    if isinstance(value, list):
        return value
    if value == "" and "null" in types:
        return None
    if "array" in types:
        return [value] if value.strip() else []
    if "boolean" in types:
        return _TRUTH.get(value, value)
    if "integer" in types and _WHOLE.fullmatch(value):
        return int(value)
    return value


def to_xml(name: str, value: Any) -> bytes:
    """A JSON value as a document with this root; null leaves its element out."""
    root = Element(name)
    _fill(root, value)
    written: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _fill(element: Element, value: Any) -> None:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            if inner is not None:
                _fill(SubElement(element, name), inner)
    elif isinstance(value, list):
        for inner in value:
            _fill(SubElement(element, "Item"), inner)
    elif isinstance(value, bool):
        element.text = json.dumps(value)
    else:
        element.text = _FOREIGN.sub("\ufffd", str(value))
