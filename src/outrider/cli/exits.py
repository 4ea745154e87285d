"""What the process ends with."""

from enum import IntEnum
from typing import Final

from outrider.problems import OutriderError

__all__ = ["Exit", "exit_for"]


class Exit(IntEnum):
    """Exit codes of every command."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    UNREACHABLE = 3
    NEEDS_ANSWER = 4
    INTERRUPTED = 130


_BY_CODE: Final = {
    **dict.fromkeys(("SERVER_UNREACHABLE", "UNEXPECTED_ANSWER", "UNKNOWN"), Exit.UNREACHABLE),
    **dict.fromkeys(
        (
            "AGENT_UNKNOWN",
            "CONFIG_INVALID",
            "DATA_FOLDER_IN_USE",
            "DATA_FOLDER_UNUSABLE",
            "ERROR_CODE_UNKNOWN",
            "EXPIRY_PAST",
            "FILE_UNREADABLE",
            "INVALID_URL",
            "MALFORMED_JSON",
            "OUTPUT_SCHEMA_INVALID",
            "PORT_IN_USE",
            "SCOPE_UNKNOWN",
            "SCRIPT_INVALID",
            "SCRIPT_TOO_LARGE",
            "SCRIPT_VARIABLE_INVALID",
            "SCRIPT_VERSION_UNSUPPORTED",
            "UNAUTHORIZED",
            "UNPROCESSABLE",
            "WEBHOOK_URL_REFUSED",
        ),
        Exit.USAGE,
    ),
}


def exit_for(problem: OutriderError) -> Exit:
    """The exit code of a command that ended with ``problem``."""
    return _BY_CODE.get(problem.code, Exit.FAILED)
