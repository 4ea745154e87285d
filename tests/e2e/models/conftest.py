"""A server with language models, all of them scripted, and pages for them to work on."""

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from typing import Any

import httpx
import pytest
from benchmarks.scripted import Reply, ScriptedServer
from tests.e2e.api.serving import SECONDS, ServerProcess, serving
from tests.pages.server import PageServer, serve_pages

KEY = "sk-scripted-0123456789"


@dataclass
class Run:
    """What a task has come to, and what its model was sent."""

    #: Address of the session.
    session: str
    messages: list[dict[str, Any]]
    sent: list[dict[str, Any]]

    @property
    def end(self) -> dict[str, Any]:
        """The last message."""
        return self.messages[-1]

    @property
    def code(self) -> str:
        """Of the error that the task has ended with."""
        assert self.end["type"] == "ERROR", self.end
        code: str = self.end["metadata"]["code"]
        return code

    @property
    def result(self) -> Any:
        """The answer."""
        assert self.end["type"] == "DONE", self.end
        return self.end["content"]

    def steps(self) -> list[dict[str, Any]]:
        """The steps that were taken."""
        return [one["metadata"] for one in self.messages if one["metadata"].get("event") == "step"]


Do = Callable[..., Run]


@pytest.fixture(scope="module")
def pages() -> Iterator[PageServer]:
    with serve_pages() as started:
        yield started


@pytest.fixture(scope="module")
def scripted() -> Iterator[ScriptedServer]:
    with ScriptedServer.serving({}) as started:
        yield started


def models(url: str) -> dict[str, dict[str, Any]]:
    gpt = {"provider": "openai", "model": "scripted-1", "base_url": url, "api_key": KEY}
    quick = gpt | {"retries": 0, "timeout_seconds": 2}
    return {
        "gpt": quick,
        "schema": quick | {"output": "schema"},
        "prompt": quick | {"output": "prompt"},
        "seeing": quick | {"vision": True},
        "patient": gpt | {"retries": 1},
        "backed": quick | {"base_url": "http://127.0.0.1:9/v1", "fallbacks": ["gpt"]},
        "priced": quick | {"input_price": 1000, "output_price": 1000},
        "dear": quick
        | {"model": "dear-1", "base_url": "http://127.0.0.1:9/v1", "fallbacks": ["cheap"]}
        | {"input_price": 1000, "output_price": 1000},
        "cheap": quick | {"model": "cheap-1", "input_price": 1, "output_price": 1},
        "claude": quick | {"provider": "anthropic", "base_url": url.removesuffix("/v1")},
        "gemini": quick | {"provider": "google", "base_url": url.removesuffix("/v1")},
        "terse": quick | {"prompt_tokens": 2000, "page_tokens": 1000},
        "terse schema": quick | {"prompt_tokens": 2000, "page_tokens": 1000, "output": "schema"},
    }


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, scripted: ScriptedServer) -> Iterator[ServerProcess]:
    settings = {"MODELS": json.dumps(models(scripted.url)), "MODEL_ALIASES": json.dumps({"agi-0": "gpt"})}
    folder = tmp_path_factory.mktemp("data")
    with serving(folder, EGRESS_ALLOW="127.0.0.1,localhost", LOG_LEVEL="debug", **settings) as started:
        yield started


@pytest.fixture(scope="module")
def client(server: ServerProcess) -> Iterator[httpx.Client]:
    with server.client() as opened:
        yield opened


_NUMBERS = count(1)


@pytest.fixture(scope="module")
def sessions(client: httpx.Client) -> dict[str, str]:
    """The address of a session by model: tasks follow each other in it."""
    return {name: made(client, agent_name=name) for name in models("")}


def made(client: httpx.Client, **body: object) -> str:
    """The address of a new session."""
    answer = client.post("/v1/sessions", json=body)
    assert answer.status_code == 200, answer.text
    return f"/v1/sessions/{answer.json()['session_id']}"


@pytest.fixture
def do(client: httpx.Client, scripted: ScriptedServer, sessions: dict[str, str]) -> Do:
    """Run a script as a task, in a session of the model, or in that which is given."""

    def run(*script: Reply, model: str = "gpt", task: str = "Order tea.", path: str = "", **message: object) -> Run:
        number = f"(order {next(_NUMBERS)})"
        scripted.add(number, script)
        path = path or sessions[model]
        client.post(f"{path}/cancel")  # a task before it may have ended with a question
        before = len(client.get(f"{path}/messages?sanitize=false").json()["messages"])
        sent = client.post(f"{path}/message", json={"message": f"{task} {number}", **message})
        assert sent.status_code == 200, sent.text
        messages = until_settled(client, path)[before:]
        return Run(path, messages, [dict(one.body) for one in scripted.exchanges if number in str(one.body)])

    return run


def until_settled(client: httpx.Client, path: str, seconds: float = SECONDS) -> list[dict[str, Any]]:
    """The messages of a session once its task has ended or asks something."""
    deadline = time.monotonic() + seconds
    while client.get(f"{path}/status").json()["status"] == "running":
        assert time.monotonic() < deadline, client.get(f"{path}/messages?sanitize=false").json()
        time.sleep(0.02)
    messages: list[dict[str, Any]] = client.get(f"{path}/messages?sanitize=false").json()["messages"]
    return messages
