"""The OpenAPI document, and parts of it: the operations of some paths, and what they refer to."""

from collections.abc import Iterator, Mapping
from threading import Lock
from typing import Any, Final

from fastapi import FastAPI

from outrider.protocol.xml import to_xml

__all__ = ["document_of", "example_of", "part_of"]

#: FastAPI can't make the document in two threads at once.
_MAKING: Final = Lock()
_COMPONENTS: Final = "#/components/schemas/"


def document_of(app: FastAPI) -> dict[str, Any]:
    """The whole document. The first call takes a while, and others wait for it: to be called in a thread."""
    with _MAKING:
        return app.openapi()


def part_of(document: Mapping[str, Any], prefix: str, server: str = "") -> dict[str, Any]:
    """The paths that begin with ``prefix``, the schemas and tags that they use, and where the server is."""
    schemas = document["components"]["schemas"]
    paths = {
        path: {method: _filled_in(operation, schemas) for method, operation in item.items()}
        for path, item in document["paths"].items()
        if path.startswith(prefix)
    }
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


def example_of(schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> dict[str, Any]:
    """A body that works: the examples of its fields."""
    fields = schemas[schema["$ref"].removeprefix(_COMPONENTS)].get("properties", {}) if "$ref" in schema else {}
    return {name: field["examples"][0] for name, field in fields.items() if "examples" in field}


def _filled_in(operation: Mapping[str, Any], schemas: Mapping[str, Any]) -> dict[str, Any]:
    """With examples where forms to try it look for them, which make something up otherwise."""
    filled = dict(operation)
    if "parameters" in operation:
        filled["parameters"] = [_with_example(one) for one in operation["parameters"]]
    content = operation.get("requestBody", {}).get("content", {})
    shown = {form: _shown(form, example_of(of["schema"], schemas)) for form, of in content.items()}
    if any(shown.values()):
        contents = {form: {**of, "example": shown[form]} for form, of in content.items()}
        filled["requestBody"] = {**operation["requestBody"], "content": contents}
    return filled


def _with_example(parameter: Mapping[str, Any]) -> Mapping[str, Any]:
    """Only of one that is needed: a filter with an example would hide things."""
    if parameter.get("required") and "examples" in parameter["schema"]:
        return {**parameter, "example": parameter["schema"]["examples"][0]}
    return parameter


def _shown(form: str, example: dict[str, Any]) -> Any:
    return to_xml("Body", example).decode() if example and form.endswith("/xml") else example


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
