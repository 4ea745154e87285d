"""Files of snapshots in one folder; on a network folder they are there for every worker."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final

__all__ = ["FolderBlobs"]

#: A file that is being written. Readers never see one.
_DRAFT: Final = ".draft"


class FolderBlobs:
    """``interfaces.environments.BlobStore``: files of mode 0600 that come to be by a rename."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @contextmanager
    def writing(self, name: str) -> Iterator[BinaryIO]:
        """See ``BlobStore.writing``."""
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = self._folder / f"{name}{_DRAFT}"
        try:
            descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                yield file
                file.flush()
                os.fsync(descriptor)
            draft.replace(self._folder / name)
            self._flush_folder()
        finally:
            draft.unlink(missing_ok=True)

    @contextmanager
    def reading(self, name: str) -> Iterator[BinaryIO]:
        """See ``BlobStore.reading``."""
        with (self._folder / name).open("rb") as file:
            yield file

    def size(self, name: str) -> int:
        """See ``BlobStore.size``."""
        return (self._folder / name).stat().st_size

    def remove(self, name: str) -> None:
        """See ``BlobStore.remove``."""
        (self._folder / name).unlink(missing_ok=True)

    def names(self) -> Iterator[str]:
        """See ``BlobStore.names``. Folders are nobody's: a volume has its ``lost+found``."""
        if self._folder.is_dir():
            yield from (file.name for file in self._folder.iterdir() if not file.is_dir())

    def _flush_folder(self) -> None:
        """The new name is durable only with its folder."""
        descriptor = os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
