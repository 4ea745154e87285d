"""Encrypted streams: what was written comes back, and nothing else does."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outrider.environments.sealed_stream import CHUNK_BYTES, SealedReader, SealedWriter, StreamDamagedError
from outrider.identities.sealing import Sealer
from outrider.problems import OutriderError

SEALER = Sealer([b"k" * 32])


def sealed(*parts: bytes, context: bytes = b"here") -> bytes:
    target = io.BytesIO()
    with SealedWriter(target, SEALER, context) as writer:
        for part in parts:
            writer.write(part)
    return target.getvalue()


def opened(data: bytes, sealer: Sealer = SEALER, context: bytes = b"here") -> bytes:
    with io.BufferedReader(SealedReader(io.BytesIO(data), sealer, context)) as reader:
        return reader.read()


@given(
    parts=st.lists(st.binary(max_size=50), max_size=5), padding=st.sampled_from([0, 1, CHUNK_BYTES, 2 * CHUNK_BYTES])
)
def test_what_was_written_is_read(parts: list[bytes], padding: int) -> None:
    plain = b"".join(parts) + b"x" * padding

    assert opened(sealed(*parts, b"x" * padding)) == plain
    assert opened(sealed(plain)) == plain


def test_the_plain_text_is_nowhere() -> None:
    assert b"session=abcdef" not in sealed(b"session=abcdef" * 100)


@given(st.data())
def test_what_was_changed_is_not_read(data: st.DataObject) -> None:
    stream = bytearray(sealed(b"some state of a browser"))
    stream[data.draw(st.integers(0, len(stream) - 1))] ^= data.draw(st.integers(1, 255))

    with pytest.raises((StreamDamagedError, OutriderError)):
        opened(bytes(stream))


@pytest.mark.parametrize("kept", [0, 5, 40, -1, -17, -CHUNK_BYTES - 16])
def test_what_was_cut_is_not_read(kept: int) -> None:
    with pytest.raises((StreamDamagedError, OutriderError)):
        opened(sealed(b"x" * 2 * CHUNK_BYTES)[:kept])


def test_chunks_can_not_change_places() -> None:
    stream = sealed(b"a" * CHUNK_BYTES, b"b" * CHUNK_BYTES, b"c")
    chunk = CHUNK_BYTES + 16
    head = len(stream) - 2 * chunk - 17
    swapped = stream[:head] + stream[head + chunk :][:chunk] + stream[head:][:chunk] + stream[-17:]

    with pytest.raises(StreamDamagedError):
        opened(swapped)


@pytest.mark.parametrize(("key", "context"), [(b"o" * 32, b"here"), (b"k" * 32, b"there")])
def test_another_key_or_place_opens_nothing(key: bytes, context: bytes) -> None:
    with pytest.raises(OutriderError) as raised:
        opened(sealed(b"state"), Sealer([key]), context)

    assert raised.value.code == "SECRET_UNREADABLE"


def test_an_older_key_still_opens() -> None:
    assert opened(sealed(b"state"), Sealer([b"n" * 32, b"k" * 32])) == b"state"
