from pathlib import Path

import pytest

from outrider.files.names import distinct_name, safe_name


@pytest.mark.parametrize(
    ("suggested", "name"),
    [
        ("report.pdf", "report.pdf"),
        ("../../etc/passwd", "passwd"),
        ("..\\..\\boot.ini", "boot.ini"),
        (".bashrc", "bashrc"),
        ("..", "download"),
        ("", "download"),
        ('a"b<c>\x00.txt', "a_b_c_.txt"),
        ("x" * 300 + ".csv", "x" * 116 + ".csv"),
        ("y" * 300, "y" * 120),
    ],
)
def test_names_are_safe(suggested: str, name: str) -> None:
    assert safe_name(suggested) == name


def test_names_are_distinct(tmp_path: Path) -> None:
    for expected in ("a.txt", "a (2).txt", "a (3).txt"):
        assert distinct_name(tmp_path, "a.txt") == expected
        (tmp_path / expected).touch()
