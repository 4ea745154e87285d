"""Settings of requests as such: how long they may take, how many at once, and what is kept of them."""

from pydantic import Field
from pydantic_settings import BaseSettings

__all__ = ["RequestSettings"]


class RequestSettings(BaseSettings):
    """Part of ``Settings``."""

    request_timeout_seconds: float = Field(
        default=60.0,
        gt=0,
        le=3600,
        description="Time within which an answer has to begin; then the work is cancelled (504). Event streams, "
        "downloads and WebSockets last as long as they like once they have begun.",
    )
    max_requests: int = Field(
        default=1000,
        ge=1,
        le=100_000,
        description="Requests under way at the same time; more are answered with 503. Event streams do not count.",
    )
    request_retention_days: float = Field(
        default=30.0, gt=0, description="Days for which the record of requests is kept."
    )
    maintenance: bool = Field(
        default=False, description="Start closed: everything but health and the switch itself is answered with 503."
    )
