"""Settings that hold several values."""

from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator, Field
from pydantic_settings import NoDecode

__all__ = ["PathList", "Pauses", "TextList"]


def _split(value: Any) -> Any:
    """An environment variable has its items between commas."""
    return [item.strip() for item in value.split(",") if item.strip()] if isinstance(value, str) else value


#: A list of texts; in the environment separated by commas.
TextList = Annotated[list[str], NoDecode, BeforeValidator(_split)]
#: Files, written alike.
PathList = Annotated[list[Path], NoDecode, BeforeValidator(_split)]
#: Seconds, written alike.
Pauses = Annotated[tuple[Annotated[float, Field(ge=0, le=604_800)], ...], NoDecode, BeforeValidator(_split)]
