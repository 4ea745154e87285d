"""Which models a server has: the embedded one, and the language models of its configuration."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from outrider.agents.scout import Scout
from outrider.config import Settings
from outrider.interfaces.models import Model
from outrider.problems import OutriderError

__all__ = ["open_models"]


@asynccontextmanager
async def open_models(settings: Settings) -> AsyncIterator[Mapping[str, Model]]:
    """All models by name.

    Raises CONFIG_INVALID for an alias or a fallback of none, DEPENDENCY_MISSING without the extra that a model needs,
    MODEL_START_FAILED.
    """
    scout = Scout()
    known = {scout.name, *settings.models}
    for alias, model in settings.model_aliases.items():
        if model not in known:
            summary = f"model_aliases.{alias}: there is no model “{model}” (known: {', '.join(sorted(known))})"
            raise OutriderError("CONFIG_INVALID", summary=summary, source="the setting “model_aliases”")
    if scout.name in settings.models:
        summary = f"models: “{scout.name}” is the embedded model's name"
        raise OutriderError("CONFIG_INVALID", summary=summary, source="the setting “models”")
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
