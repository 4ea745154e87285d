"""What the client data surface says: fields in PascalCase, times as ``YYYY-MM-DDTHH:mm:ss`` in UTC without a zone.

Section 1 of the reference page ``agent-platforms``. Texts that XML and forms bring are read by ``protocol.xml``.
"""

import hashlib
import re
from datetime import UTC, datetime
from typing import Annotated, Any, ClassVar, Final, Generic, Literal, Self, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, WithJsonSchema

from outrider.protocol.events import text_of

__all__ = [
    "AuditItem",
    "DeliveryItem",
    "EndpointItem",
    "Item",
    "JobItem",
    "KeyItem",
    "Link",
    "MessageItem",
    "Page",
    "RequestItem",
    "RunItem",
    "SessionItem",
    "UsageItem",
    "WireTime",
    "local_time",
    "pascal",
]

_FORM: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}")
#: Every day of the calendar but 29 February, which leap years have as well.
_PATTERN: Final = (
    r"^[12][0-9]{3}-"
    r"((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|1[0-9]|2[0-8]))"
    r"T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]$"
)
_WHOLE_WORDS: Final = {"oid": "OID", "id": "ID", "etag": "ETag", "usd": "Usd"}


def pascal(name: str) -> str:
    """``session_oid`` -> ``SessionOID``."""
    return "".join(_WHOLE_WORDS.get(word, word.capitalize()) for word in name.split("_"))


def local_time(value: object) -> object:
    """A time as clients write it, without a zone. Raises ValueError for any other form, and for no real day."""
    if not isinstance(value, str):
        return value
    if not _FORM.fullmatch(value):
        raise ValueError("must be a time of the form YYYY-MM-DDTHH:mm:ss, without a zone")
    try:
        return datetime.fromisoformat(value)
    except ValueError as error:
        raise ValueError(f"is no time: {error}") from None


def _utc(value: object) -> object:
    read = local_time(value)
    return read.replace(tzinfo=UTC) if isinstance(read, datetime) and read.tzinfo is None else read


def _written(moment: datetime) -> str:
    return f"{moment if moment.tzinfo is None else moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S}"


_SCHEMA: Final = WithJsonSchema(
    # The length, because “$” is before a line break at the end, too.
    {"type": "string", "pattern": _PATTERN, "maxLength": 19, "examples": ["2024-01-31T09:05:00"]}
)
_AS_TEXT: Final = PlainSerializer(_written, return_type=str, when_used="json")
#: A moment, in UTC.
WireTime = Annotated[datetime, BeforeValidator(_utc), _AS_TEXT, _SCHEMA]
#: A time on somebody's clock.
LocalTime = Annotated[datetime, BeforeValidator(local_time), _AS_TEXT, _SCHEMA]


class _Reply(BaseModel):
    model_config = ConfigDict(frozen=True, alias_generator=pascal, populate_by_name=True)


class Item(_Reply):
    """What all items have."""

    oid: str
    etag: str = Field(
        default="",
        description="Of this state of the item; the headers “If-Match” and “If-None-Match” have it in quotes.",
    )

    #: What changes without a change of the item.
    passing: ClassVar[frozenset[str]] = frozenset()

    @property
    def tag(self) -> str:
        """The ETag as headers have it."""
        return f'"{self.etag}"'

    @classmethod
    def of(cls, record: Any) -> Self:
        """The item of a record, with its ETag."""
        item = cls.model_validate(dict(record))
        digest = hashlib.sha256(item.model_dump_json(exclude=set(cls.passing)).encode("utf-8", "replace")).hexdigest()
        return item.model_copy(update={"etag": digest[:24]})


class Link(_Reply):
    """Where another part of a list is."""

    href: str
    method: Literal["GET"] = "GET"
    relationship: Literal["self", "first", "prev", "next", "last"]


AnItem = TypeVar("AnItem", bound=Item)


class Page(_Reply, Generic[AnItem]):
    """A part of a list."""

    count: int = Field(description="Of the whole list, over all pages.")
    data: tuple[AnItem, ...]
    links: tuple[Link, ...]


class SessionItem(Item):
    """A session."""

    state: str
    agent_name: str
    model: str
    goal: str | None = Field(description="As it was created with; tasks come as messages.")
    max_steps: int = Field(description="That one task may take.")
    environment_id: str = Field(description="Names the browser's state, for sessions that are to begin with it.")
    messages: int = Field(description="How many entries its log has.")
    created_at: WireTime
    updated_at: WireTime


class MessageItem(Item):
    """An entry of a session's log."""

    session_oid: str
    type: str = Field(description="THOUGHT, QUESTION, USER, DONE, ERROR or LOG.")
    content: Annotated[str, BeforeValidator(text_of)] = Field(description="Text; what is no text is JSON.")
    code: str | None = Field(description="Of an error.")
    agent_name: str
    created_at: WireTime


class UsageItem(Item):
    """What one task took."""

    session_oid: str
    state: Literal["finished", "failed"]
    agent_name: str
    model: str
    steps: int | None = Field(description="Actions in the browser; null where it is not known.")
    seconds: float | None
    requests: int = Field(description="Answers of language models.")
    input_tokens: int
    cached_tokens: int
    output_tokens: int
    cost_usd: float | None = Field(description="Null where no price is known.")
    created_at: WireTime


class RequestItem(Item):
    """A request that was answered. Nothing in it is secret."""

    state: Literal["succeeded", "failed"]
    method: str
    url: str = Field(description="What may be secret in it is “…”.")
    status: int
    code: str | None = Field(description="Of a failure.")
    latency_ms: float
    key: str = Field(description="The last five characters of the key.")
    created_at: WireTime


class DeliveryItem(Item):
    """An event on its way to one receiver of webhooks."""

    state: Literal["pending", "delivered", "failed"]
    event: str = Field(description="Its type, such as task.completed.")
    event_oid: str = Field(description="The header “webhook-id”.")
    endpoint_oid: str
    session_oid: str
    agent_name: str | None
    attempt_count: int = Field(description="How often it was tried so far.")
    status_code: int | None = Field(description="Of the latest answer.")
    problem: str | None = Field(description="Why the latest attempt counts as failed.")
    next_attempt_at: WireTime | None = Field(description="Null when nothing is tried any more.")
    created_at: WireTime


class AuditItem(Item):
    """One decision of screening."""

    state: Literal["allow", "flag", "ask", "block"] = Field(description="What was decided.")
    rule: str = Field(description="The name of the rule that decided.")
    risk: str = Field(description="The class of risk, such as purchase.")
    reason: str
    excerpt: str = Field(description="What it is about, shortened; without secrets.")
    session_oid: str
    agent_name: str | None
    created_at: WireTime


class JobItem(Item):
    """A scheduled task for an agent."""

    state: Literal["scheduled", "completed", "cancelled"]
    external_id: str | None
    name: str
    task: str
    start_url: str | None
    agent_name: str | None = Field(description="Null is the server's usual one.")
    max_steps: int | None = Field(description="Null leaves it to the server.")
    run_at: LocalTime | None = Field(description="On the clock of TimeZone.")
    cron_expression: str | None = Field(validation_alias="cron")
    time_zone: str
    missed_runs: Literal["skip", "run_once"]
    keep_session: bool
    issue_priority: str = Field(validation_alias="priority")
    tenant_presence_requested: bool = Field(validation_alias="presence_requested")
    next_run_at: WireTime | None = Field(description="In UTC, as all times but RunAt.")
    key_oid: str | None = Field(description="The key or token that made it, or changed it last; null if not known.")
    created_at: WireTime
    updated_at: WireTime


class RunItem(Item):
    """One run of a job."""

    job_oid: str
    session_oid: str
    state: Literal["pending", "running", "finished", "failed", "cancelled", "skipped"]
    agent_name: str | None
    scheduled_for: WireTime = Field(description="When it was due.")
    started_at: WireTime | None
    ended_at: WireTime | None
    code: str | None = Field(description="Of what it failed with, or, while it is pending, what it waits for.")
    outcome: str | None = Field(description="The answer, or why there is none.")


class EndpointItem(Item):
    """A receiver of webhooks."""

    state: Literal["enabled", "disabled"]
    scope: Literal["organisation", "session"] = Field(
        description="“session” stands for a URL that sessions named themselves."
    )
    url: str
    events: tuple[str, ...] = Field(description="Empty is all.")
    description: str
    disabled_reason: str = Field(description="Why the server has disabled it; empty if it has not.")
    failures: int = Field(description="Attempts in a row that have failed.")
    created_at: WireTime


class KeyItem(Item):
    """A key, by what may be shown of it."""

    passing = frozenset({"last_used_at"})

    state: Literal["active", "disabled", "expired", "revoked"]
    name: str
    kind: Literal["internal", "integration"] = Field(description="The rights of an integration key are fixed.")
    prefix: str = Field(description="How it begins.")
    last_five: str = Field(description="How it ends.")
    scopes: tuple[str, ...]
    tiers: tuple[str, ...]
    agents: tuple[str, ...] | None = Field(description="The only agents that it may use; null is all.")
    requests_per_minute: int | None = Field(description="In any 60 seconds; null leaves it to the plan.")
    expires_at: WireTime | None = Field(description="Null is never.")
    last_used_at: WireTime | None
    created_at: WireTime
