"""How many files and connections the process may have open."""

import resource
from typing import Final

from outrider.telemetry import get_logger

__all__ = ["raise_open_files"]

#: Enough; some kernels say “no limit”, and a table of that size is no use to anybody.
_ENOUGH: Final = 1_048_576

log = get_logger(__name__)


def raise_open_files() -> int:
    """Allow as many as the operator's hard limit does, and return that: each reader of an event stream holds one.

    Many systems start processes with 1024, for programs that can't deal with more.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _ENOUGH if hard == resource.RLIM_INFINITY else min(hard, _ENOUGH)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
        except (OSError, ValueError) as error:
            log.warning("limit of open files stays", limit=soft, reason=str(error))
            return soft
    return wanted
