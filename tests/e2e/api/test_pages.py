"""The page of a session over HTTP, and the server's own pages and health."""

import base64
import socket

import httpx
import pytest
from tests.e2e.api.serving import SECONDS, Pages, ServerProcess, problem_of

from outrider.problems import CATALOGUE
from outrider.protocol.schemas import ErrorEnvelope

pytestmark = pytest.mark.browser


def test_navigating_follows_redirects(client: httpx.Client, session: str, pages: Pages) -> None:
    assert client.post(f"{session}/navigate", json={"url": f"{pages.url}/moved"}).json() == {
        "current_url": f"{pages.url}/"
    }
    assert client.get(f"{session}/status").json() == {"status": "ready"}


@pytest.mark.parametrize("url", ["not-a-valid-url", "ht!tp://bad..url", "javascript:alert(1)", "", "http://x:99999"])
def test_bad_addresses(client: httpx.Client, session: str, url: str) -> None:
    problem_of(client.post(f"{session}/navigate", json={"url": url}), 400, "INVALID_URL")


def test_an_address_where_nobody_answers(client: httpx.Client, session: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as unused:
        url = f"http://127.0.0.1:{unused.getsockname()[1]}/"
    error = problem_of(client.post(f"{session}/navigate", json={"url": url}), 502, "NAVIGATION_FAILED")
    assert error["retryable"] is True
    assert client.get(f"{session}/screenshot").status_code == 200


def test_an_address_that_browsers_refuse(client: httpx.Client, session: str) -> None:
    answer = client.post(f"{session}/navigate", json={"url": "http://127.0.0.1:9/"})
    assert problem_of(answer, 422, "NAVIGATION_REFUSED")["retryable"] is False
    assert client.get(f"{session}/screenshot").status_code == 200


def test_a_screenshot_is_a_baseline_jpeg_from_the_first_moment(
    client: httpx.Client, session: str, pages: Pages
) -> None:
    before = client.get(f"{session}/screenshot").json()
    client.post(f"{session}/navigate", json={"url": pages.url})
    after = client.get(f"{session}/screenshot").json()
    for body in (before, after):
        head, _, data = body["screenshot"].partition(",")
        picture = base64.b64decode(data)
        assert head == "data:image/jpeg;base64"
        assert picture.startswith(b"\xff\xd8")
        assert b"\xff\xc0" in picture
    assert (after["url"], after["title"]) == (f"{pages.url}/", "Tea")
    assert isinstance(before["title"], str)


def test_a_screenshot_while_a_task_runs(client: httpx.Client, busy: str) -> None:
    assert client.get(f"{busy}/screenshot").json()["screenshot"].startswith("data:image/jpeg;base64,")


# --- the server's own


def test_the_start_leads_people_to_the_reference_and_tells_programs_where_things_are(server: ServerProcess) -> None:
    shown = httpx.get(server.url, headers={"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
    assert (shown.status_code, shown.headers["location"]) == (307, "docs")
    assert httpx.get(f"{server.url}/{shown.headers['location']}").headers["content-type"].startswith("text/html")
    index = httpx.get(server.url).json()
    for part in ("docs", "openapi", "errors", "health"):
        assert httpx.get(f"{server.url}/{index[part]}").status_code == 200
    assert "GET" in problem_of(httpx.post(server.url), 405, "METHOD_NOT_ALLOWED")["cause"]


def test_health_and_readiness_need_no_key(server: ServerProcess) -> None:
    assert httpx.get(f"{server.url}/healthz").json()["status"] == "ok"
    assert httpx.get(f"{server.url}/readyz").json() == {
        "status": "ready",
        "checks": {"database": "ok", "browser": "ok", "engine": "ok"},
    }


def test_the_catalogue_needs_no_key(server: ServerProcess) -> None:
    rows = httpx.get(f"{server.url}/v1/errors").json()["errors"]
    assert [row["code"] for row in rows] == list(CATALOGUE)
    one = httpx.get(f"{server.url}/v1/errors/page_crashed").json()
    assert one == CATALOGUE["PAGE_CRASHED"].describe()
    problem_of(httpx.get(f"{server.url}/v1/errors/NONE_SUCH"), 404, "ERROR_CODE_UNKNOWN")


def test_the_address_of_an_error_explains_it(client: httpx.Client) -> None:
    error = problem_of(client.get("/v1/sessions/x"), 404, "SESSION_NOT_FOUND")
    assert httpx.get(error["docUrl"]).json()["code"] == "SESSION_NOT_FOUND"


def test_every_operation_documents_its_failures(server: ServerProcess) -> None:
    api = httpx.get(f"{server.url}/openapi.json", timeout=SECONDS).json()
    operations = [(path, method, of) for path, methods in api["paths"].items() for method, of in methods.items()]
    assert len(operations) > 15
    for path, method, operation in operations:
        failures = {status: of for status, of in operation["responses"].items() if status >= "4"}
        assert {"500", "default"} <= failures.keys(), (path, method)
        assert operation["tags"]
        assert operation.get("description")
        for failure in failures.values():
            content = failure["content"]["application/json"]
            assert content["schema"] == {"$ref": "#/components/schemas/ErrorEnvelope"}
            for example in content.get("examples", {}).values():
                ErrorEnvelope.model_validate(example["value"])
        if path.startswith("/v1/") and not path.startswith("/v1/errors"):
            assert "401" in failures
            assert operation["security"]


@pytest.mark.parametrize("path", ["/docs", "/live/x"])
def test_pages_for_people_load_nothing_from_elsewhere(server: ServerProcess, path: str) -> None:
    response = httpx.get(f"{server.url}{path}")
    assert response.headers["content-type"].startswith("text/html")
    assert "default-src 'none'" in response.headers["content-security-policy"]
    assert "//" not in response.text.replace("<!doctype", "").replace("/**", "").split("<script>")[0]
