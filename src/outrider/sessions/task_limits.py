"""What ``config_updates`` of a message say about the task that the message starts."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

__all__ = ["TaskLimits"]


@dataclass(frozen=True, slots=True)
class TaskLimits:
    """Tighter limits of one task; None leaves what the session and the server allow."""

    steps: int | None = None
    seconds: float | None = None
    #: US dollars that language models may cost.
    cost: float | None = None

    @classmethod
    def of(cls, config_updates: Mapping[str, Any] | None) -> Self:
        """``{"max_steps": 20, "timeout": 30, "max_cost": 0.5}``, in seconds and US dollars.

        The field is free-form and has to be accepted whatever it holds (reference page ``agi-sessions``, section
        3.5), so other keys, and values that make no sense here, say nothing.
        """
        given = config_updates or {}
        steps, seconds, cost = (_positive(given.get(name)) for name in ("max_steps", "timeout", "max_cost"))
        return cls(None if steps is None else math.ceil(steps), seconds, cost)

    def as_json(self) -> dict[str, float]:
        """As a command's body carries it; ``of_json`` reads it back."""
        given = {"steps": self.steps, "seconds": self.seconds, "cost": self.cost}
        return {name: value for name, value in given.items() if value is not None}

    @classmethod
    def of_json(cls, body: Mapping[str, Any] | None) -> Self:
        """What ``as_json`` made."""
        return cls(**(body or {}))

    def applied_to(self, steps: int, seconds: float) -> tuple[int, float]:
        """Steps and seconds of a task that may have that much without."""
        return self.steps_within(steps), min(seconds, self.seconds or seconds)

    def steps_within(self, allowed: int) -> int:
        """Steps of a task that may take so many without."""
        return min(allowed, self.steps or allowed)

    def cost_within(self, allowed: float) -> float | None:
        """The cost of a task where the server allows that much (0: any); None without a limit."""
        limits = [limit for limit in (self.cost, allowed) if limit]
        return min(limits, default=None)


def _positive(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return value if math.isfinite(value) and value > 0 else None
