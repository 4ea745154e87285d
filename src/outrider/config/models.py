"""Settings of one language model: where it is, how it is spoken to, and what it costs."""

import os
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr, model_validator

__all__ = ["ModelSettings"]

Price = Annotated[Decimal, Field(ge=0)]

#: Where providers' own tools look for the key.
_ADDRESS_VARIABLES: Final = {
    "openai": "OPENAI_BASE_URL", "anthropic": "ANTHROPIC_BASE_URL", "google": "GOOGLE_GEMINI_BASE_URL",
}  # fmt: skip
_KEY_VARIABLES: Final = {"openai": "OPENAI_API_KEY", "anthropic": "ANTHROPIC_API_KEY", "google": "GOOGLE_API_KEY"}


class ModelSettings(BaseModel):
    """One language model. Durations are seconds; tokens are estimated at four characters each."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    provider: Literal["openai", "anthropic", "google", "local"] = Field(
        description="Whose API it speaks. “openai” is also that of vLLM, llama.cpp, Ollama and most gateways; “local” "
        "starts a server for the GGUF file at “path” (extra “local”)."
    )
    model: str = Field(default="", description="The provider's name of the model; needed unless the model is local.")
    base_url: str = Field(default="", description="Address of the API, if it is not the provider's own.")
    api_key: SecretStr = Field(
        default=SecretStr(""),
        description="Key of the API; without one that in “api_key_variable”, else in the provider's usual variable "
        "(OPENAI_API_KEY, ANTHROPIC_API_KEY, GOOGLE_API_KEY).",
    )
    api_key_variable: str = Field(default="", description="Environment variable that holds the key.")
    path: Path | None = Field(default=None, description="GGUF file of a local model.")
    threads: int = Field(
        default=0, ge=0, le=1024, description="Processors that a local model computes on; 0 takes all of the machine."
    )
    fallbacks: tuple[str, ...] = Field(
        default=(), description="Other models of the configuration, tried in order when this one can't be had."
    )
    output: Literal["tool", "schema", "prompt"] = Field(
        default="tool",
        description="How answers are kept in form: by calls of tools, by a JSON schema that the provider enforces, or "
        "by asking for JSON.",
    )
    vision: bool = Field(default=False, description="The model can see: pictures that it takes are shown to it.")
    timeout_seconds: float = Field(default=60.0, gt=0, le=600, description="Time for one answer.")
    retries: int = Field(default=2, ge=0, le=10, description="Further attempts when a request fails.")
    repairs: int = Field(default=2, ge=0, le=10, description="Times an answer that does not fit is asked for again.")
    prompt_tokens: int = Field(default=12_000, ge=2_000, description="Most that is told of a task at a time.")
    page_tokens: int = Field(default=2_500, ge=500, description="Most that is told of a page at a time.")
    answer_tokens: int = Field(default=2_000, ge=100, description="Most that the model may answer at a time.")
    temperature: float | None = Field(default=None, ge=0, le=2, description="The provider's default, if not set.")
    input_price: Price | None = Field(
        default=None, description="US dollars for a million tokens read; by default from a list of known prices."
    )
    output_price: Price | None = Field(default=None, description="US dollars for a million tokens written.")

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.provider == "local" and self.path is None:
            raise ValueError("a local model needs “path”")
        if self.provider != "local" and not self.model:
            raise ValueError("“model” is missing")
        if (self.input_price is None) != (self.output_price is None):
            raise ValueError("“input_price” and “output_price” go together")
        if self.api_key_variable and not os.environ.get(self.api_key_variable):
            raise ValueError(f"the environment variable {self.api_key_variable} is not set")
        return self

    @property
    def key(self) -> str:
        """The key of the API; "" without any."""
        return self.api_key.get_secret_value() or os.environ.get(self.key_variable, "")

    @property
    def key_variable(self) -> str:
        """The environment variable that the key is looked for in; "" for a local model."""
        return self.api_key_variable or _KEY_VARIABLES.get(self.provider, "")

    @property
    def lacks_key(self) -> bool:
        """There is no key for a provider's own API, which asks for one; its library may be told another address."""
        variable = _ADDRESS_VARIABLES.get(self.provider)
        return variable is not None and not (self.key or self.base_url or os.environ.get(variable))
