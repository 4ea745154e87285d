"""What becomes of a delivery after an attempt."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from outrider.interfaces.webhooks import Attempt, DeliveryStatus
from outrider.webhooks.schedule import JITTER, verdict_on

AT = datetime(2026, 1, 1, tzinfo=UTC)
SCHEDULE = (2.0, 60.0)


def attempt(problem: str = "", status_code: int | None = None) -> Attempt:
    return Attempt(AT, 1.0, status_code, "", problem)


def test_a_delivery_that_got_through_is_over() -> None:
    verdict = verdict_on(attempt(status_code=200), 7, SCHEDULE)

    assert (verdict.status, verdict.retry_at, verdict.disable) == (DeliveryStatus.DELIVERED, None, "")


@pytest.mark.parametrize(("failures", "pause"), [(0, 2.0), (1, 60.0)])
def test_a_failed_one_is_tried_again_as_the_schedule_says(failures: int, pause: float) -> None:
    for _ in range(50):
        verdict = verdict_on(attempt("it failed", 500), failures, SCHEDULE)

        assert verdict.status is DeliveryStatus.PENDING
        assert verdict.retry_at is not None
        assert timedelta(seconds=pause) <= verdict.retry_at - AT <= timedelta(seconds=pause * (1 + JITTER))


@pytest.mark.parametrize(
    ("asked", "pause"),
    [(timedelta(seconds=900), 900), (timedelta(days=400), 86400), (timedelta(0), 60), (timedelta(days=-1), 60)],
)
def test_a_receiver_that_asks_for_a_longer_pause_gets_it_within_a_day(asked: timedelta, pause: float) -> None:
    verdict = verdict_on(replace(attempt("it failed", 429), not_before=AT + asked), 1, SCHEDULE)

    assert verdict.retry_at is not None
    assert timedelta(seconds=pause) <= verdict.retry_at - AT <= timedelta(seconds=pause * (1 + JITTER))


def test_the_end_of_the_schedule_disables_the_endpoint_with_a_reason() -> None:
    verdict = verdict_on(attempt("the receiver answered 500", 500), 2, SCHEDULE)

    assert verdict.status is DeliveryStatus.FAILED
    assert verdict.disable == "3 attempts in a row have failed, the last one because the receiver answered 500."


def test_a_receiver_that_is_gone_is_not_asked_again() -> None:
    verdict = verdict_on(attempt("the receiver answered 410", 410), 0, SCHEDULE)

    assert verdict.status is DeliveryStatus.FAILED
    assert "410 Gone" in verdict.disable


def test_without_a_schedule_there_is_one_attempt() -> None:
    assert verdict_on(attempt("it failed"), 0, ()).status is DeliveryStatus.FAILED
