"""The language models of the configuration, connected to their providers; closed together."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING, Final

from pydantic_ai import exceptions as ai
from pydantic_ai.models import Model as Connection
from pydantic_ai.models.fallback import FallbackModel
from pydantic_ai.profiles import ModelProfile

from outrider.agents.models.keyless import KeylessConnection
from outrider.agents.models.language import LanguageModel
from outrider.agents.models.upkeep import LocalConnection, kept
from outrider.config import ModelSettings
from outrider.problems import OutriderError

if TYPE_CHECKING:  # takes a second to load
    from pydantic_ai.models.openai import OpenAIChatModel

__all__ = ["connect", "open_models"]

#: For servers that ask for no key, where the library wants one.
_NO_KEY: Final = "none"
#: What another model is tried for.
_FALLS_BACK: Final = (ai.ModelAPIError, ai.ContentFilterError, ai.OutputTokenLimitExceeded, OutriderError)


@asynccontextmanager
async def open_models(given: Mapping[str, ModelSettings]) -> AsyncIterator[tuple[LanguageModel, ...]]:
    """The models, by their settings. Local ones are started, and end with the block.

    Raises CONFIG_INVALID for a fallback that is none of them, DEPENDENCY_MISSING and MODEL_START_FAILED for local ones.
    """
    async with AsyncExitStack() as stack:
        connections: dict[str, Connection] = {}
        keys = {settings.key for settings in given.values()}
        for name, settings in given.items():
            if settings.provider == "local":
                upkeep = await stack.enter_async_context(kept(name, settings))
                address = (await upkeep.process()).address
                connections[name] = LocalConnection(upkeep, _openai(settings, name, address.key, address.url))
                keys.add(address.key)
            else:
                connection = connect(settings)
                connections[name] = KeylessConnection(name, settings, connection) if settings.lacks_key else connection
        whole = {name: _with_fallbacks(name, settings, connections) for name, settings in given.items()}
        for connection in whole.values():
            await stack.enter_async_context(connection)  # its HTTP client is closed with the block
        yield tuple(
            LanguageModel(name, settings, [given[other] for other in settings.fallbacks], whole[name], keys)
            for name, settings in given.items()
        )


def connect(settings: ModelSettings) -> Connection:
    """The connection to a provider; nothing is sent yet."""
    return _PROVIDERS[settings.provider](settings, settings.model, settings.key or _NO_KEY, settings.base_url or None)


def _with_fallbacks(name: str, settings: ModelSettings, connections: Mapping[str, Connection]) -> Connection:
    unknown = [other for other in settings.fallbacks if other not in connections or other == name]
    if unknown:
        known = ", ".join(sorted(connections.keys() - {name})) or "none"
        summary = f"models.{name}.fallbacks: there is no other model “{unknown[0]}” (known: {known})"
        raise OutriderError("CONFIG_INVALID", summary=summary, source="the setting “models”")
    if not settings.fallbacks:
        return connections[name]
    others = (connections[other] for other in settings.fallbacks)
    return FallbackModel(connections[name], *others, fallback_on=_FALLS_BACK)


# A provider's library takes a second to load: only those that the configuration names are.
def _openai(settings: ModelSettings, model: str, key: str, url: str | None) -> "OpenAIChatModel":
    from pydantic_ai.models.openai import OpenAIChatModel  # noqa: PLC0415 - see above
    from pydantic_ai.providers.openai import OpenAIProvider  # noqa: PLC0415

    from outrider.agents.models.completions import use_plain_completions  # noqa: PLC0415

    # Schemas of tools are plain already; to look for what has to be transformed would take longer than the rest.
    profile: ModelProfile = {"json_schema_transformer": None} if settings.output == "tool" else {}
    provider = OpenAIProvider(base_url=url, api_key=key)
    use_plain_completions(provider.client, settings.retries)
    return OpenAIChatModel(model, provider=provider, profile=profile)


def _anthropic(settings: ModelSettings, model: str, key: str, url: str | None) -> Connection:
    from pydantic_ai.models.anthropic import AnthropicModel  # noqa: PLC0415 - see above
    from pydantic_ai.providers.anthropic import AnthropicProvider  # noqa: PLC0415

    provider = AnthropicProvider(base_url=url, api_key=key)
    return AnthropicModel(model, provider=provider, settings={"max_retries": settings.retries})


def _google(settings: ModelSettings, model: str, key: str, url: str | None) -> Connection:
    from pydantic_ai.models.google import GoogleModel  # noqa: PLC0415 - see above
    from pydantic_ai.providers.google import GoogleProvider  # noqa: PLC0415

    provider = GoogleProvider(base_url=url, api_key=key)
    return GoogleModel(model, provider=provider, settings={"max_retries": settings.retries})


_PROVIDERS: Final[Mapping[str, Callable[[ModelSettings, str, str, str | None], Connection]]] = {
    "openai": _openai,
    "anthropic": _anthropic,
    "google": _google,
}
