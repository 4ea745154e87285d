"""Which models a server has: the embedded one, and the language models of its configuration."""

from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager

from outrider.agents.scout import Scout
from outrider.config import Settings
from outrider.interfaces.models import Model
from outrider.limits.prices import ANY
from outrider.problems import OutriderError

__all__ = ["open_models"]


@asynccontextmanager
async def open_models(settings: Settings) -> AsyncIterator[Mapping[str, Model]]:
    """All models by name.

    Raises CONFIG_INVALID for an alias, a fallback or a price of none, DEPENDENCY_MISSING without the extra that a model
    needs, MODEL_START_FAILED.
    """
    scout = Scout()
    known = {scout.name, *settings.models}
    for alias, model in settings.model_aliases.items():
        if model not in known:
            raise _invalid("model_aliases", f".{alias}: there is no model “{model}” ({_listed(known)})")
    priced = {ANY, *known, *settings.model_aliases}
    for name in settings.prices.keys() - priced:  # a slip would make its tasks free
        raise _invalid("prices", f": there is no agent or model “{name}” ({_listed(priced)})")
    if scout.name in settings.models:
        raise _invalid("models", f": “{scout.name}” is the embedded model's name")
    if not settings.models:
        yield {scout.name: scout}
        return
    try:
        from outrider.agents import models as language  # noqa: PLC0415 - of the extra “llm”
    except ImportError as error:
        raise OutriderError(
            "DEPENDENCY_MISSING", feature="A language model", package=error.name or "pydantic-ai-slim", extra="llm"
        ) from error
    async with language.open_models(settings.models) as others:
        models: list[Model] = [scout, *others]
        yield {model.name: model for model in models}


def _listed(names: Iterable[str]) -> str:
    return f"known: {', '.join(sorted(names))}"


def _invalid(setting: str, fault: str) -> OutriderError:
    return OutriderError("CONFIG_INVALID", summary=f"{setting}{fault}", source=f"the setting “{setting}”")
