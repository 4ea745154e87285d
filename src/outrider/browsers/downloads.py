"""Files that pages download: kept in one folder under safe, distinct names."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

from outrider.browsers.cdp import Session
from outrider.files.names import distinct_name, safe_name
from outrider.problems import OutriderError


class Downloads:
    """The downloads of one browser, from its events."""

    def __init__(self, folder: Path, max_bytes: int, *, elsewhere: bool = False) -> None:
        """``elsewhere``: the browser saves files where nobody here can get at them."""
        self.folder = folder
        self._elsewhere = elsewhere
        self._max_bytes = max_bytes
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
        elif method == "Browser.downloadProgress" and params["state"] == "inProgress":
            self._bound(params)
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

    def _bound(self, progress: dict[str, Any]) -> None:
        """Cancel what is larger than a download may be, or says that it will be."""
        if self._root is not None and max(progress["receivedBytes"], progress["totalBytes"]) > self._max_bytes:
            self._root.post("Browser.cancelDownload", guid=progress["guid"])

    def _end(self, guid: str, completed: bool) -> None:
        name = self._names.pop(guid, None)
        if name is None:
            return
        if not completed:
            self.failed += 1
            return
        name, file = distinct_name(self.folder, name), self.folder / guid
        try:
            if file.stat().st_size > self._max_bytes:  # it was there before it could be cancelled
                file.unlink()
                self.failed += 1
                return
            file.rename(self.folder / name)
        except OSError:  # removed meanwhile: the browser is being closed
            self.failed += 1
            return
        self.finished.append(name)
