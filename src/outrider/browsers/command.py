"""Which Chromium is run, with which arguments and which environment."""

import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from outrider.config import Settings
from outrider.problems import OutriderError

#: Looked for on the path, best first: the headless shell starts three times faster in a third of the memory.
CANDIDATES: Final = ("chromium-headless-shell", "chromium", "google-chrome")
#: Debian's launchers are shell scripts around these; running the binary itself saves a process.
_DEBIAN_FOLDER: Final = Path("/usr/lib/chromium")
_SHARED_MEMORY: Final = Path("/dev/shm")  # noqa: S108 - asked for its size only
_SHARED_MEMORY_NEEDED: Final = 256 * 1024 * 1024

_ARGUMENTS: Final = (
    "--remote-debugging-pipe",
    "--headless",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-background-networking",
    "--disable-background-timer-throttling",
    "--disable-backgrounding-occluded-windows",
    "--disable-breakpad",
    "--disable-client-side-phishing-detection",
    "--disable-component-update",
    "--disable-crash-reporter",
    "--disable-default-apps",
    "--disable-domain-reliability",
    "--disable-extensions",
    "--disable-features=Translate,MediaRouter,OptimizationHints,Prerender2,AutofillServerCommunication,DialMediaRouteProvider,DeferRendererTasksAfterInput",
    "--disable-hang-monitor",
    "--disable-popup-blocking",
    "--disable-prompt-on-repost",
    "--disable-quic",
    "--disable-renderer-backgrounding",
    "--disable-search-engine-choice-screen",
    "--disable-sync",
    "--hide-scrollbars",
    "--metrics-recording-only",
    "--mute-audio",
    "--no-pings",
    "--no-service-autorun",
    "--password-store=basic",
    "--use-mock-keychain",
    "--accept-lang=en-US,en",
    "--force-color-profile=srgb",
    "--disable-smooth-scrolling",
    "--site-per-process",
)


def find_binary(chosen: Path | None) -> Path:
    """The browser to run: ``chosen``, else the first candidate on the path. Raises BROWSER_NOT_INSTALLED."""
    names: Sequence[str] = (str(chosen),) if chosen else CANDIDATES
    for name in names:
        found = shutil.which(name)
        if found:
            direct = _DEBIAN_FOLDER / Path(found).name
            return direct if chosen is None and os.access(direct, os.X_OK) else Path(found)
    raise OutriderError("BROWSER_NOT_INSTALLED", candidates=", ".join(names))


def arguments(binary: Path, profile: Path, proxy_port: int, settings: Settings) -> list[str]:
    """The command line, program first. The sandbox is left out for root only, for whom Chromium refuses it; in
    namespaces of its own a browser is not root.
    """
    line = [str(binary), *_ARGUMENTS, *way_out(proxy_port), f"--user-data-dir={profile}"]
    line.append(f"--window-size={settings.viewport_width},{settings.viewport_height}")
    if os.geteuid() == 0 and settings.isolation == "process":
        line.append("--no-sandbox")
    if not _has_shared_memory():
        line.append("--disable-dev-shm-usage")
    return [*line, "about:blank"]


def way_out(proxy_port: int) -> tuple[str, ...]:
    """Everything goes through the proxy, also to loopback; no name is looked up, nothing is sent as UDP."""
    return (
        f"--proxy-server=http://127.0.0.1:{proxy_port}",
        "--proxy-bypass-list=<-loopback>",
        "--host-resolver-rules=MAP * ~NOTFOUND,EXCLUDE 127.0.0.1",
        "--webrtc-ip-handling-policy=disable_non_proxied_udp",
        "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",  # its name in the headless shell
    )


def environment(profile: Path) -> dict[str, str]:
    """All variables of the browser. Nothing of the server's own environment is passed on: it may hold secrets."""
    return {
        "HOME": str(profile),
        "TMPDIR": str(profile),
        "XDG_CONFIG_HOME": str(profile),
        "XDG_CACHE_HOME": str(profile),
        "PATH": os.defpath,
        "LANG": "C.UTF-8",
    }


def _has_shared_memory() -> bool:
    try:
        room = os.statvfs(_SHARED_MEMORY)
    except OSError:
        return False
    return room.f_bavail * room.f_frsize >= _SHARED_MEMORY_NEEDED
