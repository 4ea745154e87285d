"""Bodies of the record of requests, and of the switch for maintenance."""

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from outrider.protocol.schemas import Text, Timestamp, whole

__all__ = ["MaintenanceBody", "RequestBody", "RequestPage", "SwitchMaintenance"]

#: A day; longer maintenance is renewed.
_MAX_SECONDS = 86_400


class _Reply(BaseModel):
    model_config = ConfigDict(frozen=True)


class RequestBody(_Reply):
    """One answered request, without anything secret."""

    id: str = Field(description="As in the header `X-Request-Id`.")
    number: int = Field(description="Its place in the record.")
    key: str = Field(description="The last five characters of the API key.")
    method: str
    url: str = Field(description="The full address; what may be secret in it is “…”.")
    status: int
    code: str = Field(description="The code of the failure; empty for success.")
    latency_ms: float
    request_body: str = Field(description="Of failures: the shape of the body, without its texts.")
    answer_body: str = Field(description="Of failures: the body of the answer.")
    at: Timestamp = Field(description="When it came in.")


class RequestPage(_Reply):
    """Requests, the newest first."""

    requests: tuple[RequestBody, ...]
    next_before: int | None = Field(description="Pass it as “before” for what comes next; null at the end.")


class MaintenanceBody(_Reply):
    """Whether the server is closed, and what clients are told then."""

    active: bool
    note: str
    retry_after_seconds: int


class SwitchMaintenance(BaseModel):
    """Closing or opening the server."""

    active: bool = Field(strict=True)
    note: Annotated[Text, Field(max_length=200, description="A sentence for clients.")] = ""
    retry_after_seconds: Annotated[int, Field(ge=1, le=_MAX_SECONDS, strict=True), BeforeValidator(whole)] = 60
