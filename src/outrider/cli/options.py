"""Options that several commands share."""

from pathlib import Path
from typing import Annotated, Final

import typer

__all__ = ["FLAG", "AsJson", "Config", "DataDir", "Key", "Server", "SessionId"]

#: What the help shows as the value of an option that takes none; else it would say <bool>.
FLAG: Final = ""

Server = Annotated[
    str | None,
    typer.Option(
        metavar="URL",
        envvar=["OUTRIDER_SERVER", "OUTRIDER_URL"],
        help="Address of a running server. Without it: the one that uses the data folder, else one for the occasion.",
    ),
]
Key = Annotated[
    str | None,
    typer.Option(
        metavar="KEY",
        envvar="OUTRIDER_KEY",
        help="API key. Without it: the one in “local.key” of the data folder, but only for servers on this machine.",
    ),
]
DataDir = Annotated[
    Path | None,
    typer.Option(
        metavar="FOLDER",
        help="Folder for the database, browser profiles and the operator's key. [default: ~/.outrider]",
    ),
]
Config = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="TOML file with settings. OUTRIDER_CONFIG names one as well.", dir_okay=False),
]
AsJson = Annotated[
    bool, typer.Option("--json", metavar=FLAG, help="Print JSON on standard output, and nothing else there.")
]
SessionId = Annotated[str, typer.Argument(metavar="ID", help="Id of a session, as “sessions list” shows it.")]
