"""How much work it is to check a value against a JSON Schema: counted beforehand, without checking anything.

Keywords of a schema apply each subschema to a value, or to a part of it, once; references can make that any number of
times (twenty definitions, each of which names the next one twice, are a million), or never come to an end.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import unquote

__all__ = ["REFERENCES", "References", "exceeds", "objects_of"]

#: Keywords whose value is a reference.
REFERENCES: Final = ("$ref", "$dynamicRef")
_ANCHORS: Final = ("$anchor", "$dynamicAnchor")

#: Keywords by what their subschemas apply to: the value itself, ...
_TO_THE_SAME: Final = ("allOf", "anyOf", "oneOf", "not", "if", "then", "else")
#: ... each member of an object ("patternProperties" as if every pattern fitted), ...
_TO_MEMBERS: Final = ("additionalProperties", "unevaluatedProperties")
#: ... each item of an array.
_TO_ITEMS: Final = ("items", "contains", "unevaluatedItems")

_Pair = tuple[Any, Any]


class References:
    """Where the references of a schema lead to, as long as they stay within it (``#…``)."""

    def __init__(self, schema: Mapping[str, Any]) -> None:
        self._schema = schema
        self._found: dict[str, tuple[Any, ...]] = {}
        self._anchored: dict[str, tuple[Any, ...]] = {}
        for node in objects_of(schema):
            for name in {node[keyword] for keyword in _ANCHORS if isinstance(node.get(keyword), str)}:
                self._anchored[name] = (*self._anchored.get(name, ()), node)

    def targets(self, reference: str) -> tuple[Any, ...]:
        """The subschemas that are meant; none for a reference that leads nowhere.

        Several where an anchor stands more than once: which one is meant then depends on the way there.
        """
        if reference not in self._found:
            fragment = unquote(reference.removeprefix("#"))
            is_pointer = fragment == "" or fragment.startswith("/")
            found = _pointed_at(self._schema, fragment) if is_pointer else self._anchored.get(fragment, ())
            self._found[reference] = found
        return self._found[reference]


def exceeds(steps: int, schema: Mapping[str, Any], value: Any) -> bool:
    """Whether more than so many pairs of a subschema and a part of the value have to be looked at.

    Every reference of the schema has to lead somewhere.
    """
    references = References(schema)
    pending: list[_Pair] = [(schema, value)]
    while pending:
        for pair in _beneath(references, *pending.pop()):
            steps -= 1
            if steps < 0:
                return True
            pending.append(pair)
    return False


def objects_of(schema: object) -> Iterator[Mapping[str, Any]]:
    """The schema and all objects in it, at any depth, without recursion."""
    pending = [schema]
    while pending:
        node = pending.pop()
        if isinstance(node, Mapping):
            yield node
            pending.extend(node.values())
        elif isinstance(node, list):
            pending.extend(node)


def _beneath(references: References, schema: Any, value: Any) -> Iterator[_Pair]:
    """What a schema applies to a value and its parts. The schema has the shape that the standard wants."""
    if not isinstance(schema, Mapping):  # true, false
        return
    for keyword in _TO_THE_SAME:
        yield from ((subschema, value) for subschema in _listed(schema, keyword))
    yield from ((subschema, value) for subschema in schema.get("dependentSchemas", {}).values())
    for keyword in REFERENCES:
        if keyword in schema:
            yield from ((subschema, value) for subschema in references.targets(schema[keyword]))
    if isinstance(value, Mapping):
        yield from _beneath_object(schema, value)
    elif isinstance(value, list):
        yield from _beneath_array(schema, value)


def _beneath_object(schema: Mapping[str, Any], value: Mapping[str, Any]) -> Iterator[_Pair]:
    properties = schema.get("properties", {})
    yield from ((properties[name], value[name]) for name in properties.keys() & value.keys())
    yield from ((subschema, name) for subschema in _listed(schema, "propertyNames") for name in value)
    everywhere = list(schema.get("patternProperties", {}).values())
    for keyword in _TO_MEMBERS:
        everywhere += _listed(schema, keyword)
    yield from ((subschema, member) for subschema in everywhere for member in value.values())


def _beneath_array(schema: Mapping[str, Any], value: list[Any]) -> Iterator[_Pair]:
    yield from zip(_listed(schema, "prefixItems"), value, strict=False)
    for keyword in _TO_ITEMS:
        yield from ((subschema, item) for subschema in _listed(schema, keyword) for item in value)


def _listed(schema: Mapping[str, Any], keyword: str) -> list[Any]:
    """The subschemas of a keyword that has one or a list of them."""
    found = schema.get(keyword, [])
    return found if isinstance(found, list) else [found]


def _pointed_at(schema: Any, pointer: str) -> tuple[Any, ...]:
    """What a JSON Pointer (RFC 6901) points at, if anything."""
    for part in pointer.split("/")[1:]:
        name = part.replace("~1", "/").replace("~0", "~")
        if isinstance(schema, Mapping) and name in schema:
            schema = schema[name]
        elif isinstance(schema, list) and name.isdecimal() and int(name) < len(schema):
            schema = schema[int(name)]
        else:
            return ()
    return (schema,)
