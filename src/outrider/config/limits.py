"""Settings of limits: how much a plan includes, who is not served at all, and where windows are kept."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator
from pydantic_settings import BaseSettings

from outrider.config.lists import TextList

__all__ = ["LimitSettings", "PlanLimits", "TaskPrice"]


class PlanLimits(BaseModel):
    """What a plan includes, unless the organisation or the key has a limit of its own. 0 sets no limit."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    requests_per_minute: int = Field(default=0, ge=0, le=1_000_000, description="Requests of all keys together.")
    requests_per_minute_per_key: int = Field(default=0, ge=0, le=1_000_000, description="Requests of one key.")
    max_sessions: int | None = Field(
        default=None,
        ge=0,
        le=100_000,
        description="Sessions that are neither deleted nor expired; if not set, “max_sessions_per_organisation”.",
    )
    max_streams: int = Field(default=0, ge=0, le=100_000, description="Event streams at the same time.")


class TaskPrice(BaseModel):
    """What a task costs, in whole credits."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    task: int = Field(default=0, ge=0, le=1_000_000_000, description="For a task that ends with an answer.")
    step: int = Field(
        default=0,
        ge=0,
        le=1_000_000,
        description="For each step that a task has taken, also when it fails or is cancelled.",
    )


#: Requests of an organisation: reference page ``agent-platforms``, section 3; of a key on “free”: section 1.
_PLANS: Final[Mapping[str, Mapping[str, int]]] = MappingProxyType(
    {
        "free": {"requests_per_minute": 100, "requests_per_minute_per_key": 50, "max_streams": 10},
        "starter": {"requests_per_minute": 600, "requests_per_minute_per_key": 300, "max_streams": 50},
        "growth": {"requests_per_minute": 3_000, "requests_per_minute_per_key": 1_500, "max_streams": 200},
        "enterprise": {"requests_per_minute": 60_000, "requests_per_minute_per_key": 30_000, "max_streams": 0},
    }
)


class LimitSettings(BaseSettings):
    """The part of ``Settings`` that is about limits."""

    plans: dict[Literal["free", "starter", "growth", "enterprise"], PlanLimits] = Field(
        default=dict(_PLANS),
        validate_default=True,
        description="What each plan includes; see below. What is not named keeps its default.",
    )
    rate_window_seconds: float = Field(
        default=60.0, gt=0, le=3600, description="Length of the rolling windows: a request counts for so long."
    )
    limits_store: SecretStr = Field(
        default=SecretStr(""),
        description="Redis or Valkey that keeps the windows for all processes, such as “redis://127.0.0.1:6379/0” "
        "(also rediss:// and unix://; extra “shared”); without one, each process keeps its own.",
    )
    block_rules: TextList = Field(
        default=[],
        description="Requests that are refused before anything else is looked at, such as “ip=203.0.113.0/24”, "
        "“agent=*scanner*” or “path=/v1/vault*; ip=10.0.0.0/8”, where all parts have to fit; commas between rules in "
        "the environment.",
    )
    prices: dict[str, TaskPrice] = Field(
        default={},
        description="What a task of an agent costs, in credits, by the agent's name or its model's; “*” is every other "
        "one; see below. What has no price costs nothing.",
    )
    credit_hold_seconds: float = Field(
        default=900.0,
        gt=0,
        le=86_400,
        description="Time after which credits that were held and not settled are free; those of a task are held until "
        "it ends.",
    )

    @field_validator("plans", mode="before")
    @classmethod
    def _over_defaults(cls, plans: Any) -> Any:
        if not isinstance(plans, Mapping):
            return plans
        return {**_PLANS, **{name: _merged(name, given) for name, given in plans.items()}}


def _merged(plan: str, given: Any) -> Any:
    return {**_PLANS.get(plan, {}), **given} if isinstance(given, Mapping) else given
