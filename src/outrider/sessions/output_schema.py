"""Which JSON Schemas an answer may be asked in, and whether an answer fits."""

from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import unquote

import orjson
from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError, ValidationError
from referencing.exceptions import Unresolvable

from outrider.problems import OutriderError

__all__ = ["check_answer", "check_output_schema"]

#: Each empty value is valid or not; what matters is that to find out comes to an end.
_SAMPLES: Final[Mapping[str, Any]] = {"object": {}, "array": []}
_REFERENCES: Final = ("$ref", "$dynamicRef")
_SHOWN_CHARACTERS: Final = 200
#: Checking takes about 5 ms per 1,000 characters, and holds everything else up.
MAX_SCHEMA_BYTES: Final = 32_768


def check_output_schema(schema: Mapping[str, Any]) -> None:
    """Raises OUTPUT_SCHEMA_INVALID unless it is a JSON Schema whose root is an object or an array.

    References have to stay within the schema and to end somewhere: nothing is ever fetched to resolve one.
    """
    kind = schema.get("type")
    if not isinstance(kind, str) or kind not in _SAMPLES:
        raise _invalid("its root has no “type” of “object” or “array”")
    if len(orjson.dumps(schema)) > MAX_SCHEMA_BYTES:
        raise _invalid(f"it is larger than {MAX_SCHEMA_BYTES} bytes")
    for reference in _references(schema):
        if not reference.startswith("#"):
            raise _invalid(f"the reference “{_short(reference)}” leads out of the schema")
        if reference.startswith("#/") and not _leads_somewhere(schema, reference):
            raise _invalid(f"the reference “{_short(reference)}” leads nowhere")
    try:
        Draft202012Validator.check_schema(schema)
    except SchemaError as error:
        where = "/".join(map(str, error.absolute_path)) or "the root"
        raise _invalid(f"{_short(error.message)} (at {_short(where)})") from error
    _first_fault(_SAMPLES[kind], schema)


def check_answer(answer: Any, schema: Mapping[str, Any]) -> None:
    """Raises OUTPUT_SCHEMA_MISMATCH, with the first reason, for an answer that the schema does not allow.

    OUTPUT_SCHEMA_INVALID where only the answer shows that the schema refers to itself, or to nothing.
    """
    fault = _first_fault(answer, schema)
    if fault is not None:
        where = "/".join(map(str, fault.path)) or "the answer"
        raise OutriderError("OUTPUT_SCHEMA_MISMATCH", reason=f"{_short(where)}: {_short(fault.message)}")


def _first_fault(value: Any, schema: Mapping[str, Any]) -> ValidationError | None:
    try:
        faults = sorted(Draft202012Validator(schema).iter_errors(value), key=lambda fault: list(map(str, fault.path)))
    except RecursionError:
        raise _invalid("it refers to itself without end") from None
    except Unresolvable as error:
        raise _invalid("one of its references leads nowhere") from error
    return next(iter(faults), None)


def _references(schema: object) -> Iterator[str]:
    """The values of all references, at any depth, without recursion."""
    pending = [schema]
    while pending:
        node = pending.pop()
        if isinstance(node, Mapping):
            # What is no text is a property of that name, or refused by the check of the whole.
            yield from (node[name] for name in _REFERENCES if isinstance(node.get(name), str))
            pending.extend(node.values())
        elif isinstance(node, list):
            pending.extend(node)


def _leads_somewhere(schema: object, reference: str) -> bool:
    """Whether a JSON Pointer (RFC 6901) in a fragment has something to point at."""
    for part in unquote(reference).removeprefix("#/").split("/"):
        name = part.replace("~1", "/").replace("~0", "~")
        if isinstance(schema, Mapping) and name in schema:
            schema = schema[name]
        elif isinstance(schema, list) and name.isdecimal() and int(name) < len(schema):
            schema = schema[int(name)]
        else:
            return False
    return True


def _invalid(reason: str) -> OutriderError:
    return OutriderError("OUTPUT_SCHEMA_INVALID", reason=reason)


def _short(text: str) -> str:
    return text[:_SHOWN_CHARACTERS]
