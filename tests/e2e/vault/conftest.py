"""Servers with a scripted model and a shop with a payment page."""

import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path

import pytest
from benchmarks.sides.receiver import Receiver, receiving
from tests.e2e.api.serving import ServerProcess, serving
from tests.integration.browsers.payment_site import payment_site
from tests.pages.posting import PostingSite

Serve = Callable[..., AbstractContextManager[ServerProcess]]

SCRIPT = Path(__file__).with_name("scripted_server.py")


@pytest.fixture
def site() -> Iterator[PostingSite]:
    with payment_site() as started:
        yield started


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as started:
        yield started


@pytest.fixture
def model_input(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """All that models were given."""
    path = tmp_path / "model-input.txt"
    monkeypatch.setenv("MODEL_INPUT", str(path))
    return path


@pytest.fixture
def serve(tmp_path: Path, model_input: Path) -> Serve:
    """``with serve() as server``: always on the same data folder."""
    del model_input
    command = (sys.executable, str(SCRIPT), "serve")
    return partial(serving, tmp_path / "data", command=command, EGRESS_ALLOW="127.0.0.1,localhost", LOG_LEVEL="debug")
