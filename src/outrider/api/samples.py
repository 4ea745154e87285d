"""Samples of requests, made from an OpenAPI document: a collection for Postman, and commands for cURL.

The samples of a resource belong together: what is created, or else the first of the list, is what the others are about.
"""

import json
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, replace
from typing import Any, Final

from outrider.api.document_parts import example_of

__all__ = ["Sample", "curl_page", "postman_collection", "samples"]

#: What is there has to be there first, and is read before it is gone.
_ORDER: Final = ("post", "get", "put", "patch", "delete")
_COLLECTION: Final = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"
_JSON: Final = "application/json"


@dataclass(frozen=True, slots=True)
class Sample:
    """One request that works."""

    name: str
    tier: str
    resource: str
    method: str
    #: With ``{shortName}`` and ``{OID}``.
    path: str
    query: tuple[tuple[str, str], ...]
    body: Mapping[str, Any] | None
    #: Its answer has the OID that later samples of the resource are about: of what was created, or the list's first.
    tells: str | None

    @property
    def variable(self) -> str:
        """The name under which the OID is kept."""
        return f"{self.tier}_{self.resource}_OID"


def samples(document: Mapping[str, Any]) -> tuple[Sample, ...]:
    """One for each operation of the document, in an order in which they work."""
    found = list(_samples(document))
    created = {one.variable for one in found if one.tells == "created"}
    resources = list(dict.fromkeys(one.variable for one in found))

    def place(one: Sample) -> tuple[int, int, str]:
        return resources.index(one.variable), _ORDER.index(one.method), one.path

    return tuple(_silenced(one, created) for one in sorted(found, key=place))


def _silenced(one: Sample, created: Set[str]) -> Sample:
    """A list need not tell an OID of what was created before."""
    return replace(one, tells=None) if one.tells == "listed" and one.variable in created else one


def _samples(document: Mapping[str, Any]) -> Iterator[Sample]:
    schemas = document["components"]["schemas"]
    for path, item in document["paths"].items():
        _, _, tier, _, resource, *rest = path.split("/")
        for method, operation in item.items():
            query = tuple(
                (parameter["name"], str(parameter["schema"]["examples"][0]))
                for parameter in operation.get("parameters", ())
                if parameter["in"] == "query" and parameter["required"]
            )
            tells = {"post": "created", "get": None if rest else "listed"}.get(method)
            yield Sample(operation["summary"], tier, resource, method, path, query, _body(operation, schemas), tells)


def _body(operation: Mapping[str, Any], schemas: Mapping[str, Any]) -> Mapping[str, Any] | None:
    if "requestBody" not in operation:
        return None
    return example_of(operation["requestBody"]["content"][_JSON]["schema"], schemas)


# --- Postman


def postman_collection(document: Mapping[str, Any]) -> dict[str, Any]:
    """A collection of the format 2.1 with a folder for each tier; set its variables, then run it as a whole."""
    found = samples(document)
    tiers = dict.fromkeys(one.tier for one in found)
    return {
        "info": {"name": "Outrider: client data", "schema": _COLLECTION},
        "auth": {
            "type": "apikey",
            "apikey": [{"key": "key", "value": "api_key"}, {"key": "value", "value": "{{apiKey}}"}],
        },
        "variable": [
            {"key": "baseUrl", "value": "http://127.0.0.1:8470"},
            {"key": "apiKey", "value": ""},
            {"key": "shortName", "value": "default"},
        ],
        "item": [{"name": tier, "item": [_postman_item(one) for one in found if one.tier == tier]} for tier in tiers],
    }


def _postman_item(one: Sample) -> dict[str, Any]:
    path = one.path.replace("{shortName}", "{{shortName}}").replace("{OID}", f"{{{{{one.variable}}}}}")
    query = [{"key": name, "value": value} for name, value in one.query]
    raw = f"{{{{baseUrl}}}}{path}" + (f"?{_joined(one.query)}" if one.query else "")
    request: dict[str, Any] = {
        "method": one.method.upper(),
        "header": [],
        "url": {"raw": raw, "host": ["{{baseUrl}}"], "path": path.split("/")[1:], "query": query},
    }
    if one.body is not None:
        request["header"].append({"key": "Content-Type", "value": _JSON})
        options = {"raw": {"language": "json"}}
        request["body"] = {"mode": "raw", "raw": json.dumps(one.body, indent=2), "options": options}
    item: dict[str, Any] = {"name": one.name, "request": request, "response": []}
    if one.tells is not None:
        value = "pm.response.json().OID" if one.tells == "created" else "pm.response.json().Data[0]?.OID"
        script = [f'pm.collectionVariables.set("{one.variable}", {value});']
        item["event"] = [{"listen": "test", "script": {"type": "text/javascript", "exec": script}}]
    return item


def _joined(query: tuple[tuple[str, str], ...]) -> str:
    return "&".join(f"{name}={value}" for name, value in query)


# --- cURL

_HEAD: Final = """\
# Client data: requests with cURL

Every operation under `/v4/` once, in an order in which they work one after the other. Those of a single item need a
list that has one: an empty list leaves no OID, and the answer is 404. Set these first:

```sh
OUTRIDER_URL=http://127.0.0.1:8470   # where the server is
OUTRIDER_KEY=…                       # a key with the tiers that are used
SHORT_NAME=default                   # the client that the key is of
```

The same requests are a collection for Postman:
[client-data.postman_collection.json](client-data.postman_collection.json).
"""
_OID_OF: Final = 'grep -o \'"OID":"[^"]*"\' | head -n 1 | cut -d \'"\' -f 4'


def curl_page(document: Mapping[str, Any]) -> str:
    """A page in Markdown with a command for each operation."""
    parts = [_HEAD]
    tier = ""
    for one in samples(document):
        if one.tier != tier:
            tier = one.tier
            parts.append(f"\n## {tier.capitalize()}\n")
        parts.append(f"\n### {one.name}\n\n```sh\n{_command(one)}\n```\n")
    return "".join(parts)


def _command(one: Sample) -> str:
    path = one.path.replace("{shortName}", "$SHORT_NAME").replace("{OID}", f"${one.variable}")
    query = f"?{_joined(one.query)}" if one.query else ""
    method = "" if one.method == "get" else f" -X {one.method.upper()}"
    command = f'curl -sS --fail-with-body{method} "$OUTRIDER_URL{path}{query}" \\\n  -H "api_key: $OUTRIDER_KEY"'
    if one.body is not None:
        body = json.dumps(one.body, ensure_ascii=False)
        command += f" -H 'Content-Type: {_JSON}' \\\n  -d '{body}'"
    if one.tells is None:
        return command
    return f'answer=$({command})\necho "$answer"\n{one.variable}=$(echo "$answer" | {_OID_OF})'
