"""When a job is due.

A cron expression means what it means to Debian's cron. When clocks go forward, a job at a fixed time within the hour
that is left out runs right after it; when they go back, it runs once. A job whose minute or hour begins with ``*``
goes by the time that passes: it runs in each of the two hours of the same name, and never in one that is left out.
``Plan.run_at`` within an hour that is left out is as much later as clocks go forward; of two times of the same name it
is the first.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cronsim import CronSim, CronSimError

from outrider.interfaces.schedules import MissedRuns, Plan
from outrider.problems import OutriderError

__all__ = ["GRACE", "Due", "first_run", "look"]

#: A run that is later than this was missed: no server ran when it was due.
GRACE: Final = timedelta(seconds=60)
_FIELDS: Final = 5


@dataclass(frozen=True, slots=True)
class Due:
    """What is to be done about a job whose time has come."""

    #: The time that the run is for: of those that are due, the last.
    at: datetime
    #: It was missed, and is to be left out.
    skipped: bool
    #: When the next run is due; None when there is none.
    next_at: datetime | None


def first_run(plan: Plan, now: datetime) -> datetime:
    """When the job is due for the first time from now on, in UTC. Raises SCHEDULE_INVALID."""
    if (plan.run_at is None) == (plan.cron is None):
        found = "neither" if plan.cron is None else "both"
        raise _invalid(f"It needs either “RunAt” or “CronExpression”, and has {found}.")
    if plan.run_at is not None:
        at = _once(plan.run_at, plan.time_zone)
        if at < now - GRACE:
            raise _invalid(f"“RunAt” has passed; now it is {now.astimezone(UTC):%Y-%m-%dT%H:%M:%S} in UTC.")
        return at
    at_or_none = _next(plan, now)
    if at_or_none is None:
        raise _invalid("There is no such day within fifty years.")
    return at_or_none


def _once(run_at: datetime, time_zone: str) -> datetime:
    try:
        return run_at.replace(tzinfo=_zone(time_zone)).astimezone(UTC)
    except OverflowError:
        raise _invalid("“RunAt” is no date in UTC.") from None


def look(plan: Plan, due_at: datetime, now: datetime) -> Due:
    """What to do about a run that was due at ``due_at``, which has come."""
    last = due_at if plan.cron is None else max(due_at, _last(plan, now))
    missed = now - last > GRACE
    return Due(last, missed and plan.missed_runs is MissedRuns.SKIP, _next(plan, max(now, last)))


def _next(plan: Plan, after: datetime) -> datetime | None:
    if plan.cron is None:
        return None
    found = next(_times(plan, after), None)
    return None if found is None else found.astimezone(UTC)


def _last(plan: Plan, now: datetime) -> datetime:
    """The last time that is not after now. Times are whole minutes; on the way back the start itself is left out."""
    start = now.replace(second=0, microsecond=0) + timedelta(seconds=1)
    found = next(_times(plan, start, reverse=True), now)
    return found.astimezone(UTC)


def _times(plan: Plan, start: datetime, *, reverse: bool = False) -> CronSim:
    """Raises SCHEDULE_INVALID."""
    expression = plan.cron or ""
    if len(expression.split()) != _FIELDS:
        raise _invalid("“CronExpression” needs five fields.")
    try:
        return CronSim(expression, start.astimezone(_zone(plan.time_zone)), reverse=reverse)
    except (CronSimError, ValueError, AssertionError) as error:
        raise _invalid(f"“CronExpression” can't be read: {error or 'it is no expression'}.") from error


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise _invalid(f"There is no time zone “{name}”.") from error


def _invalid(reason: str) -> OutriderError:
    return OutriderError("SCHEDULE_INVALID", reason=reason)
