"""What becomes of the process when it can't listen any more."""

import asyncio
from pathlib import Path

import pytest

from outrider.config import load_settings
from outrider.problems import OutriderError
from outrider.server import Server, serve

SECONDS = 10


async def test_a_server_that_does_not_listen_any_more_ends_with_a_reason(tmp_path: Path) -> None:
    def lose_the_listener(_: Server) -> None:
        (listener,) = (task for task in asyncio.all_tasks() if task.get_name() == "http")
        listener.cancel()

    settings = load_settings(data_dir=tmp_path, port=0, warm_browsers=0)
    async with asyncio.timeout(SECONDS):
        with pytest.raises(OutriderError) as caught:
            await serve(settings, lose_the_listener)
    assert caught.value.code == "INTERNAL_ERROR"
