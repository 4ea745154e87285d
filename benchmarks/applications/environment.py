"""An environment of its own for each application, installed once from its pins and kept between runs."""

import fcntl
import hashlib
import subprocess
import sys
from pathlib import Path
from typing import Final

__all__ = ["INSIDE", "python_of"]

INSIDE: Final = Path(__file__).parent / "inside"
_CACHE: Final = Path("~/.cache/outrider/applications")


def python_of(name: str) -> Path:
    """The interpreter of its environment; a second caller waits for the first. Raises CalledProcessError."""
    pins = INSIDE / name / "requirements.txt"
    digest = hashlib.sha256(sys.version.encode() + pins.read_bytes()).hexdigest()[:12]
    folder = _CACHE.expanduser() / f"{name}-{digest}"
    python, stamp = folder / "bin" / "python", folder / "installed"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not stamp.exists():
            print(f"Installing {name} with its requirements (once)", file=sys.stderr, flush=True)
            _run(sys.executable, "-m", "venv", str(folder))
            _run(str(python), "-m", "pip", "install", "-qq", "--disable-pip-version-check", "-r", str(pins))
            stamp.touch()
    return python


#: By its number: what stands in for ``sys.stderr`` need not have one.
_STANDARD_ERROR: Final = 2


def _run(*command: str) -> None:
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL, stdout=_STANDARD_ERROR)
