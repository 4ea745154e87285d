"""Settings of language models, and what a task may spend on them."""

import json
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from outrider.config import load_settings
from outrider.interfaces.usage import Meter, Usage
from outrider.problems import OutriderError
from outrider.server.models import open_models
from outrider.sessions.task_limits import TaskLimits

GUIDE = Path(__file__).parents[2] / "docs" / "how-to" / "use-a-language-model.md"
GPT = {"provider": "openai", "model": "gpt", "api_key": "sk-0123"}


def given(monkeypatch: pytest.MonkeyPatch, **models: Any) -> None:
    monkeypatch.setenv("OUTRIDER_MODELS", json.dumps(models))


async def opened() -> set[str]:
    async with open_models(load_settings()) as models:
        return {model.name for model in models.values()}


async def test_models_stand_beside_scout(monkeypatch: pytest.MonkeyPatch) -> None:
    assert await opened() == {"scout"}
    given(
        monkeypatch,
        gpt=GPT,
        other=GPT | {"provider": "anthropic"},
        third=GPT | {"provider": "google", "fallbacks": ["gpt"]},
    )
    assert await opened() == {"scout", "gpt", "other", "third"}


def test_all_that_the_guide_writes_into_a_file_is_accepted(tmp_path: Path) -> None:
    blocks = re.findall(r"```toml\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    file = tmp_path / "outrider.toml"
    file.write_text("\n".join(blocks))

    assert load_settings(file).models.keys() == {"smart", "quick", "house", "mine"}


@pytest.mark.parametrize(
    ("models", "summary"),
    [
        ({"gpt": {"provider": "openai"}}, "“model” is missing"),
        ({"gpt": {"provider": "tea", "model": "x"}}, "provider"),
        ({"gpt": GPT | {"input_price": 3}}, "go together"),
        ({"gpt": GPT | {"input_price": -3, "output_price": 1}}, "input_price"),
        ({"gpt": GPT | {"api_key_variable": "NO_SUCH_VARIABLE"}}, "NO_SUCH_VARIABLE is not set"),
        ({"gpt": GPT | {"colour": "red"}}, "colour"),
        ({"gpt": GPT | {"fallbacks": ["tea"]}}, "no other model “tea”"),
        ({"gpt": GPT | {"fallbacks": ["gpt"]}}, "no other model “gpt”"),
        ({"mine": {"provider": "local"}}, "needs “path”"),
        ({"scout": GPT}, "embedded model's name"),
    ],
)
async def test_what_does_not_fit_is_told_at_the_start_without_the_key(
    monkeypatch: pytest.MonkeyPatch, models: dict[str, Any], summary: str
) -> None:
    given(monkeypatch, **models)
    with pytest.raises(OutriderError) as refused:
        await opened()

    assert refused.value.code == "CONFIG_INVALID"
    assert summary in refused.value.message
    assert "sk-0123" not in str(refused.value.as_envelope("r"))


async def test_an_alias_of_no_model_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OUTRIDER_MODEL_ALIASES", '{"agi-0": "tea"}')
    with pytest.raises(OutriderError, match=r"model_aliases\.agi-0: there is no model “tea” \(known: scout\)"):
        await opened()


async def test_a_price_of_no_agent_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OUTRIDER_PRICES", '{"*": {"task": 1}, "agi-0": {"task": 2}, "scout": {"step": 1}}')
    await opened()
    monkeypatch.setenv("OUTRIDER_PRICES", '{"agi0": {"task": 2}}')
    known = r"\(known: \*, agi-0, agi-0-fast, scout\)"
    with pytest.raises(OutriderError, match=rf"prices: there is no agent or model “agi0” {known}"):
        await opened()


def test_a_key_is_found_where_providers_look_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    bare = {"provider": "openai", "model": "gpt"}
    given(monkeypatch, own=GPT, named=bare | {"api_key_variable": "TEA_KEY"}, usual=bare)
    monkeypatch.setenv("TEA_KEY", "tea")
    monkeypatch.setenv("OPENAI_API_KEY", "usual")
    models = load_settings().models

    assert [models[name].key for name in ("own", "named", "usual")] == ["sk-0123", "tea", "usual"]
    assert "sk-0123" not in repr(models)


def test_what_is_used_adds_up_and_ends_at_the_limit() -> None:
    meter = Meter(Decimal("0.5"))
    meter.add(Usage(1, 100, 20, 10, Decimal("0.2")))
    meter.check("gpt")
    meter.add(Usage(1, 50, 50, 5, Decimal("0.3")))

    assert meter.used == Usage(2, 150, 70, 15, Decimal("0.5"))
    with pytest.raises(OutriderError, match=r"0\.5000 of 0\.5 US dollars") as reached:
        meter.check("gpt")
    assert reached.value.code == "COST_LIMIT_REACHED"


def test_an_answer_that_never_came_leaves_the_cost_known() -> None:
    assert (Usage(1, 10, 0, 1, Decimal("0.5")) + Usage(1)).cost == Decimal("0.5")


def test_a_limit_that_can_not_be_kept_is_told_and_none_needs_no_price() -> None:
    limited, unlimited = Meter(Decimal(1)), Meter()
    for meter in (limited, unlimited):
        meter.add(Usage(1, 100, 0, 10, None))
    unlimited.check("gpt")
    with pytest.raises(OutriderError) as refused:
        limited.check("gpt")
    assert refused.value.code == "COST_UNKNOWN"


@pytest.mark.parametrize(
    ("wanted", "allowed", "limit"),
    [(None, 0, None), (2, 0, 2), (None, 3, 3), (2, 3, 2), (5, 3, 3), ("x", 3, 3), (-1, 0, None)],
)
def test_a_message_may_only_lower_what_the_server_allows(wanted: Any, allowed: float, limit: float | None) -> None:
    assert TaskLimits.of({"max_cost": wanted}).cost_within(allowed) == limit
