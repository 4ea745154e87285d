"""Parts of the OpenAPI document: the operations of some paths, and what they refer to."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

__all__ = ["part_of"]

_COMPONENTS: Final = "#/components/schemas/"


def part_of(document: Mapping[str, Any], prefix: str, server: str = "") -> dict[str, Any]:
    """The paths that begin with ``prefix``, the schemas and tags that they use, and where the server is."""
    paths = {path: item for path, item in document["paths"].items() if path.startswith(prefix)}
    schemas = document["components"]["schemas"]
    needed: set[str] = set()
    waiting = set(_references(paths))
    while waiting:
        needed |= waiting
        waiting = {name for one in waiting for name in _references(schemas[one])} - needed
    tags = {tag for item in paths.values() for operation in item.values() for tag in operation.get("tags", ())}
    return {
        **document,
        "paths": paths,
        "tags": [tag for tag in document["tags"] if tag["name"] in tags],
        "components": {
            **document["components"],
            "schemas": {name: schema for name, schema in schemas.items() if name in needed},
        },
    } | ({"servers": [{"url": server}]} if server else {})


def _references(node: Any) -> Iterator[str]:
    """Names of the schemas that a part of the document refers to itself."""
    if isinstance(node, Mapping):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"].removeprefix(_COMPONENTS)
        for value in node.values():
            yield from _references(value)
    elif isinstance(node, list):
        for value in node:
            yield from _references(value)
