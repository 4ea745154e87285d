"""The rows of what may be reached (see ``catalogue``)."""

from typing import Final

from outrider.problems.row import Problem

__all__ = ["EGRESS"]

# fmt: off
EGRESS: Final = (
    Problem(
        "ADDRESS_REFUSED", 403,
        "“{host}” may not be reached from here: it is {kind}.",
        "Only public addresses are reached, unless the server's operator opens others.",
        "If it is meant to be reached, add “{host}” to the setting “egress_allow”, for example with the environment "
        "variable OUTRIDER_EGRESS_ALLOW={host}, and start the server again.",
    ),
    Problem(
        "ADDRESS_DENIED", 403,
        "“{host}” may not be reached from here: the server's operator has closed it.",
        "It stands in the setting “egress_deny”, by its name or by its address.",
        "Use another site, or have it taken out of “egress_deny” (OUTRIDER_EGRESS_DENY).",
    ),
    Problem(
        "ADDRESS_RESERVED", 403,
        "“{host}” may not be reached from here: it belongs to Outrider itself.",
        "A browser never reaches the server that runs it, nor what belongs to other sessions; no setting opens that.",
        "Call the API from your own program, not from a page.",
    ),
    Problem(
        "NAME_NOT_RESOLVED", 502,
        "The host name “{host}” is not known.",
        "The resolver of the server's machine has no address for it, or did not answer in time.",
        "Check the spelling, and the machine's DNS.",
        retryable=True,
    ),
)
# fmt: on
