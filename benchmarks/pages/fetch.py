"""Fetch packages with the tools of their registries and unpack them into the cache.

``python -m benchmarks.pages.fetch NAME …`` does so for packages of the corpus ahead of time.
"""

import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from benchmarks.pages.corpus import PACKAGES, Package
from benchmarks.plan import CACHE

__all__ = ["FetchError", "fetch"]

_DEADLINE_SECONDS: Final = 120.0
_DOWNLOAD: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "pypi": (sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:"),
        "npm": ("npm", "pack", "--silent"),
        "debian": ("apt-get", "download", "--quiet", "-o", "APT::Sandbox::User=root"),
    }
)


class FetchError(Exception):
    """A package could not be had; the text says why."""


def fetch(package: Package, cache: Path) -> Path:
    """The folder of the unpacked package, downloaded unless the cache has it. Raises FetchError."""
    target = cache / f"{package.registry}-{package.requirement}"
    if target.is_dir():
        return target
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache, prefix="fetching-") as folder:
        work = Path(folder)
        try:
            _run(*_DOWNLOAD[package.registry], package.requirement, cwd=work)
        except FetchError:
            if package.registry != "debian":
                raise
            _run("apt-get", "update", "--quiet", cwd=work)  # a new machine has no lists, an old one those of long ago
            _run(*_DOWNLOAD[package.registry], package.requirement, cwd=work)
        archive = next(iter(work.iterdir()))
        unpacked = work / "unpacked"
        _UNPACK[package.registry](archive, unpacked)
        shutil.move(unpacked, target)
    return target


def _unzip(archive: Path, target: Path) -> None:
    shutil.unpack_archive(archive, target, "zip")


def _untar(archive: Path, target: Path) -> None:
    filtered: dict[str, Any] = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}  # not before Python 3.11.4
    shutil.unpack_archive(archive, target, "gztar", **filtered)


def _unpack_deb(archive: Path, target: Path) -> None:
    _run("dpkg-deb", "-x", str(archive), str(target), cwd=archive.parent)


_UNPACK: Final[Mapping[str, Callable[[Path, Path], None]]] = MappingProxyType(
    {"pypi": _unzip, "npm": _untar, "debian": _unpack_deb}
)


def _run(*command: str, cwd: Path) -> None:
    try:
        done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=_DEADLINE_SECONDS, check=False)
    except FileNotFoundError:
        raise FetchError(f"{command[0]} is not installed") from None
    except subprocess.TimeoutExpired:
        raise FetchError(f"{command[0]} took longer than {_DEADLINE_SECONDS:g} s") from None
    if done.returncode:
        raise FetchError(_reason(done.stderr))


def _reason(errors: str) -> str:
    """The line that a registry's tool marks as the error, else its first."""
    lines = [line.strip() for line in errors.splitlines() if line.strip()] or ["no reason given"]
    return next((line for line in lines if line.startswith(("ERROR", "E:", "npm error"))), lines[0])


if __name__ == "__main__":
    for package in PACKAGES:
        if package.name in sys.argv[1:]:
            fetch(package, CACHE)
