"""Rows about files of sessions."""

from typing import Final

from outrider.problems.row import Problem

__all__ = ["FILES"]

# fmt: off
FILES: Final = (
    Problem(
        "FILE_NOT_FOUND", 404,
        "The session has no file “{name}”.",
        "The name is mistyped, the download has not finished, or the file was removed.",
        "List the session's files with GET …/files.",
    ),
    Problem(
        "FILE_EXISTS", 409,
        "The session has a file “{name}” already, which an upload can't replace.",
        "Names of files are distinct within a session.",
        "Offer the file under another name, or remove that one first.",
    ),
    Problem(
        "FILE_TOO_LARGE", 413,
        "The file is larger than {limit_bytes} bytes.",
        "The setting “max_file_bytes” bounds what may be offered.",
        "Offer a smaller file, or raise the setting.",
    ),
    Problem(
        "FILE_TYPE_REFUSED", 422,
        "Files like “{name}” ({media_type}) may not be offered.",
        "The setting “upload_types” allows: {known}.",
        "Offer a file of an allowed type, or extend the setting.",
    ),
    Problem(
        "FILE_LIMIT_REACHED", 429,
        "The session has {current} files already, and may have {limit}.",
        "The setting “max_files” bounds the files of one session.",
        "Remove files with DELETE …/files/NAME, or raise the setting.",
    ),
    Problem(
        "FILE_STORAGE_FAILED", 503,
        "The server could not read or write the session's files.",
        "{reason}",
        "Check free space and permissions of the data folder.",
        retryable=True, retry_after_seconds=5,
    ),
    Problem(
        "RANGE_NOT_SATISFIABLE", 416,
        "The file “{name}” has no such range of bytes: it has {bytes}.",
        "The header “Range” asks for bytes behind the end of the file.",
        "Ask for less, or leave the header out.",
    ),
)
# fmt: on
