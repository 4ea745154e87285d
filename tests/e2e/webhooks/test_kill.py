"""The bar: receivers that refuse, hang, fail, are slow and hang up, and a server that is killed ten times.

``python -m benchmarks webhooks`` prints what comes of it.
"""

from pathlib import Path

import pytest
from benchmarks.plan import Plan
from benchmarks.sides.devtools import find_binary
from benchmarks.suite.webhooks import storm

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(900)]


async def test_of_a_thousand_events_across_ten_kills_none_is_lost(tmp_path: Path) -> None:
    binary = find_binary()
    assert binary is not None
    outcome = await storm(Plan(binary, cache=tmp_path, work=tmp_path), kills=10)

    assert outcome.events >= 1000
    assert (outcome.lost, outcome.disordered, outcome.changed) == (0, 0, 0)
    assert outcome.most_at_once <= 2
