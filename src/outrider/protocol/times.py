"""How the wire writes moments."""

from datetime import UTC, datetime

__all__ = ["milliseconds"]


def milliseconds(moment: datetime) -> str:
    """ISO 8601 in UTC with milliseconds and ``Z``: ``2026-01-02T03:04:05.678Z``."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"
