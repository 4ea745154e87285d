"""Which JSON Schemas an answer may be asked in, and whether an answer fits.

The schema comes from a client and the answer from a web page, and the checks hold everything else up: so each of them
is bounded. Patterns are matched in linear time, however they are written.
"""

from collections.abc import Mapping
from typing import Any, Final

import orjson
from jsonschema_rs import Draft202012Validator, RegexOptions, ValidationError

from outrider.problems import OutriderError
from outrider.sessions.schema_effort import REFERENCES, References, exceeds, objects_of

__all__ = ["check_answer", "check_output_schema"]

#: Whether the empty value is valid does not matter, but that to find out comes to an end.
_SAMPLES: Final[Mapping[str, Any]] = {"object": {}, "array": []}
_SHOWN_CHARACTERS: Final = 200

MAX_SCHEMA_BYTES: Final = 32_768
#: Of checking an answer. To count so many takes up to 0.4 s; a list of 5,000 entries with ten fields takes 55,000.
MAX_STEPS: Final = 100_000
#: Of checking an empty answer, which shows what the references alone amount to.
MAX_EMPTY_STEPS: Final = 10_000
#: So many patterns, each as large as it may be, are compiled in about 0.2 s.
MAX_PATTERNS: Final = 50
_PATTERN_BYTES: Final = 1_048_576
#: An automaton instead of backtracking, which can take more time than there is.
_PATTERNS: Final = RegexOptions(size_limit=_PATTERN_BYTES)


def check_output_schema(schema: Mapping[str, Any]) -> None:
    """Raises OUTPUT_SCHEMA_INVALID unless it is a JSON Schema whose root is an object or an array.

    References have to stay within the schema and to end somewhere: nothing is ever fetched to resolve one. Patterns
    can't look around or refer back.
    """
    kind = schema.get("type")
    if not isinstance(kind, str) or kind not in _SAMPLES:
        raise _invalid("its root has no “type” of “object” or “array”")
    _check_size(schema)
    _check_parts(schema)
    _validator(schema)
    _check_effort(schema, _SAMPLES[kind], MAX_EMPTY_STEPS)


def check_answer(answer: Any, schema: Mapping[str, Any]) -> None:
    """Raises OUTPUT_INVALID, with the first reason and the answer, for an answer that the schema does not allow.

    OUTPUT_SCHEMA_INVALID where only the answer shows that to check it does not come to an end.
    """
    _check_effort(schema, answer, MAX_STEPS)
    faults = list(_validator(schema).iter_errors(answer))
    if faults:
        first = min(faults, key=lambda fault: list(map(str, fault.instance_path)))
        where = _short(_place(first) or "the answer")
        raise OutriderError("OUTPUT_INVALID", reason=f"{where}: {_short(first.message)}", answer=answer)


def _check_size(schema: Mapping[str, Any]) -> None:
    try:
        size = len(orjson.dumps(schema))
    except orjson.JSONEncodeError as error:  # half a surrogate pair, say
        raise _invalid("it can't be written as JSON in UTF-8") from error
    if size > MAX_SCHEMA_BYTES:
        raise _invalid(f"it is larger than {MAX_SCHEMA_BYTES} bytes")


def _check_parts(schema: Mapping[str, Any]) -> None:
    """Refuse what leads out of the schema or nowhere, and too many patterns."""
    references, patterns = References(schema), 0
    for node in objects_of(schema):
        # What is no text is a property of that name, or refused by the check of the whole.
        if node is not schema and isinstance(node.get("$id"), str):
            raise _invalid("only its root can have an “$id”")
        patterns += isinstance(node.get("pattern"), str)
        patterns += len(node["patternProperties"]) if isinstance(node.get("patternProperties"), Mapping) else 0
        for reference in (node[name] for name in REFERENCES if isinstance(node.get(name), str)):
            if not reference.startswith("#"):
                raise _invalid(f"the reference “{_short(reference)}” leads out of the schema")
            if not references.targets(reference):
                raise _invalid(f"the reference “{_short(reference)}” leads nowhere")
    if patterns > MAX_PATTERNS:
        raise _invalid(f"it has more than {MAX_PATTERNS} patterns")


def _check_effort(schema: Mapping[str, Any], value: Any, steps: int) -> None:
    if exceeds(steps, schema, value):
        raise _invalid(f"to check an answer takes more than {steps} steps; it refers to itself, or repeats much")


def _validator(schema: Mapping[str, Any]) -> Draft202012Validator:
    # "$schema" of the root names another draft in many generated schemas; what it does not mean here is ignored.
    rules = {name: value for name, value in schema.items() if name != "$schema"}
    try:
        return Draft202012Validator(rules, pattern_options=_PATTERNS, validate_formats=False, retriever=_fetch_nothing)
    except ValidationError as error:
        reason = error.message
        if reason.endswith('is not a "regex"'):
            reason += " that can be matched without backtracking"
        raise _invalid(f"{_short(reason)} (at {_short(_place(error) or 'the root')})") from error


def _fetch_nothing(address: str) -> Any:
    raise LookupError(f"{address} is not part of the schema")


def _place(fault: ValidationError) -> str:
    return "/".join(map(str, fault.instance_path))


def _invalid(reason: str) -> OutriderError:
    return OutriderError("OUTPUT_SCHEMA_INVALID", reason=reason)


def _short(text: str) -> str:
    return text[:_SHOWN_CHARACTERS]
