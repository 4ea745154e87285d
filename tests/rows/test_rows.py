"""Every row has a test, and every mark is a row."""

from pathlib import Path

import pytest
from tests.rows.table import all_rows, proofs_by_row

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "conformance.md"


@pytest.mark.parametrize("row", all_rows())
def test_a_row_has_a_test(row: str) -> None:
    assert proofs_by_row().get(row)


def test_marks_are_rows() -> None:
    assert proofs_by_row().keys() <= all_rows().keys()


def test_the_reference_page_lists_the_tests() -> None:
    written = PAGE.read_text(encoding="utf-8")
    missing = [
        test for tests in proofs_by_row().values() for test in tests if test.removeprefix("tests/") not in written
    ]

    assert not missing, "run scripts/conformance"
