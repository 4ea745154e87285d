"""How far a browser is shut off from the machine: as a process of its own, or in namespaces of its own as well.

With ``bubblewrap`` (https://github.com/containers/bubblewrap) a browser sees the programs in ``/usr``, the fonts and
certificates in ``/etc``, and its session's folder; no other file, no other process. It runs as an unprivileged user in
there, so that Chromium's own sandbox is on also under a server that runs as root. The network is shared: the way out
is a port of loopback.
"""

import asyncio
import shutil
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from outrider.config import Settings
from outrider.problems import OutriderError

__all__ = ["check_isolation", "confined"]

_PROGRAM: Final = "bwrap"
_NAMESPACES: Final = (
    "--unshare-user", "--uid", "1000", "--gid", "1000",
    "--unshare-pid", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try",
    "--die-with-parent",
)  # fmt: skip
_OWN: Final = ("--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp")  # noqa: S108 - one that is empty
#: Links into /usr on a merged system, folders on an older one.
_SYSTEM: Final = ("/bin", "/lib", "/lib64", "/sbin")
#: Read-only, where they exist: fonts, certificates, time zone, policies of the browser.
_SHOWN: Final = (
    "/usr", "/etc/fonts", "/etc/ssl", "/etc/ca-certificates", "/etc/pki", "/etc/localtime", "/etc/chromium",
    "/etc/opt/chrome", "/var/cache/fontconfig",
)  # fmt: skip
#: A user namespace within the user namespace is what Chromium's sandbox will ask for.
_TRIAL: Final = ("/usr/bin/unshare", "--user", "/usr/bin/true")
_TRIAL_SECONDS: Final = 10.0


def confined(line: Sequence[str], folder: Path, settings: Settings) -> list[str]:
    """The command line, within namespaces when the settings say so; of writable files only ``folder`` is there."""
    if settings.isolation == "process":
        return list(line)
    program = Path(line[0]).resolve()
    own = ("--bind", str(folder), str(folder), "--chdir", str(folder))
    return [_bubblewrap(), *_view(program.parent), *own, "--", str(program), *line[1:]]


async def check_isolation(settings: Settings) -> None:
    """Raise ISOLATION_UNAVAILABLE when this machine can't give what the settings ask for."""
    if settings.isolation == "process":
        return
    trial = (_bubblewrap(), *_view(Path("/usr")), "--", *_TRIAL)
    process = await asyncio.create_subprocess_exec(*trial, stdin=DEVNULL, stdout=DEVNULL, stderr=PIPE)
    try:
        async with asyncio.timeout(_TRIAL_SECONDS):
            _, words = await process.communicate()
    except TimeoutError as error:
        process.kill()
        await process.wait()
        raise OutriderError("ISOLATION_UNAVAILABLE", reason=f"{_PROGRAM} does not end") from error
    if process.returncode:
        said = words.decode("utf-8", "replace").strip().splitlines()
        raise OutriderError("ISOLATION_UNAVAILABLE", reason=said[-1] if said else f"{_PROGRAM} failed")


def _bubblewrap() -> str:
    found = shutil.which(_PROGRAM)
    if found is None:
        raise OutriderError("ISOLATION_UNAVAILABLE", reason=f"there is no program {_PROGRAM} on the path")
    return found


def _view(program: Path) -> list[str]:
    """Arguments for what is to be seen, the folder of the program included."""
    view = [*_NAMESPACES, *_OWN]
    for shown in (*_SHOWN, *([] if program.is_relative_to("/usr") else [str(program)])):
        view += ["--ro-bind-try", shown, shown]
    for path in map(Path, _SYSTEM):
        if path.is_symlink():
            view += ["--symlink", str(path.readlink()), str(path)]
        elif path.is_dir():
            view += ["--ro-bind", str(path), str(path)]
    return view
