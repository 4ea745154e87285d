"""The one gate that every request with a key passes, whichever surface it came through."""

from dataclasses import dataclass

from outrider.interfaces.identities import Principal
from outrider.problems import OutriderError

__all__ = ["Admission", "Demand"]


@dataclass(frozen=True, slots=True)
class Demand:
    """What a request asks for: its surface knows."""

    #: ``area:verb``.
    scope: str


class Admission:
    """Decides in a fixed order, so that a request that is wrong in two ways always hears of the same one."""

    async def admit(self, principal: Principal, demand: Demand) -> None:
        """Let the request pass. Raises SCOPE_MISSING."""
        if not principal.allows(demand.scope):
            raise OutriderError(
                "SCOPE_MISSING", scope=demand.scope, scopes=", ".join(sorted(principal.scopes)) or "none"
            )
