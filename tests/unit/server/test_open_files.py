"""The process's limit of open files."""

import resource
from collections.abc import Iterator

import pytest

from outrider.server.open_files import raise_open_files


@pytest.fixture
def limits() -> Iterator[tuple[int, int]]:
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    yield before
    resource.setrlimit(resource.RLIMIT_NOFILE, before)


def test_the_soft_limit_is_raised_to_the_hard_one(limits: tuple[int, int]) -> None:
    soft, hard = limits
    if hard == resource.RLIM_INFINITY:
        hard = soft
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard // 2, hard))
    allowed = raise_open_files()
    assert allowed == resource.getrlimit(resource.RLIMIT_NOFILE)[0] == min(hard, 1_048_576)
    assert raise_open_files() == allowed
