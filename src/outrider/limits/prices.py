"""What tasks cost."""

from outrider.config import Settings
from outrider.interfaces.credits import Price

__all__ = ["ANY", "Prices"]

#: Stands in the list for every agent that has no price of its own.
ANY = "*"


class Prices:
    """The price list of the configuration."""

    def __init__(self, settings: Settings) -> None:
        self._prices = settings.prices
        self._max_steps = settings.max_steps

    def of(self, agent_name: str, model: str, max_steps: int | None = None) -> Price | None:
        """What a task of that agent costs, if anything; it may take so many steps, or as many as the server allows."""
        found = next((self._prices[name] for name in (agent_name, model, ANY) if name in self._prices), None)
        if found is None or not (found.task or found.step):
            return None
        return Price(found.task, found.step, max_steps or self._max_steps)
