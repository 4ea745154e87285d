"""How much a principal may do: its own limit, else its organisation's, else what the plan includes."""

from outrider.config import PlanLimits, Settings
from outrider.interfaces.identities import Principal
from outrider.limits.windows import Limit

__all__ = ["Plans"]


class Plans:
    """Looks up limits. 0 stands for none."""

    def __init__(self, settings: Settings) -> None:
        self._plans = dict(settings.plans)
        self._sessions = settings.max_sessions_per_organisation

    def windows(self, principal: Principal) -> tuple[Limit, ...]:
        """The windows that each request of the principal counts in: of its key, and of its organisation."""
        plan, limits = self._plan(principal), principal.limits
        of_key = _first(principal.requests_per_minute, plan.requests_per_minute_per_key)
        of_organisation = _first(limits.requests_per_minute, plan.requests_per_minute)
        both = (
            Limit("key", f"key:{principal.key_id}", of_key),
            Limit("organisation", f"organisation:{principal.organisation_id}", of_organisation),
        )
        return both if of_key and of_organisation else tuple(limit for limit in both if limit.requests)

    def sessions(self, principal: Principal) -> int:
        """Sessions of the organisation that are neither deleted nor expired."""
        return _first(principal.limits.max_sessions, self._plan(principal).max_sessions, self._sessions)

    def streams(self, principal: Principal) -> int:
        """Event streams of the organisation at the same time."""
        return _first(principal.limits.max_streams, self._plan(principal).max_streams)

    def _plan(self, principal: Principal) -> PlanLimits:
        return self._plans[principal.limits.plan]


def _first(*limits: int | None) -> int:
    return next((limit for limit in limits if limit is not None), 0)
