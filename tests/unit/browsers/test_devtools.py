"""How much of a client's is kept for a browser that does not answer."""

import json
from pathlib import Path

import orjson
from tests.unit.browsers.test_cdp import Wire

from outrider.browsers.cdp import Connection, Session
from outrider.browsers.devtools import MAX_BYTES_UNDER_WAY, MAX_CALLS_UNDER_WAY, DevToolsClient


def call(number: int, text: str = "") -> str:
    return json.dumps({"id": number, "method": "Runtime.evaluate", "params": {"expression": text}})


def attached(folder: Path) -> tuple[DevToolsClient, Connection, Wire]:
    connection, wire = Connection(), Wire()
    connection.use(wire)
    return DevToolsClient(Session(connection, "browser"), folder), connection, wire


async def test_calls_are_counted(tmp_path: Path) -> None:
    client, _, wire = attached(tmp_path)
    for number in range(MAX_CALLS_UNDER_WAY + 1):
        await client.send(call(number))
    refused = orjson.loads(await client.receive())
    assert (refused["id"], len(wire.sent)) == (MAX_CALLS_UNDER_WAY, MAX_CALLS_UNDER_WAY)
    assert "under way already" in refused["error"]["message"]


async def test_and_so_are_their_bytes_until_they_are_answered(tmp_path: Path) -> None:
    client, connection, wire = attached(tmp_path)
    large = "x" * (MAX_BYTES_UNDER_WAY // 4)
    for number in range(1, 6):
        await client.send(call(number, large))
    assert orjson.loads(await client.receive())["id"] == 5
    assert len(wire.sent) == 4

    connection.receive(orjson.dumps({"id": wire.sent[0]["id"], "result": {}}))
    assert orjson.loads(await client.receive()) == {"id": 1, "result": {}}
    await client.send(call(6))
    assert len(wire.sent) == 5
