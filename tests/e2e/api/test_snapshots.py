"""Saving and restoring over HTTP: which environment a session gets, whose it is, and what goes wrong how."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.e2e.api.serving import Pages, ServerProcess, problem_of, run_to_end, serving

pytestmark = [pytest.mark.browser, pytest.mark.slow]

NIL = "00000000-0000-0000-0000-000000000000"


def create(client: httpx.Client, **body: object) -> dict[str, Any]:
    answer = client.post("/v1/sessions", json=body)
    assert answer.status_code == 200, answer.text
    created: dict[str, Any] = answer.json()
    return created


def saved(client: httpx.Client, pages: Pages, path: str, mode: str = "filesystem", **body: object) -> dict[str, Any]:
    """An ended session whose environment was saved with one page open."""
    session = create(client, **body)
    moved = client.post(f"/v1/sessions/{session['session_id']}/navigate", json={"url": f"{pages.url}{path}"})
    assert moved.status_code == 200, moved.text
    assert end(client, session, mode).json()["deleted"] is True
    return session


def end(client: httpx.Client, session: dict[str, Any], mode: str = "none", **query: object) -> httpx.Response:
    given: dict[str, Any] = {"save_snapshot_mode": mode, **query}
    return client.delete(f"/v1/sessions/{session['session_id']}", params=given)


def page_of(client: httpx.Client, session: dict[str, Any]) -> str:
    shown: str = client.get(f"/v1/sessions/{session['session_id']}/screenshot").json()["url"]
    return shown


@pytest.fixture(autouse=True)
def nothing_left(client: httpx.Client) -> Any:
    yield
    client.delete("/v1/sessions")


@pytest.mark.parametrize("mode", ["filesystem", "memory", "auto", "always"])
def test_the_last_page_is_there_again(client: httpx.Client, pages: Pages, mode: str) -> None:
    first = saved(client, pages, "/tea", mode)
    assert client.get(f"/v1/sessions/{first['session_id']}").status_code == 404
    second = create(client, restore_from_session_id=first["session_id"])

    assert second["environment_id"] == first["environment_id"]
    assert second["restore"]["saved_by_session_id"] == first["session_id"]
    assert second["restore"]["kinds"]["tabs"] == {"saved": 1, "restored": 1}
    assert page_of(client, second) == f"{pages.url}/tea"
    assert run_to_end(client, f"/v1/sessions/{second['session_id']}", "Read the price.")[-1].event == "done"


def test_the_report_is_in_the_log_and_only_in_the_first_answer(client: httpx.Client, pages: Pages) -> None:
    session = create(client, restore_from_session_id=saved(client, pages, "/tea")["session_id"])
    path = f"/v1/sessions/{session['session_id']}"
    (message,) = client.get(f"{path}/messages").json()["messages"]

    assert message["type"] == "LOG"
    assert message["content"].startswith("The environment was restored from filesystem: 1 of 1 tabs")
    assert message["metadata"]["restore"]["kinds"] == session["restore"]["kinds"]
    assert client.get(path).json()["restore"] is None
    assert create(client)["restore"] is None


def test_a_session_goes_before_the_default_and_that_before_an_environment(client: httpx.Client, pages: Pages) -> None:
    by_session, by_id = saved(client, pages, "/session"), saved(client, pages, "/id")
    default = create(client)
    client.post(f"/v1/sessions/{default['session_id']}/navigate", json={"url": f"{pages.url}/default"})
    end(client, default, "filesystem", save_as_default="true")
    wishes: dict[str, object] = {
        "restore_from_environment_id": by_id["environment_id"],
        "restore_default_environment_from_user_id": "me",
        "restore_from_session_id": by_session["session_id"],
    }
    found = []
    for count in (1, 2, 3):
        session = create(client, **dict(list(wishes.items())[:count]))
        found.append((session["environment_id"], page_of(client, session)))
        client.delete("/v1/sessions")

    assert found == [
        (by_id["environment_id"], f"{pages.url}/id"),
        (default["environment_id"], f"{pages.url}/default"),
        (by_session["environment_id"], f"{pages.url}/session"),
    ]


def test_an_environment_is_saved_again_in_its_own_place(client: httpx.Client, pages: Pages) -> None:
    first = saved(client, pages, "/old")
    second = saved(client, pages, "/new", restore_from_session_id=first["session_id"])
    third = create(client, restore_from_environment_id=first["environment_id"])

    assert second["environment_id"] == first["environment_id"]
    assert page_of(client, third) == f"{pages.url}/new"
    assert third["restore"]["saved_by_session_id"] == second["session_id"]


def test_memory_is_used_only_when_it_is_wanted(client: httpx.Client, pages: Pages) -> None:
    first = saved(client, pages, "/tea", "memory")
    files = create(client, restore_from_session_id=first["session_id"], enable_memory_snapshot=False)
    live = create(client, restore_from_session_id=first["session_id"])
    late = create(client, restore_from_session_id=first["session_id"])

    assert [session["restore"]["mode"] for session in (files, live, late)] == ["filesystem", "memory", "filesystem"]
    assert "taken by another session" in late["restore"]["lost"][0]


def test_deletes_at_the_same_moment_all_end_well(client: httpx.Client, pages: Pages) -> None:
    session = create(client)
    path = f"/v1/sessions/{session['session_id']}"
    client.post(f"{path}/navigate", json={"url": f"{pages.url}/tea"})
    client.post(f"{path}/message", json={"message": "Read the price.", "start_url": f"{pages.url}/slow"})
    assert pages.asked.wait(20)
    with ThreadPoolExecutor(6) as requests:
        answers = list(requests.map(lambda _: end(client, session, "filesystem", save_as_default="true"), range(6)))

    assert [(answer.status_code, answer.json()["success"]) for answer in answers] == [(200, True)] * 6
    assert sorted(answer.json()["deleted"] for answer in answers) == [False] * 5 + [True]
    restored = create(client, restore_default_environment_from_user_id="me")
    assert restored["environment_id"] == session["environment_id"]
    assert restored["restore"]["kinds"]["tabs"] == {"saved": 1, "restored": 1}


def test_a_running_task_is_cancelled_before_its_session_is_saved(client: httpx.Client, pages: Pages) -> None:
    session = create(client)
    path = f"/v1/sessions/{session['session_id']}"
    client.post(f"{path}/navigate", json={"url": f"{pages.url}/tea"})
    client.post(f"{path}/message", json={"message": "Read the price.", "start_url": f"{pages.url}/slow"})
    assert pages.asked.wait(20)

    assert end(client, session, "filesystem").json()["deleted"] is True
    assert create(client, restore_from_session_id=session["session_id"])["restore"]["mode"] == "filesystem"


@pytest.mark.parametrize(
    "wish",
    [
        {"restore_from_session_id": NIL},
        {"restore_default_environment_from_user_id": "somebody else"},
        {"restore_from_session_id": "x" * 100, "restore_from_environment_id": NIL},
    ],
)
def test_what_was_never_saved_is_not_found(client: httpx.Client, wish: dict[str, str]) -> None:
    problem_of(client.post("/v1/sessions", json=wish), 404, "SNAPSHOT_NOT_FOUND")
    assert client.get("/v1/sessions").json() == []


def test_an_environment_that_is_not_known_is_a_fresh_one_which_says_so(client: httpx.Client) -> None:
    session = create(client, restore_from_environment_id=NIL)

    assert session["environment_id"] != NIL
    assert session["restore"]["mode"] == "none"
    assert "fresh browser" in session["restore"]["lost"][0]


def test_nobody_restores_what_belongs_to_others(client: httpx.Client, stranger: httpx.Client, pages: Pages) -> None:
    first = saved(client, pages, "/tea")
    problem_of(
        stranger.post("/v1/sessions", json={"restore_from_session_id": first["session_id"]}), 404, "SNAPSHOT_NOT_FOUND"
    )
    session = create(stranger, restore_from_environment_id=first["environment_id"])
    assert session["environment_id"] != first["environment_id"]
    assert session["restore"]["mode"] == "none"
    stranger.delete("/v1/sessions")


def test_a_default_has_to_be_saved(client: httpx.Client, session: str) -> None:
    problem_of(client.delete(f"{session}?save_as_default=true"), 422, "SNAPSHOT_MODE_MISSING")
    assert client.get(session).status_code == 200
    assert (
        client.delete(f"/v1/sessions/{NIL}?save_snapshot_mode=memory&save_as_default=true").json()["deleted"] is False
    )


def damage(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


def test_a_snapshot_that_can_not_be_read_is_a_row_of_the_catalogue(tmp_path: Path, pages: Pages) -> None:
    folder = tmp_path / "snapshots"
    with serving(tmp_path) as server, server.client() as client:
        for harm in (damage, Path.unlink, lambda file: file.write_bytes(b"")):
            before = set(folder.glob("*"))
            harmed = saved(client, pages, "/tea")
            (file,) = set(folder.iterdir()) - before
            harm(file)
            refused(client, harmed)
        whole = saved(client, pages, "/tea")
    (tmp_path / "sealing.keys").unlink()
    with serving(tmp_path) as server, server.client() as client:
        refused(client, whole)


def refused(client: httpx.Client, snapshot: dict[str, Any]) -> None:
    """Nothing can be restored from it, which leaves no session behind and holds up none."""
    answer = client.post("/v1/sessions", json={"restore_from_session_id": snapshot["session_id"]})
    problem_of(answer, 409, "SNAPSHOT_UNREADABLE")
    assert client.get("/v1/sessions").json() == []
    fresh = create(client)
    assert fresh["restore"] is None
    client.delete(f"/v1/sessions/{fresh['session_id']}")


def test_what_is_too_large_is_not_saved_and_its_session_stays(tmp_path: Path, pages: Pages) -> None:
    with serving(tmp_path, SNAPSHOT_MAX_BYTES=1_048_576, EGRESS_ALLOW="localhost") as server, server.client() as client:
        session = create(client)
        path = f"/v1/sessions/{session['session_id']}"
        client.post(f"{path}/navigate", json={"url": f"{pages.url}/tea"})
        fill_profile(server)
        problem_of(end(client, session, "filesystem"), 413, "SNAPSHOT_TOO_LARGE")

        assert page_of(client, session) == f"{pages.url}/tea"
        assert end(client, session).json()["deleted"] is True


def fill_profile(server: ServerProcess) -> None:
    """As sites do, but faster."""
    for profile in (server.data_dir / "browsers").glob("*/profile"):
        (profile / "Default" / "IndexedDB").mkdir(parents=True, exist_ok=True)
        (profile / "Default" / "IndexedDB" / "large").write_bytes(bytes(2_000_000))
