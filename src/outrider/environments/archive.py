"""What of a profile folder is kept, and how it becomes one stream: a compressed tar whose first member is the state.

Cookies are part of the state: those of a session are in no file, and the others may be half a minute late in theirs.
"""

import gzip
import io
import os
import shutil
import tarfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Final

import msgspec

from outrider.environments.sealed_stream import StreamDamagedError
from outrider.interfaces.environments import BrowserState
from outrider.problems import OutriderError

__all__ = ["pack", "size_of", "unpack"]

_STATE: Final = "state.json"
_PROFILE: Final = "profile"
#: Storage is small and often compressed by itself; more effort costs time and wins little.
_COMPRESSION: Final = 1
_BUFFER_BYTES: Final = 256 * 1024
_DEPTH: Final = 2

#: Left out, in the profile folder itself and in ``Default``: what a browser makes anew, what belongs to a process or
#: a machine, and what the state has. The Cache API's storage is no cache in this sense: it lies deeper.
_LEFT_OUT: Final = frozenset(
    {
        "Cache", "Code Cache", "GPUCache", "DawnCache", "DawnGraphiteCache", "DawnWebGPUCache", "GrShaderCache",
        "GraphiteDawnCache", "ShaderCache", "Shared Dictionary", "component_crx_cache", "extensions_crx_cache",
        "optimization_guide_model_store", "Safe Browsing", "BrowserMetrics", "Crashpad", "Crash Reports",
        "blob_storage", "DIPS", "DIPS-journal", "DIPS-wal",
        "SingletonLock", "SingletonSocket", "SingletonCookie", "DevToolsActivePort", "lockfile",
        "Cookies", "Cookies-journal", "Network", "Session Storage", "Sessions",
    }
)  # fmt: skip
_TEMPORARY: Final = (".org.chromium.", ".com.google.", "tmp")


def size_of(profile: Path) -> int:
    """Bytes of the files that would be kept."""
    return sum(path.stat().st_size for path in _kept(profile) if path.is_file())


def pack(profile: Path, state: BrowserState, target: io.RawIOBase, max_bytes: int) -> None:
    """Write state and profile to ``target``. The browser must have ended, or be frozen.

    Raises SNAPSHOT_TOO_LARGE beyond ``max_bytes`` before compression, and OSError.
    """
    encoded = msgspec.json.encode(state)
    size = len(encoded)
    with (
        gzip.GzipFile(fileobj=target, mode="wb", compresslevel=_COMPRESSION) as compressed,
        # "dereference": a file that has two names is two files, and no link, when it comes back.
        tarfile.open(fileobj=compressed, mode="w|", bufsize=_BUFFER_BYTES, dereference=True) as tar,
    ):
        head = tarfile.TarInfo(_STATE)
        head.size = len(encoded)
        tar.addfile(head, io.BytesIO(encoded))
        for path in _kept(profile):
            member = tar.gettarinfo(path, f"{_PROFILE}/{path.relative_to(profile)}")
            size += member.size
            if size > max_bytes:
                raise OutriderError("SNAPSHOT_TOO_LARGE", limit_bytes=max_bytes)
            if member.isreg():
                with path.open("rb") as file:
                    tar.addfile(member, file)
            else:
                tar.addfile(member)


def unpack(source: BinaryIO, folder: Path) -> BrowserState:
    """Fill ``folder`` with the profile, and return the state.

    Raises SNAPSHOT_UNREADABLE for what ``pack`` has not written, and OSError for a folder that can't be written.
    """
    try:
        with tarfile.open(fileobj=source, mode="r|gz", bufsize=_BUFFER_BYTES) as tar:
            state = _state(tar)
            while (member := tar.next()) is not None:  # iterating would begin at the state again
                _extract(tar, member, folder)
    except (tarfile.TarError, zlib.error, EOFError, msgspec.MsgspecError, StreamDamagedError) as error:
        raise OutriderError("SNAPSHOT_UNREADABLE", reason="Its file is damaged.") from error
    return state


def _state(tar: tarfile.TarFile) -> BrowserState:
    head = tar.next()
    content = tar.extractfile(head) if head is not None and head.name == _STATE else None
    if content is None:
        raise StreamDamagedError("its first member is not the state")
    return msgspec.json.decode(content.read(), type=BrowserState)


def _extract(tar: tarfile.TarFile, member: tarfile.TarInfo, folder: Path) -> None:
    """Files and folders below ``folder``, and nothing else; the extraction filters came after Python 3.11.2."""
    parts = PurePosixPath(member.name).parts
    if parts[:1] != (_PROFILE,) or ".." in parts or not (member.isreg() or member.isdir()):
        raise StreamDamagedError("it has a member that was never packed")
    target = folder.joinpath(*parts[1:])
    if member.isdir():
        target.mkdir(mode=0o700, parents=True, exist_ok=True)
        return
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    content = tar.extractfile(member)
    if content is not None:
        with target.open("xb") as file:
            shutil.copyfileobj(content, file)
        os.utime(target, (member.mtime, member.mtime))


def _kept(profile: Path) -> Iterator[Path]:
    """Folders and files to keep, parents first. Links and sockets are none: they belong to a process."""
    yield from _walk(profile, depth=1)


def _walk(folder: Path, depth: int) -> Iterator[Path]:
    with os.scandir(folder) as entries:
        for entry in sorted(entries, key=lambda entry: entry.name):
            if depth <= _DEPTH and (entry.name in _LEFT_OUT or entry.name.startswith(_TEMPORARY)):
                continue
            if entry.is_dir(follow_symlinks=False):
                yield Path(entry.path)
                yield from _walk(Path(entry.path), depth + 1)
            elif entry.is_file(follow_symlinks=False):
                yield Path(entry.path)
