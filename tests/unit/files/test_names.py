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
        ("a." + "b" * 200, "b" * 120),
        ("report\u202efdp.exe", "report_fdp.exe"),
        ("\x9b31mred.txt", "_31mred.txt"),
    ],
)
def test_names_are_safe(suggested: str, name: str) -> None:
    assert safe_name(suggested) == name


def test_names_are_distinct() -> None:
    taken: set[str] = set()
    for expected in ("a.txt", "a (2).txt", "a (3).txt"):
        assert distinct_name("a.txt", taken) == expected
        taken.add(expected)
