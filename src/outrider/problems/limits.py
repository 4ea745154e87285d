"""The rows of limits and credits (see ``catalogue``)."""

from typing import Final

from outrider.problems.row import Problem

__all__ = ["LIMITS"]

# fmt: off
LIMITS: Final = (
    Problem(
        "RATE_LIMITED", 429,
        "Too many requests: {whose} may make {limit} in {window_seconds} s.",
        "The window rolls: each request counts for exactly that long. Refused ones do not count.",
        "Wait for the seconds in “Retry-After”, then go on; “RateLimit” on every answer says what is left. Ten calls "
        "that do not wait are followed by 403 THROTTLE_IGNORED.",
        retryable=True,
    ),
    Problem(
        "THROTTLE_IGNORED", 403,
        "The key is blocked for {retry_after_seconds} s: it went on calling after 429.",
        "More than ten calls in a row were refused for the rate limit, and none of them waited for “Retry-After”.",
        "Wait that long, then call again; have the client wait for “Retry-After” whenever it gets 429.",
    ),
    Problem(
        "STREAM_LIMIT_REACHED", 429,
        "Your organisation has {current} event streams open, and may have {limit}.",
        "A stream counts until it ends or its client goes away.",
        "Close streams that nobody reads, or ask the operator of the server for more.",
        retryable=True, retry_after_seconds=10,
    ),
    Problem(
        "INSUFFICIENT_TIER", 403,
        "The key does not have the tier “{tier}”.",
        "It has these tiers: {tiers}.",
        "Use a key that has it, or have one made by somebody who manages the organisation's keys.",
    ),
    Problem(
        "AGENT_NOT_ALLOWED", 403,
        "The key may not use the agent “{agent}”.",
        "It is limited to certain agents, and this is none of them.",
        "Use a key that may, or have one made by somebody who manages the organisation's keys.",
    ),
    Problem(
        "POLICY_REFUSED", 403,
        "The request is refused by a rule of this server.",
        "A rule of the setting “block_rules” fits its address, its user agent or its path.",
        "Ask the operator of the server.",
    ),
    Problem(
        "INSUFFICIENT_CREDITS", 402,
        "It costs {needed} credits, and your organisation has {available}.",
        "Credits that are held for calls under way are not available until those end.",
        "Have credits granted by the operator of the server; GET /v1/credits shows the balance.",
    ),
    Problem(
        "CREDIT_REFERENCE_TAKEN", 409,
        "The reference “{reference}” was used before, for something else.",
        "It stands for one grant or one hold, with one amount.",
        "Use a new reference for a new amount; the same one only to repeat exactly what may have failed.",
    ),
    Problem(
        "CREDIT_HOLD_CLOSED", 409,
        "The credits held as “{reference}” have been dealt with: {outcome}.",
        "A hold is settled or released once, and released by itself when it expires.",
        "Nothing has to be done; to charge again, hold again with a new reference.",
    ),
    Problem(
        "CREDIT_HOLD_NOT_FOUND", 404,
        "There are no credits held as “{reference}”.",
        "Nothing was held under that reference.",
        "Check the reference; hold before settling.",
    ),
    Problem(
        "CREDIT_AMOUNT_INVALID", 422,
        "{amount} credits can't be settled of {held} that are held.",
        "What is settled is at least 0 and at most what was held.",
        "Settle at most what was held.",
    ),
    Problem(
        "LIMITS_STORE_UNREACHABLE", 503,
        "The store of rate limits can't be reached.",
        "{reason}",
        "Start the Redis or Valkey that “limits_store” names, or correct the setting. A server that already runs "
        "counts for itself until then.",
        retryable=True,
    ),
)
# fmt: on
