"""The client data surface against its own description: what it describes is accepted, all else refused.

Schemathesis makes the requests, for a client that has data; OIDs are those of its items as often as not.
"""

import itertools
import re
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance
from schemathesis.specs.openapi.schemas import OpenApiSchema
from tests.e2e.api.cases import is_good, make_fit, tells_its_version
from tests.e2e.api.described import DOCUMENT, OPERATIONS, attempt
from tests.e2e.api.serving import SECONDS, ServerProcess
from tests.e2e.client_data.conftest import Client
from tests.e2e.client_data.reading_back import as_json

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

#: Of bodies, the forms that can say everything.
WITH_NULL = ("application/json", "text/json")
CONTROLS = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

forms = itertools.cycle(["application/json", "application/xml"])


@pytest.fixture(scope="module")
def api() -> OpenApiSchema:
    schema = schemathesis.openapi.from_dict(DOCUMENT)
    schema.config.generation.update(with_security_parameters=False)  # every request bears the client's own key
    return schema


@pytest.fixture(scope="module")
def oids(many: Client) -> Iterator[str]:
    """Some that are there, as long as nothing has deleted them; one that is another client's; one of nothing."""
    job = many.http.post(many.path("operations", "jobs"), json=JOB).json()["OID"]
    fields = {"Url": "http://receiver.invalid/"}
    endpoint = many.http.post(many.path("administration", "endpoints"), json=fields).json()["OID"]
    return itertools.cycle(["many-00001", "many-00001.1", job, endpoint, "strangers-00001", "job_1", "1"])


def as_described(case: schemathesis.Case[Any], server: ServerProcess, many: Client, oids: Iterator[str]) -> None:
    names = {"shortName": many.short_name, "OID": next(oids)}
    case.path_parameters = {name: names[name] for name in case.path_parameters}
    make_fit(case)
    if is_good(case) and isinstance(case.body, dict) and case.body.get("Url"):
        case.body["Url"] = "http://192.0.2.1/"  # looked up nowhere (RFC 5737)
    if is_good(case) and case.media_type not in WITH_NULL:
        case.body = as_texts(case.body)
    form = next(forms)
    response = case.call(server.url, headers={"api_key": many.key, "Accept": form}, timeout=SECONDS)
    assert response.headers["x-request-id"]
    assert tells_its_version(case, response)
    if response.content and case.method != "OPTIONS":
        told = response.headers["content-type"][0].partition(";")[0]
        assert told == form or "idempotency-replayed" in response.headers
        if told == "application/xml":
            response = as_json(response, case.operation.definition.raw)
    excluded: list[Any] = [not_a_server_error, positive_data_acceptance]
    if case.media_type not in WITH_NULL and isinstance(case.body, dict) and "" in case.body.values():
        excluded.append(negative_data_rejection)  # it may stand for null
    case.validate_response(response, excluded_checks=excluded)
    assert response.status_code < 500
    if is_good(case) and response.status_code >= 400:
        code = response.json()["error"]["code"]
        assert response.status_code in (401, 403, 404, 405) or code in REFUSED_BY_RULE, (case.body, response.text)


def as_texts(value: Any) -> Any:
    """What XML and forms can say: no null, and no characters of control."""
    if isinstance(value, dict):
        return {name: as_texts(one) for name, one in value.items() if one is not None}
    if isinstance(value, list):
        return [as_texts(one) for one in value]
    return CONTROLS.sub("_", value) if isinstance(value, str) else value


@pytest.mark.filterwarnings("ignore:Generating overly large repr")  # of a body at the limit of its length
@pytest.mark.parametrize("operation", [name for name, path in OPERATIONS.items() if path.startswith("/v4/")])
def test_an_operation_is_as_described(
    operation: str, api: OpenApiSchema, server: ServerProcess, many: Client, oids: Iterator[str]
) -> None:
    attempt(api, operation, as_described, EXAMPLES, server=server, many=many, oids=oids)
