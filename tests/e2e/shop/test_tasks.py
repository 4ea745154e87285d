"""Scout on tasks that are worded as people word them: it may fail to understand, it may not answer wrongly."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from demo.shopkeeper import Shop, open_shop
from tests.e2e.api.serving import serving
from tests.e2e.shop.tasks import FAILS, TASKS, Check

from outrider.client import OutriderClient

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shop() -> AsyncIterator[Shop]:
    async with open_shop() as opened:
        yield opened


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def client(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[OutriderClient]:
    with serving(tmp_path_factory.mktemp("tasks") / "data") as server:
        async with OutriderClient(server.url, server.key) as opened:
            yield opened


async def attempt(client: OutriderClient, task: str, start_url: str) -> tuple[bool, Any]:
    """Whether the task was done, and the answer, problem or question at its end."""
    session_id = (await client.create_session())["session_id"]
    await client.send_message(session_id, task, start_url=start_url)
    async for event in client.stream_events(session_id):
        if event.event in ("done", "error", "question"):
            break
    last = (await client.get_messages(session_id))[-1]
    await client.delete_session(session_id)
    return last["type"] == "DONE", last["content"]


@pytest.mark.parametrize(("task", "check"), TASKS.items(), ids=TASKS)
async def test_a_task_is_done_or_ends_with_a_question_or_a_reason(
    client: OutriderClient, shop: Shop, task: str, check: Check | str
) -> None:
    done, answer = await attempt(client, task, f"{shop.url}/")
    assert done is (check != FAILS), answer
    assert isinstance(check, str) or check(answer, shop), answer
