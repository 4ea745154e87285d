"""A log-in on the real shop that outlives its session, its browser and its server."""

import asyncio
from pathlib import Path
from typing import Any

import httpx
import pytest
from demo.shopkeeper import Shop
from tests.e2e.api.serving import ServerProcess, run_to_end, serving

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.asyncio(loop_scope="session")]

LOG_IN = "Log in with e-mail reader@shop.example and password lantern-lane-42"


def log_in(client: httpx.Client, shop: Shop) -> dict[str, Any]:
    """A session whose user is logged in."""
    session: dict[str, Any] = client.post("/v1/sessions", json={}).json()
    path = f"/v1/sessions/{session['session_id']}"
    assert client.post(f"{path}/navigate", json={"url": f"{shop.url}/accounts/login/"}).status_code == 200
    assert run_to_end(client, path, LOG_IN)[-1].event == "done"
    return session


def create(client: httpx.Client, **restore: object) -> dict[str, Any]:
    answer = client.post("/v1/sessions", json=restore)
    assert answer.status_code == 200, answer.text
    session: dict[str, Any] = answer.json()
    return session


def where(client: httpx.Client, shop: Shop, session: dict[str, Any]) -> str:
    """Where the shop sends those who ask for their profile."""
    answer = client.post(
        f"/v1/sessions/{session['session_id']}/navigate", json={"url": f"{shop.url}/accounts/profile/"}
    )
    return str(answer.json()["current_url"])


def logs_in_and_comes_back(server: ServerProcess, shop: Shop, mode: str) -> None:
    with server.client() as client:
        first = log_in(client, shop)
        deleted = client.delete(f"/v1/sessions/{first['session_id']}", params={"save_snapshot_mode": mode})
        assert deleted.json()["deleted"] is True, deleted.text
        second = create(client, restore_from_environment_id=first["environment_id"])
        report = second["restore"]
        stranger = create(client)

        assert second["session_id"] != first["session_id"]
        assert second["environment_id"] == first["environment_id"]
        assert (report["mode"], report["logged_in"]) == (mode, True), report
        assert "Logout" in report["logged_in_evidence"]
        assert report["kinds"]["cookies"]["restored"] == report["kinds"]["cookies"]["saved"] >= 2
        assert where(client, shop, second) == f"{shop.url}/accounts/profile/"
        assert "/accounts/login/" in where(client, shop, stranger)
        client.delete("/v1/sessions")


@pytest.mark.parametrize("mode", ["filesystem", "memory"])
async def test_a_log_in_outlives_its_session(shop: Shop, tmp_path: Path, mode: str) -> None:
    with serving(tmp_path, PARKED_FREE_BYTES=0) as server:
        await asyncio.to_thread(logs_in_and_comes_back, server, shop, mode)


@pytest.mark.parametrize("mode", ["filesystem", "memory"])
async def test_a_log_in_outlives_a_kill_of_the_server(shop: Shop, tmp_path: Path, mode: str) -> None:
    with serving(tmp_path, PARKED_FREE_BYTES=0) as server, server.client() as client:
        first = await asyncio.to_thread(log_in, client, shop)
        saved = {"save_snapshot_mode": mode, "save_as_default": "true"}
        assert client.delete(f"/v1/sessions/{first['session_id']}", params=saved).json()["deleted"] is True
        server.process.kill()
        server.process.wait()

    with serving(tmp_path) as server, server.client() as client:
        second = await asyncio.to_thread(lambda: create(client, restore_default_environment_from_user_id="me"))
        assert second["environment_id"] == first["environment_id"]
        assert (second["restore"]["mode"], second["restore"]["logged_in"]) == ("filesystem", True), second["restore"]
        assert await asyncio.to_thread(where, client, shop, second) == f"{shop.url}/accounts/profile/"


async def test_a_log_in_that_the_shop_has_ended_is_told(shop: Shop, tmp_path: Path) -> None:
    with serving(tmp_path) as server, server.client() as client:
        await asyncio.to_thread(logs_out_elsewhere, client, shop)


def logs_out_elsewhere(client: httpx.Client, shop: Shop) -> None:
    first = log_in(client, shop)
    where(client, shop, first)
    client.delete(f"/v1/sessions/{first['session_id']}", params={"save_snapshot_mode": "filesystem"})
    second = create(client, restore_from_session_id=first["session_id"])
    logout = {"url": f"{shop.url}/accounts/logout/"}
    assert client.post(f"/v1/sessions/{second['session_id']}/navigate", json=logout).status_code == 200
    client.delete("/v1/sessions")  # without saving: the snapshot still has the log-in that the shop has ended

    third = create(client, restore_from_session_id=first["session_id"])

    assert second["restore"]["logged_in"] is True, second["restore"]
    assert third["restore"]["logged_in"] is False, third["restore"]
