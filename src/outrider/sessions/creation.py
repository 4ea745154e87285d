"""What a new session is asked to be, and what becomes of it: agent, limits, identifiers."""

import uuid
from collections.abc import Collection, Mapping, Sequence, Set
from copy import copy
from dataclasses import dataclass
from typing import Final, Self

from outrider.environments.selection import Source, Wish
from outrider.interfaces.identities import Principal
from outrider.interfaces.sessions import SessionSpec
from outrider.problems import OutriderError
from outrider.protocol.urls import check_cdp_url
from outrider.screening.content import Policy

__all__ = ["Agents", "NewSession"]

DEFAULT_AGENT: Final = "agi-0"
MANAGED: Final = "managed-cdp"
EXTERNAL: Final = "external-cdp"

_RESTORING: Final = (
    "restore_from_session_id",
    "restore_default_environment_from_user_id",
    "restore_from_environment_id",
)
#: What asks for a part of the API that this version does not have.
_SESSION_TYPES: Final = {"desktop": "Desktop mode"}


class Agents:
    """The names that a session's ``agent_name`` may have, and the models that they stand for."""

    def __init__(self, models: Collection[str], aliases: Mapping[str, str]) -> None:
        known = {name: model for name, model in aliases.items() if model in models}
        self._models: Mapping[str, str] = {name: name for name in models} | known
        #: Names that the organisation may use, and the key may not.
        self._withheld: Set[str] = frozenset()

    def of(self, principal: Principal) -> Self:
        """Those that the principal may use: its organisation, and its key, are given names of agents or of models."""
        known = {name: model for name, model in self._models.items() if _is_enabled(principal, name, model)}
        own = copy(self)
        own._models = {name: model for name, model in known.items() if principal.may_use(name, model)}
        own._withheld = known.keys() - own._models.keys()
        return own

    @property
    def names(self) -> tuple[str, ...]:
        """All names, in alphabetical order."""
        return tuple(sorted(self._models))

    @property
    def default(self) -> str:
        """The name that a session gets when it asks for none."""
        return DEFAULT_AGENT if DEFAULT_AGENT in self._models or not self._models else self.names[0]

    def model_of(self, agent_name: str) -> str:
        """The model behind a name. Raises AGENT_UNKNOWN, AGENT_NOT_ALLOWED."""
        if agent_name in self._withheld:
            raise OutriderError("AGENT_NOT_ALLOWED", agent=agent_name)
        if agent_name not in self._models:
            raise OutriderError("AGENT_UNKNOWN", agent_name=agent_name, known=", ".join(self.names))
        return self._models[agent_name]

    def check(self, principal: Principal, agent_name: str, model: str) -> None:
        """Whether the principal may use what a session was made with: rights may have changed since then.

        Raises AGENT_UNKNOWN, AGENT_NOT_ALLOWED.
        """
        if not _is_enabled(principal, agent_name, model):
            raise OutriderError("AGENT_UNKNOWN", agent_name=agent_name, known=", ".join(self.of(principal).names))
        if not principal.may_use(agent_name, model):
            raise OutriderError("AGENT_NOT_ALLOWED", agent=agent_name)


def _is_enabled(principal: Principal, agent_name: str, model: str) -> bool:
    """Whether the principal's organisation has the model."""
    return principal.limits.models is None or not principal.limits.models.isdisjoint((agent_name, model))


@dataclass(frozen=True, slots=True)
class NewSession:
    """What a client asks for; None takes the default."""

    agent_name: str | None = None
    agent_session_type: str | None = None
    max_steps: int | None = None
    goal: str | None = None
    webhook_url: str | None = None
    restore_from_session_id: str | None = None
    restore_default_environment_from_user_id: str | None = None
    restore_from_environment_id: str | None = None
    enable_memory_snapshot: bool | None = None
    #: See ``screening.content.Policy``.
    allowed_sites: Sequence[str] | None = None
    screening: Mapping[str, str] | None = None
    #: Where the browser of a session of the type ``external-cdp`` is; ignored for other types.
    cdp_url: str | None = None
    #: For whoever may have to ask again for the same session; else it gets a new one.
    session_id: str | None = None

    @property
    def wish(self) -> Wish:
        """What is said about restoring."""
        return Wish(
            from_session_id=self.restore_from_session_id,
            default_of_user_id=self.restore_default_environment_from_user_id,
            from_environment_id=self.restore_from_environment_id,
            allow_memory=self.enable_memory_snapshot is not False,
        )

    def spec(self, organisation_id: str, agents: Agents, source: Source, *, max_steps: int) -> SessionSpec:
        """The session to store; its ``cdp_url`` is still to be sealed.

        Raises AGENT_UNKNOWN, AGENT_NOT_ALLOWED, CDP_URL_INVALID, SCREENING_INVALID, EXTERNAL_BROWSER_UNFIT, and
        NOT_SUPPORTED for what this version does not have.
        """
        self._refuse_unsupported()
        external = self.agent_session_type == EXTERNAL
        agent_name = self.agent_name or agents.default
        return SessionSpec(
            id=self.session_id or str(uuid.uuid4()),
            organisation_id=organisation_id,
            environment_id=source.environment_id,
            agent_name=agent_name,
            model=agents.model_of(agent_name),
            max_steps=self.max_steps or max_steps,
            agent_session_type=EXTERNAL if external else MANAGED,
            goal=self.goal,
            webhook_url=self.webhook_url,
            restore=source.mode,
            cdp_url=check_cdp_url(self.cdp_url) if external else None,
            screening=Policy.check({"screening": self.screening, "allowed_sites": self.allowed_sites}) or None,
        )

    def _refuse_unsupported(self) -> None:
        what = _SESSION_TYPES.get(self.agent_session_type or MANAGED)
        if what:
            raise OutriderError("NOT_SUPPORTED", what=what, parameter="agent_session_type")
        restore = next((name for name in _RESTORING if getattr(self, name)), None)
        if self.agent_session_type == EXTERNAL and restore:
            raise OutriderError("EXTERNAL_BROWSER_UNFIT", what="Restoring an environment", parameter=restore)
