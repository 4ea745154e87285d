"""Lists and items of the client data surface, against a running server."""

import time
from typing import Any

import httpx
import pytest
from defusedxml import ElementTree
from tests.e2e.api.serving import SECONDS, ServerProcess, problem_of
from tests.e2e.client_data.conftest import MANY, Client

REPORTS = ["sessions", "messages", "requests", "usage", "deliveries", "audit"]


@pytest.fixture(scope="module", autouse=True)
def a_request(client: Client) -> None:
    """The record of requests has one, which takes a moment."""
    client.list("reporting", "sessions")
    deadline = time.monotonic() + SECONDS
    while not client.list("reporting", "requests")["Count"]:
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.row("A1")
@pytest.mark.parametrize("tier", ["reporting", "operations"])
@pytest.mark.parametrize("resource", REPORTS)
def test_a_list_tells_its_whole_count_and_its_items(client: Client, tier: str, resource: str) -> None:
    body = client.list(tier, resource, count=1000)

    assert body["Count"] == len(body["Data"]) > 0
    assert all(item["OID"] and item["ETag"] for item in body["Data"])
    for item in body["Data"][:3]:
        answer = client.http.get(client.path(tier, f"{resource}/{item['OID']}"))
        assert (answer.status_code, answer.json(), answer.headers["etag"]) == (200, item, f'"{item["ETag"]}"')


def test_what_reports_show(client: Client) -> None:
    usage, failed = client.list("reporting", "usage")["Data"]
    done = next(m for m in client.list("reporting", "messages")["Data"] if m["Type"] == "DONE")
    (delivery,) = client.list("reporting", "deliveries")["Data"]
    (ruling,) = client.list("reporting", "audit")["Data"]

    assert (usage["State"], usage["Steps"], usage["Seconds"], usage["CostUsd"]) == ("finished", 4, 2.5, 0.25)
    assert (usage["Requests"], usage["InputTokens"], usage["OutputTokens"]) == (2, 900, 40)
    assert (failed["State"], failed["Requests"], failed["CostUsd"]) == ("failed", 0, 0.0)
    assert (done["Content"], done["SessionOID"]) == ('{"price": "3 EUR"}', "reports-00001")
    assert (delivery["State"], delivery["StatusCode"], delivery["Problem"]) == ("failed", 500, "500")
    assert (ruling["State"], ruling["Rule"]) == ("ask", "purchase.button")


def test_what_is_hidden_or_deleted_is_in_no_report(client: Client) -> None:
    assert {item["OID"] for item in client.list("reporting", "sessions")["Data"]} == {"reports-00001", "reports-00002"}
    assert "hidden" not in str(client.list("reporting", "messages"))
    assert "deleted session" not in str(client.list("reporting", "messages"))


@pytest.mark.row("A25")
def test_pages_of_a_long_list_have_no_gap_and_no_overlap(many: Client) -> None:
    pages = [many.list("reporting", "sessions", offset, 1000) for offset in (0, 1000, 2000)]

    found = [item["OID"] for page in pages for item in page["Data"]]
    assert [len(page["Data"]) for page in pages] == [1000, 1000, 500]
    assert {page["Count"] for page in pages} == {MANY}
    assert found == [f"many-{number:05d}" for number in range(MANY)]


@pytest.mark.row("A25")
def test_links_lead_through_the_whole_list(many: Client) -> None:
    address = many.path("reporting", "sessions?offset=0&count=900&agent=agi-0&api_key=") + many.key
    sizes = []
    while address:
        body = many.http.get(address).json()
        assert many.key not in str(body)
        sizes.append(len(body["Data"]))
        links = {link["Relationship"]: link["Href"] for link in body["Links"]}
        address = links.get("next", "")

    assert sizes == [900, 900, 700]
    assert links["last"] == links["self"]
    assert "agent=agi-0" in links["prev"]


@pytest.mark.row("A40", "A25", "A4", "A5", "A7")
@pytest.mark.parametrize(
    ("query", "field", "words"),
    [
        ("offset=0&count=5000", "count", "between 1 and 1000"),
        ("offset=0&count=1001", "count", "between 1 and 1000"),
        ("offset=0&count=0", "count", "between 1 and 1000"),
        ("offset=-1&count=1", "offset", "between 0 and"),
        ("count=10", "offset", "required"),
        ("offset=0", "count", "required"),
        ("offset=0&count=abc", "count", "integer"),
        ("offset=0&count=1&state=maybe", "state", "should be"),
        ("offset=0&count=1&startDate=31/12/2024", "startDate", "YYYY-MM-DDTHH:mm:ss"),
        ("offset=0&count=1&startDate=2024-02-30T00:00:00", "startDate", "no time"),
        ("offset=0&count=1&endDate=2024-01-31", "endDate", "YYYY-MM-DDTHH:mm:ss"),
        ("offset=0&count=1&endDate=2024-01-31T00:00:00Z", "endDate", "YYYY-MM-DDTHH:mm:ss"),
    ],
)
def test_what_is_wrong_with_a_query_is_named(client: Client, query: str, field: str, words: str) -> None:
    error = problem_of(client.http.get(client.path("reporting", f"sessions?{query}")), 400, "VALIDATION_ERROR")

    assert words in error["message"]
    assert [fault["field"] for fault in error["details"]["fields"]] == [field]


@pytest.mark.row("A38")
def test_filters_narrow_the_items_and_their_count(client: Client, many: Client) -> None:
    def oids(resource: str, **filters: Any) -> list[str]:
        body = client.list("reporting", resource, **filters)
        assert body["Count"] == len(body["Data"])
        return [item["OID"] for item in body["Data"]]

    assert oids("sessions", state="expired", agent="other") == ["reports-00002"]
    assert oids("sessions", agent="other", state="failed") == []
    assert oids("messages", sessionOID="reports-00002") == ["reports-00002.4"]
    assert oids("messages", state="DONE", agent="agi-0") == ["reports-00001.3"]
    assert oids("usage", state="failed") == ["reports-00002.4"]
    assert len(oids("deliveries", event="task.completed")) == 1
    assert oids("deliveries", state="pending") == []
    assert len(oids("audit", risk="purchase", state="ask")) == 1
    narrowed = many.list("reporting", "sessions", startDate="2024-01-31T12:00:10", endDate="2024-01-31T12:00:13")
    assert [item["CreatedAt"][-2:] for item in narrowed["Data"]] == ["10", "11", "12"]
    assert narrowed["Count"] == 3


@pytest.mark.row("A35")
def test_times_have_the_same_form_in_and_out(many: Client) -> None:
    (first,) = many.list("reporting", "sessions", startDate="2024-01-31T12:00:00", endDate="2024-01-31T12:00:01")[
        "Data"
    ]

    assert first["CreatedAt"] == "2024-01-31T12:00:00"


@pytest.mark.row("A14", "A32")
@pytest.mark.parametrize("resource", ["sessions/reports-00001", "messages/reports-00001.1", "deliveries/1", "audit/1"])
def test_what_is_of_another_client_is_forbidden(stranger: Client, resource: str) -> None:
    problem_of(stranger.http.get(stranger.path("reporting", resource)), 403, "CLIENT_FORBIDDEN")


@pytest.mark.row("A12", "A29")
@pytest.mark.parametrize("short_name", ["strangers", "nobody"])
def test_a_key_is_good_for_its_own_client_only(client: Client, short_name: str) -> None:
    answer = client.http.get(f"/v4/reporting/{short_name}/sessions?offset=0&count=1")

    assert client.short_name not in problem_of(answer, 401, "UNAUTHORIZED")["cause"]
    assert client.http.get("/v4/reporting/REPORTS/sessions?offset=0&count=1").status_code == 200


@pytest.mark.row("A13", "A31")
def test_a_key_is_good_for_its_own_tiers_only(server: ServerProcess, keys: dict[str, Any]) -> None:
    paths = {"reporting": "sessions", "operations": "jobs", "administration": "endpoints"}
    for own in paths:
        for tier, resource in paths.items():
            address = f"{server.url}/v4/{tier}/reports/{resource}?offset=0&count=1"
            answer = httpx.get(address, headers={"api_key": keys[own]})
            if tier == own:
                assert answer.status_code == 200
            else:
                error = problem_of(answer, 403, "INSUFFICIENT_TIER")
                assert tier in error["message"]
                assert own in error["cause"]
                assert error["hint"]


@pytest.mark.row("A28", "A9")
def test_where_a_key_may_stand(server: ServerProcess, keys: dict[str, Any]) -> None:
    address, key = f"{server.url}/v4/reporting/reports/sessions?offset=0&count=1", keys["reports"]

    for headers in ({"api_key": key}, {"x-api-key": key}, {"Authorization": f"Bearer {key}"}):
        assert httpx.get(address, headers=headers).status_code == 200
    assert httpx.get(f"{address}&api_key={key}").status_code == 200
    assert key not in problem_of(httpx.get(f"{address}&api_key={key}x"), 401, "UNAUTHORIZED")["cause"]
    problem_of(httpx.get(address), 401, "UNAUTHORIZED")
    problem_of(httpx.get(f"{server.url}/v1/sessions?api_key={key}"), 401, "UNAUTHORIZED")


@pytest.mark.row("A17")
@pytest.mark.parametrize("oid", ["unknown", "reports-00003", "reports-00001 ", "0"])
def test_an_oid_that_is_not_there_is_404_and_the_list_still_has_the_others(client: Client, oid: str) -> None:
    problem_of(client.http.get(client.path("reporting", f"sessions/{oid}")), 404, "RECORD_NOT_FOUND")
    assert client.list("reporting", "sessions")["Count"] == 2


@pytest.mark.row("A17")
@pytest.mark.parametrize("path", ["/v4/reporting/reports/sesions?offset=0&count=1", "/v4/advertising/reports/sessions"])
def test_a_wrong_address_is_404(client: Client, path: str) -> None:
    problem_of(client.http.get(path), 404, "ROUTE_NOT_FOUND")
    problem_of(client.http.get(client.path("reporting", "deliveries/99999999999999999999")), 404, "RECORD_NOT_FOUND")


@pytest.mark.row("A18")
@pytest.mark.parametrize(("method", "path"), [("PUT", "sessions"), ("DELETE", "messages/x.1"), ("POST", "audit")])
def test_a_method_that_is_not_there_is_405(client: Client, method: str, path: str) -> None:
    answer = client.http.request(method, client.path("reporting", path))

    problem_of(answer, 405, "METHOD_NOT_ALLOWED")
    assert answer.headers["allow"].split(", ") == ["GET", "HEAD", "OPTIONS"]


@pytest.mark.row("A39")
def test_who_has_an_item_already_gets_304(client: Client) -> None:
    path = client.path("reporting", "sessions/reports-00001")
    tag = client.http.get(path).headers["etag"]

    same = client.http.get(path, headers={"If-None-Match": f'"other", {tag}'})
    assert (same.status_code, same.content, same.headers["etag"]) == (304, b"", tag)
    assert client.http.get(path, headers={"If-None-Match": '"other"'}).status_code == 200


@pytest.mark.parametrize("kind", ["application/xml", "text/xml"])
def test_answers_come_as_xml_for_who_prefers_it(client: Client, kind: str) -> None:
    headers = {"Accept": f"{kind}, application/json;q=0.5"}
    answer = client.http.get(client.path("reporting", "messages?offset=0&count=10"), headers=headers)
    failure = client.http.get(client.path("reporting", "messages?offset=0"), headers=headers)

    assert answer.headers["content-type"].startswith(kind)
    root = ElementTree.fromstring(answer.content)
    assert root.findtext("Count") == "3"
    assert next(item.findtext("OID") for item in root.iter("Item")) == "reports-00001.1"
    assert ElementTree.fromstring(failure.content).findtext("error/code") == "VALIDATION_ERROR"
    assert failure.status_code == 400
    other = client.http.get(client.path("reporting", "usage?offset=0&count=1"), headers={"Accept": "image/png"})
    assert (other.headers["content-type"], other.json()["Count"]) == ("application/json", 2)


@pytest.mark.row("X1")
@pytest.mark.parametrize(
    ("method", "rest", "key", "status"),
    [
        ("GET", "messages", "", 401),
        ("GET", "messages/x.1", None, 404),
        ("GET", "nowhere", None, 404),
        ("PUT", "messages", None, 405),
        ("POST", "nowhere", None, 413),
    ],
)
def test_failures_come_as_xml_wherever_they_arise(
    client: Client, method: str, rest: str, key: str | None, status: int
) -> None:
    headers = {"Accept": "application/xml", "api_key": client.key if key is None else key}
    content = b"x" * 1_100_000 if status == 413 else None
    answer = httpx.request(
        method, f"{client.http.base_url}{client.path('reporting', rest)}", headers=headers, content=content
    )

    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/xml; charset=utf-8")
    error = ElementTree.fromstring(answer.content)
    assert error.findtext("error/requestId") == answer.headers["x-request-id"]
    assert error.findtext("detail") == error.findtext("message") == error.findtext("error/message")
