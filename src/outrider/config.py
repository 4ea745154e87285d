"""Settings: argument over environment over TOML file over default. The only module that reads the environment.

``docs/reference/settings.md`` is generated from ``Settings``.
"""

import os
from pathlib import Path
from typing import Any, Final, Literal

from pydantic import Field, SecretStr, ValidationError
from pydantic_core import ErrorDetails
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from outrider.problems import OutriderError

__all__ = ["Settings", "load_settings"]


class Settings(BaseSettings):
    """Everything that can be set, with its default. Durations are seconds, sizes are bytes."""

    model_config = SettingsConfigDict(env_prefix="OUTRIDER_", frozen=True, extra="forbid")

    data_dir: Path = Field(
        default=Path("~/.outrider"),
        description="Folder for the database, browser profiles and the operator's key.",
    )
    host: str = Field(default="127.0.0.1", description="Address to listen on.")
    port: int = Field(default=8470, ge=0, le=65535, description="Port to listen on; 0 takes any free one.")
    public_url: str = Field(
        default="", description="Address under which clients reach the server, if not host and port."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(default="info", description="Least level logged.")
    log_format: Literal["text", "json"] = Field(default="text", description="Form of a log line.")
    sealing_keys: SecretStr = Field(
        default=SecretStr(""),
        description=(
            "Keys for what is stored encrypted, comma-separated, newest first; each 32 bytes in URL-safe base64. "
            "Without any, the first start makes one in “sealing.keys” of the data folder."
        ),
    )
    max_body_bytes: int = Field(default=1_048_576, ge=1024, description="Largest request body that is accepted.")
    body_timeout_seconds: float = Field(
        default=20.0, gt=0, description="Time for a request's head to arrive, and then for its body."
    )
    heartbeat_seconds: float = Field(
        default=15.0, gt=0, le=50, description="Time between heartbeats of an event stream."
    )

    browser_binary: Path | None = Field(
        default=None,
        description="Chromium to run; by default chromium-headless-shell, chromium or google-chrome, in that order.",
    )
    warm_browsers: int = Field(default=1, ge=0, le=64, description="Browsers that are kept launched ahead of need.")
    max_sessions: int = Field(default=16, ge=1, le=1024, description="Sessions with a browser at the same time.")
    viewport_width: int = Field(default=1280, ge=320, le=7680, description="Width of the page in CSS pixels.")
    viewport_height: int = Field(default=800, ge=200, le=4320, description="Height of the page in CSS pixels.")
    session_start_timeout_seconds: float = Field(default=30.0, gt=0, description="Time for a session to become ready.")
    navigation_timeout_seconds: float = Field(default=30.0, gt=0, description="Time for a page to load.")
    action_timeout_seconds: float = Field(default=10.0, gt=0, description="Time for an action or an observation.")

    model_aliases: dict[str, str] = Field(
        default={"agi-0": "scout", "agi-0-fast": "scout"},
        description="Agent names of the API and the models they stand for.",
    )
    max_steps: int = Field(
        default=100, ge=1, le=10_000, description="Steps a task may take when the session names no limit."
    )
    task_timeout_seconds: float = Field(
        default=900.0, gt=0, description="Time a task may take, waits for answers excluded."
    )
    idle_timeout_seconds: float = Field(
        default=1800.0, gt=0, description="Time without a running task after which a session expires."
    )
    retention_days: float = Field(
        default=30.0, ge=0, description="Days for which ended sessions and their logs are kept."
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments, then the environment, then the TOML file."""
        del dotenv_settings, file_secret_settings
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)

    @property
    def database_path(self) -> Path:
        """The SQLite file of the embedded engine."""
        return self.data_dir / "outrider.db"

    @property
    def browsers_dir(self) -> Path:
        """Parent of all profile folders; whatever lies here at start is a leftover."""
        return self.data_dir / "browsers"

    @property
    def key_file(self) -> Path:
        """The operator's own key for the command line, readable by the owner of the folder only."""
        return self.data_dir / "local.key"

    @property
    def sealing_key_file(self) -> Path:
        """Keys for what is stored encrypted, when no setting gives them."""
        return self.data_dir / "sealing.keys"


#: The environment variable that names the TOML file.
CONFIG_VARIABLE = "OUTRIDER_CONFIG"


def load_settings(file: Path | None = None, **arguments: Any) -> Settings:
    """Settings from ``arguments`` (None counts as not given), the environment and a TOML file.

    The file is ``file``, else the one that ``OUTRIDER_CONFIG`` names, else none. Raises CONFIG_INVALID.
    """
    named = os.environ.get(CONFIG_VARIABLE)
    path = file or (Path(named) if named else None)
    if path is not None and not path.is_file():
        raise OutriderError("CONFIG_INVALID", summary=f"there is no file {path}", source="--config or OUTRIDER_CONFIG")

    class FromFile(Settings):
        model_config = SettingsConfigDict(toml_file=path)

    given = {name: value for name, value in arguments.items() if value is not None}
    try:
        settings = FromFile(**given)
    except ValidationError as error:
        source = " and ".join(sorted({_source(fault, given, path) for fault in error.errors()}))
        raise OutriderError("CONFIG_INVALID", summary=_summary(error), source=source) from error
    except ValueError as error:  # not TOML, or an environment variable that is not JSON
        raise OutriderError("CONFIG_INVALID", summary=str(error), source=str(path or "environment")) from error
    return settings.model_copy(update={"data_dir": settings.data_dir.expanduser().absolute()})


def _summary(error: ValidationError) -> str:
    """Names of the wrong settings and why; never their values, which may be secret."""
    return "; ".join(f"{_name(fault)}: {_REASONS.get(fault['type'], fault['msg'])}" for fault in error.errors())


def _source(fault: ErrorDetails, given: dict[str, Any], path: Path | None) -> str:
    """Where the wrong value came from."""
    name = str(fault["loc"][0])
    variable = f"OUTRIDER_{name.upper()}"
    if name in given:
        return f"“--{name.replace('_', '-')}”"
    return f"“{variable}”" if variable in os.environ else f"the file {path}"


def _name(fault: ErrorDetails) -> str:
    return ".".join(map(str, fault["loc"]))


_REASONS: Final = {"extra_forbidden": "there is no such setting"}
