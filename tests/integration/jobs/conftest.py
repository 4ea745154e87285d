"""Runs are looked at more often than a server does."""

import pytest

from outrider.jobs import runs


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "SETTLE_SECONDS", 0.02)
