"""Which headers count where, as the OpenAPI document says it."""

from collections.abc import Iterator
from typing import Any

from outrider.api.openapi import openapi_document

WRITES = {"put", "patch", "delete"}


def operations() -> Iterator[tuple[str, str, dict[str, Any], set[str]]]:
    """Method, path, description, and names of the headers."""
    for path, item in openapi_document()["paths"].items():
        for method, operation in item.items():
            headers = [parameter for parameter in operation.get("parameters", ()) if parameter["in"] == "header"]
            assert not any(header["required"] for header in headers)
            yield method, path, operation, {header["name"] for header in headers}


def test_each_header_is_declared_where_it_counts() -> None:
    seen = set()
    for method, path, operation, headers in operations():
        answers = operation["responses"]
        compares = "VERSION_CONFLICT" in answers.get("409", {}).get("description", "")
        assert ("Idempotency-Key" in headers) == (method == "post"), path
        assert ("If-None-Match" in headers) == ("304" in answers), path
        assert ("If-Match" in headers) == (compares or "304" in answers), path
        assert "304" not in answers or method == "get", path
        assert not compares or method in WRITES or path.endswith("/files/{name}"), path
        seen |= headers
    assert seen >= {"Idempotency-Key", "If-Match", "If-None-Match"}
