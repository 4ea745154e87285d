from pathlib import Path

from outrider.browsers.downloads import Downloads


def test_a_browser_whose_folders_are_gone_already_may_still_tell_of_downloads(tmp_path: Path) -> None:
    downloads = Downloads(tmp_path / "gone", tmp_path / "too", max_bytes=10, max_files=10)
    downloads.handle("Browser.downloadWillBegin", {"guid": "1", "suggestedFilename": "a.txt"})
    downloads.handle("Browser.downloadProgress", {"guid": "1", "state": "completed"})
    assert (downloads.begun, downloads.failed, downloads.finished, downloads.active) == (1, 1, [], False)
