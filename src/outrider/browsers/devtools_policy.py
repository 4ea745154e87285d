"""What a DevTools client of a session may do: whatever concerns its pages, nothing beyond them.

The browser runs as the server's user. Reading files, writing them elsewhere, opening ports, getting round the proxy,
and ending or reconfiguring the browser as a whole are therefore refused. Domains that nobody has looked at are
refused as well. Reference: https://chromedevtools.github.io/devtools-protocol/tot/.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final
from urllib.parse import urlsplit

from outrider.problems import OutriderError

__all__ = ["IGNORED", "permitted"]

Params = dict[str, Any]

_DOMAINS: Final = frozenset(
    {
        "Accessibility", "Animation", "Audits", "Autofill", "BackgroundService", "Browser", "CSS", "CacheStorage",
        "Console", "DOM", "DOMDebugger", "DOMSnapshot", "DOMStorage", "Database", "Debugger", "DeviceAccess",
        "DeviceOrientation", "Emulation", "EventBreakpoints", "FedCm", "Fetch", "FileSystem", "HeadlessExperimental",
        "HeapProfiler", "IO", "IndexedDB", "Input", "Inspector", "LayerTree", "Log", "Media", "Memory", "Network",
        "Overlay", "Page", "Performance", "PerformanceTimeline", "Preload", "Profiler", "Runtime", "Schema",
        "Security", "ServiceWorker", "Storage", "Target", "Tracing", "WebAudio", "WebAuthn",
    }
)  # fmt: skip

_WHOLE_BROWSER: Final = "It ends or changes the browser as a whole."
_MACHINE: Final = "It tells about the machine or reaches into it."
_REFUSED: Final[Mapping[str, str]] = MappingProxyType(
    {
        "Browser.close": _WHOLE_BROWSER,
        "Browser.crash": _WHOLE_BROWSER,
        "Browser.crashGpuProcess": _WHOLE_BROWSER,
        "Browser.executeBrowserCommand": _WHOLE_BROWSER,
        "Browser.getBrowserCommandLine": _MACHINE,
        "Browser.setDockTile": _MACHINE,
        "Page.addCompilationCache": "Chromium runs what is in there without looking at it.",
        "Target.exposeDevToolsProtocol": "It would hand DevTools to a page.",
        "Target.sendMessageToTarget": "Sessions are flat: send with “sessionId” instead.",
        "Target.setRemoteLocations": _MACHINE,
        "Target.openDevTools": _WHOLE_BROWSER,
        "Target.getDevToolsTarget": _WHOLE_BROWSER,
    }
)

#: Answered with an empty result and not carried out: clients send them unasked, and the session has settled them.
IGNORED: Final = frozenset({"Browser.setDownloadBehavior", "Page.setDownloadBehavior"})

_OPENED_SCHEMES: Final = frozenset({"http", "https", "data", "blob"})
_OWN_NETWORK: Final = frozenset({"proxyServer", "proxyBypassList", "originsWithUniversalNetworkAccess"})


def permitted(method: str, params: Params, files: Path) -> Params:
    """The parameters with which the command may be carried out. Raises DEVTOOLS_REFUSED.

    ``files`` is the folder of the session's own files.
    """
    reason = _REFUSED.get(method, "")
    if not reason and method.partition(".")[0] not in _DOMAINS:
        reason = "It belongs to a domain that is not open to clients."
    if not reason and (check := _CHECKS.get(method)):
        reason = check(params, files)
    if reason:
        raise OutriderError("DEVTOOLS_REFUSED", method=method[:100], reason=reason)
    return params | _FORCED.get(method, {})


def _opens(params: Params, files: Path) -> str:
    del files
    url = params.get("url", "")
    if not isinstance(url, str):
        return "“url” is no text."
    # What a browser strips before it reads the scheme.
    address = url.strip("".join(map(chr, range(33)))).translate({ord(each): None for each in "\t\r\n"})
    if address.lower() in ("", "about:blank") or urlsplit(address[:20]).scheme.lower() in _OPENED_SCHEMES:
        return ""
    return "Only http, https, data and blob addresses may be opened."


def _flat(params: Params, files: Path) -> str:
    del files
    return "" if params.get("flatten") is True else "Sessions are flat: “flatten” has to be true."


def _auto_attaches(params: Params, files: Path) -> str:
    return _flat(params, files) if params.get("autoAttach") else ""


def _context(params: Params, files: Path) -> str:
    del files
    own = sorted(_OWN_NETWORK & params.keys())
    return f"“{own[0]}” would get round the session's network rules." if own else ""


def _own_files(params: Params, files: Path) -> str:
    return _all_below(params.get("files"), files)


def _dragged_files(params: Params, files: Path) -> str:
    data = params.get("data")
    return _all_below(data.get("files"), files) if isinstance(data, dict) else ""


def _all_below(names: object, files: Path) -> str:
    if names is None:
        return ""
    folder = files.resolve()
    if isinstance(names, list) and all(
        isinstance(name, str) and "\0" not in name and Path(name).resolve().is_relative_to(folder) for name in names
    ):
        return ""
    return "Only files of the session may be given to a page."


_CHECKS: Final[Mapping[str, Callable[[Params, Path], str]]] = MappingProxyType(
    {
        "DOM.setFileInputFiles": _own_files,
        "Input.dispatchDragEvent": _dragged_files,
        "Network.loadNetworkResource": _opens,
        "Page.navigate": _opens,
        "Target.attachToTarget": _flat,
        "Target.createBrowserContext": _context,
        "Target.createTarget": _opens,
        "Target.setAutoAttach": _auto_attaches,
    }
)
_FORCED: Final[Mapping[str, Params]] = MappingProxyType({"Target.createBrowserContext": {"disposeOnDetach": True}})
