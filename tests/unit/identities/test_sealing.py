"""Sealed values: readable with the right keys and context, and by nobody else."""

import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outrider.identities.sealing import Sealer, new_sealing_key, open_sealer
from outrider.problems import OutriderError

OLD, NEW = b"a" * 32, b"b" * 32


@given(value=st.binary(max_size=200), context=st.binary(max_size=40))
def test_what_was_sealed_is_opened(value: bytes, context: bytes) -> None:
    sealer = Sealer([OLD])
    sealed = sealer.seal(value, context)

    assert sealer.open(sealed, context) == value
    assert len(value) < 4 or value not in sealed


def test_the_same_value_never_reads_the_same() -> None:
    sealer = Sealer([OLD])

    assert sealer.seal(b"value", b"") != sealer.seal(b"value", b"")


def test_a_new_key_in_front_leaves_old_values_readable() -> None:
    before = Sealer([OLD]).seal(b"value", b"here")
    rotated = Sealer([NEW, OLD])

    assert rotated.open(before, b"here") == b"value"
    assert not rotated.is_current(before)
    assert rotated.is_current(rotated.seal(b"value", b"here"))
    assert Sealer([NEW]).open(rotated.seal(b"value", b"here"), b"here") == b"value"


@pytest.mark.parametrize(
    ("keys", "context", "reason"),
    [([NEW], b"here", "key that it was sealed with"), ([OLD], b"there", "belong elsewhere")],
)
def test_another_key_or_another_context_opens_nothing(keys: list[bytes], context: bytes, reason: str) -> None:
    sealed = Sealer([OLD]).seal(b"value", b"here")

    with pytest.raises(OutriderError) as raised:
        Sealer(keys).open(sealed, context)

    assert raised.value.code == "SECRET_UNREADABLE"
    assert reason in raised.value.cause


@given(st.data())
def test_what_was_changed_or_cut_is_not_opened(data: st.DataObject) -> None:
    sealer = Sealer([OLD])
    sealed = bytearray(sealer.seal(b"value", b""))
    if data.draw(st.booleans()):
        sealed[data.draw(st.integers(0, len(sealed) - 1))] ^= data.draw(st.integers(1, 255))
    else:
        del sealed[data.draw(st.integers(0, len(sealed) - 1)) :]

    with pytest.raises(OutriderError, match="can't be decrypted"):
        sealer.open(bytes(sealed), b"")


@pytest.mark.parametrize("keys", [[], [b"short"], [OLD, b""]])
def test_a_sealer_needs_whole_keys(keys: list[bytes]) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Sealer(keys)


def test_the_first_start_makes_a_key_that_later_ones_use(tmp_path: Path) -> None:
    file = tmp_path / "data" / "sealing.keys"
    sealed = open_sealer("", file).seal(b"value", b"")

    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert open_sealer("", file).open(sealed, b"") == b"value"

    file.write_text(f"{new_sealing_key()}\n\n{file.read_text()}")
    rotated = open_sealer("", file)
    assert rotated.open(sealed, b"") == b"value"
    assert not rotated.is_current(sealed)


def test_keys_of_the_settings_leave_the_file_alone(tmp_path: Path) -> None:
    first, second = new_sealing_key(), new_sealing_key()
    sealed = open_sealer(first, tmp_path / "sealing.keys").seal(b"value", b"")

    assert open_sealer(f"{second}, {first}", tmp_path / "sealing.keys").open(sealed, b"") == b"value"
    assert not (tmp_path / "sealing.keys").exists()


@pytest.mark.parametrize(
    "text",
    ["hunter2", "AAAA", new_sealing_key() + ",", "ü" * 43],
    ids=["no base64", "too short", "an empty one", "other letters"],
)
def test_a_wrong_key_is_refused_and_not_repeated(tmp_path: Path, text: str) -> None:
    with pytest.raises(OutriderError) as raised:
        open_sealer(text, tmp_path / "sealing.keys")

    assert raised.value.code == "CONFIG_INVALID"
    assert text not in raised.value.as_cli()


def test_an_empty_key_file_is_an_error_and_no_reason_for_a_new_key(tmp_path: Path) -> None:
    file = tmp_path / "sealing.keys"
    file.touch()

    with pytest.raises(OutriderError, match="sealing keys"):
        open_sealer("", file)


def test_a_folder_that_can_not_be_used_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(OutriderError) as raised:
        open_sealer("", tmp_path / "file" / "sealing.keys")

    assert raised.value.code == "DATA_FOLDER_UNUSABLE"
