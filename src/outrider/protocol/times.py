"""How the wire writes moments."""

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

__all__ = ["milliseconds", "time_of_retry"]

_SECONDS: Final = re.compile(r"\d{1,9}", re.ASCII)


def milliseconds(moment: datetime) -> str:
    """ISO 8601 in UTC with milliseconds and ``Z``: ``2026-01-02T03:04:05.678Z``."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"


def time_of_retry(retry_after: str, now: datetime) -> datetime | None:
    """What a ``Retry-After`` asks for: seconds, or a date (RFC 9110, section 10.2.3); None for anything else."""
    text = retry_after.strip()
    if _SECONDS.fullmatch(text):
        return now + timedelta(seconds=int(text))
    try:
        date = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    return date if date.tzinfo else date.replace(tzinfo=UTC)
