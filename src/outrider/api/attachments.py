"""Files on their way to clients: whole or in part, as attachments that no browser takes for a page."""

import asyncio
import os
import re
from collections.abc import AsyncIterator
from typing import BinaryIO, Final
from urllib.parse import quote

from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from outrider.files.store import StoredFile
from outrider.problems import OutriderError
from outrider.protocol.conditional import Precondition

__all__ = ["Attachment"]

_CHUNK_BYTES: Final = 65_536
#: One range; what else a client may ask for is answered with the whole file (RFC 9110, section 14.2).
_RANGE: Final = re.compile(r"bytes=(?:(\d{1,18})-(\d{1,18})?|-(\d{1,18}))")


class Attachment(StreamingResponse):
    """The bytes of a file, or the range that was asked for.

    The file is opened before the answer begins, so that who removes it meanwhile cuts nothing off. Raises
    FILE_NOT_FOUND, FILE_STORAGE_FAILED, VERSION_CONFLICT and RANGE_NOT_SATISFIABLE when it is sent.
    """

    def __init__(self, file: StoredFile, expected: Precondition, wanted: str | None, if_range: str | None) -> None:
        """``wanted`` and ``if_range``: the headers “Range” and “If-Range”."""
        super().__init__((), media_type=file.media_type)
        self._file = file
        self._expected = expected
        self._wanted = wanted
        self._if_range = if_range

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Open, send, close."""
        try:
            opened = await asyncio.to_thread(self._file.path.open, "rb")
        except FileNotFoundError as error:
            raise OutriderError("FILE_NOT_FOUND", name=self._file.name) from error
        except OSError as error:
            raise OutriderError("FILE_STORAGE_FAILED", reason=f"{error.strerror}.") from error
        with opened:
            self._prepare(opened)
            await super().__call__(scope, receive, send)

    def _prepare(self, opened: BinaryIO) -> None:
        status = os.fstat(opened.fileno())
        tag = f'"{status.st_ino:x}-{status.st_mtime_ns:x}-{status.st_size:x}"'
        self._expected.check(tag)
        asked = self._wanted if self._if_range in (None, tag) else None
        found = _range_of(asked or "", status.st_size)
        first, last = found or (0, status.st_size - 1)
        if first >= status.st_size and found:
            raise OutriderError("RANGE_NOT_SATISFIABLE", name=self._file.name, bytes=status.st_size)
        self.headers.update(
            {
                "Content-Length": str(last - first + 1),
                "Content-Disposition": _disposition(self._file.name),
                "Accept-Ranges": "bytes",
                "ETag": tag,
                "X-Content-Type-Options": "nosniff",
                "Cache-Control": "private, no-store",
            }
        )
        if found:
            self.status_code = 206
            self.headers["Content-Range"] = f"bytes {first}-{last}/{status.st_size}"
        self.body_iterator = _chunks(opened, first, last - first + 1)


async def _chunks(opened: BinaryIO, start: int, count: int) -> AsyncIterator[bytes]:
    await asyncio.to_thread(opened.seek, start)
    while count and (chunk := await asyncio.to_thread(opened.read, min(_CHUNK_BYTES, count))):
        count -= len(chunk)
        yield chunk


def _range_of(wanted: str, size: int) -> tuple[int, int] | None:
    """First and last byte of what the header asks for, the first maybe behind the end; None for the whole file."""
    found = _RANGE.fullmatch(wanted)
    if found is None:
        return None
    first, last, tail = (None if part is None else int(part) for part in found.groups())
    if first is None:
        return (max(0, size - tail), size - 1) if tail else (size, size)
    return None if last is not None and last < first else (first, min(size if last is None else last, size - 1))


def _disposition(name: str) -> str:
    """As RFC 6266 says; the plain form where the name needs no other."""
    quoted = quote(name)
    return f'attachment; filename="{name}"' if quoted == name else f"attachment; filename*=utf-8''{quoted}"
