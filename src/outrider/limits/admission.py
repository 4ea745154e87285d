"""The one gate that every request with a key passes, whichever surface it came through."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass

from outrider.identities.authentication import Authentication
from outrider.interfaces.identities import Principal
from outrider.limits.credits import Credits, Reservation
from outrider.limits.plans import Plans
from outrider.limits.quotas import Places
from outrider.limits.rates import Rates
from outrider.limits.windows import Limit
from outrider.problems import OutriderError
from outrider.screening.content import Screener

__all__ = ["Admission", "Admitted", "Demand"]


@dataclass(frozen=True, slots=True)
class Demand:
    """What a request asks for: its surface knows."""

    #: ``area:verb``.
    scope: str
    #: Of client data.
    tier: str | None = None
    #: Name and id of the agent that it calls.
    agent: tuple[str, ...] = ()
    #: What it wants done, in words. A surface whose words stand in a body that is read later screens them there.
    texts: tuple[str, ...] = ()
    #: It opens an event stream: that takes a place among the streams instead of a slot of the windows.
    stream: bool = False
    #: Windows that it counts in beside those of key and organisation, such as the agent's.
    windows: tuple[Limit, ...] = ()
    #: In credits, and the reference under which they are held.
    cost: int = 0
    reference: str = ""
    #: Credits that have to be there, and that something which follows will hold.
    needs: int = 0


@dataclass(frozen=True, slots=True)
class Admitted:
    """A request that may go on."""

    #: Header fields that say what is left.
    rate: Mapping[str, str]
    #: Gives back what it holds for as long as it runs: its place among the streams. Idempotent.
    release: Callable[[], None]
    #: What was asked for in credits; None for what costs nothing.
    credits: Reservation | None = None


class Admission:
    """Decides in a fixed order: scope, tier, screening, rate, quota, credits.

    So a request that is wrong in two ways always hears of the same one, what is refused for its rights uses no slot,
    and nothing is held for what is refused. One that quota or credits refuse has used its slot, though: else they could
    be asked without end.
    """

    def __init__(
        self,
        authentication: Authentication,
        rates: Rates,
        plans: Plans,
        streams: Places,
        credit: Credits,
        screener: Screener,
    ) -> None:
        self._authentication = authentication
        self._rates = rates
        self._plans = plans
        self._streams = streams
        self._credits = credit
        self._screener = screener

    async def authenticate(self, headers: Mapping[str, str], query_keys: Sequence[str] = ()) -> Principal:
        """Who makes a request with these headers, their names in lower case. Raises UNAUTHORIZED.

        ``query_keys`` are those of the query, for surfaces that take one there.
        """
        return await self._authentication.authenticate(headers, query_keys)

    async def admit(self, principal: Principal, demand: Demand) -> Admitted:
        """Let the request pass.

        Raises SCOPE_MISSING, INSUFFICIENT_TIER, AGENT_NOT_ALLOWED, REQUEST_BLOCKED, RATE_LIMITED, THROTTLE_IGNORED,
        STREAM_LIMIT_REACHED, INSUFFICIENT_CREDITS and what else ``Credits.reserve`` does.
        """
        _check_rights(principal, demand)
        if demand.texts:
            await self._screener.admit(principal.organisation_id, demand.reference, *demand.texts)
        if demand.stream:
            rate = await self._rates.pass_by(principal)
        else:
            rate = await self._rates.take(principal, demand.windows)
        with ExitStack() as held:
            if demand.stream:
                limit = self._plans.streams(principal)
                held.enter_context(self._streams.taken(principal.organisation_id, limit))
            credit = None
            if demand.needs:
                await self._credits.check(principal.organisation_id, demand.needs)
            if demand.cost:
                credit = await self._credits.reserve(principal.organisation_id, demand.cost, demand.reference)
            return Admitted(rate, held.pop_all().close, credit)

    async def confirm(self, headers: Mapping[str, str], demand: Demand) -> None:
        """Let a request that was admitted go on, unless its key has ended, or has lost the right. Uses nothing.

        Raises UNAUTHORIZED, SCOPE_MISSING, INSUFFICIENT_TIER, AGENT_NOT_ALLOWED.
        """
        _check_rights(await self.authenticate(headers), demand)

    async def rate_of(self, principal: Principal) -> Mapping[str, str]:
        """The header fields for a request that was not admitted."""
        return await self._rates.fields(principal)


def _check_rights(principal: Principal, demand: Demand) -> None:
    if not principal.allows(demand.scope):
        scopes = ", ".join(sorted(principal.scopes)) or "none"
        raise OutriderError("SCOPE_MISSING", scope=demand.scope, scopes=scopes)
    if demand.tier is not None and demand.tier not in principal.tiers:
        tiers = ", ".join(sorted(principal.tiers)) or "none"
        raise OutriderError("INSUFFICIENT_TIER", tier=demand.tier, tiers=tiers)
    if demand.agent and not principal.may_use(*demand.agent):
        raise OutriderError("AGENT_NOT_ALLOWED", agent=demand.agent[0])
