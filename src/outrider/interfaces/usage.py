"""What language models were used for a task, and how much of that it may cost."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Self

from outrider.problems import OutriderError

__all__ = ["Meter", "Usage"]


@dataclass(frozen=True, slots=True)
class Usage:
    """What answers of a model took. ``cost`` is in US dollars, None where no price is known."""

    requests: int = 0
    input_tokens: int = 0
    #: Of the input tokens, those that the provider had read before.
    cached_tokens: int = 0
    output_tokens: int = 0
    cost: Decimal | None = Decimal(0)

    def __add__(self, other: Self) -> "Usage":
        cost = None if self.cost is None or other.cost is None else self.cost + other.cost
        return Usage(
            self.requests + other.requests,
            self.input_tokens + other.input_tokens,
            self.cached_tokens + other.cached_tokens,
            self.output_tokens + other.output_tokens,
            cost,
        )

    def as_json(self) -> dict[str, Any]:
        """As logs carry it, the cost as a number: ``cost_usd``."""
        cost = None if self.cost is None else float(round(self.cost, 6))
        return {
            "requests": self.requests,
            "input_tokens": self.input_tokens,
            "cached_tokens": self.cached_tokens,
            "output_tokens": self.output_tokens,
            "cost_usd": cost,
        }


class Meter:
    """Adds up what one task uses, and ends it at its limit. Models tell it of every answer, also of useless ones."""

    def __init__(self, max_cost: Decimal | None = None) -> None:
        self._max_cost = max_cost
        self.used = Usage()

    def add(self, usage: Usage) -> None:
        """Something was used."""
        self.used += usage

    def check(self, model: str) -> None:
        """Raises COST_LIMIT_REACHED, and COST_UNKNOWN for a limit that can't be kept."""
        if self._max_cost is None:
            return
        if self.used.cost is None:
            raise OutriderError("COST_UNKNOWN", model=model)
        if self.used.cost >= self._max_cost:
            raise OutriderError(
                "COST_LIMIT_REACHED", cost=f"{self.used.cost:.4f}", limit=f"{self._max_cost.normalize():f}"
            )
