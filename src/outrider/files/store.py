"""Where files of sessions are kept: one folder for each session, apart from browsers, which come and go."""

import fcntl
import os
import secrets
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Final, Self

from outrider.config import Settings
from outrider.files.names import distinct_name, fits, media_type, safe_name
from outrider.problems import OutriderError

__all__ = ["FileKind", "FileStore", "StoredFile"]

#: Marks a folder that outlives its session; its time says since when.
_KEPT: Final = "kept"


class FileKind(StrEnum):
    """How a file came into the session; also the folder that it is in."""

    DOWNLOAD = "download"
    UPLOAD = "upload"
    #: A picture of a page that an answer was read from.
    EVIDENCE = "evidence"


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file of a session. Its name is the only one of that name in the session."""

    name: str
    kind: FileKind
    bytes: int
    media_type: str
    created_at: datetime
    path: Path


class FileStore:
    """The folders of all sessions below ``root``. Its methods block, for as long as the disk takes.

    Raises OSError for what the disk refuses.
    """

    def __init__(self, root: Path, *, max_bytes: int, max_files: int, types: Sequence[str]) -> None:
        self._root = root
        self._max_bytes = max_bytes
        self._max_files = max_files
        self._types = tuple(types)

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """The one that the settings describe."""
        return cls(
            settings.files_dir,
            max_bytes=settings.max_file_bytes,
            max_files=settings.max_files,
            types=settings.upload_types,
        )

    # --- for clients

    def all(self, session_id: str) -> tuple[StoredFile, ...]:
        """The session's files, oldest first."""
        found = (file for kind in FileKind for file in _files_in(self._folder(session_id, kind), kind))
        return tuple(sorted(found, key=lambda file: (file.created_at, file.name)))

    def get(self, session_id: str, name: str) -> StoredFile:
        """One of them. Raises FILE_NOT_FOUND."""
        for file in self.all(session_id):
            if file.name == name:
                return file
        raise OutriderError("FILE_NOT_FOUND", name=name)

    def offer(self, session_id: str, name: str, content: bytes) -> StoredFile:
        """Keep a file for uploads; one of the same name that was offered before is replaced.

        Raises FILE_TOO_LARGE, FILE_TYPE_REFUSED, FILE_LIMIT_REACHED, and FILE_EXISTS for the name of another file.
        """
        name = safe_name(name)
        if len(content) > self._max_bytes:
            raise OutriderError("FILE_TOO_LARGE", limit_bytes=self._max_bytes)
        if not fits(name, self._types):
            raise OutriderError("FILE_TYPE_REFUSED", name=name, media_type=media_type(name), known=_said(self._types))
        with self._changing(session_id) as session:
            self._require_room(session_id, name)
            draft = session / secrets.token_hex(8)  # in no list while it is written
            try:
                draft.write_bytes(content)
                draft.replace(self._made_folder(session_id, FileKind.UPLOAD) / name)
            except OSError:
                draft.unlink(missing_ok=True)
                raise
            return self.get(session_id, name)

    def remove(self, session_id: str, name: str) -> bool:
        """Remove a file; False when there is none of that name."""
        if name not in self._names(session_id):
            return False
        with self._changing(session_id):
            try:
                self.get(session_id, name).path.unlink()
            except (OutriderError, FileNotFoundError):  # somebody else was faster
                return False
        return True

    def witness(self, session_id: str, name: str, content: bytes) -> StoredFile:
        """Keep a piece of evidence, under a distinct name."""
        with self._changing(session_id):
            name = distinct_name(name, self._names(session_id))
            (self._made_folder(session_id, FileKind.EVIDENCE) / name).write_bytes(content)
            return self.get(session_id, name)

    # --- for the session's browser

    def take_in(self, session_id: str, downloaded: Sequence[Path], uploads: Path | None = None) -> None:
        """Take over what a browser has downloaded, as far as there is room: what is removed here is gone for good.

        ``uploads`` is the folder that the browser uploads from, where they are within its reach all the while.
        """
        waiting = [path for path in downloaded if path.is_file()]
        if not waiting:
            return
        with self._changing(session_id):
            names, room = self._names(session_id), self._max_files - len(self._counted(session_id))
            for path in waiting[: max(0, room)]:
                name = distinct_name(path.name, names)
                if uploads is not None:
                    (uploads / name).unlink(missing_ok=True)
                    (uploads / name).hardlink_to(path)
                path.replace(self._made_folder(session_id, FileKind.DOWNLOAD) / name)
                names.add(name)

    def hand_out(self, session_id: str, folder: Path) -> None:
        """Lay the session's files into the folder that its browser uploads from, and remove what is gone."""
        if not (self._root / session_id).is_dir():
            return  # it never had any
        with self._changing(session_id):
            files = {file.name: file for file in self._counted(session_id)}
            for path in folder.iterdir():
                if path.name not in files or not path.samefile(files[path.name].path):
                    path.unlink()
            for file in files.values():
                target = folder / file.name
                if not target.exists():
                    target.hardlink_to(file.path)

    # --- the end of a session

    def keep(self, session_id: str) -> None:
        """Have the session's files outlive it."""
        folder = self._root / session_id
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        (folder / _KEPT).touch()

    def kept_since(self, session_id: str) -> datetime | None:
        """When it was said that the files outlive the session; None when it was not."""
        try:
            return datetime.fromtimestamp((self._root / session_id / _KEPT).stat().st_mtime, UTC)
        except FileNotFoundError:
            return None

    def end(self, session_id: str) -> None:
        """Remove the files of a session that has ended, unless they are kept."""
        if self.kept_since(session_id) is None:
            self.purge(session_id)

    def purge(self, session_id: str) -> None:
        """Remove them in any case."""
        shutil.rmtree(self._root / session_id, ignore_errors=True)

    def sessions(self) -> tuple[str, ...]:
        """Ids of the sessions that have a folder."""
        return tuple(path.name for path in self._root.iterdir()) if self._root.is_dir() else ()

    # --- parts

    @contextmanager
    def _changing(self, session_id: str) -> Iterator[Path]:
        """The session's folder, to oneself: names and numbers that were looked up stay true.

        For short: a session has several writers, each of which has a store of its own.
        """
        folder = self._root / session_id
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield folder
        finally:
            os.close(descriptor)

    def _require_room(self, session_id: str, name: str) -> None:
        """Raises FILE_EXISTS and FILE_LIMIT_REACHED for a file that is to be offered."""
        others = [file for file in self.all(session_id) if (file.name, file.kind) != (name, FileKind.UPLOAD)]
        if any(file.name == name for file in others):
            raise OutriderError("FILE_EXISTS", name=name)
        counted = sum(file.kind is not FileKind.EVIDENCE for file in others)
        if counted >= self._max_files:
            raise OutriderError("FILE_LIMIT_REACHED", limit=self._max_files, current=counted)

    def _counted(self, session_id: str) -> list[StoredFile]:
        """What the limit is for, and what a page may get."""
        return [file for file in self.all(session_id) if file.kind is not FileKind.EVIDENCE]

    def _names(self, session_id: str) -> set[str]:
        return {file.name for file in self.all(session_id)}

    def _folder(self, session_id: str, kind: FileKind) -> Path:
        return self._root / session_id / kind.value

    def _made_folder(self, session_id: str, kind: FileKind) -> Path:
        folder = self._folder(session_id, kind)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return folder


def _files_in(folder: Path, kind: FileKind) -> Iterator[StoredFile]:
    """Without what is removed while it is looked at."""
    try:
        paths = tuple(folder.iterdir())
    except FileNotFoundError:
        return
    for path in paths:
        try:
            status = path.stat()
        except FileNotFoundError:
            continue
        created_at = datetime.fromtimestamp(status.st_mtime, UTC)
        yield StoredFile(path.name, kind, status.st_size, media_type(path.name), created_at, path)


def _said(patterns: Sequence[str]) -> str:
    return ", ".join(patterns)
