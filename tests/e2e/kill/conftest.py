"""Local pages for sessions that are to be killed."""

from tests.e2e.api.conftest import pages

__all__ = ["pages"]
