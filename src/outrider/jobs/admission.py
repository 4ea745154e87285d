"""Whether a run of a job may begin: the gate of requests, for whom the job stands."""

from typing import Final

from outrider.interfaces.identities import KeyStore, Principal
from outrider.interfaces.schedules import ScheduledJob
from outrider.limits.admission import Admission, Demand
from outrider.limits.prices import Prices
from outrider.problems import OutriderError
from outrider.sessions.creation import Agents

__all__ = ["RunAdmission"]

_SCOPE: Final = "sessions:write"


class RunAdmission:
    """Rights, rates and credits of runs, as they are when the run begins.

    Jobs belong to the organisation, and outlive the key that made them: keys are replaced, and people who have logged
    in for an hour plan for a year. The agents that a key may use go on counting as they were last.
    """

    def __init__(self, keys: KeyStore, admission: Admission, agents: Agents, prices: Prices) -> None:
        self._keys = keys
        self._admission = admission
        self._agents = agents
        self._prices = prices

    async def admit(self, job: ScheduledJob) -> Principal:
        """Let a run begin, and say for whom.

        It uses a slot of the organisation's window. Credits are only looked at: the task's first message holds them,
        but without them no session is to be started in vain. Raises ORGANISATION_CLOSED, AGENT_UNKNOWN, and what
        ``Admission.admit`` does.
        """
        principal = await self.principal(job)
        agents = self._agents.of(principal)
        name = job.plan.agent_name or agents.default
        model = agents.model_of(name)
        price = self._prices.of(name, model, job.plan.max_steps)
        await self._admission.admit(principal, Demand(_SCOPE, agent=(name, model), needs=price.most if price else 0))
        return principal

    async def principal(self, job: ScheduledJob) -> Principal:
        """For whom the job runs. Raises ORGANISATION_CLOSED."""
        organisation = await self._keys.find_organisation(job.organisation_id)
        if organisation is None or organisation.disabled:
            raise OutriderError("ORGANISATION_CLOSED", how="removed" if organisation is None else "disabled")
        return Principal(
            organisation_id=organisation.id,
            key_id=job.id,
            key_tail="",
            scopes=frozenset({_SCOPE}),
            agents=await self._agents_of(job),
            short_name=organisation.short_name,
            limits=organisation,
        )

    async def _agents_of(self, job: ScheduledJob) -> frozenset[str] | None:
        try:
            return (await self._keys.key(job.key_id)).agents
        except OutriderError as problem:
            if problem.code != "KEY_NOT_FOUND":
                raise
            return job.agents  # it was a token
