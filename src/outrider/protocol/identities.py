"""Bodies of the administration API, in and out. Requests refuse fields that they don't know: a slip is not ignored."""

import re
from datetime import UTC, datetime
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from outrider.protocol.schemas import Text, Timestamp, whole

__all__ = [
    "Agents",
    "CreateKey",
    "CreateOrganisation",
    "CreatedKey",
    "KeyBody",
    "KeyPage",
    "OrganisationBody",
    "OrganisationPage",
    "PerMinute",
    "Scopes",
    "Tiers",
    "UpdateKey",
    "UpdateOrganisation",
]

#: Whole numbers that fit every database.
_MOST: Final = 2**31 - 1

PlanName = Literal["free", "starter", "growth", "enterprise"]
Tier = Literal["reporting", "operations", "administration"]


def _moment(value: object) -> datetime | None:
    """ISO 8601 with an offset; numbers are none."""
    if value is None:
        return None
    text = str(value).upper() if isinstance(value, str) else ""
    try:
        moment = datetime.fromisoformat(text)
        is_full = "T" in text and moment.tzinfo is not None
        moment = moment.astimezone(UTC)
    except (ValueError, OverflowError):
        is_full = False
    if not is_full:
        raise ValueError("has to be a date and time with an offset, such as 2030-01-31T12:00:00Z")
    return moment


_Name = Annotated[Text, Field(max_length=200, description="For people.")]
_SHORT_NAME: Final = r"[a-z0-9]([a-z0-9-]*[a-z0-9])?"


def _short_name(value: str) -> str:
    """Checked here rather than by Pydantic, which would answer with the expression."""
    if re.fullmatch(_SHORT_NAME, value) is None:
        raise ValueError("has to be small letters and digits, with hyphens between them, such as acme or acme-2")
    return value


_ShortName = Annotated[
    str,
    Field(
        max_length=63,
        description="Names it in addresses: small letters, digits and hyphens.",
        examples=["acme"],
        json_schema_extra={"pattern": f"^{_SHORT_NAME}$"},
    ),
    AfterValidator(_short_name),
]
_Count = Annotated[int, Field(ge=1, le=_MOST), BeforeValidator(whole)]
_Seconds = Annotated[float, Field(ge=1, le=31_536_000, description="Null leaves it to the server.")]
_Models = Annotated[
    list[Annotated[Text, Field(min_length=1, max_length=200)]],
    Field(max_length=200, description="The only models that it may use; null is all."),
]
#: What does not fit is SCOPE_UNKNOWN, which says what there is.
_Scope = Annotated[Text, Field(max_length=50, json_schema_extra={"pattern": r"^(\*|[a-z_]+):(read|write|manage)$"})]
Scopes = Annotated[
    list[_Scope],
    Field(
        max_length=100,
        description="What it may do: <area>:<verb>. The verbs are read, write and manage, each with those before it.",
        examples=[["sessions:write", "webhooks:read"]],
    ),
]
Tiers = Annotated[list[Tier], Field(max_length=10, description="Tiers of client data that it may use.")]
Agents = Annotated[
    list[Annotated[Text, Field(min_length=1, max_length=200)]],
    Field(max_length=200, description="The only agents that it may use, by name or id; null is all."),
]
_Expiry = Annotated[
    datetime | None,
    Field(
        description="When it ends, with an offset; null is never.",
        examples=["2030-01-31T12:00:00Z"],
    ),
    BeforeValidator(_moment),
]
PerMinute = Annotated[_Count, Field(description="Requests in any 60 seconds; null leaves it to the server.")]


class _Request(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class _Reply(BaseModel):
    model_config = ConfigDict(frozen=True)


class _Limits(_Request):
    plan: PlanName = "free"
    requests_per_minute: PerMinute | None = None
    max_sessions: _Count | None = Field(default=None, description="Sessions at the same time; null sets no own limit.")
    max_streams: _Count | None = Field(default=None, description="Streams at the same time; null sets no own limit.")
    models: _Models | None = None
    idle_timeout_seconds: _Seconds | None = None


class CreateOrganisation(_Limits):
    """A client of the server."""

    short_name: _ShortName
    name: _Name = ""


class UpdateOrganisation(_Limits):
    """What is given is replaced; a field that is left out stays as it is."""

    short_name: _ShortName = ""
    name: _Name = ""
    disabled: bool = Field(
        default=False,
        description="Its keys and tokens are refused until it is enabled again; its sessions end at once.",
    )


class OrganisationBody(_Reply):
    """An organisation."""

    id: str
    short_name: str
    name: str
    plan: PlanName
    requests_per_minute: int | None
    max_sessions: int | None
    max_streams: int | None
    models: tuple[str, ...] | None
    idle_timeout_seconds: float | None
    disabled: bool
    created_at: Timestamp
    version: int = Field(description="Raised by each change.")


class OrganisationPage(_Reply):
    """Organisations, the newest first."""

    organisations: tuple[OrganisationBody, ...]
    next_before: str | None = Field(description="Pass it as “before” for what comes next; null at the end.")


class _Rights(_Request):
    name: _Name = ""
    scopes: Scopes = []
    tiers: Tiers = []
    agents: Agents | None = None
    requests_per_minute: PerMinute | None = None
    expires_at: _Expiry = None


class CreateKey(_Rights):
    """A key with rights of its maker's."""

    kind: Literal["internal", "integration"] = Field(
        default="internal",
        description="The scopes, tiers and agents of an integration key are fixed; an internal one's can change.",
    )
    organisation_id: Annotated[Text, Field(max_length=100)] | None = Field(
        default=None,
        description="For another organisation, by id or short name, which only the operator may; null is your own.",
    )


class UpdateKey(_Rights):
    """What is given is replaced; a field that is left out stays as it is."""

    disabled: bool = Field(default=False, description="A disabled key is refused until it is enabled again.")


class KeyBody(_Reply):
    """A key, by what may be shown of it."""

    id: str
    organisation_id: str
    name: str
    kind: Literal["internal", "integration"]
    prefix: str = Field(description="How it begins.", examples=["ok_live_1a2B3c4D"])
    last_five: str = Field(description="How it ends.", examples=["x9Yz0"])
    scopes: tuple[str, ...]
    tiers: tuple[str, ...]
    agents: tuple[str, ...] | None
    requests_per_minute: int | None
    status: Literal["active", "disabled", "expired", "revoked"]
    expires_at: Timestamp | None
    disabled: bool
    revoked_at: Timestamp | None
    last_used_at: Timestamp | None
    created_at: Timestamp
    version: int = Field(description="Raised by each change.")


class CreatedKey(KeyBody):
    """A new key, with its text, which is not shown again."""

    key: str = Field(examples=["ok_live_1a2B3c4D…"])


class KeyPage(_Reply):
    """Keys, the newest first."""

    keys: tuple[KeyBody, ...]
    next_before: str | None = Field(description="Pass it as “before” for what comes next; null at the end.")
