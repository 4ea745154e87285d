"""Scout on tasks that are worded as people word them: it may fail to understand, it may not answer wrongly."""

from typing import Any

import pytest
from demo.shopkeeper import open_shop
from tests.e2e.api.serving import serving
from tests.e2e.shop.tasks import FAILS, TASKS

from outrider.client import OutriderClient

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(900)]

#: Of the tasks that can be done.
LEAST_DONE = 0.9


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


async def test_tasks_in_many_words(
    tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong, not_done = [], []
    with serving(tmp_path_factory.mktemp("tasks") / "data") as server:
        async with OutriderClient(server.url, server.key) as client, open_shop() as shop:
            for task, check in TASKS.items():
                done, answer = await attempt(client, task, f"{shop.url}/")
                if done and (isinstance(check, str) or not check(answer, shop)):
                    wrong.append(f"{task} -> {answer}")
                if not done and check != FAILS:
                    not_done.append(f"{task} -> {answer}")

    doable = sum(check != FAILS for check in TASKS.values())
    with capsys.disabled():
        print(
            f"\n  scout on the shop: {doable - len(not_done) - len(wrong)} of {doable} done, {len(wrong)} wrong answers"
        )
    assert wrong == []
    assert len(not_done) <= (1 - LEAST_DONE) * doable, not_done
