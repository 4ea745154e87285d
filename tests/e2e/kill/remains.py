"""What a server and its browsers leave on the machine: processes, folders, ports."""

import os
import signal
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from tests.e2e.api.serving import SECONDS

#: TCP_LISTEN in /proc/net/tcp.
_LISTENS = "0A"


def browser_processes(data_dir: Path) -> list[int]:
    """Every process, renderers and helpers included, that was started for a browser of this data folder."""
    found = []
    for entry in Path("/proc").iterdir():
        with suppress(OSError):
            if entry.name.isdecimal() and str(data_dir / "browsers") in _words(entry):
                found.append(int(entry.name))
    return found


def _words(process: Path) -> str:
    """Command line and environment, by one of which each process of a browser names its folder."""
    return (process / "cmdline").read_bytes().decode(errors="replace") + (process / "environ").read_bytes().decode(
        errors="replace"
    )


def main_processes(data_dir: Path) -> list[int]:
    """The browsers' own processes: leaders of their groups."""
    return [pid for pid in browser_processes(data_dir) if _leads_group(pid)]


def _leads_group(pid: int) -> bool:
    try:
        return os.getpgid(pid) == pid
    except ProcessLookupError:
        return False


def folders(data_dir: Path) -> list[Path]:
    """What lies where browsers keep their profiles."""
    browsers = data_dir / "browsers"
    return list(browsers.iterdir()) if browsers.is_dir() else []


def is_listening(url: str) -> bool:
    host, port = url.removeprefix("http://").split(":")
    with socket.socket() as probe:
        return probe.connect_ex((host, int(port))) == 0


def listening_ports(pid: int) -> set[int]:
    """Where a process listens for TCP: its own port, and the way out of each of its browsers."""
    sockets = set()
    for entry in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(OSError):
            sockets.add(str(entry.readlink()))
    rows = [line.split() for line in Path(f"/proc/{pid}/net/tcp").read_text().splitlines()[1:]]
    return {int(row[1].split(":")[1], 16) for row in rows if row[3] == _LISTENS and f"socket:[{row[9]}]" in sockets}


def kill_browser(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def wait_until(condition: Callable[[], bool], what: str) -> None:
    """Wait for something in the process table or the file system, which send no events."""
    deadline = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < deadline, f"still waiting for: {what}"
        time.sleep(0.02)
