"""Language models: what they are told, the form of their answers, and where they are. Needs the extra “llm”."""

from outrider.agents.models.building import open_models

__all__ = ["open_models"]
