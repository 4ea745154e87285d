"""Prepare the shop once: its environment from ``requirements.txt``, then its catalogue. Standard library only.

Everything lies in ``.venv-shop``; stamps keyed to the requirements and to the seed make the second call free.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

HERE = Path(__file__).resolve().parent
ENVIRONMENT = HERE.parents[1] / ".venv-shop"
CATALOGUE = ENVIRONMENT / "catalogue"
PYTHON = ENVIRONMENT / "bin" / "python"
REQUIREMENTS = HERE / "requirements.txt"


def prepare() -> Path:
    """Folder of the prepared catalogue. A second caller waits for the first."""
    with REQUIREMENTS.open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        _once("environment", [REQUIREMENTS], _install)
        _once("catalogue", [REQUIREMENTS, *sorted((HERE / "shop").glob("*.py"))], _seed)
    return CATALOGUE


def _once(name: str, sources: list[Path], work: Callable[[], None]) -> None:
    """Do the work unless it was done with this Python, in this place, from these sources."""
    digest = hashlib.sha256(f"{sys.version} {ENVIRONMENT}".encode())
    for file in sources:
        digest.update(file.read_bytes())
    stamp = ENVIRONMENT / f"{name}.stamp"
    if stamp.exists() and stamp.read_text() == digest.hexdigest():
        return
    stamp.unlink(missing_ok=True)
    work()
    stamp.write_text(digest.hexdigest())


def _install() -> None:
    _say("Installing django-oscar into .venv-shop (once, about 15 s)")
    _run([sys.executable, "-m", "venv", "--clear", str(ENVIRONMENT)])
    _run([str(PYTHON), "-m", "pip", "install", "-qq", "--disable-pip-version-check", "-r", str(REQUIREMENTS)])


def _seed() -> None:
    _say("Filling the shop with 250 products (once, about 10 s)")
    shutil.rmtree(CATALOGUE, ignore_errors=True)
    CATALOGUE.mkdir()
    settings = {
        "SHOP_CATALOGUE": str(CATALOGUE),
        "SHOP_DATABASE": str(CATALOGUE / "shop.sqlite3"),
        "DJANGO_SETTINGS_MODULE": "shop.settings",
    }
    _run([str(PYTHON), str(HERE / "seed.py")], env=os.environ | settings)


def _run(command: list[str], env: dict[str, str] | None = None) -> None:
    """Run to the end; what it prints goes to standard error, by its number: its stand-in in tests has none."""
    subprocess.run(command, env=env, check=True, stdin=subprocess.DEVNULL, stdout=2)


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    try:
        print(prepare())
    except subprocess.CalledProcessError as error:
        sys.exit(f"The shop could not be prepared: {' '.join(error.cmd[:4])} … ended with {error.returncode}.")
