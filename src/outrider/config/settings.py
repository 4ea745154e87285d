"""Settings: argument over environment over TOML file over default. Nothing outside this package reads the environment.

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

from outrider.config.limits import LimitSettings
from outrider.config.lists import PathList, Pauses, TextList
from outrider.config.models import ModelSettings
from outrider.config.requests import RequestSettings
from outrider.config.tokens import TokenIssuer
from outrider.problems import OutriderError

__all__ = ["Settings", "load_settings"]


class Settings(LimitSettings, RequestSettings):
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
    token_issuers: dict[str, TokenIssuer] = Field(
        default={}, description="Who issues JSON Web Tokens that are good as keys, by any name; see below."
    )
    max_body_bytes: int = Field(default=1_048_576, ge=1024, description="Largest request body that is accepted.")
    body_timeout_seconds: float = Field(
        default=20.0,
        gt=0,
        description="Time for a request's head to arrive, and then for its body; and for a client to read on in an "
        "answer.",
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
    max_sessions_per_organisation: int = Field(
        default=0,
        ge=0,
        le=100_000,
        description="Sessions of one organisation that are neither deleted nor expired; 0 sets no limit.",
    )
    memory_reserve_bytes: int = Field(
        default=134_217_728,
        ge=0,
        description="No session is created, or given a browser again, while less memory than this is available, to the "
        "machine or to the server's container; 0 does not look.",
    )
    viewport_width: int = Field(default=1280, ge=320, le=7680, description="Width of the page in CSS pixels.")
    viewport_height: int = Field(default=800, ge=200, le=4320, description="Height of the page in CSS pixels.")
    session_start_timeout_seconds: float = Field(default=30.0, gt=0, description="Time for a session to become ready.")
    navigation_timeout_seconds: float = Field(default=30.0, gt=0, description="Time for a page to load.")
    action_timeout_seconds: float = Field(default=10.0, gt=0, description="Time for an action or an observation.")

    isolation: Literal["process", "bubblewrap"] = Field(
        default="process",
        description="How a session's browser is shut off: “process” is a process with a profile of its own; with "
        "“bubblewrap” it is in namespaces as well, where it sees no file of others and no other process.",
    )
    egress_allow: TextList = Field(
        default=[],
        description="What pages may reach beside public addresses: addresses, networks or host names, with or without "
        "a port (“127.0.0.1:8300”, “10.0.0.0/8”, “*.corp.example:443”, “localhost”); commas between them in the "
        "environment.",
    )
    egress_deny: TextList = Field(
        default=[], description="What pages may not reach, written like “egress_allow”, which it has precedence over."
    )
    live_view_frames_per_second: float = Field(
        default=15.0, gt=0, le=60, description="Most pictures of a moving page that viewers get in a second."
    )
    takeover_grace_seconds: float = Field(
        default=120.0,
        gt=0,
        description="Time after which a task goes on when the viewer who took it over has left without giving it back.",
    )
    max_viewers: int = Field(default=20, ge=1, le=1000, description="Viewers of one session at the same time.")
    max_devtools_clients: int = Field(
        default=8, ge=1, le=100, description="DevTools clients of one session at the same time."
    )
    session_token_seconds: float = Field(
        default=86_400.0, ge=60, description="Time for which the link to a session's live view is good, at most."
    )

    models: dict[str, ModelSettings] = Field(
        default={},
        description="Language models by the name that agents know them by, beside the embedded “scout”; see below.",
    )
    model_aliases: dict[str, str] = Field(
        default={"agi-0": "scout", "agi-0-fast": "scout"},
        description="Agent names of the API and the models they stand for.",
    )
    screening: dict[str, str] = Field(
        default={},
        description="What becomes of actions by class of risk (purchase, credentials, download, upload, deletion, "
        "leaving): “ask” (unless the task's own words ask for it; the default), “always_ask”, “allow” or “block”.",
    )
    screening_rules: PathList = Field(
        default=[], description="TOML files with further rules of screening; commas between them in the environment."
    )
    allowed_sites: TextList = Field(
        default=[],
        description="Sites that sessions may be on, such as “shop.example” or “*.corp.example:8443”; all, if none. "
        "Commas between them in the environment.",
    )
    audit_retention_days: float = Field(
        default=365.0, gt=0, description="Days for which decisions of screening are kept."
    )

    max_steps: int = Field(
        default=100, ge=1, le=10_000, description="Steps a task may take when the session names no limit."
    )
    task_timeout_seconds: float = Field(
        default=900.0, gt=0, description="Time a task may take, waits for answers excluded."
    )
    max_cost: float = Field(
        default=0.0, ge=0, description="US dollars that the language models of one task may cost; 0 sets no limit."
    )
    step_timeout_seconds: float = Field(
        default=120.0,
        gt=0,
        description="Time one step of a task may take: a look at the page with its decision, or an action.",
    )
    watchdog_seconds: float = Field(
        default=15.0,
        gt=0,
        le=3600,
        description="Time between two looks for sessions that claim to be at work without anybody working on them.",
    )
    idle_timeout_seconds: float = Field(
        default=1800.0, gt=0, description="Time without a running task after which a session expires."
    )
    retention_days: float = Field(
        default=30.0, ge=0, description="Days for which ended sessions, their logs and ended runs of jobs are kept."
    )

    max_file_bytes: int = Field(
        default=26_214_400, ge=1024, description="Largest file that may be offered to a session for uploads."
    )
    max_download_bytes: int = Field(
        default=1_073_741_824, ge=1024, description="Largest file that a page may download; larger ones are cancelled."
    )
    max_files: int = Field(
        default=100, ge=1, le=10_000, description="Files of one session, downloads and offered ones together."
    )
    upload_types: TextList = Field(
        default=[],
        description="What may be offered: media types (“application/pdf”, “image/*”) and endings (“.csv”), with commas "
        "between them in the environment; everything when empty.",
    )
    file_retention_days: float = Field(
        default=7.0, ge=0, description="Days for which files that were to be kept outlive their session."
    )

    snapshot_max_bytes: int = Field(
        default=268_435_456, ge=1_048_576, description="Largest environment that is saved, before compression."
    )
    snapshot_retention_days: float = Field(default=30.0, gt=0, description="Days for which snapshots are kept.")
    parked_browsers: int = Field(
        default=4, ge=0, le=1024, description="Browsers kept alive, frozen, by memory snapshots; 0 keeps none."
    )
    parked_seconds: float = Field(
        default=900.0, gt=0, description="Time for which a browser is kept so; then its files serve."
    )
    parked_free_bytes: int = Field(
        default=536_870_912, ge=0, description="No browser is kept so while less memory than this is available."
    )

    webhook_timeout_seconds: float = Field(
        default=10.0, gt=0, le=60, description="Time a webhook's receiver may take for its whole answer."
    )
    webhook_retry_seconds: Pauses = Field(
        default=(2, 4, 8, 30, 120, 600, 1800, 3600, 7200, 14_400, 28_800),
        max_length=50,
        description=(
            "Pauses between the attempts of a webhook, each lengthened by up to a fifth; commas between them in the "
            "environment. When the last attempt has failed, too, the endpoint is disabled."
        ),
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
    def windows_file(self) -> Path:
        """What requests were made within the last window, so that a restart does not forget it."""
        return self.data_dir / "windows.state"

    @property
    def token_key_file(self) -> Path:
        """The server's key for tokens of sessions."""
        return self.data_dir / "tokens.key"

    @property
    def snapshots_dir(self) -> Path:
        """Files of saved environments, encrypted."""
        return self.data_dir / "snapshots"

    @property
    def files_dir(self) -> Path:
        """Files of sessions: downloads, and what was offered for uploads."""
        return self.data_dir / "files"

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
    return "; ".join(
        f"{_name(fault)}: {_REASONS.get(fault['type'], fault['msg'].removeprefix('Value error, '))}"
        for fault in error.errors()
    )


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
