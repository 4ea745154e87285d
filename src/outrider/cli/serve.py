"""``outrider serve``: a server in the foreground."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from outrider import server
from outrider.cli.options import Config, DataDir
from outrider.config import load_settings

if TYPE_CHECKING:
    from outrider.server import Server

__all__ = ["serve"]

Host = Annotated[str | None, typer.Option(metavar="ADDRESS", help="Address to listen on. [default: 127.0.0.1]")]
Port = Annotated[
    int | None, typer.Option(metavar="PORT", help="Port to listen on; 0 takes any free one. [default: 8470]")
]
LogLevel = Annotated[
    Literal["debug", "info", "warning", "error"] | None,
    typer.Option(metavar="LEVEL", help="Least level logged: debug, info, warning or error. [default: info]"),
]
LogFormat = Annotated[
    Literal["text", "json"] | None,
    typer.Option(metavar="FORM", help="Form of a log line: text or json. [default: text]"),
]
PublicUrl = Annotated[
    str | None,
    typer.Option(metavar="URL", help="Address under which clients reach the server, if not host and port."),
]
BrowserBinary = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Chromium to run. [default: the first one that is installed]")
]
WarmBrowsers = Annotated[
    int | None, typer.Option(metavar="COUNT", help="Browsers launched ahead of need. [default: 1]")
]
MaxSessions = Annotated[int | None, typer.Option(metavar="COUNT", help="Sessions at the same time. [default: 16]")]


def serve(
    host: Host = None,
    port: Port = None,
    data_dir: DataDir = None,
    config: Config = None,
    log_level: LogLevel = None,
    log_format: LogFormat = None,
    public_url: PublicUrl = None,
    browser_binary: BrowserBinary = None,
    warm_browsers: WarmBrowsers = None,
    max_sessions: MaxSessions = None,
) -> None:
    """Run a server until Ctrl-C. Its log goes to standard error.

    Every setting can also come from the environment (OUTRIDER_PORT, …) or from a TOML file; an option comes first.
    The first start makes a key and shows it once; it is kept in “local.key” of the data folder.

    ```sh
    outrider serve
    outrider serve --port 0 --data-dir ./data --log-format json
    ```
    """
    settings = load_settings(
        config,
        host=host,
        port=port,
        data_dir=data_dir,
        log_level=log_level,
        log_format=log_format,
        public_url=public_url,
        browser_binary=browser_binary,
        warm_browsers=warm_browsers,
        max_sessions=max_sessions,
    )
    server.configure_logging(settings.log_level, settings.log_format)
    server.run_server(settings, _introduce)


def _introduce(opened: "Server") -> None:
    """Where the server is and how to get in; the key itself only when it is new."""
    kept = opened.settings.key_file
    print(f"Outrider answers at {opened.url}")
    print(f"  API docs  {opened.url}/docs")
    print(f"  key       {opened.new_key} (kept in {kept})" if opened.new_key else f"  key       in {kept}")
    print("Ctrl-C stops it.", flush=True)
