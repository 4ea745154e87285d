"""A log-in on the real shop with what the vault has stored, over the HTTP API."""

import asyncio
import json
from pathlib import Path

import httpx
import pytest
from demo.shopkeeper import Shop
from tests.e2e.api.serving import run_to_end, serving

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.asyncio(loop_scope="session")]

PASSWORD = "lantern-lane-42"


def log_in(client: httpx.Client, shop: Shop) -> None:
    login = {"name": "bookshop", "user_name": "reader@shop.example", "password": PASSWORD, "origins": [shop.url]}
    assert client.post("/v1/vault/credentials", json=login).status_code == 200
    session = f"/v1/sessions/{client.post('/v1/sessions', json={}).json()['session_id']}"
    assert client.post(f"{session}/navigate", json={"url": f"{shop.url}/"}).status_code == 200
    run_to_end(client, session, "Log in, then report the page title")
    messages = client.get(f"{session}/messages?sanitize=false").json()["messages"]
    assert messages[-1]["type"] == "DONE", messages
    assert "Profile" in messages[-1]["content"]
    thoughts = [message["content"] for message in messages if message["type"] == "THOUGHT"]
    assert any("Logging in with the stored log-in “bookshop”" in thought for thought in thoughts)
    assert PASSWORD not in json.dumps(messages)
    arrived = client.post(f"{session}/navigate", json={"url": f"{shop.url}/accounts/profile/"}).json()
    assert arrived["current_url"] == f"{shop.url}/accounts/profile/"
    client.delete(session)


async def test_a_customer_logs_in_by_the_name_of_a_stored_log_in(shop: Shop, tmp_path: Path) -> None:
    with serving(tmp_path / "data") as server, server.client() as client:
        await asyncio.to_thread(log_in, client, shop)
