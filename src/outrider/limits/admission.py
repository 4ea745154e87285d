"""The one gate that every request with a key passes, whichever surface it came through."""

from collections.abc import Mapping
from dataclasses import dataclass

from outrider.identities.authentication import Authentication
from outrider.interfaces.identities import Principal
from outrider.problems import OutriderError

__all__ = ["Admission", "Demand"]


@dataclass(frozen=True, slots=True)
class Demand:
    """What a request asks for: its surface knows."""

    #: ``area:verb``.
    scope: str
    #: Of client data.
    tier: str | None = None


class Admission:
    """Decides in a fixed order, so that a request that is wrong in two ways always hears of the same one."""

    def __init__(self, authentication: Authentication) -> None:
        self._authentication = authentication

    async def authenticate(self, headers: Mapping[str, str], query_key: str | None = None) -> Principal:
        """Who makes a request with these headers, their names in lower case. Raises UNAUTHORIZED.

        ``query_key`` is the key of the query, for surfaces that take one there.
        """
        return await self._authentication.authenticate(headers, query_key)

    async def admit(self, principal: Principal, demand: Demand) -> None:
        """Let the request pass. Raises SCOPE_MISSING, INSUFFICIENT_TIER."""
        if not principal.allows(demand.scope):
            raise OutriderError(
                "SCOPE_MISSING", scope=demand.scope, scopes=", ".join(sorted(principal.scopes)) or "none"
            )
        if demand.tier is not None and demand.tier not in principal.tiers:
            tiers = ", ".join(sorted(principal.tiers)) or "none"
            raise OutriderError("INSUFFICIENT_TIER", tier=demand.tier, tiers=tiers)
