"""What has to be so of the outcomes of an application's tasks."""

from collections.abc import Sequence

from benchmarks.applications.runner import Judged

from outrider.problems import CATALOGUE

__all__ = ["check"]


def check(judged: Sequence[Judged], still_open: set[str]) -> None:
    """All right but those that are known to be open; none wrong, and every failure a row of the catalogue."""
    told = {one.task.name: f"{one.outcome}: {one.ending.code} {one.ending.text} {one.faults}" for one in judged}
    assert {name for name, text in told.items() if text.startswith("wrong")} == set(), told
    refused = {one.task.name: one.ending.code for one in judged if one.outcome == "refused"}
    assert all(code in CATALOGUE and code != "INTERNAL_ERROR" for code in refused.values()), refused
    assert {one.task.name: told[one.task.name] for one in judged if one.outcome != "right"}.keys() <= still_open, [
        text for name, text in told.items() if not text.startswith("right") and name not in still_open
    ]
