"""What a DevTools client may do, command by command."""

from pathlib import Path
from typing import Any

import pytest

from outrider.browsers.devtools_policy import IGNORED, permitted
from outrider.problems import OutriderError

FLAT: dict[str, Any] = {"flatten": True}


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("Page.navigate", {"url": "https://example.org/"}),
        ("Page.navigate", {"url": "about:blank"}),
        ("Page.navigate", {"url": "data:text/html,x"}),
        ("Target.createTarget", {"url": ""}),
        ("Target.createTarget", {}),
        ("Target.setAutoAttach", {"autoAttach": True, **FLAT}),
        ("Target.setAutoAttach", {"autoAttach": False}),
        ("Target.attachToTarget", {"targetId": "t", **FLAT}),
        ("Target.attachToBrowserTarget", {}),
        ("Runtime.evaluate", {"expression": "1"}),
        ("Input.dispatchDragEvent", {"data": {"items": []}}),
        ("DOM.setFileInputFiles", {"files": []}),
    ],
)
def test_what_concerns_pages_is_carried_out_as_it_is(method: str, params: dict[str, Any], tmp_path: Path) -> None:
    assert permitted(method, params, tmp_path) == params


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("Browser.close", {}),
        ("Browser.crash", {}),
        ("Browser.crashGpuProcess", {}),
        ("Browser.getBrowserCommandLine", {}),
        ("Page.addCompilationCache", {"url": "http://x/a.js", "data": "AAAA"}),
        ("Target.exposeDevToolsProtocol", {"targetId": "t"}),
        ("Target.sendMessageToTarget", {"message": "{}"}),
        ("Target.setRemoteLocations", {}),
        ("Target.attachToTarget", {"targetId": "t"}),
        ("Target.attachToTarget", {"targetId": "t", "flatten": 1}),
        ("Target.setAutoAttach", {"autoAttach": True, "waitForDebuggerOnStart": False}),
        ("Target.createBrowserContext", {"proxyServer": "http://127.0.0.1:1"}),
        ("Target.createBrowserContext", {"proxyBypassList": "*"}),
        ("Target.createBrowserContext", {"originsWithUniversalNetworkAccess": ["http://x"]}),
        ("Target.createTarget", {"url": "file:///etc/passwd"}),
        ("Page.navigate", {"url": "file:///etc/passwd"}),
        ("Page.navigate", {"url": " \tFile:///etc/passwd"}),
        ("Page.navigate", {"url": "fi\nle:///etc/passwd"}),
        ("Page.navigate", {"url": "view-source:file:///etc/passwd"}),
        ("Page.navigate", {"url": "chrome://version"}),
        ("Page.navigate", {"url": "/etc/passwd"}),
        ("Page.navigate", {"url": 7}),
        ("Network.loadNetworkResource", {"url": "file:///etc/passwd"}),
        ("DOM.setFileInputFiles", {"files": ["/etc/passwd"]}),
        ("DOM.setFileInputFiles", {"files": "/etc/passwd"}),
        ("DOM.setFileInputFiles", {"files": ["a\0b"]}),
        ("Input.dispatchDragEvent", {"data": {"files": ["/etc/passwd"]}}),
        ("Tethering.bind", {"port": 1}),
        ("SystemInfo.getInfo", {}),
        ("Extensions.loadUnpacked", {"path": "/x"}),
        ("PWA.install", {}),
        ("Invented.later", {}),
        ("", {}),
    ],
)
def test_what_goes_beyond_them_is_refused(method: str, params: dict[str, Any], tmp_path: Path) -> None:
    with pytest.raises(OutriderError) as caught:
        permitted(method, params, tmp_path)
    assert caught.value.code == "DEVTOOLS_REFUSED"


def test_only_files_of_the_session_are_given_to_pages(tmp_path: Path) -> None:
    files = tmp_path / "files"
    files.mkdir()
    (files / "a.txt").write_text("a")
    (tmp_path / "secret").write_text("s")
    (files / "link").symlink_to(tmp_path / "secret")
    own = {"files": [str(files / "a.txt")]}
    assert permitted("DOM.setFileInputFiles", own, files) == own
    for path in (files / "link", files / ".." / "secret", tmp_path / "files-other" / "x"):
        with pytest.raises(OutriderError):
            permitted("DOM.setFileInputFiles", {"files": [str(path)]}, files)


def test_contexts_end_with_their_client(tmp_path: Path) -> None:
    made = permitted("Target.createBrowserContext", {"disposeOnDetach": False}, tmp_path)
    assert made == {"disposeOnDetach": True}


def test_where_downloads_go_is_settled(tmp_path: Path) -> None:
    assert {"Browser.setDownloadBehavior", "Page.setDownloadBehavior"} == IGNORED
    assert permitted("Browser.getVersion", {}, tmp_path) == {}
