"""Swagger UI, its documents, and the samples that are made from them, against a running server."""

import json
import os
import re
import subprocess
from pathlib import Path
from typing import Any

import httpx
import pytest
from openapi_spec_validator import validate
from tests.e2e.api.serving import SECONDS, ServerProcess
from tests.e2e.client_data.conftest import Client

REFERENCE = Path(__file__).parents[3] / "docs" / "reference"
NAMES = ["v4", "v4-reporting", "v4-operations", "v4-administration"]


@pytest.mark.row("A41")
def test_swagger_ui_is_there_and_loads_nothing_from_elsewhere(server: ServerProcess) -> None:
    page = httpx.get(f"{server.url}/swagger/ui/index", timeout=SECONDS)

    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    sources = re.findall(r'(?:src|href)="([^"?]+)"', page.text)
    assert {"swagger-ui-bundle.js", "swagger-ui.css", "start.js"} <= set(sources)
    for source in sources:
        answer = httpx.get(f"{server.url}/swagger/ui/{source}", timeout=SECONDS)
        assert answer.status_code == 200
        assert answer.headers["x-content-type-options"] == "nosniff"
    assert httpx.get(f"{server.url}/swagger/ui/other.js", timeout=SECONDS).status_code == 404


@pytest.mark.row("A42")
@pytest.mark.parametrize("name", NAMES)
def test_documents_are_valid_openapi(server: ServerProcess, name: str) -> None:
    document = httpx.get(f"{server.url}/swagger/docs/{name}", timeout=SECONDS).json()

    validate(document)
    assert document["servers"] == [{"url": server.url}]
    prefix = "/v4/" + "".join(f"{tier}/" for tier in name.split("-")[1:])
    assert document["paths"]
    headers = {p["name"] for item in document["paths"].values() for one in item.values() for p in one["parameters"]}
    assert {"If-None-Match", "If-Match"} <= headers
    assert ("Idempotency-Key" in headers) is (name != "v4-reporting")
    assert all(path.startswith(prefix) for path in document["paths"])
    assert httpx.get(f"{server.url}/swagger/docs/v3", timeout=SECONDS).status_code == 404


@pytest.mark.row("A41", "A42")
def test_forms_of_swagger_ui_are_filled_in_with_what_works(server: ServerProcess, client: Client) -> None:
    paths = _document(server)["paths"]
    listing = paths["/v4/operations/{shortName}/jobs"]["get"]["parameters"]
    told = {one["name"]: one["example"] for one in listing if "example" in one}
    assert told == {"shortName": "default", "offset": 0, "count": 10}

    for resource in ("operations/{shortName}/jobs", "administration/{shortName}/keys"):
        for form, shown in paths[f"/v4/{resource}"]["post"]["requestBody"]["content"].items():
            body = (
                {"data": shown["example"]} if form.endswith("urlencoded") else {"content": _written(shown["example"])}
            )
            path = f"/v4/{resource}".replace("{shortName}", client.short_name)
            made = client.http.post(path, headers={"Content-Type": form}, **body)
            assert made.status_code == 201, (form, made.text)


@pytest.mark.row("A43")
def test_the_commands_for_curl_run_as_they_are_written(server: ServerProcess, client: Client) -> None:
    page = (REFERENCE / "client-data.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```sh\n(.*?)```", page, re.DOTALL)[1:]
    environment = {
        "PATH": os.environ["PATH"],
        "OUTRIDER_URL": server.url,
        "OUTRIDER_KEY": client.key,
        "SHORT_NAME": client.short_name,
    }

    script = "set -euo pipefail\n" + "\n".join(blocks)
    command = ["/bin/bash", "-c", script]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=SECONDS, check=False)

    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    assert len(blocks) == sum(len(item) for item in _document(server)["paths"].values())


@pytest.mark.row("A42")
def test_the_collection_for_postman_runs_from_its_beginning_to_its_end(server: ServerProcess, client: Client) -> None:
    collection = json.loads((REFERENCE / "client-data.postman_collection.json").read_text(encoding="utf-8"))
    variables = {"baseUrl": server.url, "apiKey": client.key, "shortName": client.short_name}
    items = [item for folder in collection["item"] for item in folder["item"]]

    for item in items:
        answer = _sent(item["request"], collection["auth"], variables)
        assert answer.status_code < 300, (item["name"], answer.text)
        for event in item.get("event", ()):
            _told(event["script"]["exec"], answer, variables)

    assert len(items) == sum(len(item) for item in _document(server)["paths"].values())


def _document(server: ServerProcess) -> dict[str, Any]:
    document: dict[str, Any] = httpx.get(f"{server.url}/swagger/docs/v4", timeout=SECONDS).json()
    return document


def _written(example: Any) -> str:
    return example if isinstance(example, str) else json.dumps(example)


def _filled(text: str, variables: dict[str, str]) -> str:
    return re.sub(r"\{\{(\w+)\}\}", lambda found: variables[found[1]], text)


def _sent(request: dict[str, Any], auth: dict[str, Any], variables: dict[str, str]) -> httpx.Response:
    key = {part["key"]: _filled(part["value"], variables) for part in auth["apikey"]}
    headers = {header["key"]: header["value"] for header in request["header"]} | {key["key"]: key["value"]}
    body = request.get("body", {}).get("raw")
    return httpx.request(
        request["method"], _filled(request["url"]["raw"], variables), headers=headers, content=body, timeout=SECONDS
    )


def _told(lines: list[str], answer: httpx.Response, variables: dict[str, str]) -> None:
    """Does what the script says, which is the same in every item: keep an OID."""
    for line in lines:
        found = re.fullmatch(
            r'pm\.collectionVariables\.set\("(\w+)", pm\.response\.json\(\)(\.Data\[0\]\?)?\.OID\);', line
        )
        assert found, line
        body = answer.json()
        variables[found[1]] = body["Data"][0]["OID"] if found[2] else body["OID"]
