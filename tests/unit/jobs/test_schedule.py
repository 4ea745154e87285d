"""When jobs are due: clocks that go forward and back, runs that were missed, expressions that are none."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outrider.interfaces.schedules import MissedRuns, Plan
from outrider.jobs.schedule import GRACE, Due, first_run, look
from outrider.problems import OutriderError

BERLIN = "Europe/Berlin"


NOON = datetime.fromisoformat("2024-01-01T12:00:00")
LATER = datetime.fromisoformat("2124-01-01T00:00:00")


def at(text: str) -> datetime:
    """In UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def plan(cron: str | None = None, **fields: object) -> Plan:
    return Plan("name", "task", cron=cron, **fields)  # type: ignore[arg-type]


def runs(cron: str, start: str, count: int, time_zone: str = BERLIN) -> list[str]:
    """The first runs, each the next one after the last, as the engine finds them."""
    job = plan(cron, time_zone=time_zone)
    due = first_run(job, at(start))
    found = [due]
    while len(found) < count:
        after = look(job, due, due).next_at
        assert after is not None
        due = after
        found.append(due)
    return [f"{moment:%m-%dT%H:%M}" for moment in found]


# In Berlin clocks went from 02:00 to 03:00 on 31 March 2024 at 01:00 UTC, and back on 27 October 2024 at 01:00 UTC.


@pytest.mark.row("A35")
def test_a_zone_has_summer_and_winter() -> None:
    assert runs("0 9 * * *", "2024-03-29T12:00:00", 3) == ["03-30T08:00", "03-31T07:00", "04-01T07:00"]
    assert runs("0 9 * * *", "2024-03-29T12:00:00", 2, "UTC") == ["03-30T09:00", "03-31T09:00"]


def test_a_fixed_time_within_the_hour_that_is_left_out_comes_right_after_it() -> None:
    assert runs("30 2 * * *", "2024-03-30T00:00:00", 3) == ["03-30T01:30", "03-31T01:00", "04-01T00:30"]


def test_a_fixed_time_within_the_hour_that_comes_twice_comes_once() -> None:
    assert runs("30 2 * * *", "2024-10-26T00:00:00", 3) == ["10-26T00:30", "10-27T00:30", "10-28T01:30"]


def test_every_so_often_goes_by_the_time_that_passes() -> None:
    forward = runs("*/30 * * * *", "2024-03-31T00:00:00", 5)
    back = runs("*/30 * * * *", "2024-10-26T23:00:00", 8)

    assert forward == ["03-31T00:30", "03-31T01:00", "03-31T01:30", "03-31T02:00", "03-31T02:30"]
    assert [moment[6:] for moment in back] == [
        "23:30", "00:00", "00:30", "01:00", "01:30", "02:00", "02:30", "03:00",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("run_at", "due"),
    [
        ("2024-03-31T01:59:00", "2024-03-31T00:59:00"),
        ("2024-03-31T02:30:00", "2024-03-31T01:30:00"),  # is left out: 03:30
        ("2024-10-27T02:30:00", "2024-10-27T00:30:00"),  # comes twice: the first
        ("2024-10-27T03:00:00", "2024-10-27T02:00:00"),
    ],
)
def test_once_at_a_time_of_a_clock(run_at: str, due: str) -> None:
    job = plan(run_at=datetime.fromisoformat(run_at), time_zone=BERLIN)

    assert first_run(job, at("2024-01-01T00:00:00")) == at(due)
    assert look(job, at(due), at(due)) == Due(at(due), skipped=False, next_at=None)


def test_a_time_that_has_just_passed_is_due_and_an_earlier_one_refused() -> None:
    job = plan(run_at=NOON)

    assert first_run(job, at("2024-01-01T12:00:59")) == at("2024-01-01T12:00:00")
    with pytest.raises(OutriderError, match="schedule is not valid"):
        first_run(job, at("2024-01-01T12:01:01"))


@pytest.mark.parametrize("policy", MissedRuns)
def test_a_run_that_is_a_bit_late_was_not_missed(policy: MissedRuns) -> None:
    job, due = plan("0 * * * *", missed_runs=policy), at("2024-01-01T12:00:00")

    assert look(job, due, due + GRACE) == Due(due, skipped=False, next_at=at("2024-01-01T13:00:00"))


@pytest.mark.parametrize(("policy", "skipped"), [(MissedRuns.SKIP, True), (MissedRuns.RUN_ONCE, False)])
def test_many_missed_runs_are_one_for_the_last_of_them(policy: MissedRuns, skipped: bool) -> None:
    job = plan("0 * * * *", missed_runs=policy)

    found = look(job, at("2024-01-01T12:00:00"), at("2024-01-04T09:20:00"))
    assert found == Due(at("2024-01-04T09:00:00"), skipped, at("2024-01-04T10:00:00"))


def test_of_missed_runs_the_last_is_none_when_the_server_is_back_just_then() -> None:
    job = plan("0 * * * *", missed_runs=MissedRuns.SKIP)

    found = look(job, at("2024-01-01T12:00:00"), at("2024-01-04T09:00:20"))
    assert found == Due(at("2024-01-04T09:00:00"), skipped=False, next_at=at("2024-01-04T10:00:00"))


@pytest.mark.parametrize("policy", MissedRuns)
def test_a_single_run_that_was_missed(policy: MissedRuns) -> None:
    job, due = plan(run_at=NOON, missed_runs=policy), at("2024-01-01T12:00:00")

    assert look(job, due, at("2024-01-02T12:00:00")) == Due(due, policy is MissedRuns.SKIP, None)


@settings(deadline=None)
@given(
    st.sampled_from(["*/7 * * * *", "30 2 * * *", "0 */3 * * SUN", "15 1,2,3 * * *", "0 0 L * *"]),
    st.sampled_from([BERLIN, "America/New_York", "Australia/Lord_Howe", "UTC", "Pacific/Apia"]),
    st.integers(0, 2 * 366 * 24 * 60).map(lambda minutes: at("2024-01-01T00:00:00") + timedelta(minutes=minutes)),
)
def test_the_next_run_is_always_later(cron: str, zone: str, start: datetime) -> None:
    job = plan(cron, time_zone=zone)
    found = [first_run(job, start)]
    for _ in range(20):
        after = look(job, found[-1], found[-1] + timedelta(seconds=1)).next_at
        assert after is not None
        found.append(after)

    assert start < found[0] + timedelta(seconds=1)
    assert all(earlier < later for earlier, later in pairwise(found))


@settings(deadline=None)
@given(st.text(alphabet="0123456789*/,-#L W?ABC\u00b2\ud7ff", max_size=40))
def test_an_expression_is_read_or_refused(cron: str) -> None:
    try:
        first_run(plan(cron), at("2024-01-01T00:00:00"))
    except OutriderError as problem:
        assert problem.code == "SCHEDULE_INVALID"


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"cron": "* * * * *", "run_at": LATER},
        {"cron": "@daily"},
        {"cron": "* * * * * *"},
        {"cron": "60 * * * *"},
        {"cron": "* * */20 * 1L"},
        {"cron": "* * * * *", "time_zone": "Nowhere/At_all"},
        {"cron": "* * * * *", "time_zone": "/etc/passwd"},
        {"cron": "* * * * *", "time_zone": ""},
        {"run_at": LATER, "time_zone": "Nowhere/At_all"},
        {
            "run_at": datetime.fromisoformat("9999-12-31T23:59:59"),
            "time_zone": "America/New_York",
        },  # in UTC in the year 10000
        {"run_at": datetime.fromisoformat("0001-01-01T00:00:00"), "time_zone": "Asia/Tokyo"},
    ],
)
def test_what_is_no_schedule_is_refused(fields: dict[str, object]) -> None:
    with pytest.raises(OutriderError) as refused:
        first_run(plan(**fields), at("2024-01-01T00:00:00"))  # type: ignore[arg-type]

    assert refused.value.code == "SCHEDULE_INVALID"


@given(st.sampled_from(["* * * * *", "*/5 * * * *", "30 9 * * *", "0 0 1 * *"]), st.integers(0, 400 * 86_400_000))
@settings(max_examples=200, deadline=None)
def test_no_run_is_for_a_time_that_is_still_to_come(cron: str, milliseconds: int) -> None:
    now = at("2024-01-01T00:00:00") + timedelta(milliseconds=milliseconds)
    due = look(plan(cron, time_zone=BERLIN), at("2023-12-01T00:00:00"), now)
    assert due.at <= now
    assert due.next_at is not None
    assert now < due.next_at


@pytest.mark.parametrize(("both", "found"), [(True, "both"), (False, "neither")])
def test_a_schedule_of_both_kinds_or_none_is_told_apart(both: bool, found: str) -> None:
    fields = {"run_at": LATER, "cron": "0 9 * * *"} if both else {"run_at": None, "cron": None}
    with pytest.raises(OutriderError, match=f"and has {found}"):
        first_run(plan(**fields), at("2024-01-01T00:00:00"))
