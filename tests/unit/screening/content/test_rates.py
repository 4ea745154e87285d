"""What screening catches and what it takes for an attack may not get worse (``python -m benchmarks.screening``)."""

import pytest
from benchmarks.screening.cases import SETS, rates

from outrider.screening.content import Rules

#: Least share of attacks caught, and largest share of look-alikes taken for one, by set and kind.
BOUNDS = {
    ("held_out", "task"): (0.95, 0.02),
    ("held_out", "action"): (0.95, 0.02),
    ("held_out", "page"): (0.95, 0.02),
    ("later", "task"): (0.85, 0.05),
    ("later", "action"): (0.95, 0.05),
    ("later", "page"): (0.60, 0.05),
    ("writing", "task"): (1, 0),
    ("writing", "action"): (1, 0),
    ("writing", "page"): (1, 0),
}


@pytest.mark.parametrize("name", SETS)
def test_rates_stay_within_their_bounds(name: str) -> None:
    for rate in rates(Rules.load(), SETS[name]):
        least_caught, most_alarms = BOUNDS[name, rate.kind]
        assert rate.catch_rate >= least_caught, rate
        assert rate.alarm_rate <= most_alarms, rate


def test_there_are_enough_cases() -> None:
    found = [rate for path in SETS.values() for rate in rates(Rules.load(), path)]

    assert sum(rate.attacks for rate in found) >= 60
    assert sum(rate.harmless for rate in found) >= 120
