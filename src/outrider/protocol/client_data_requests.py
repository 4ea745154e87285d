"""What the client data surface reads: parameters of lists, and bodies.

Bodies may have fields that are not known: they are ignored. Two fields are lenient, as they are in the field: what
can't be read falls back to a default instead of being refused.
"""

from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema
from pydantic.alias_generators import to_camel
from pydantic.json_schema import SkipJsonSchema

from outrider.protocol.client_data import LocalTime, WireTime, pascal
from outrider.protocol.identities import Agents, PerMinute, Scopes, Tiers
from outrider.protocol.schemas import MAX_MESSAGE_CHARACTERS, Steps, Text, Url
from outrider.protocol.webhooks import EventName

__all__ = [
    "AuditQuery",
    "DeliveryQuery",
    "EndpointInput",
    "EndpointPatch",
    "EndpointQuery",
    "JobInput",
    "JobPatch",
    "JobQuery",
    "KeyInput",
    "KeyPatch",
    "KeyQuery",
    "MessageQuery",
    "Paging",
    "RequestQuery",
    "RunQuery",
    "SessionQuery",
    "UsageQuery",
]

MAX_COUNT: Final = 1000
MAX_OFFSET: Final = 2**31 - 1

Absent = SkipJsonSchema[None]


def _camel(name: str) -> str:
    """``session_oid`` -> ``sessionOID``."""
    return to_camel(name).replace("Oid", "OID").replace("Id", "ID")


def _between(least: int, most: int) -> AfterValidator:
    def check(value: int) -> int:
        if not least <= value <= most:
            raise ValueError(f"must be between {least} and {most}")
        return value

    return AfterValidator(check)


_Id = Annotated[Text, Field(max_length=128)]
_Count = Annotated[int, _between(1, MAX_COUNT), Field(json_schema_extra={"minimum": 1, "maximum": MAX_COUNT})]
_Offset = Annotated[int, _between(0, MAX_OFFSET), Field(json_schema_extra={"minimum": 0, "maximum": MAX_OFFSET})]


class Paging(BaseModel):
    """Which part of a list is wanted: both are needed."""

    model_config = ConfigDict(frozen=True, alias_generator=_camel)

    offset: _Offset = Field(description="Index of the first item, from 0.", examples=[0])
    count: _Count = Field(description="How many items at most.", examples=[10])

    def filters(self) -> dict[str, Any]:
        """What is wanted beside the part, by the names of ``interfaces.reports``."""
        return self.model_dump(exclude={"offset", "count"}, exclude_none=True)


class _Dated(Paging):
    start_date: WireTime | Absent = Field(default=None, description="Only from then on, in UTC.")
    end_date: WireTime | Absent = Field(default=None, description="Only before then, in UTC.")


class _OfAgents(_Dated):
    agent: _Id | Absent = Field(default=None, description="Only of this agent.")


class _OfSessions(_OfAgents):
    session_oid: _Id | Absent = Field(default=None, description="Only of this session.")


_SessionState = Literal[
    "initializing", "ready", "running", "waiting", "paused", "finished", "failed", "cancelled", "broken", "expired"
]


class SessionQuery(_OfAgents):
    """Of sessions."""

    state: _SessionState | Absent = Field(default=None, description="Only in this state.")


class MessageQuery(_OfSessions):
    """Of messages."""

    state: Literal["THOUGHT", "QUESTION", "USER", "DONE", "ERROR", "LOG"] | Absent = Field(
        default=None, description="Only of this type."
    )


class UsageQuery(_OfSessions):
    """Of what tasks took."""

    state: Literal["finished", "failed"] | Absent = Field(default=None, description="Only in this state.")


class RequestQuery(_Dated):
    """Of requests."""

    state: Literal["succeeded", "failed"] | Absent = Field(default=None, description="Only in this state.")
    code: _Id | Absent = Field(default=None, description="Only failures with this code.")


class DeliveryQuery(_OfSessions):
    """Of deliveries."""

    state: Literal["pending", "delivered", "failed"] | Absent = Field(default=None, description="Only in this state.")
    event: EventName | Absent = Field(default=None, description="Only of this type.")


class AuditQuery(_OfSessions):
    """Of decisions of screening."""

    state: Literal["allow", "flag", "ask", "block"] | Absent = Field(default=None, description="Only these decisions.")
    risk: _Id | Absent = Field(default=None, description="Only of this class of risk, such as purchase.")


class JobQuery(_OfAgents):
    """Of jobs."""

    state: Literal["scheduled", "completed", "cancelled"] | Absent = Field(
        default=None, description="Only in this state."
    )
    external_id: _Id | Absent = Field(default=None, description="Only with this id of the client's own.")


class RunQuery(_OfAgents):
    """Of runs; their time is the one that they are for."""

    state: Literal["pending", "running", "finished", "failed", "cancelled", "skipped"] | Absent = Field(
        default=None, description="Only in this state."
    )
    job_oid: _Id | Absent = Field(default=None, description="Only of this job.")


class EndpointQuery(_Dated):
    """Of receivers of webhooks."""

    state: Literal["enabled", "disabled"] | Absent = Field(default=None, description="Only in this state.")


class KeyQuery(_Dated):
    """Of keys."""

    state: Literal["active", "disabled", "expired", "revoked"] | Absent = Field(
        default=None, description="Only in this state."
    )


# --- bodies


class _Request(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True, strict=True, alias_generator=pascal)


def _without_defaults(schema: dict[str, Any]) -> None:
    for field in schema["properties"].values():
        field.pop("default", None)


class _Patch(_Request):
    """Of its fields only those that were given are looked at: defaults mean nothing."""

    model_config = ConfigDict(json_schema_extra=_without_defaults)


def _priority(value: object) -> object:
    return value if value in ("Low", "Medium", "High") else "Low"


def _presence(value: object) -> object:
    return value if isinstance(value, bool) else str(value).lower() == "true"


_ANYTHING: Final[dict[str, Any]] = {"description": "Anything but Low, Medium and High is Low."}
_Priority = Annotated[str, BeforeValidator(_priority), WithJsonSchema(_ANYTHING | {"default": "Low"})]
_Presence = Annotated[
    bool, BeforeValidator(_presence), WithJsonSchema({"description": "Anything but true is false.", "default": False})
]
_Name = Annotated[Text, Field(min_length=1, max_length=200)]
_Task = Annotated[Text, Field(min_length=1, max_length=MAX_MESSAGE_CHARACTERS)]
_ExternalId = Annotated[Text, Field(max_length=10)]
_Agent = Annotated[Text, Field(min_length=1, max_length=100)]
_Cron = Annotated[Text, Field(max_length=100)]
_Zone = Annotated[Text, Field(min_length=1, max_length=64)]
_Missed = Literal["skip", "run_once"]

_RUN_AT: Final = "Once, at this time on the clock of TimeZone."
_CRON: Final = "Again and again: minute, hour, day of month, month, day of week."


class JobInput(_Request):
    """A job: either RunAt or CronExpression is needed."""

    name: _Name = Field(examples=["Prices"])
    task: _Task = Field(description="What the agent is told.", examples=["Read the heading."])
    external_id: _ExternalId | None = Field(default=None, description="The client's own id.", examples=["A-1"])
    start_url: Url | None = Field(default=None, description="Opened before the task starts.")
    agent_name: _Agent | None = Field(default=None, description="Null is the server's usual one.")
    max_steps: Steps | None = Field(default=None, description="Null leaves it to the server.")
    run_at: LocalTime | None = Field(default=None, description=_RUN_AT)
    cron_expression: _Cron | None = Field(default=None, description=_CRON, examples=["30 9 * * MON-FRI"])
    time_zone: _Zone = Field(default="UTC", description="Of the IANA database.", examples=["Europe/Berlin"])
    missed_runs: _Missed = Field(default="run_once", description="What becomes of runs that no server was there for.")
    keep_session: bool = Field(default=False, description="Whether a run's session stays when the run is over.")
    issue_priority: _Priority = "Low"
    tenant_presence_requested: _Presence = False


class JobPatch(_Patch):
    """What is to be changed of a job. RunAt takes the place of CronExpression, and the other way round."""

    name: _Name = Field(default="", examples=["Prices of the week"])
    task: _Task = ""
    external_id: _ExternalId | None = None
    start_url: Url | None = None
    agent_name: _Agent | None = None
    max_steps: Steps | None = None
    run_at: LocalTime | None = Field(default=None, description=_RUN_AT)
    cron_expression: _Cron | None = Field(default=None, description=_CRON)
    time_zone: _Zone = ""
    missed_runs: _Missed = "run_once"
    keep_session: bool = False
    issue_priority: _Priority = "Low"
    tenant_presence_requested: _Presence = False


_Events = Annotated[list[EventName], Field(max_length=50, description="Which events it gets; none is all.")]
_Description = Annotated[Text, Field(max_length=500)]


class EndpointInput(_Request):
    """A receiver for the events of all sessions of the client."""

    url: Url = Field(examples=["https://example.org/hooks/outrider"])
    events: _Events = []
    description: _Description = ""
    enabled: bool = True


class EndpointPatch(_Patch):
    """What is to be changed of a receiver."""

    url: Url = ""
    events: _Events = []
    description: _Description = Field(default="", examples=["Accounting"])
    enabled: bool = True


class KeyInput(_Request):
    """A key with rights of the one that makes it."""

    name: Annotated[Text, Field(max_length=200)] = Field(default="", examples=["import"])
    kind: Literal["internal", "integration"] = Field(
        default="internal", description="The scopes, tiers and agents of an integration key are fixed."
    )
    scopes: Scopes = []
    tiers: Tiers = []
    agents: Agents | None = None
    requests_per_minute: PerMinute | None = None
    expires_at: WireTime | None = Field(default=None, description="When it ends, in UTC; null is never.")


class KeyPatch(_Patch):
    """What is to be changed of a key."""

    name: Annotated[Text, Field(max_length=200)] = Field(default="", examples=["import by night"])
    scopes: Scopes = []
    tiers: Tiers = []
    agents: Agents | None = None
    requests_per_minute: PerMinute | None = None
    expires_at: WireTime | None = None
    disabled: bool = False
