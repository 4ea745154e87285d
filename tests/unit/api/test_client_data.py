"""Which form an answer has, and parts of the OpenAPI document."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest

from outrider.api.app import with_surfaces
from outrider.api.client_data.resources import RESOURCES, scope_of
from outrider.api.document_parts import document_of, part_of
from outrider.interfaces.identities import AREAS, TIERS
from outrider.protocol.negotiation import preferred


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("", "application/json"),
        ("*/*", "application/json"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "application/xml"),
        ("text/xml", "text/xml"),
        ("text/*", "text/json"),
        ("application/json;q=0.2, text/xml;q=0.3", "text/xml"),
        ("application/xml;q=0, */*", "application/json"),
        ("image/png", "application/json"),
        ("application/xml;q=x", "application/json"),
        (",;,", "application/json"),
    ],
)
def test_the_form_that_a_client_prefers(accept: str, kind: str) -> None:
    assert preferred(accept) == kind


def test_every_resource_has_a_scope_and_tiers_that_keys_can_have() -> None:
    for resource in RESOURCES.values():
        assert resource.area in AREAS
        assert set(resource.tiers) <= set(TIERS)


def test_the_scope_of_a_request() -> None:
    path = "/v4/operations/{shortName}/jobs/{OID}"

    assert [scope_of(path, method)[0] for method in ("GET", "PUT", "PATCH", "DELETE")] == [
        "jobs:read", "jobs:write", "jobs:write", "jobs:manage",
    ]  # fmt: skip
    assert scope_of("/v4/reporting/{shortName}/messages", "GET") == ("sessions:read", "reporting")


def test_the_document_is_made_once_for_many_who_ask_at_once() -> None:
    app, together = with_surfaces(), Barrier(4)

    def ask(_: int) -> Any:
        together.wait()
        return document_of(app)

    with ThreadPoolExecutor(4) as threads:
        first, *others = threads.map(ask, range(4))
    assert all(document is first for document in others)


def test_a_part_of_a_document_has_what_it_refers_to_and_nothing_else() -> None:
    def of(name: str, tag: str) -> dict[str, Any]:
        return {"get": {"tags": [tag], "responses": {"200": {"$ref": f"#/components/schemas/{name}"}}}}

    document = {
        "openapi": "3.1.0",
        "paths": {"/v4/a": of("A", "one"), "/v1/b": of("C", "two")},
        "tags": [{"name": "one"}, {"name": "two"}],
        "components": {"schemas": {"A": {"items": [{"$ref": "#/components/schemas/B"}]}, "B": {}, "C": {}}},
    }

    part = part_of(document, "/v4/", "http://server")
    assert list(part["paths"]) == ["/v4/a"]
    assert list(part["components"]["schemas"]) == ["A", "B"]
    assert (part["tags"], part["servers"]) == ([{"name": "one"}], [{"url": "http://server"}])
    assert "servers" not in part_of(document, "/v4/")
