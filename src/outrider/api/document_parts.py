"""The OpenAPI document, and parts of it: the operations of some paths, and what they refer to."""

from collections.abc import Iterator, Mapping
from threading import Lock
from typing import Any, Final

from fastapi import FastAPI

__all__ = ["document_of", "part_of"]

#: FastAPI can't make the document in two threads at once.
_MAKING: Final = Lock()
_COMPONENTS: Final = "#/components/schemas/"


def document_of(app: FastAPI) -> dict[str, Any]:
    """The whole document. The first call takes a while, and others wait for it: to be called in a thread."""
    with _MAKING:
        return app.openapi()


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
