"""Limits of two processes, opened as a server does, on one real Redis; and what keeps a server from starting."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.unit.limits.gates import principal
from tests.unit.limits.stores import running_redis

from outrider.config import load_settings
from outrider.problems import OutriderError
from outrider.server.limits import open_limits
from outrider.storage import Database


@pytest.fixture
def store(tmp_path: Path) -> Iterator[str]:
    with running_redis(tmp_path) as socket:
        yield f"unix://{socket}"


async def test_processes_with_a_store_share_the_windows_of_a_key(tmp_path: Path, store: str) -> None:
    settings = load_settings(data_dir=tmp_path, limits_store=store)
    async with (
        await Database.open(tmp_path / "outrider.db") as database,
        open_limits(database, settings) as one,
        open_limits(database, settings) as other,
    ):
        who = principal(requests_per_minute=5)
        for turn in range(5):
            fields = await (one, other)[turn % 2].rates.take(who)
            assert fields["X-RateLimit-Remaining"] == str(4 - turn)
        for limits in (one, other):
            with pytest.raises(OutriderError) as caught:
                await limits.rates.take(who)
            assert caught.value.code == "RATE_LIMITED"
            assert 0 < (caught.value.retry_after_seconds or 0) <= 60
    assert not settings.windows_file.exists()


async def test_a_store_that_is_not_there_keeps_a_server_from_starting(tmp_path: Path) -> None:
    settings = load_settings(data_dir=tmp_path, limits_store=f"unix://{tmp_path}/none.sock")
    async with await Database.open(tmp_path / "outrider.db") as database:
        with pytest.raises(OutriderError) as caught:
            async with open_limits(database, settings):
                pass
    assert caught.value.code == "LIMITS_STORE_UNREACHABLE"
