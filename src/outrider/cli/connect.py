"""Finds the server that a command talks to, or opens one for the occasion."""

import asyncio
import os
import shutil
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, nullcontext, suppress
from dataclasses import dataclass
from ipaddress import IPv6Address
from pathlib import Path
from typing import Final, TypeVar

import httpx

from outrider import server
from outrider.client import OutriderClient, Retries
from outrider.config import Settings, load_settings
from outrider.problems import OutriderError
from outrider.screening.hosts import parse_host, site_of
from outrider.screening.kinds import kind_of
from outrider.server.folder import is_alive

__all__ = ["Target", "connect", "opened_for", "work"]

_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})

#: Whoever sits at the terminal is told at once, and decides.
_NO_RETRIES: Final = Retries(attempts=1)

#: Settings of a server that we open ourselves: reachable from here only, silent, no browser ahead of need.
_FOR_NOW: Final = {"host": "127.0.0.1", "port": 0, "public_url": "", "warm_browsers": 0, "log_level": "error"}

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Target:
    """What the user said about the server; None is not said."""

    server: str | None
    key: str | None
    data_dir: Path | None
    config: Path | None


@asynccontextmanager
async def connect(target: Target, *, lasting: bool = True, start_url: str = "") -> AsyncIterator[OutriderClient]:
    """A client of the named server, else of the one that uses the data folder, else of one that we open meanwhile.

    What the last one records stays in the data folder when it is to be ``lasting``; else it is gone afterwards, and
    any number of such servers get along. One that we open reaches ``start_url`` also at a private address: whoever
    types it can reach it anyway. Raises CONFIG_INVALID, UNAUTHORIZED without a key, and what opening raises.
    """
    settings = load_settings(target.config, data_dir=target.data_dir)
    url = target.server or server.running_server(settings)
    if url is not None:
        async with OutriderClient(url, _given_key(target) or _kept_key(settings, url), retries=_NO_RETRIES) as client:
            yield client
        return
    if lasting:
        said = (
            f"No server runs on {settings.data_dir}, so what is kept there is opened. Another: --data-dir or --server."
        )
        print(said, file=sys.stderr, flush=True)
    with nullcontext(settings.data_dir) if lasting else _folder_for_now(settings.data_dir) as folder:
        opened = opened_for(start_url)
        for entry in opened:
            print(
                f"{entry} may be reached during this run, because the task begins there.", file=sys.stderr, flush=True
            )
        allow = [*settings.egress_allow, *opened]
        ours = settings.model_copy(update=_FOR_NOW | {"data_dir": folder, "egress_allow": allow})
        server.configure_logging(ours.log_level, ours.log_format)
        async with (
            server.open_server(ours) as own,
            OutriderClient(own.url, _kept_key(ours, own.url), retries=_NO_RETRIES) as client,
        ):
            yield client


def opened_for(start_url: str) -> list[str]:
    """The site of the start page as an entry of “egress_allow”, when it would be refused otherwise.

    Only what is an address already: a name may lead somewhere else by the time it is looked up.
    """
    try:
        name, port = site_of(start_url)
        host = parse_host(name)
    except (ValueError, OutriderError):
        return []  # none, or one that the server will say what is wrong with
    if host != "localhost" and (isinstance(host, str) or not kind_of(host)):
        return []
    return [f"[{host}]:{port}" if isinstance(host, IPv6Address) else f"{host}:{port}"]


@contextmanager
def _folder_for_now(data_dir: Path) -> Iterator[Path]:
    """A data folder of this process, removed afterwards; what killed processes have left is removed before.

    Raises DATA_FOLDER_UNUSABLE.
    """
    parent = data_dir / "for-now"
    for left in parent.glob("*"):
        if left.name.isdecimal() and not is_alive(left.name):
            shutil.rmtree(left, ignore_errors=True)
    try:
        for made in (data_dir, parent):  # one by one: ``parents`` would make them readable to all
            made.mkdir(mode=0o700, parents=made is data_dir, exist_ok=True)
    except OSError as error:
        raise OutriderError("DATA_FOLDER_UNUSABLE", folder=data_dir, reason=f"{error.strerror}.") from error
    folder = parent / str(os.getpid())
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        with suppress(OSError):  # another process has its folder here
            parent.rmdir()


def work(target: Target, do: Callable[[OutriderClient], Awaitable[T]]) -> T:
    """What ``do`` returns for the client of the target."""

    async def within() -> T:
        async with connect(target) as client:
            return await do(client)

    return asyncio.run(within())


def _given_key(target: Target) -> str:
    """The key as it is good; the client warns too, but in the words of a program."""
    given = target.key or ""
    if given != given.strip():
        print("There were blanks around the API key; they were left out.", file=sys.stderr, flush=True)
    return given.strip()


def _kept_key(settings: Settings, url: str) -> str:
    """The key in the data folder; it is never sent to another machine."""
    if httpx.URL(url).host not in _LOOPBACK:
        raise OutriderError("UNAUTHORIZED", reason=f"No key was given for {url}: use --key or OUTRIDER_KEY.")
    try:
        return settings.key_file.read_text().strip()
    except (OSError, UnicodeDecodeError):
        raise OutriderError(
            "UNAUTHORIZED", reason=f"No key was given, and {settings.key_file} can't be read."
        ) from None
