"""What a free-form field says about a task's limits, and what it does not."""

import math
from typing import Any

import pytest

from outrider.sessions.task_limits import TaskLimits


@pytest.mark.parametrize(
    ("config_updates", "limits"),
    [
        (None, TaskLimits()),
        ({}, TaskLimits()),
        ({"timeout": 30}, TaskLimits(seconds=30)),
        ({"timeout": 0.5, "max_steps": 20, "temperature": 0}, TaskLimits(steps=20, seconds=0.5)),
        ({"max_steps": 1.5}, TaskLimits(steps=2)),
        ({"timeout": "30", "max_steps": True}, TaskLimits()),
        ({"timeout": -1, "max_steps": 0}, TaskLimits()),
        ({"timeout": math.inf, "max_steps": [5]}, TaskLimits()),
    ],
)
def test_what_is_said(config_updates: dict[str, Any] | None, limits: TaskLimits) -> None:
    assert TaskLimits.of(config_updates) == limits
    assert TaskLimits.of_json(limits.as_json()) == limits


def test_limits_get_tighter_only() -> None:
    assert TaskLimits().applied_to(100, 900.0) == (100, 900.0)
    assert TaskLimits(steps=20, seconds=30).applied_to(100, 900.0) == (20, 30)
    assert TaskLimits(steps=200, seconds=3000).applied_to(100, 900.0) == (100, 900.0)
