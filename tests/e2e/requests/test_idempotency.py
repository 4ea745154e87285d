"""A POST that is sent again is not done again: answered, in flight, cut off by its client, cut off by a kill."""

import json
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import httpx
import pytest
from tests.e2e.api.serving import SECONDS, Pages, ServerProcess, problem_of, serving
from tests.e2e.kill.remains import wait_until
from tests.e2e.requests.conftest import SETTINGS, Silent, add_key

ENDPOINTS = "/v1/webhooks/endpoints"


def a_key() -> dict[str, str]:
    return {"Idempotency-Key": str(uuid4())}


def a_receiver() -> dict[str, Any]:
    return {"url": f"http://127.0.0.1:9/{uuid4()}"}


def count(client: httpx.Client) -> int:
    return len(client.get(ENDPOINTS, params={"limit": 200}).json()["endpoints"])


@pytest.mark.row("X11", "X39", "X3")
def test_the_same_request_gets_the_first_answer(client: httpx.Client) -> None:
    key, body, before = a_key(), a_receiver(), count(client)
    first = client.post(ENDPOINTS, json=body, headers=key)
    assert first.is_success, first.text
    assert "idempotency-replayed" not in first.headers
    for header in (key["Idempotency-Key"], f'"{key["Idempotency-Key"]}"'):  # bare, and as a structured header
        again = client.post(ENDPOINTS, json=body, headers={"Idempotency-Key": header})
        assert (again.status_code, again.content) == (first.status_code, first.content)
        assert again.headers["idempotency-replayed"] == "true"
        assert again.headers["etag"] == first.headers["etag"]
        assert again.headers["content-type"] == first.headers["content-type"]
        assert again.headers["x-request-id"] != first.headers["x-request-id"]
    assert count(client) == before + 1


@pytest.mark.row("X11")
def test_another_body_query_path_or_key_of_the_organisation_is_a_conflict(
    server: ServerProcess, client: httpx.Client
) -> None:
    key, body = a_key(), a_receiver()
    made = client.post(ENDPOINTS, json=body, headers=key).json()
    problem_of(client.post(ENDPOINTS, json=a_receiver(), headers=key), 409, "IDEMPOTENCY_CONFLICT")
    problem_of(client.post(f"{ENDPOINTS}?x=1", json=body, headers=key), 409, "IDEMPOTENCY_CONFLICT")
    with server.client(add_key(server, "default")) as colleague:
        problem_of(colleague.post(ENDPOINTS, json=body, headers=key), 409, "IDEMPOTENCY_CONFLICT")
    rotated = client.post(f"{ENDPOINTS}/{made['id']}/rotate", headers=key)
    assert rotated.status_code == 200  # of another route, so another operation
    problem_of(client.post(f"{ENDPOINTS}/{uuid4()}/rotate", headers=key), 409, "IDEMPOTENCY_CONFLICT")


def test_another_organisation_may_use_the_same_key(client: httpx.Client, stranger: httpx.Client) -> None:
    key, body = a_key(), a_receiver()
    mine = client.post(ENDPOINTS, json=body, headers=key)
    theirs = stranger.post(ENDPOINTS, json=body, headers=key)
    assert theirs.is_success
    assert "idempotency-replayed" not in theirs.headers
    assert theirs.json()["secret"] != mine.json()["secret"]


def test_a_failure_that_would_be_the_same_is_given_again(client: httpx.Client) -> None:
    key, body = a_key(), {"url": "http://user:word@127.0.0.1/"}
    first = client.post(ENDPOINTS, json=body, headers=key)
    problem_of(first, 422, "WEBHOOK_URL_REFUSED")
    again = client.post(ENDPOINTS, json=body, headers=key)
    assert (again.status_code, again.content) == (422, first.content)
    assert again.headers["idempotency-replayed"] == "true"


def test_what_has_not_begun_leaves_the_key_free(client: httpx.Client) -> None:
    key, body = a_key(), a_receiver()
    headers = key | {"Content-Type": "application/json"}
    problem_of(client.post(ENDPOINTS, content=b'{"url":', headers=headers), 400, "MALFORMED_JSON")
    problem_of(client.post(ENDPOINTS, json={"url": 1}, headers=key), 422, "UNPROCESSABLE")
    problem_of(client.post(ENDPOINTS, json=body, headers=key | {"Authorization": "Bearer x"}), 401, "UNAUTHORIZED")
    assert client.post(ENDPOINTS, json=body, headers=key).is_success


def test_a_failure_that_may_pass_leaves_the_key_free(client: httpx.Client) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        nobody = f"ws://127.0.0.1:{listener.getsockname()[1]}/"
    key, body = a_key(), {"agent_session_type": "external-cdp", "cdp_url": nobody}
    for _ in range(2):
        refused = client.post("/v1/sessions", json=body, headers=key)
        assert problem_of(refused, 502, "EXTERNAL_BROWSER_UNREACHABLE")["retryable"] is True
        assert "idempotency-replayed" not in refused.headers


@pytest.mark.parametrize("key", ["", '""', "x" * 256, "schlüssel", "two words", "a\tb"])
def test_a_key_that_is_none_is_refused(client: httpx.Client, key: str) -> None:
    before = count(client)
    sent = client.post(ENDPOINTS, json=a_receiver(), headers={b"Idempotency-Key": key.encode()})
    problem_of(sent, 400, "IDEMPOTENCY_KEY_INVALID")
    assert count(client) == before


def test_two_keys_are_none(client: httpx.Client) -> None:
    headers = [("Idempotency-Key", "a"), ("Idempotency-Key", "b")]
    problem_of(client.post(ENDPOINTS, json=a_receiver(), headers=headers), 400, "IDEMPOTENCY_KEY_INVALID")


def test_other_methods_take_no_notice(client: httpx.Client) -> None:
    key = a_key()
    made = client.post(ENDPOINTS, json=a_receiver()).json()
    path = f"{ENDPOINTS}/{made['id']}"
    for description in ("one", "two"):
        changed = client.patch(path, json={"description": description}, headers=key)
        assert changed.json()["description"] == description


@pytest.mark.row("X11")
def test_many_at_once_are_done_once(client: httpx.Client) -> None:
    key, body, before = a_key(), a_receiver(), count(client)
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda _: client.post(ENDPOINTS, json=body, headers=key), range(16)))
    assert count(client) == before + 1
    done = [answer for answer in answers if answer.is_success]
    assert len({answer.content for answer in done}) == 1
    assert sum("idempotency-replayed" not in answer.headers for answer in done) == 1
    for answer in answers:
        if not answer.is_success:
            assert problem_of(answer, 409, "IDEMPOTENCY_IN_FLIGHT")["retryable"] is True


def test_secrets_of_answers_are_stored_sealed(server: ServerProcess, client: httpx.Client) -> None:
    key, body = a_key(), a_receiver()
    secret = client.post(ENDPOINTS, json=body, headers=key).json()["secret"]
    assert client.post(ENDPOINTS, json=body, headers=key).json()["secret"] == secret
    found = [path.name for path in server.data_dir.glob("outrider.db*") if secret.encode() in path.read_bytes()]
    assert found == []


@pytest.mark.browser
def test_an_offered_file_counts_as_the_body(client: httpx.Client) -> None:
    session = f"/v1/sessions/{client.post('/v1/sessions', json={}).json()['session_id']}"
    key = a_key()
    first = client.post(f"{session}/files?name=a.txt", content=b"one", headers=key)
    assert first.is_success, first.text
    assert client.post(f"{session}/files?name=a.txt", content=b"one", headers=key).content == first.content
    other = client.post(f"{session}/files?name=a.txt", content=b"two", headers=key)
    problem_of(other, 409, "IDEMPOTENCY_CONFLICT")
    assert client.get(f"{session}/files/a.txt").content == b"one"
    client.delete(session)


@pytest.mark.browser
@pytest.mark.row("X11", "X39")
def test_the_work_of_a_client_that_has_gone_goes_on(server: ServerProcess, client: httpx.Client, pages: Pages) -> None:
    session = f"/v1/sessions/{client.post('/v1/sessions', json={}).json()['session_id']}"
    key, body = a_key(), {"url": f"{pages.url}/slow"}
    send_and_leave(server, f"{session}/navigate", body, key)
    assert pages.asked.wait(SECONDS)
    wait = client.post(f"{session}/navigate", json=body, headers=key)
    assert problem_of(wait, 409, "IDEMPOTENCY_IN_FLIGHT")["retryAfterSeconds"] == 1
    problem_of(client.post(f"{session}/navigate", json={"url": pages.url}, headers=key), 409, "IDEMPOTENCY_CONFLICT")
    pages.release.set()
    answers: list[httpx.Response] = []

    def answered() -> bool:
        answers.append(client.post(f"{session}/navigate", json=body, headers=key))
        return answers[-1].status_code == 200

    wait_until(answered, "the end of the work")
    assert answers[-1].headers["idempotency-replayed"] == "true"
    assert answers[-1].json() == {"current_url": f"{pages.url}/slow"}
    client.delete(session)


def send_and_leave(server: ServerProcess, path: str, body: Any, headers: dict[str, str]) -> None:
    """Send a request, and close the connection when the server has it."""
    url = urlsplit(server.url)
    content = json.dumps(body, separators=(",", ":")).encode()  # byte for byte what httpx sends
    fields = {
        "Host": url.netloc,
        "Authorization": f"Bearer {server.key}",
        "Content-Type": "application/json",
        "Content-Length": str(len(content)),
        **headers,
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    with socket.create_connection((url.hostname or "", url.port or 0), SECONDS) as connection:
        connection.sendall(f"POST {path} HTTP/1.1\r\n{head}\r\n".encode() + content)


@pytest.mark.slow
@pytest.mark.row("X11", "X39")
def test_what_a_kill_cut_off_is_not_begun_anew(tmp_path: Path, silent: Silent) -> None:
    key = a_key()
    body = {"agent_session_type": "external-cdp", "cdp_url": silent.url}
    with serving(tmp_path / "data", **SETTINGS) as server, server.client() as client:
        whole, receiver = a_key(), a_receiver()
        answer = client.post(ENDPOINTS, json=receiver, headers=whole)
        thread = threading.Thread(target=send_and_leave, args=(server, "/v1/sessions", body, key))
        thread.start()
        silent.wait_for(1)
        thread.join(SECONDS)
        server.process.kill()
        server.process.wait(SECONDS)
    with serving(tmp_path / "data", **SETTINGS) as server, server.client() as client:
        error = problem_of(client.post("/v1/sessions", json=body, headers=key), 409, "IDEMPOTENCY_OUTCOME_UNKNOWN")
        assert "req_" in error["cause"]
        assert error["retryable"] is False
        assert len(silent.connections) == 1
        again = client.post(ENDPOINTS, json=receiver, headers=whole)
        assert (again.content, again.headers["idempotency-replayed"]) == (answer.content, "true")
