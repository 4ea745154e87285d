"""Files that pages download: kept in one folder under safe, distinct names."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from outrider.browsers.cdp import Session
from outrider.files.names import distinct_name, safe_name
from outrider.problems import OutriderError

#: What Chromium adds to the name of a file that it is still writing.
_UNFINISHED: Final = ".crdownload"


class Downloads:
    """The downloads of one browser, from its events.

    Finished ones may be taken out of the folder. No two get the same name, nor that of a file in ``uploads``: what a
    task uploads by its name is not to be changed by a page.
    """

    def __init__(self, folder: Path, uploads: Path, *, max_bytes: int, max_files: int, elsewhere: bool = False) -> None:
        """``max_files`` bounds what may lie in the folder; ``elsewhere``: the browser saves where nobody here reads."""
        self.folder = folder
        self._uploads = uploads
        self._elsewhere = elsewhere
        self._max_bytes = max_bytes
        self._max_files = max_files
        #: Guids of what was told to stop, until it has ended.
        self._unwanted: set[str] = set()
        self._root: Session | None = None
        self._names: dict[str, str] = {}
        self._changed = asyncio.Event()
        #: Names of finished files, in order.
        self.finished: list[str] = []
        #: How many have begun so far.
        self.begun = 0
        #: How many ended without a file.
        self.failed = 0

    async def start(self, root: Session) -> None:
        """Have the browser save into the folder and report."""
        self._root = root
        await root.call(
            "Browser.setDownloadBehavior", behavior="allowAndName", downloadPath=str(self.folder), eventsEnabled=True
        )

    def check_reachable(self) -> None:
        """Raises EXTERNAL_BROWSER_UNFIT for a browser that saves its files elsewhere."""
        if self._elsewhere:
            raise OutriderError("EXTERNAL_BROWSER_UNFIT", what="Fetching what a page downloads")

    def handle(self, method: str, params: dict[str, Any]) -> None:
        """One event of the browser."""
        if method == "Browser.downloadWillBegin":
            self._names[params["guid"]] = safe_name(params["suggestedFilename"])
            self.begun += 1
            self._bound_number(params["guid"])
        elif method == "Browser.downloadProgress" and params["state"] == "inProgress":
            self._bound_size(params)
            return
        elif method == "Browser.downloadProgress":
            self._end(params["guid"], params["state"] == "completed")
        else:
            return
        self._changed.set()

    @property
    def active(self) -> bool:
        """A download is under way."""
        return bool(self._names)

    async def until_more(self, seen: int) -> None:
        """Wait until more than ``seen`` files have been finished."""
        while len(self.finished) <= seen:
            self._changed.clear()
            await self._changed.wait()

    async def until_begun(self, seen: int, timeout: float) -> bool:
        """Wait until more than ``seen`` have begun; False after ``timeout`` seconds."""
        return await self._until(lambda: self.begun > seen, timeout)

    async def until_finished(self, seen: int, timeout: float) -> bool:
        """Wait until more than ``seen`` have begun and none is under way; False after ``timeout`` seconds."""
        return await self._until(lambda: self.begun > seen and not self.active, timeout)

    async def _until(self, condition: Callable[[], bool], timeout: float) -> bool:
        try:
            async with asyncio.timeout(timeout):
                while not condition():
                    self._changed.clear()
                    await self._changed.wait()
        except TimeoutError:
            return False
        return True

    def forget(self) -> None:
        """Have nothing downloaded, and nothing under way; the files are not touched."""
        self._names.clear()
        self.finished.clear()

    def _bound_number(self, guid: str) -> None:
        """Cancel what is one too many: nobody has made room for it, and pages may begin as many as they like."""
        try:
            there = {path.name.removesuffix(_UNFINISHED) for path in self.folder.iterdir()}
        except OSError:  # removed meanwhile: the browser is being closed
            return
        if len(there.union(self._names)) > self._max_files:
            self._cancel(guid)

    def _bound_size(self, progress: dict[str, Any]) -> None:
        """Cancel what is larger than a download may be, or says that it will be."""
        if max(progress["receivedBytes"], progress["totalBytes"]) > self._max_bytes:
            self._cancel(progress["guid"])

    def _cancel(self, guid: str) -> None:
        self._unwanted.add(guid)
        if self._root is not None:
            self._root.post("Browser.cancelDownload", guid=guid)

    def _end(self, guid: str, completed: bool) -> None:
        name = self._names.pop(guid, None)
        unwanted = guid in self._unwanted
        self._unwanted.discard(guid)
        if name is None:
            return
        if not completed:
            self.failed += 1
            return
        file = self.folder / guid
        try:
            name = distinct_name(name, {*self.finished, *(path.name for path in self._uploads.iterdir())})
            if unwanted or file.stat().st_size > self._max_bytes:  # it was there before it could be cancelled
                file.unlink()
                self.failed += 1
                return
            file.rename(self.folder / name)
        except OSError:  # removed meanwhile: the browser is being closed
            self.failed += 1
            return
        self.finished.append(name)
