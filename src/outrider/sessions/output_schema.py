"""Which JSON Schemas an answer may be asked in."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError

from outrider.problems import OutriderError

__all__ = ["check_output_schema"]

_ROOTS: Final = ("object", "array")
_REFERENCES: Final = ("$ref", "$dynamicRef")
_SHOWN_CHARACTERS: Final = 200


def check_output_schema(schema: Mapping[str, Any]) -> None:
    """Raises OUTPUT_SCHEMA_INVALID unless it is a JSON Schema whose root is an object or an array.

    References have to stay within the schema: nothing is ever fetched to resolve one.
    """
    if schema.get("type") not in _ROOTS:
        raise OutriderError("OUTPUT_SCHEMA_INVALID", reason="its root has no “type” of “object” or “array”")
    for reference in _references(schema):
        if not (isinstance(reference, str) and reference.startswith("#")):
            shown = str(reference)[:_SHOWN_CHARACTERS]
            raise OutriderError("OUTPUT_SCHEMA_INVALID", reason=f"the reference “{shown}” leads out of the schema")
    try:
        Draft202012Validator.check_schema(schema)
    except SchemaError as error:
        where = "/".join(map(str, error.absolute_path)) or "the root"
        reason = f"{error.message[:_SHOWN_CHARACTERS]} (at {where[:_SHOWN_CHARACTERS]})"
        raise OutriderError("OUTPUT_SCHEMA_INVALID", reason=reason) from error


def _references(schema: object) -> Iterator[object]:
    """The values of all references, at any depth, without recursion."""
    pending = [schema]
    while pending:
        node = pending.pop()
        if isinstance(node, Mapping):
            yield from (node[name] for name in _REFERENCES if name in node)
            pending.extend(node.values())
        elif isinstance(node, list):
            pending.extend(node)
