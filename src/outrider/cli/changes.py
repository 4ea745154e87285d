"""What a command was told to set: fields that were left out stay as they are, some words stand for no limit."""

from typing import Any, Final

__all__ = ["given", "limit"]

_NONE_SET: Final = object()
_WITHOUT: Final = (0, ["*"], "never")


def limit(value: object) -> object:
    """A limit that takes 0, “*” or “never” for none."""
    return _NONE_SET if value in _WITHOUT else value


def given(**fields: object) -> dict[str, Any]:
    """Fields that were said, as the wire has them: null is no limit."""
    return {name: None if value is _NONE_SET else value for name, value in fields.items() if value is not None}
