"""What becomes of a delivery after an attempt: the schedule of retries is data, this reads it."""

import random
from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from outrider.interfaces.webhooks import Attempt, DeliveryStatus, Verdict

__all__ = ["verdict_on"]

#: A pause is up to this much longer than the schedule says, so that receivers don't meet everybody at once.
JITTER: Final = 0.2
#: The receiver says that it is gone for good (Standard Webhooks 1.0, "Responding to webhooks").
GONE: Final = 410
#: A receiver that asks for more patience gets this much.
LONGEST_PAUSE: Final = timedelta(days=1)


def verdict_on(attempt: Attempt, failures: int, schedule: Sequence[float]) -> Verdict:
    """Delivered, tried again, or given up together with its endpoint.

    An answer that asks for a longer pause than the schedule's gets it, up to ``LONGEST_PAUSE``.

    ``failures`` are the attempts in a row that had failed at this endpoint before; ``schedule`` has the seconds
    between attempts. Since an endpoint gets one delivery at a time, a schedule that has come to its end means that
    nothing got through for as long as it lasts: the endpoint is disabled, and what waits behind is kept for it.
    """
    if not attempt.problem:
        return Verdict(DeliveryStatus.DELIVERED)
    if attempt.status_code == GONE:
        return Verdict(DeliveryStatus.FAILED, disable="The receiver answered 410 Gone.")
    if failures >= len(schedule):
        reason = f"{failures + 1} attempts in a row have failed, the last one because {attempt.problem}."
        return Verdict(DeliveryStatus.FAILED, disable=reason)
    pause = schedule[failures] * random.uniform(1.0, 1.0 + JITTER)  # noqa: S311 - spreads load, keeps no secret
    planned = attempt.at + timedelta(seconds=pause)
    asked = min(attempt.not_before or planned, attempt.at + LONGEST_PAUSE)
    return Verdict(DeliveryStatus.PENDING, retry_at=max(planned, asked))
