"""The embedded deterministic model: language, plan, grounding, records, answers."""

from outrider.agents.scout.scout import Scout

__all__ = ["Scout"]
