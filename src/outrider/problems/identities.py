"""The rows of organisations and keys (see ``catalogue``)."""

from typing import Final

from outrider.problems.row import Problem

__all__ = ["IDENTITIES"]

# fmt: off
IDENTITIES: Final = (
    Problem(
        "ORGANISATION_NOT_FOUND", 404,
        "There is no organisation “{organisation}”.",
        "The id is mistyped, the organisation was removed, or your key is of another one.",
        "List organisations with “outrider orgs list” or GET /v1/admin/organisations: only the operator's key may.",
    ),
    Problem(
        "SHORT_NAME_TAKEN", 409,
        "There is an organisation with the short name “{short_name}” already.",
        "It stands in the addresses of the organisation's data, so it stays taken when the organisation is removed.",
        "Choose another one.",
    ),
    Problem(
        "ORGANISATION_FIXED", 409,
        "The organisation “{organisation}” can't be removed or disabled.",
        "It is the operator's own, and holds the key that manages all others.",
        "Revoke single keys of it, with DELETE /v1/admin/keys/<id>.",
    ),
    Problem(
        "ORGANISATION_CLOSED", 403,
        "The organisation was {how}.",
        "The operator of the server did that. Sessions and runs of the organisation end at once.",
        "Ask the operator of the server.",
    ),
    Problem(
        "KEY_NOT_FOUND", 404,
        "There is no key “{key}”.",
        "The id is mistyped, or the key is of another organisation.",
        "List your keys with “outrider keys list” or GET /v1/admin/keys.",
    ),
    Problem(
        "KEY_REVOKED", 409,
        "The key “{key}” has been revoked.",
        "What was revoked stays so; a key that is to rest for a while is disabled instead.",
        "Make a new key with “outrider keys add” or POST /v1/admin/keys.",
    ),
    Problem(
        "KEY_FIXED", 409,
        "The rights of the key “{key}” can't be changed.",
        "It is an integration key: whoever it was given to relies on the scopes, tiers and agents that it was made "
        "with.",
        "Make another key with the rights that are wanted, then revoke this one; or use keys of the kind “internal”.",
    ),
    Problem(
        "SCOPE_UNKNOWN", 422,
        "There is no scope “{scope}”.",
        "A scope is <area>:<verb>. Areas are {areas}; verbs are {verbs}, each of which includes those before it.",
        "Correct the scope, such as “sessions:write”.",
    ),
    Problem(
        "EXPIRY_PAST", 422,
        "The key would have ended already, at {expires_at}.",
        "“expires_at” has to be in the future.",
        "Send a later one, or null for a key that does not expire; to end a key, revoke it.",
    ),
    Problem(
        "GRANT_EXCEEDED", 403,
        "Your key can't give {what}.",
        "No key can have more rights than the one that makes or changes it, nor outlive it; the area “organisations” "
        "is for keys of the operator's own organisation alone.",
        "Ask for less, or use a key that has all of it.",
    ),
    Problem(
        "TOKEN_KEYS_UNAVAILABLE", 503,
        "The token can't be checked now: the keys of its issuer “{issuer}” could not be loaded.",
        "They are needed to check its signature; the server's log says what failed.",
        "Try again in a moment, or use a key of this server.",
        retryable=True, retry_after_seconds=10,
    ),
    Problem(
        "UPSTREAM_UNAVAILABLE", 502,
        "{url} could not be read: {reason}.",
        "The server needs that document, and its address gave none.",
        "Check the address from the server's machine, and that the setting “egress_allow” opens it if it is private.",
        retryable=True,
    ),
    Problem(
        "LIMIT_OUT_OF_RANGE", 400,
        "“{parameter}” has to be between {least} and {most}.",
        "It says how much of a list is read at a time, or from where on.",
        "Send a number in that range; what comes next in a list is read with the answer's “next_before” as “before”.",
    ),
)
# fmt: on
