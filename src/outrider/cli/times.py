"""Times as people type them at the command line."""

import re
from datetime import UTC, datetime, timedelta
from typing import Final

import typer

__all__ = ["ago", "from_now"]

_UNITS: Final = {"d": "days", "h": "hours", "m": "minutes"}


def from_now(text: str, option: str) -> str:
    """“90d” or a date as the wire writes it; a span lies ahead. Raises BadParameter."""
    return _moment(text, option, 1)


def ago(text: str, option: str) -> str:
    """The same, but a span lies behind."""
    return _moment(text, option, -1)


def _moment(text: str, option: str, direction: int) -> str:
    try:
        if found := re.fullmatch(r"(\d{1,5})([dhm])", text):
            return (datetime.now(UTC) + direction * timedelta(**{_UNITS[found[2]]: int(found[1])})).isoformat()
        moment = datetime.fromisoformat(text)
    except (ValueError, OverflowError):
        raise typer.BadParameter(f"write {option} as 90d, 12h, 30m, 2030-01-31 or 2030-01-31T12:00:00Z") from None
    return (moment if moment.tzinfo else moment.astimezone()).isoformat()
