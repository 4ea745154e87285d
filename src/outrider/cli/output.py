"""What a command prints: JSON for programs, lines for people."""

import json
from collections.abc import Iterable
from typing import Any

__all__ = ["print_result"]


def print_result(value: Any, as_json: bool, lines: Iterable[str]) -> None:
    """Print the value as JSON, or its lines."""
    if as_json:
        print(json.dumps(value, indent=2, ensure_ascii=False))
        return
    for line in lines:
        print(line)
