"""The rows of snapshots (see ``catalogue``)."""

from typing import Final

from outrider.problems.row import Problem

__all__ = ["SNAPSHOTS"]

# fmt: off
SNAPSHOTS: Final = (
    Problem(
        "SNAPSHOT_NOT_FOUND", 404,
        "There is no saved snapshot of {owner}.",
        "Nothing was saved there, its retention is over, or it belongs to another organisation.",
        "Save one when a session ends: DELETE /v1/sessions/…?save_snapshot_mode=filesystem, for the user's default "
        "with “save_as_default=true”; the user is the organisation, its key's id, or “me”.",
    ),
    Problem(
        "SNAPSHOT_UNREADABLE", 409,
        "The snapshot of this environment can't be read.",
        "{reason}",
        "Create the session without restoring, and save it anew. If the server's sealing keys were changed, put the "
        "old one back behind the new one.",
    ),
    Problem(
        "SNAPSHOT_MODE_MISSING", 422,
        "The session's environment can't become the default one without being saved.",
        "“save_as_default” is true, and “save_snapshot_mode” is none.",
        "Set “save_snapshot_mode” to filesystem or memory, or leave “save_as_default” out.",
    ),
    Problem(
        "SNAPSHOT_TOO_LARGE", 413,
        "The session's environment is larger than {limit_bytes} bytes, and was not saved.",
        "Its sites keep that much in the browser.",
        "Raise the setting “snapshot_max_bytes”, or delete the session without saving it.",
    ),
    Problem(
        "SNAPSHOT_FAILED", 503,
        "The session's environment was not saved, and the session was not deleted.",
        "{reason}",
        "Delete the session without saving it. An earlier snapshot of the environment is still there.",
    ),
)
