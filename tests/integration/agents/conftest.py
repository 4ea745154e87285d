"""Fixtures of the agents' integration tests."""

from tests.integration.agents.worker import opened, site

__all__ = ["opened", "site"]
