"""Names of files as strangers suggest them, and as they are kept."""

import re
from collections.abc import Container, Sequence
from fnmatch import fnmatchcase
from mimetypes import guess_type
from pathlib import Path
from typing import Final

__all__ = ["distinct_name", "fits", "media_type", "safe_name"]

#: Also what steers a terminal, or turns around how a name reads: “report[U+202E]fdp.exe”.
_UNSAFE: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069/\\:*?\"<>|]+")
_NAME_LIMIT: Final = 120
#: Bytes: file systems take no more than 255, and a letter may be four.
_BYTE_LIMIT: Final = 240


def safe_name(suggested: str) -> str:
    """A file name without a path, control characters or a leading dot."""
    name = _UNSAFE.sub("_", suggested.replace("\\", "/").rsplit("/", 1)[-1]).strip(" .") or "download"
    stem, dot, suffix = name.rpartition(".")
    if not dot:
        return _cut(name[:_NAME_LIMIT], _BYTE_LIMIT)
    suffix = _cut(suffix[:_NAME_LIMIT], _BYTE_LIMIT // 2)
    return f"{_cut(stem[: _NAME_LIMIT - len(suffix) - 1], _BYTE_LIMIT // 2)}.{suffix}".lstrip(" .")


def _cut(text: str, limit: int) -> str:
    return text.encode("utf-8", "replace")[:limit].decode("utf-8", "ignore")


def distinct_name(name: str, taken: Container[str]) -> str:
    """``name``, or ``name (2)`` and so on when it is taken."""
    path, number = Path(name), 1
    while name in taken:
        number += 1
        name = f"{path.stem} ({number}){path.suffix}"
    return name


def media_type(name: str) -> str:
    """What a file's name says that it holds: ``application/pdf``."""
    return guess_type(name, strict=False)[0] or "application/octet-stream"


def fits(name: str, patterns: Sequence[str]) -> bool:
    """Whether a name is of one of the kinds: media types (``image/*``) or endings (``.csv``). No pattern fits all."""
    lowered = name.lower()
    return not patterns or any(
        lowered.endswith(pattern.lower()) if pattern.startswith(".") else fnmatchcase(media_type(lowered), pattern)
        for pattern in patterns
    )
