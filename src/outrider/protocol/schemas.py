"""Bodies of the sessions API, in and out (reference page ``agi-sessions``, sections 2 to 5).

Requests ignore fields that they don't know: three SDK generations send different ones. Strings may not contain
U+0000, which PostgreSQL can't store.
"""

from datetime import datetime
from typing import Annotated, Any, Final, Literal

from pydantic import (
    AfterValidator,
    AliasChoices,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    model_validator,
)

from outrider.protocol.events import Content
from outrider.protocol.scripts import MAX_SCRIPT_CHARACTERS
from outrider.protocol.times import milliseconds
from outrider.protocol.urls import MAX_URL_CHARACTERS, url_fault

__all__ = [
    "Acknowledgement",
    "CreateSession",
    "Deletion",
    "DevToolsToken",
    "DevToolsTokenRequest",
    "ErrorBody",
    "ErrorEnvelope",
    "FileBody",
    "Files",
    "MessageBody",
    "Messages",
    "Models",
    "Navigate",
    "Navigated",
    "ReplayScript",
    "RestoreBody",
    "ScreenshotBody",
    "SendMessage",
    "SessionBody",
    "StatusBody",
    "ViewToken",
    "ViewTokenRequest",
]

MAX_MESSAGE_CHARACTERS = 10_000
MAX_STEPS = 10_000
MAX_TOKEN_SECONDS = 86_400

ExecutionStatus = Literal["ready", "running", "waiting_for_input", "paused", "finished", "error"]
SessionStatus = Literal["initializing", "ready", "running", "paused", "completed", "error", "terminated"]
ActionClass = Literal["purchase", "credentials", "download", "upload", "deletion", "leaving"]
ScreeningMode = Literal["allow", "ask", "always_ask", "block"]
AgentSessionType = Literal["managed-cdp", "external-cdp", "desktop"]


def _without_nul(text: str) -> str:
    if "\x00" in text:
        raise ValueError("must not contain the character U+0000")
    return text


def _session_type(value: object) -> object:
    """SDKs write ``managed-cdp``, ``managedcdp`` or ``ManagedCdp``."""
    known = {"managedcdp": "managed-cdp", "externalcdp": "external-cdp", "desktop": "desktop"}
    return known.get(value.replace("-", "").lower(), value) if isinstance(value, str) else value


def whole(number: object) -> object:
    """What JSON Schema calls an integer: 25.0 is one."""
    return int(number) if isinstance(number, float) and number.is_integer() else number


def _http_url(url: str) -> str:
    fault = url_fault(url)
    if fault:
        raise ValueError(f"is not an http:// or https:// URL. {fault}")
    return url


Steps = Annotated[int, Field(ge=1, le=MAX_STEPS), BeforeValidator(whole)]
Lifetime = Annotated[
    int,
    Field(ge=1, le=MAX_TOKEN_SECONDS, description="Seconds for which the token is good; it ends with its session."),
    BeforeValidator(whole),
]
Text = Annotated[str, AfterValidator(_without_nul), Field(json_schema_extra={"pattern": r"^[^\x00]*$"})]
_Name = Annotated[Text, Field(max_length=100)]
_Words = Annotated[Text, Field(max_length=MAX_MESSAGE_CHARACTERS)]
#: Of a session or an environment, read in capitals as well.
_Uuid = Annotated[_Name, AfterValidator(str.lower)]
#: For the description only: what an address is, is checked by ``protocol.urls``, with a better word on what is wrong.
_DESCRIBED_URL: Final = Field(
    json_schema_extra={"format": "iri", "pattern": "^https?://", "maxLength": MAX_URL_CHARACTERS}
)
Url = Annotated[str, AfterValidator(_without_nul), _DESCRIBED_URL]
#: ISO 8601 in UTC with milliseconds and ``Z``.
Timestamp = Annotated[datetime, PlainSerializer(milliseconds, return_type=str, when_used="json")]


class _Request(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True, strict=True)


class _Reply(BaseModel):
    model_config = ConfigDict(frozen=True, populate_by_name=True)


class CreateSession(_Request):
    """What a new session is to be. Every field may be left out or null."""

    @model_validator(mode="before")
    @classmethod
    def _null_is_left_out(cls, body: object) -> object:
        """Also beside the same field by its other name."""
        return {name: value for name, value in body.items() if value is not None} if isinstance(body, dict) else body

    agent_name: Annotated[Text, Field(min_length=1, max_length=100)] | None = Field(default=None, examples=["agi-0"])
    agent_session_type: Annotated[AgentSessionType | None, BeforeValidator(_session_type)] = "managed-cdp"
    goal: _Words | None = Field(default=None, description="Stored and echoed; a task begins with a message.")
    max_steps: Steps | None = Field(default=None, description="Steps that one task may take.")
    webhook_url: Annotated[Url, AfterValidator(_http_url)] | None = Field(
        default=None, description="Gets the events of this session; see “webhooks”."
    )
    restore_from_session_id: _Uuid | None = Field(
        default=None, description="Restore the environment that this session had. Goes first."
    )
    restore_default_environment_from_user_id: _Name | None = Field(
        default=None, description="Restore the caller's default environment; “me” will do. Goes second."
    )
    restore_from_environment_id: _Uuid | None = Field(
        default=None, description="Restore this environment, if it was saved."
    )
    enable_memory_snapshot: bool | None = Field(
        default=True, description="Whether a parked browser will do; else the environment is restored from its files."
    )
    cdp_url: Annotated[Text, Field(max_length=MAX_URL_CHARACTERS)] | None = Field(
        default=None,
        validation_alias=AliasChoices("cdp_url", "cdp_ws_url"),
        description="For the type external-cdp: DevTools address (ws or http) of a browser that the caller runs. "
        "Also accepted as “cdp_ws_url”.",
    )
    allowed_sites: list[Annotated[Text, Field(max_length=300)]] | None = Field(
        default=None,
        max_length=200,
        description="Sites that the session may be on, beside what the server allows; all, if none.",
        examples=[["shop.example", "*.shop.example:8443"]],
    )
    screening: dict[ActionClass, ScreeningMode] | None = Field(
        default=None,
        description="What becomes of actions by class of risk. What the server's operator blocks stays blocked.",
        examples=[{"purchase": "always_ask", "download": "block"}],
    )
    environment_type: _Name | None = Field(default=None, description="Accepted and ignored.")
    model: _Name | None = Field(default=None, description="Accepted and ignored.")
    save_on_exit: bool | None = Field(default=None, description="Accepted and ignored.")


class SendMessage(_Request):
    """A task, an answer to a question, or an addition to the running task."""

    message: Text = Field(
        min_length=1,
        max_length=MAX_MESSAGE_CHARACTERS,
        examples=["Search for “tea”, open the cheapest, read its price."],
    )
    start_url: Url | None = Field(default=None, description="Opened before a new task starts; http(s).")
    output_schema: dict[str, Any] | None = Field(
        default=None, description="JSON Schema (draft 2020-12) of the answer; an extension of this server."
    )
    config_updates: dict[str, Any] | None = Field(
        default=None,
        description="Free-form. With a new task, `timeout` (seconds) and `max_steps` tighten its limits, and "
        "`screening` and `allowed_sites` say for it what they say for a session, in an answer or an addition from then "
        "on; anything else is ignored.",
        examples=[{"timeout": 30}],
    )
    context: _Words | None = Field(default=None, description="Background for the task; kept with the message.")


class ReplayScript(_Request):
    """A script that a session is to do again."""

    script: Text = Field(
        description=f"The script as YAML, of at most {MAX_SCRIPT_CHARACTERS:,} characters; see “scripts”.",
        examples=["version: 1\ntask: Open the shop\nsteps:\n- action: navigate\n  url: https://shop.example/\n"],
    )
    variables: dict[str, Text] = Field(
        default={}, max_length=100, description="Values of the script's variables; those without a default are needed."
    )
    ask_model: bool = Field(
        default=True, description="Whether the session's model may be asked for a step that finds nothing."
    )
    config_updates: dict[str, Any] | None = Field(default=None, description="As with a message.")


class Navigate(_Request):
    """Where the browser is to go."""

    url: Url = Field(description="Absolute http(s) URL of at most 2,000 characters.", examples=["https://example.org/"])


class RestoredKind(_Reply):
    """How much of one kind was saved, and how much of that is there again."""

    saved: int
    restored: int


class RestoreBody(_Reply):
    """How faithful a restore was. Storage is counted on the pages that were open."""

    mode: Literal["memory", "filesystem", "none"] = Field(description="“none”: there was no snapshot.")
    environment_id: str
    saved_at: Timestamp | None = None
    saved_by_session_id: str | None = None
    kinds: dict[str, RestoredKind] = Field(
        description="cookies, local_storage, session_storage, indexed_db, service_workers, caches, tabs."
    )
    lost: tuple[str, ...] = Field(description="What did not come back, and why.")
    logged_in: bool | None = Field(
        default=None, description="Whether the last page still shows a logged-in user; null when that can't be told."
    )
    logged_in_evidence: str
    milliseconds: float


class DevToolsTokenRequest(_Request):
    """A token for a DevTools client."""

    expires_in: Lifetime = 3600


class ViewTokenRequest(_Request):
    """A token for somebody at the live view."""

    right: Literal["view", "control"] = Field(default="view", description="To watch only, or also to take over.")
    expires_in: Lifetime = 3600
    holder: Text = Field(default="", max_length=100, description="Who it is for, as the session's log names them.")


class ViewToken(_Reply):
    """A token of the live view, and its page's address with it."""

    token: str
    url: str
    right: Literal["view", "control"]
    expires_at: Timestamp


class DevToolsToken(_Reply):
    """A token for DevTools, and the addresses with it."""

    token: str
    url: str = Field(description="For clients that connect by WebSocket: Puppeteer, Playwright.")
    http_url: str = Field(description="For clients that ask for /json/version first.")
    expires_at: Timestamp


class SessionBody(_Reply):
    """A session as clients see it."""

    session_id: str
    agent_name: str
    agent_session_type: AgentSessionType
    status: SessionStatus
    created_at: Timestamp
    environment_id: str
    vnc_url: str = Field(description="A page that shows the browser live; good for watching, for a limited time.")
    agent_url: str | None = None
    goal: str | None = None
    restore: RestoreBody | None = Field(
        default=None, description="In the answer to the creation of a session that asked for a restore."
    )


class StatusBody(_Reply):
    """Where the session's task is."""

    status: ExecutionStatus


class MessageBody(_Reply):
    """One entry of a session's log."""

    id: int
    type: Literal["THOUGHT", "QUESTION", "USER", "DONE", "ERROR", "LOG"]
    content: Content
    timestamp: Timestamp
    metadata: dict[str, Any]


class Messages(_Reply):
    """Entries of a session's log, ascending by id, and where its task is."""

    messages: tuple[MessageBody, ...]
    status: ExecutionStatus
    has_agent: bool = True
    #: The same for the SDK that reads this name.
    has_agent_camel: bool = Field(default=True, alias="hasAgent")


class Acknowledgement(_Reply):
    """What was done, in words."""

    success: bool = True
    message: str


class Deletion(Acknowledgement):
    """Whether anything was deleted."""

    deleted: bool


class FileBody(_Reply):
    """A file of a session."""

    name: str = Field(description="Distinct within the session; an upload names it.")
    kind: Literal["download", "upload", "evidence"] = Field(
        description="Downloaded by a page, offered to be uploaded, or a picture of a page that an answer was read from."
    )
    bytes: int
    media_type: str
    created_at: Timestamp


class Files(_Reply):
    """The files of a session, oldest first."""

    files: tuple[FileBody, ...]


class Navigated(_Reply):
    """Where the browser ended up, redirects followed."""

    current_url: str


class ScreenshotBody(_Reply):
    """The viewport as a data URL of a baseline JPEG."""

    screenshot: str
    url: str
    title: str


class Models(_Reply):
    """Names for ``agent_name``."""

    models: tuple[str, ...]


class ErrorBody(BaseModel):
    """A failure: a row of the catalogue (``GET /v1/errors``) with the facts of this request."""

    code: str
    message: str
    requestId: str
    retryable: bool
    cause: str
    hint: str
    docUrl: str
    retryAfterSeconds: int | None = None
    details: dict[str, Any] | None = None


class ErrorEnvelope(BaseModel):
    """Every error of this server; ``detail`` and ``message`` repeat the message for clients that read those."""

    error: ErrorBody
    detail: str
    message: str
