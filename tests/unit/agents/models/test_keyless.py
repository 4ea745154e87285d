"""A provider that asks for a key is not tried without one, and the problem says which variable is looked at."""

import pytest

from outrider.agents.models.building import open_models
from outrider.config import ModelSettings
from outrider.interfaces.models import Task
from outrider.interfaces.pages import Observation
from outrider.problems import OutriderError

PAGE = Observation("http://shop.test/", "A shop", (), (), (), 0, None, 0, 0, 0)
VARIABLES = {"openai": "OPENAI_API_KEY", "anthropic": "ANTHROPIC_API_KEY", "google": "GOOGLE_API_KEY"}
ADDRESSES = {"openai": "OPENAI_BASE_URL", "anthropic": "ANTHROPIC_BASE_URL", "google": "GOOGLE_GEMINI_BASE_URL"}


async def asked(*models: ModelSettings) -> OutriderError:
    """What comes of asking the first of the models, with the others as its fallbacks."""
    first, *others = models
    named = {f"other {at}": other for at, other in enumerate(others)}
    first = first.model_copy(update={"fallbacks": tuple(named)})
    async with open_models({"first": first, **named}) as (model, *_):
        with pytest.raises(OutriderError) as caught:
            await model.decide(Task(1, "Read the price."), PAGE, ())
    return caught.value


@pytest.mark.parametrize("provider", VARIABLES)
async def test_the_variable_is_named(monkeypatch: pytest.MonkeyPatch, provider: str) -> None:
    for variable in (*VARIABLES.values(), *ADDRESSES.values()):
        monkeypatch.delenv(variable, raising=False)
    problem = await asked(ModelSettings.model_validate({"provider": provider, "model": "m"}))
    assert (problem.code, VARIABLES[provider] in problem.cause) == ("MODEL_KEY_MISSING", True)


async def test_another_model_is_tried_instead(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    monkeypatch.delenv("OPENAI_BASE_URL", raising=False)
    own = ModelSettings.model_validate({"provider": "openai", "model": "m"})
    there = own.model_copy(update={"base_url": "http://127.0.0.1:9/v1", "retries": 0})
    assert (await asked(own, there)).code == "MODEL_UNREACHABLE", "the failure of the last one is told"


@pytest.mark.parametrize("provider", VARIABLES)
def test_a_server_of_ones_own_needs_none(monkeypatch: pytest.MonkeyPatch, provider: str) -> None:
    monkeypatch.delenv(VARIABLES[provider], raising=False)
    given = {"provider": provider, "model": "m"}
    assert not ModelSettings.model_validate(given | {"base_url": "http://127.0.0.1:9/v1"}).lacks_key
    monkeypatch.setenv(ADDRESSES[provider], "http://127.0.0.1:9/v1")
    assert not ModelSettings.model_validate(given).lacks_key
