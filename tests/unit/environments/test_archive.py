"""What of a profile folder is kept, and that only what was packed is unpacked."""

import gzip
import io
import os
import tarfile
from pathlib import Path
from typing import Any

import pytest

from outrider.environments.archive import pack, size_of, unpack
from outrider.interfaces.environments import BrowserState, OriginState, TabState
from outrider.problems import OutriderError

STATE = BrowserState(
    cookies=({"name": "session", "value": "ab", "domain": "shop.test", "path": "/"},),
    tabs=(TabState("https://shop.test/", origins=(OriginState("https://shop.test", session={"step": "2"}),)),),
)
PLENTY = 10_000_000


class Target(io.RawIOBase):
    """A stream in memory."""

    def __init__(self) -> None:
        self.content = bytearray()

    def write(self, data: Any, /) -> int:
        self.content += data
        return len(data)


def profile_with(folder: Path, *files: str) -> Path:
    for name in files:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    return folder


def packed(profile: Path, max_bytes: int = PLENTY) -> bytes:
    target = Target()
    pack(profile, STATE, target, max_bytes)
    return bytes(target.content)


def test_storage_comes_back_and_caches_do_not(tmp_path: Path) -> None:
    kept = (
        "Default/IndexedDB/http_a_1.leveldb/000003.log",
        "Default/Service Worker/CacheStorage/x/Cache/1",
        "Local State",
    )
    left = ("Default/Cache/data_0", "Default/GPUCache/index", "Default/Cookies", "SingletonLock", ".org.chromium.x/y")
    profile = profile_with(tmp_path / "profile", *kept, *left)
    (profile / "link").symlink_to("/etc/hostname")

    state = unpack(io.BytesIO(packed(profile)), tmp_path / "restored")

    assert state == STATE
    found = {
        str(path.relative_to(tmp_path / "restored")) for path in (tmp_path / "restored").rglob("*") if path.is_file()
    }
    assert found == set(kept)
    assert (tmp_path / "restored" / kept[0]).read_text() == kept[0]
    assert size_of(profile) == sum(map(len, kept))


def test_what_is_too_large_is_not_packed(tmp_path: Path) -> None:
    profile = profile_with(tmp_path, "Default/big")
    (tmp_path / "Default" / "big").write_bytes(os.urandom(10_000))

    with pytest.raises(OutriderError) as raised:
        packed(profile, max_bytes=9_000)

    assert raised.value.code == "SNAPSHOT_TOO_LARGE"


def archive_of(*members: tuple[str, bytes]) -> bytes:
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w:gz") as tar:
        for name, content in members:
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return target.getvalue()


@pytest.mark.parametrize(
    "stream",
    [
        b"",
        b"not a tar",
        gzip.compress(b"not a tar"),
        archive_of(("other.json", b"{}")),
        archive_of(("state.json", b"{")),
        archive_of(("state.json", b'{"cookies": 3}')),
        archive_of(("state.json", b"{}"), ("profile/../../outside", b"x")),
        archive_of(("state.json", b"{}"), ("profile/a", bytes(range(256)) * 9))[:-60],
    ],
    ids=("empty", "text", "packed text", "no state", "half a state", "wrong state", "path outside", "cut off"),
)
def test_what_is_no_snapshot_is_said_to_be_unreadable(tmp_path: Path, stream: bytes) -> None:
    with pytest.raises(OutriderError) as raised:
        unpack(io.BytesIO(stream), tmp_path / "inside" / "profile")

    assert raised.value.code == "SNAPSHOT_UNREADABLE"
    assert not (tmp_path / "outside").exists()


def test_a_file_with_two_names_comes_back_under_both(tmp_path: Path) -> None:
    profile = profile_with(tmp_path / "profile", "Default/one")
    (profile / "Default" / "two").hardlink_to(profile / "Default" / "one")

    unpack(io.BytesIO(packed(profile)), tmp_path / "restored")

    restored = tmp_path / "restored" / "Default"
    assert [(restored / name).read_text() for name in ("one", "two")] == ["Default/one"] * 2
