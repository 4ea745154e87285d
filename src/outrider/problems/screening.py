"""The rows of screening (see ``catalogue``)."""

from typing import Final

from outrider.problems.row import Problem

__all__ = ["SCREENING"]

# fmt: off
SCREENING: Final = (
    Problem(
        "REQUEST_BLOCKED", 403,
        "The task is not carried out: {reason}",
        "The rule “{rule}” of screening blocks tasks of this kind.",
        "Word the task differently if it was taken for something that it is not; the operator of the server can switch "
        "the rule off in a file of “screening_rules”.",
    ),
    Problem(
        "SCREENING_INVALID", 422,
        "“screening” or “allowed_sites” is not valid: {reason}",
        "What is meant to protect a session is not ignored for a slip.",
        "Give a mode (allow, ask, always_ask, block) per class of actions, and sites as host names with or without a "
        "port, such as “shop.example” or “*.corp.example:8443”.",
    ),
    Problem(
        "ACTION_BLOCKED", 403,
        "“{action}” is not carried out: {reason}",
        "The rule “{rule}” is of the class “{risk}”, which the policy of the session or the server blocks, or which "
        "the user did not agree to.",
        "Leave the step out of the task, or allow “{risk}” in “screening” (or the site in “allowed_sites”) of the "
        "session or the message; what the server's operator blocks stays blocked.",
    ),
    Problem(
        "ACTION_DECLINED", 409,
        "The user did not agree to “{action}”.",
        "They were asked, because of the rule “{rule}”: {reason}",
        "Go on without it, or end the task; it is blocked when it is tried again.",
    ),
)
# fmt: on
