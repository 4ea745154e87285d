"""The server against its own OpenAPI document: what it describes is accepted, all else refused, each answer described.

Schemathesis makes the requests: the examples, the borders of each value, values of wrong types, unknown methods,
requests without a key, and random ones.
"""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import schemathesis
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import positive_data_acceptance
from schemathesis.specs.openapi.schemas import OpenApiSchema
from tests.e2e.api.cases import is_good, make_fit, tells_its_version
from tests.e2e.api.described import DOCUMENT, OPERATIONS, attempt
from tests.e2e.api.serving import SECONDS, ServerProcess

pytestmark = [pytest.mark.browser, pytest.mark.slow]

EXAMPLES = 10
#: What a good request may be answered with; ids and names are mostly of nothing.
EXPECTED = (200, 201, 204, 304, 401, 404, 405, 429)
#: Failures that belong to a site or to a limit of this server, not to the request.
DOCUMENTED_FAILURES = {"NAVIGATION_FAILED", "NAVIGATION_TIMEOUT", "MEMORY_LIMIT_REACHED", "SESSION_LIMIT_REACHED"}
#: Why a request is refused that a JSON Schema can't tell from a good one.
REFUSED_BY_RULE = {
    "ADDRESS_REFUSED",
    "AGENT_UNKNOWN",
    "CARD_INVALID",
    "CARD_ORIGIN_REFUSED",
    "CDP_URL_INVALID",
    "CREDENTIAL_INVALID",
    "EXPIRY_PAST",
    "EXTERNAL_BROWSER_UNFIT",
    "INVALID_URL",
    "NOT_SUPPORTED",
    "ORIGIN_INVALID",
    "OUTPUT_SCHEMA_INVALID",
    "SCOPE_UNKNOWN",
    "SCREENING_INVALID",
    "SCRIPT_INVALID",
    "SCRIPT_NOT_AVAILABLE",
    "SCRIPT_VARIABLE_INVALID",
    "SCRIPT_VERSION_UNSUPPORTED",
    "SHORT_NAME_TAKEN",
    "SNAPSHOT_MODE_MISSING",
    "VAULT_ITEM_EXISTS",
    "WEBHOOK_SECRETS_LIMIT",
    "WEBHOOK_URL_REFUSED",
}


@pytest.fixture(scope="module")
def api() -> OpenApiSchema:
    return schemathesis.openapi.from_dict(DOCUMENT)


@pytest.fixture(scope="module")
def known(client: httpx.Client) -> Iterator[list[str]]:
    """Ids of sessions that tests of this file were given; the last one may still be there."""
    yield []
    client.delete("/v1/sessions")


@pytest.fixture
def living(client: httpx.Client, known: list[str]) -> str:
    """The id of a session that is there: that of the operation before, unless its requests have ended it."""
    if not known or client.get(f"/v1/sessions/{known[-1]}").status_code == 404:
        client.delete("/v1/sessions")  # what requests have created takes up the places
        known.append(client.post("/v1/sessions", json={}).json()["session_id"])
    return known[-1]


def as_described(case: schemathesis.Case[Any], server: ServerProcess, living: str) -> None:
    make_fit(case)
    if _stays_on_this_machine(case):
        case.path_parameters = dict.fromkeys(case.path_parameters, living)
    _lead_nowhere(case)
    response = case.call(server.url, headers={"Authorization": f"Bearer {server.key}"}, timeout=SECONDS)
    case.validate_response(response, excluded_checks=[not_a_server_error, positive_data_acceptance])
    assert response.headers["x-request-id"]
    assert tells_its_version(case, response)
    code = response.json()["error"]["code"] if response.status_code >= 400 else ""
    assert response.status_code < 500 or code in DOCUMENTED_FAILURES
    if is_good(case):
        assert response.status_code in EXPECTED or code in REFUSED_BY_RULE, response.text


def _lead_nowhere(case: schemathesis.Case[Any]) -> None:
    """No receiver of webhooks, and no browser, is looked up: addresses become such that lead nowhere (RFC 5737).

    Nor is the server closed.
    """
    if case.path.startswith("/v1/webhooks") and isinstance(case.body, dict) and _is_url(case.body.get("url")):
        case.body["url"] = "http://192.0.2.1/"
    if case.path == "/v1/admin/maintenance" and isinstance(case.body, dict) and case.body.get("active") is True:
        case.body["active"] = False  # the other requests are to be answered
    for name in ("cdp_url", "cdp_ws_url"):
        if case.path == "/v1/sessions" and isinstance(case.body, dict) and case.body.get(name):
            case.body[name] = "ws://192.0.2.1/"


def _is_url(value: object) -> bool:
    return isinstance(value, str) and value.startswith("http")


def _stays_on_this_machine(case: schemathesis.Case[Any]) -> bool:
    """A real session may be used: the request has no address to open, and its answer has an end."""
    addresses = isinstance(case.body, dict) and {"url", "start_url", "script"} & case.body.keys()
    return not addresses and not case.path.endswith(("/events", "/{code}"))


#: Client data has its own test, on a server where there is some.
@pytest.mark.filterwarnings("ignore:Generating overly large repr")  # of a body at the limit of its length
@pytest.mark.parametrize("operation", [name for name, path in OPERATIONS.items() if not path.startswith("/v4/")])
def test_an_operation_is_as_described(operation: str, api: OpenApiSchema, server: ServerProcess, living: str) -> None:
    attempt(api, operation, as_described, EXAMPLES, server=server, living=living)
