"""Which part of a list a request asks for: the ranges of its numbers, and the one failure for what is beyond them."""

from dataclasses import dataclass
from typing import Annotated, Any, Final

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema

from outrider.problems import OutriderError

__all__ = ["LAST_ID", "AfterId", "Before", "Limit", "Within"]

#: Of whatever is numbered. Greater numbers are not exact in JavaScript.
LAST_ID: Final = 2**53 - 1


@dataclass(frozen=True, slots=True)
class Within:
    """The range of a parameter that is a whole number, both ends included. Others raise LIMIT_OUT_OF_RANGE."""

    parameter: str
    least: int
    most: int

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self._checked, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {**handler(schema), "minimum": self.least, "maximum": self.most}

    def _checked(self, value: int) -> int:
        if not self.least <= value <= self.most:
            raise OutriderError("LIMIT_OUT_OF_RANGE", parameter=self.parameter, least=self.least, most=self.most)
        return value


#: How many entries a page has.
Limit = Annotated[int, Within("limit", 1, 200)]
#: Number of an entry: the page begins below it, or above it.
Before = Annotated[int, Within("before", 1, LAST_ID)]
AfterId = Annotated[int, Within("after_id", 0, LAST_ID)]
