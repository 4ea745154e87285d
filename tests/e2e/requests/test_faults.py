"""A fault of the server itself, a row that it can't read: told without its insides, and over once it is mended."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import httpx
import pytest
from tests.e2e.api.serving import ServerProcess, problem_of, serving

from outrider.client import OutriderClient, Retries

INSIDES = "these are no scopes"
LISTS = ["/v1/admin/keys", "/v4/administration/default/keys?offset=0&count=10"]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """A server with a key beside the operator's."""
    with serving(tmp_path_factory.mktemp("faults") / "data") as process:
        with process.client() as client:
            assert client.post("/v1/admin/keys", json={"name": "spoilt"}).status_code == 201
        yield process


@pytest.fixture
def spoilt(server: ServerProcess) -> Iterator[ServerProcess]:
    """The server, with a row that can't be read."""
    set_scopes(server, INSIDES)
    yield server
    set_scopes(server, "[]")


def set_scopes(server: ServerProcess, text: str) -> None:
    with closing(sqlite3.connect(server.data_dir / "outrider.db")) as connection, connection:
        connection.execute("UPDATE keys SET scopes = ? WHERE name = 'spoilt'", (text,))


@pytest.mark.row("A21", "X15", "X29")
@pytest.mark.parametrize("path", LISTS)
def test_a_fault_is_500_without_its_insides_and_can_be_reported(spoilt: ServerProcess, path: str) -> None:
    with spoilt.client() as client:
        answer = client.get(path)
        error = problem_of(answer, 500, "INTERNAL_ERROR")
        assert (error["retryable"], bool(error["hint"])) == (True, True)
        for text in (INSIDES, "Traceback", "sqlite", "orjson", ".py"):
            assert text not in answer.text
        found = client.get(f"/v1/requests/{error['requestId']}").json()
        assert (found["status"], found["code"]) == (500, "INTERNAL_ERROR")
    line = spoilt.logged(lambda line: line.get("request_id") == error["requestId"] and line.get("level") == "error")
    assert "Traceback" in str(line)


@pytest.mark.row("A21", "X29")
@pytest.mark.parametrize("path", LISTS)
async def test_a_retry_succeeds_once_the_fault_is_gone(spoilt: ServerProcess, path: str) -> None:
    pauses: list[float] = []

    async def mend(seconds: float) -> None:
        pauses.append(seconds)
        set_scopes(spoilt, "[]")

    async with OutriderClient(spoilt.url, spoilt.key, retries=Retries(sleep=mend)) as client:
        found = await client._object("GET", path)
    assert len(pauses) == 1
    assert 0 < pauses[0] <= 0.5
    assert found


def test_the_fault_of_one_request_is_none_of_another(spoilt: ServerProcess) -> None:
    with spoilt.client() as client:
        assert client.get(LISTS[0]).status_code == 500
        assert client.get("/v1/models").status_code == 200
        assert httpx.get(f"{spoilt.url}/readyz").status_code == 200
