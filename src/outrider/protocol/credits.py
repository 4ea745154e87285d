"""Bodies of the credits API."""

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from outrider.protocol.schemas import Text, Timestamp, whole

__all__ = ["BalanceBody", "GrantCredits", "LineBody", "StatementPage"]

#: Of one grant: exact in JSON, and sums of many stay far from the end of 64 bits.
_LARGEST_GRANT = 10**12


class _Reply(BaseModel):
    model_config = ConfigDict(frozen=True)


class GrantCredits(BaseModel):
    """Credits for an organisation."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    organisation_id: Annotated[Text, Field(min_length=1, max_length=64, description="Its id or short name.")]
    amount: Annotated[int, Field(ge=1, le=_LARGEST_GRANT), BeforeValidator(whole)]
    reference: Annotated[Text, Field(min_length=1, max_length=128)] = Field(
        description="One grant per reference: a repeated request gives nothing more.", examples=["invoice-2026-031"]
    )
    memo: Annotated[Text, Field(max_length=500)] = Field(default="", description="For people.")


class BalanceBody(_Reply):
    """What an organisation has."""

    organisation_id: str
    available: int
    held: int = Field(description="For calls under way; no part of “available”.")


class LineBody(_Reply):
    """One transaction."""

    id: int
    kind: Literal["grant", "hold", "settle", "release", "expire"]
    reference: str
    amount: int = Field(description="Granted, held, charged or given back.")
    change: int = Field(description="Of what is available.")
    available: int = Field(description="After it.")
    memo: str = Field(description="Of a grant, what was said with it; of a task, its agent.")
    at: Timestamp
    session_id: str | None = Field(description="Of the task that it is for; null for none.")
    task_id: int | None = Field(description="The id of the message that the task began with.")


class StatementPage(_Reply):
    """Transactions, the newest first."""

    lines: tuple[LineBody, ...]
    next_before: int | None = Field(description="Pass it as “before” for what comes next; null at the end.")
