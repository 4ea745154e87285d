"""A model of a provider that asks for a key where there is none: it says so instead of being tried in vain."""

from pydantic_ai.messages import ModelMessage, ModelResponse
from pydantic_ai.models import Model as Connection
from pydantic_ai.models import ModelRequestParameters
from pydantic_ai.models.wrapper import WrapperModel
from pydantic_ai.settings import ModelSettings as RequestSettings

from outrider.config import ModelSettings
from outrider.problems import OutriderError
from outrider.telemetry import get_logger

__all__ = ["KeylessConnection"]

log = get_logger(__name__)


class KeylessConnection(WrapperModel):
    """The connection to a provider's own API without a key; others are tried in its place, if it has fallbacks."""

    def __init__(self, name: str, settings: ModelSettings, connection: Connection) -> None:
        super().__init__(connection)
        self._facts = {"model": name, "variable": settings.key_variable}
        log.warning("model has no key", model=name, variable=settings.key_variable)

    async def request(
        self,
        messages: list[ModelMessage],
        model_settings: RequestSettings | None,
        model_request_parameters: ModelRequestParameters,
    ) -> ModelResponse:
        """Raises MODEL_KEY_MISSING."""
        raise OutriderError("MODEL_KEY_MISSING", **self._facts)
