"""Exit codes."""

import pytest

from outrider.cli.exits import Exit, exit_for
from outrider.problems import CATALOGUE, OutriderError


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("SERVER_UNREACHABLE", Exit.UNREACHABLE),
        ("UNEXPECTED_ANSWER", Exit.UNREACHABLE),
        ("CONFIG_INVALID", Exit.USAGE),
        ("FILE_UNREADABLE", Exit.USAGE),
        ("UNAUTHORIZED", Exit.USAGE),
        ("TARGET_NOT_FOUND", Exit.FAILED),
        ("BROWSER_NOT_INSTALLED", Exit.FAILED),
    ],
)
def test_a_problem_has_its_exit_code(code: str, expected: Exit) -> None:
    assert exit_for(OutriderError(code)) is expected


def test_no_problem_ends_with_success() -> None:
    assert all(exit_for(OutriderError(code)) is not Exit.DONE for code in CATALOGUE)
