"""What answers at the address of a caller's browser and is none."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from websockets.asyncio.server import ServerConnection, serve

from outrider.browsers.external import ExternalBrowser
from outrider.config import Settings
from outrider.problems import OutriderError
from outrider.screening.egress import Egress

SECONDS = 15.0
ANSWERS: dict[str, Callable[[int], str | bytes]] = {
    "no JSON": lambda number: b"\xff",
    "no object": lambda number: "[1]",
    "no message": lambda number: '{"params": {}}',
    "an id that is none": lambda number: '{"id": []}',
    "an error that is none": lambda number: json.dumps({"id": number, "error": "x"}),
    "an empty result": lambda number: json.dumps({"id": number, "result": {}}),
    "a result that is none": lambda number: json.dumps({"id": number, "result": [1]}),
    "an event without its parts": lambda number: '{"method": "Target.attachedToTarget", "params": {}}',
    "brackets without end": lambda number: "[" * 100_000,
}


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
async def test_it_is_no_browser(answer: Callable[[int], str | bytes], tmp_path: Path) -> None:
    async def reply(socket: ServerConnection) -> None:
        try:
            async for message in socket:
                await socket.send(answer(json.loads(message)["id"]))
        finally:
            await socket.close()

    async with asyncio.timeout(SECONDS), serve(reply, "127.0.0.1", 0, close_timeout=0.1) as server:
        port = server.sockets[0].getsockname()[1]
        settings = Settings(data_dir=tmp_path, egress_allow=[f"127.0.0.1:{port}"], session_start_timeout_seconds=2)
        with pytest.raises(OutriderError) as caught:
            await ExternalBrowser.attach(f"ws://127.0.0.1:{port}/x", Egress.of(settings), settings)
    assert caught.value.code == "EXTERNAL_BROWSER_UNREACHABLE"
    assert list(settings.browsers_dir.iterdir()) == []
