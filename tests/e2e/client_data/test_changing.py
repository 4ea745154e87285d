"""Jobs, keys and receivers are created, changed and deleted, in JSON, XML and forms."""

import json
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from tests.e2e.api.serving import ServerProcess, problem_of
from tests.e2e.client_data.conftest import Client

JOB = {"Name": "Prices", "Task": "Read the heading.", "CronExpression": "30 9 * * MON", "TimeZone": "Europe/Berlin"}


def created(client: Client, **changes: Any) -> dict[str, Any]:
    answer = client.http.post(client.path("operations", "jobs"), json={**JOB, **changes})
    assert answer.status_code == 201, answer.text
    body: dict[str, Any] = answer.json()
    assert answer.headers["location"].endswith(f"/v4/operations/reports/jobs/{body['OID']}")
    return body


def of(client: Client, job: dict[str, Any], rest: str = "") -> str:
    return client.path("operations", f"jobs/{job['OID']}{rest}")


@pytest.mark.row("A2")
def test_what_is_created_has_an_oid_and_is_there(client: Client) -> None:
    job = created(client, ExternalID="A-1")

    assert client.http.get(of(client, job)).json() == job
    assert [found["OID"] for found in client.list("operations", "jobs", externalID="A-1")["Data"]] == [job["OID"]]
    assert (job["State"], job["MissedRuns"], job["NextRunAt"][11:]) in (
        ("scheduled", "run_once", "07:30:00"),
        ("scheduled", "run_once", "08:30:00"),
    )


@pytest.mark.parametrize("short_name", ["report\u017f", "REPORT%C5%BF"])  # a long s, which folds to “s”
def test_a_name_in_other_letters_is_another_clients(client: Client, short_name: str) -> None:
    before = client.list("operations", "jobs")["Count"]

    problem_of(client.http.post(f"/v4/operations/{short_name}/jobs", json=JOB), 401, "UNAUTHORIZED")

    assert client.list("operations", "jobs")["Count"] == before


@pytest.mark.row("A3", "A17")
def test_what_tells_nothing_is_204_with_no_body_and_no_type(client: Client) -> None:
    job = created(client)
    cancelled = client.http.patch(of(client, job, "/cancel"))
    nothing = [
        client.http.patch(of(client, job, "/cancel")),
        client.http.patch(of(client, job), json={"Name": "Prices"}),
        client.http.delete(of(client, job)),
    ]

    assert (cancelled.status_code, cancelled.json()["State"]) == (200, "cancelled")
    for answer in nothing:
        assert (answer.status_code, answer.content) == (204, b"")
        assert "content-type" not in answer.headers
    empty = client.list("reporting", "sessions", agent="nobody")
    assert (empty["Count"], empty["Data"]) == (0, [])
    problem_of(client.http.get(of(client, job)), 404, "RECORD_NOT_FOUND")
    problem_of(client.http.delete(of(client, job)), 404, "JOB_NOT_FOUND")


def test_a_job_that_is_over_stays_as_it_is(client: Client) -> None:
    job = created(client)
    client.http.patch(of(client, job, "/cancel"))

    problem_of(client.http.patch(of(client, job), json={"Name": "Other"}), 409, "JOB_ENDED")


@pytest.mark.row("A35", "A36")
def test_a_job_is_replaced_as_a_whole_and_changed_in_parts(client: Client) -> None:
    job = created(client, ExternalID="B-1", MaxSteps=7)
    once = {"RunAt": "2124-01-31T09:05:00"}

    changed = client.http.patch(of(client, job), json=once).json()
    replaced = client.http.put(of(client, job), json={**JOB, "Name": "New"}).json()

    assert (changed["RunAt"], changed["CronExpression"], changed["MaxSteps"]) == ("2124-01-31T09:05:00", None, 7)
    assert changed["NextRunAt"] == "2124-01-31T08:05:00"  # in UTC
    assert (replaced["Name"], replaced["ExternalID"], replaced["MaxSteps"]) == ("New", None, None)
    error = problem_of(client.http.put(of(client, job), json={"Name": "x"}), 400, "VALIDATION_ERROR")
    assert [fault["field"] for fault in error["details"]["fields"]] == ["Task"]


@pytest.mark.row("A4", "A5", "A7", "A8", "A36", "A37")
@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"Name": None}, "Name"),
        ({"Task": 5}, "Task"),
        ({"ExternalID": "12345678901"}, "ExternalID"),
        ({"MaxSteps": "5"}, "MaxSteps"),
        ({"KeepSession": "true"}, "KeepSession"),
        ({"MissedRuns": "often"}, "MissedRuns"),
        ({"RunAt": "31/12/2124"}, "RunAt"),
        ({"RunAt": "2124-02-30T00:00:00"}, "RunAt"),
    ],
)
def test_what_is_wrong_with_a_field_is_named(client: Client, change: dict[str, Any], field: str) -> None:
    answer = client.http.post(client.path("operations", "jobs"), json={**JOB, **change})

    error = problem_of(answer, 400, "VALIDATION_ERROR")
    assert [fault["field"].partition(".")[0] for fault in error["details"]["fields"]] == [field]


@pytest.mark.row("A4")
def test_a_field_that_is_missing_is_named(client: Client) -> None:
    answer = client.http.post(client.path("operations", "jobs"), json={"Name": "x"})

    assert "Task: Field required" in problem_of(answer, 400, "VALIDATION_ERROR")["message"]


@pytest.mark.row("A8")
def test_an_external_id_may_have_ten_characters(client: Client) -> None:
    assert created(client, ExternalID="1234567890")["ExternalID"] == "1234567890"


@pytest.mark.row("A37")
@pytest.mark.parametrize(
    ("priority", "presence", "kept"),
    [("High", True, ("High", True)), ("Urgent", "maybe", ("Low", False)), (7, None, ("Low", False))],
)
def test_lenient_fields_fall_back(client: Client, priority: object, presence: object, kept: tuple[str, bool]) -> None:
    job = created(client, IssuePriority=priority, TenantPresenceRequested=presence)

    assert (job["IssuePriority"], job["TenantPresenceRequested"]) == kept


@pytest.mark.row("A6", "A34")
@pytest.mark.parametrize(
    ("body", "code", "words"),
    [
        (b'{"Name":', "MALFORMED_JSON", "line 1 column"),
        (b"{a:1}", "MALFORMED_JSON", "line 1 column 2"),
        (rb'{"Name": "\x"}', "MALFORMED_JSON", "line 1 column"),
        (b'{"Name": "x",}', "MALFORMED_JSON", "line 1 column"),
        (b"", "VALIDATION_ERROR", "body"),
        (b"[]", "VALIDATION_ERROR", "body"),
    ],
)
def test_a_body_that_is_no_json_is_400(client: Client, body: bytes, code: str, words: str) -> None:
    headers = {"Content-Type": "application/json"}
    answer = client.http.post(client.path("operations", "jobs"), content=body, headers=headers)

    assert words in problem_of(answer, 400, code)["message"]


BOMB = b'<!DOCTYPE j [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><Job><Name>&b;</Name></Job>'
THEFT = b'<!DOCTYPE j [<!ENTITY x SYSTEM "file:///etc/passwd">]><Job><Name>&x;</Name></Job>'


@pytest.mark.row("A6")
@pytest.mark.parametrize("body", [b"<Job><Name>", b"no xml", BOMB, THEFT, b'<?xml version="1.0" encoding="x"?><Job/>'])
def test_a_body_that_is_no_plain_xml_is_400(client: Client, body: bytes) -> None:
    headers = {"Content-Type": "application/xml"}
    answer = client.http.post(client.path("operations", "jobs"), content=body, headers=headers)

    assert "root:" not in problem_of(answer, 400, "MALFORMED_BODY")["message"]


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("text/json", json.dumps({**JOB, "MaxSteps": 5, "KeepSession": True})),
        (
            "application/xml",
            "<Job xmlns='urn:x'><Name>Prices</Name><Task>Read &lt;it&gt;.</Task><CronExpression>30 9 * * MON"
            "</CronExpression><MaxSteps>5</MaxSteps><KeepSession>true</KeepSession><StartUrl/></Job>",
        ),
        (
            "application/x-www-form-urlencoded",
            "Name=Prices&Task=Read+it.&CronExpression=30+9+*+*+MON&MaxSteps=5&KeepSession=true&StartUrl=",
        ),
    ],
)
def test_bodies_come_in_every_form(client: Client, kind: str, body: str) -> None:
    answer = client.http.post(client.path("operations", "jobs"), content=body, headers={"Content-Type": kind})

    assert answer.status_code == 201, answer.text
    job = answer.json()
    assert (job["Name"], job["MaxSteps"], job["KeepSession"], job["StartUrl"]) == ("Prices", 5, True, None)
    assert (job["Task"] == "Read <it>.") is ("xml" in kind)


@pytest.mark.row("X11")
@pytest.mark.parametrize("kind", ["application/xml", "text/xml", "text/json", "application/json"])
@pytest.mark.parametrize("cron", ["30 9 * * MON", "61 * * * *"], ids=["works", "fails"])
def test_what_is_sent_again_is_answered_again_in_the_same_form(client: Client, kind: str, cron: str) -> None:
    headers = {"Accept": kind, "Idempotency-Key": f"{kind} {cron}".replace(" ", ".")}
    path, body = client.path("operations", "jobs"), {**JOB, "CronExpression": cron}

    first, again = (client.http.post(path, json=body, headers=headers) for _ in range(2))

    assert first.headers["content-type"].partition(";")[0] == kind
    assert (again.status_code, again.content) == (first.status_code, first.content)
    for name in ("content-type", "location", "etag", "vary"):
        assert again.headers.get(name) == first.headers.get(name)
    assert (first.headers.get("idempotency-replayed"), again.headers["idempotency-replayed"]) == (None, "true")
    if not first.is_success:
        assert b"SCHEDULE_INVALID" in first.content
        recorded = client.http.get(client.path("reporting", f"requests/{again.headers['x-request-id']}")).json()
        assert recorded["Code"] == "SCHEDULE_INVALID"


def test_other_forms_of_bodies_are_415(client: Client) -> None:
    headers = {"Content-Type": "text/csv"}
    answer = client.http.post(client.path("operations", "jobs"), content=b"Name", headers=headers)

    assert "application/xml" in problem_of(answer, 415, "UNSUPPORTED_MEDIA_TYPE")["cause"]


@pytest.mark.parametrize(
    "change",
    [
        {"CronExpression": "61 * * * *"},
        {"CronExpression": "* * * * * *"},
        {"CronExpression": "0 0 30 2 *"},
        {"CronExpression": None},
        {"RunAt": "2124-01-31T09:05:00"},
        {"CronExpression": None, "RunAt": "2020-01-31T09:05:00"},
        {"TimeZone": "Mars/Olympus"},
        {"TimeZone": "../../etc/passwd"},
    ],
)
def test_a_schedule_has_to_make_sense(client: Client, change: dict[str, Any]) -> None:
    problem_of(client.http.post(client.path("operations", "jobs"), json={**JOB, **change}), 400, "SCHEDULE_INVALID")


@pytest.mark.row("X10")
@pytest.mark.parametrize(
    ("tier", "resource", "body", "field"),
    [
        ("operations", "jobs", JOB, "Name"),
        ("administration", "keys", {"Name": "raced"}, "Name"),
        ("administration", "endpoints", {"Url": "https://receiver.invalid/raced"}, "Description"),
    ],
)
def test_of_many_changes_to_one_state_exactly_one_wins(
    client: Client, tier: str, resource: str, body: dict[str, Any], field: str
) -> None:
    made = client.http.post(client.path(tier, resource), json=body)
    headers = {"If-Match": made.headers["etag"]}
    path = client.path(tier, f"{resource}/{made.json()['OID']}")

    def change(number: int) -> int:
        return client.http.patch(path, json={field: f"Name {number}"}, headers=headers).status_code

    with ThreadPoolExecutor(8) as pool:
        statuses = sorted(pool.map(change, range(12)))

    assert statuses == [200, *[409] * 11]
    problem_of(client.http.delete(path, headers=headers), 409, "VERSION_CONFLICT")
    assert client.http.delete(path, headers={"If-Match": "*"}).status_code == 204


def test_what_does_not_fit_leaves_an_idempotency_key_free(client: Client) -> None:
    path, headers = client.path("operations", "jobs"), {"Idempotency-Key": "corrected"}

    problem_of(client.http.post(path, json={**JOB, "Name": 7}, headers=headers), 400, "VALIDATION_ERROR")
    assert client.http.post(path, json=JOB, headers=headers).status_code == 201


@pytest.mark.row("A14")
def test_jobs_of_another_client_are_left_alone(client: Client, stranger: Client) -> None:
    job = created(client)
    path = stranger.path("operations", f"jobs/{job['OID']}")

    for answer in (
        stranger.http.get(path),
        stranger.http.put(path, json=JOB),
        stranger.http.patch(path, json={"Name": "x"}),
        stranger.http.patch(f"{path}/cancel"),
        stranger.http.delete(path),
    ):
        problem_of(answer, 403, "CLIENT_FORBIDDEN")
    assert client.http.get(of(client, job)).json() == job


def test_keys_are_made_shown_once_changed_and_revoked(client: Client, server: ServerProcess) -> None:
    fields = {"Name": "import", "Scopes": ["sessions:read"], "Tiers": ["reporting"], "ExpiresAt": "2124-01-31T00:00:00"}
    made = client.http.post(client.path("administration", "keys"), json=fields)
    assert made.status_code == 201, made.text
    key, path = made.json()["Key"], client.path("administration", f"keys/{made.json()['OID']}")
    address = f"{server.url}/v4/reporting/reports/sessions?offset=0&count=1"

    assert key not in client.http.get(path).text
    assert httpx.get(address, headers={"api_key": key}).status_code == 200
    assert client.http.patch(path, json={"Disabled": True}).json()["State"] == "disabled"
    assert httpx.get(address, headers={"api_key": key}).status_code == 401
    assert client.http.patch(path, json={"Disabled": True}).status_code == 204
    assert client.http.patch(path, json={"Disabled": False}).json()["State"] == "active"
    assert client.http.delete(path).status_code == 204
    assert httpx.get(address, headers={"api_key": key}).status_code == 401
    revoked = client.list("administration", "keys", state="revoked")["Data"]
    assert made.json()["OID"] in [one["OID"] for one in revoked]


def test_a_key_that_is_disabled_and_over_can_be_enabled_and_prolonged(client: Client) -> None:
    soon = datetime.now(UTC) + timedelta(seconds=2)
    fields = {"Name": "brief", "ExpiresAt": f"{soon:%Y-%m-%dT%H:%M:%S}"}
    made = client.http.post(client.path("administration", "keys"), json=fields).json()
    path = client.path("administration", f"keys/{made['OID']}")
    assert client.http.patch(path, json={"Disabled": True}).status_code == 200
    time.sleep(max(0.0, (soon - datetime.now(UTC)).total_seconds()))
    assert client.http.get(path).json()["State"] == "expired"

    assert client.http.patch(path, json={"Disabled": False, "ExpiresAt": None}).json()["State"] == "active"


def test_receivers_are_registered_changed_and_deleted(client: Client) -> None:
    fields = {"Url": "https://receiver.invalid/hook", "Events": ["task.completed"]}
    made = client.http.post(client.path("administration", "endpoints"), json=fields)
    assert made.status_code == 201, made.text
    path = client.path("administration", f"endpoints/{made.json()['OID']}")

    assert made.json()["Secret"].startswith("whsec_")
    assert "whsec_" not in client.http.get(path).text
    assert client.http.patch(path, json={"Enabled": False}).json()["State"] == "disabled"
    assert client.http.patch(path, json={"Enabled": False}).status_code == 204
    assert client.http.delete(path).status_code == 204
    problem_of(client.http.get(path), 404, "RECORD_NOT_FOUND")
