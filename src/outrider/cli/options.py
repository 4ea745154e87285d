"""Options that several commands share."""

from pathlib import Path
from typing import Annotated, Final

import typer

from outrider.cli.help import FLAG

__all__ = ["AsJson", "Config", "DataDir", "Key", "Server", "SessionId"]

#: Options of all commands, below those of one.
_SHARED: Final = "Server"

Server = Annotated[
    str | None,
    typer.Option(
        metavar="URL",
        rich_help_panel=_SHARED,
        envvar=["OUTRIDER_SERVER", "OUTRIDER_URL"],
        help="Address of a running server. Without it: the one that uses the data folder, else one for the occasion.",
    ),
]
Key = Annotated[
    str | None,
    typer.Option(
        metavar="KEY",
        rich_help_panel=_SHARED,
        envvar="OUTRIDER_KEY",
        help="API key. Without it: the one in “local.key” of the data folder, but only for servers on this machine.",
    ),
]
DataDir = Annotated[
    Path | None,
    typer.Option(
        metavar="FOLDER",
        rich_help_panel=_SHARED,
        help="Folder for the database, browser profiles and the operator's key. [default: ~/.outrider]",
    ),
]
Config = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        rich_help_panel=_SHARED,
        help="TOML file with settings. OUTRIDER_CONFIG names one as well.",
        dir_okay=False,
    ),
]
AsJson = Annotated[
    bool, typer.Option("--json", metavar=FLAG, help="Print JSON on standard output, and nothing else there.")
]
SessionId = Annotated[str, typer.Argument(metavar="ID", help="Id of a session, as “sessions list” shows it.")]
