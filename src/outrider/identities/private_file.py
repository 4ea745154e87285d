"""Files that hold a secret of this server: readable by their owner only, written as a whole or not at all."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from outrider.problems import OutriderError

__all__ = ["usable", "write_private"]


@contextmanager
def usable(path: Path) -> Iterator[None]:
    """Raise DATA_FOLDER_UNUSABLE in place of an error of the operating system with a file of the data folder."""
    try:
        yield
    except OSError as error:
        reason = f"{path.name}: {error.strerror}."
        raise OutriderError("DATA_FOLDER_UNUSABLE", folder=path.parent, reason=reason) from error


def write_private(path: Path, text: str) -> None:
    """Write the text and a line's end, durably, with mode 0600; folders that are missing get mode 0700."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f"{path.name}.new")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text + "\n")
        file.flush()
        os.fsync(descriptor)
    draft.replace(path)
