"""``outrider audit``: what screening decided."""

import sys
from collections.abc import Mapping
from typing import Annotated, Any

import typer

from outrider.cli.connect import Target, work
from outrider.cli.help import App
from outrider.cli.options import AsJson, Config, DataDir, Key, Server
from outrider.cli.output import print_result
from outrider.client import OutriderClient

__all__ = ["app"]

app = App(
    help="See what screening asked about, blocked, flagged and allowed.\n\n```sh\noutrider audit list\n```",
)


@app.callback()
def audit() -> None:
    """Keep “list” a command of its own, although it is the only one."""


@app.command("list")
def list_(
    session: Annotated[str | None, typer.Option(metavar="ID", help="Only of this session.")] = None,
    decision: Annotated[
        str | None, typer.Option(metavar="DECISION", help="Only what was: allow, flag, ask or block.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, metavar="COUNT", help="At most so many.")] = 50,
    server: Server = None,
    key: Key = None,
    data_dir: DataDir = None,
    config: Config = None,
    as_json: AsJson = False,
) -> None:
    """Print decisions, the newest first.

    ```sh
    outrider audit list --decision block
    outrider audit list --session 0b9f6c1e-… --json
    ```
    """

    async def read(client: OutriderClient) -> list[dict[str, Any]]:
        return [entry async for entry in client.audit(session_id=session, decision=decision, limit=limit)]

    found = work(Target(server, key, data_dir, config), read)
    if not found and not as_json:
        print("There are no such decisions.", file=sys.stderr)
    print_result(found, as_json, map(_line, found))


def _line(entry: Mapping[str, Any]) -> str:
    named = (f"{entry['id']:>6}", entry["at"], entry["session_id"], entry["decision"], entry["rule"])
    return "  ".join(filter(None, (*named, entry["excerpt"])))
