"""The client data surface against its own description: what it describes is accepted, all else refused.

Schemathesis makes the requests, for a client that has data; OIDs are those of its items as often as not.
"""

import itertools
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance
from tests.e2e.api.serving import SECONDS, ServerProcess
from tests.e2e.client_data.conftest import Client

from outrider.api.openapi import openapi_document

pytestmark = [pytest.mark.slow]

EXAMPLES = 5
#: Why a request is refused that a JSON Schema can't tell from a good one.
REFUSED_BY_RULE = {
    "AGENT_UNKNOWN",
    "EXPIRY_PAST",
    "INVALID_URL",
    "JOB_ENDED",
    "SCHEDULE_INVALID",
    "SCOPE_UNKNOWN",
    "WEBHOOK_URL_REFUSED",
}
JOB = {"Name": "Prices", "Task": "Read it.", "CronExpression": "0 0 1 1 *"}

#: What both tiers have is one endpoint.
TWICE = "^/v4/operations/.*/(sessions|messages|requests|usage|deliveries|audit)"

api = schemathesis.openapi.from_dict(openapi_document()).include(path_regex="^/v4/").exclude(path_regex=TWICE)
api.config.generation.update(with_security_parameters=False)  # every request bears the client's own key


@pytest.fixture(scope="module")
def oids(many: Client) -> Iterator[str]:
    """Some that are there, as long as nothing has deleted them; one that is another client's; one of nothing."""
    job = many.http.post(many.path("operations", "jobs"), json=JOB).json()["OID"]
    fields = {"Url": "http://receiver.invalid/"}
    endpoint = many.http.post(many.path("administration", "endpoints"), json=fields).json()["OID"]
    return itertools.cycle(["many-00001", "many-00001.1", job, endpoint, "strangers-00001", "job_1", "1"])


@pytest.mark.row("A1", "A4", "A5")
@pytest.mark.filterwarnings("ignore:Generating overly large repr")  # of a body at the limit of its length
@api.parametrize()
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_operation_is_as_described(
    case: schemathesis.Case[Any], server: ServerProcess, many: Client, oids: Iterator[str]
) -> None:
    names = {"shortName": many.short_name, "OID": next(oids)}
    case.path_parameters = {name: names[name] for name in case.path_parameters}
    is_good = case.meta is not None and case.meta.generation.mode.is_positive
    if is_good and isinstance(case.body, dict) and case.body.get("Url"):
        case.body["Url"] = "http://192.0.2.1/"  # looked up nowhere (RFC 5737)
    excluded: list[Any] = [not_a_server_error, positive_data_acceptance]
    has_types = case.media_type in (None, "application/json", "text/json")
    if not has_types:  # XML and forms have texts only: 5 is "5" there, and null can be written in several ways
        excluded.append(negative_data_rejection)
    response = case.call(server.url, headers={"api_key": many.key}, timeout=SECONDS)
    case.validate_response(response, excluded_checks=excluded)
    assert response.headers["x-request-id"]
    assert response.status_code < 500
    if is_good and has_types and response.status_code >= 400:
        code = response.json()["error"]["code"]
        assert response.status_code in (401, 403, 404, 405) or code in REFUSED_BY_RULE, (case.body, response.text)
