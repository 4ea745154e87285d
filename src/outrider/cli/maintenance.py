"""``outrider maintenance``: the operator closes the server, and opens it again."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

import typer

from outrider.cli.connect import Target, work
from outrider.cli.options import AsJson, Config, DataDir, Key, Server
from outrider.cli.output import print_result
from outrider.client import OutriderClient

__all__ = ["maintenance"]


def maintenance(
    state: Annotated[
        Literal["on", "off"] | None,
        typer.Argument(metavar="STATE", help="“on” closes the server, “off” opens it; without it, tell how it is."),
    ] = None,
    note: Annotated[str, typer.Option(metavar="TEXT", help="A sentence for clients.")] = "",
    retry_after: Annotated[int, typer.Option(min=1, metavar="SECONDS", help="When clients may ask again.")] = 60,
    server: Server = None,
    key: Key = None,
    data_dir: DataDir = None,
    config: Config = None,
    as_json: AsJson = False,
) -> None:
    """Close the server for requests, or open it again. What is under way goes on; health answers all the time.

    A restarted server is as its setting “maintenance” says.

    ```sh
    outrider maintenance on --note "Back at noon." --retry-after 600
    outrider maintenance off
    ```
    """

    async def switch(client: OutriderClient) -> dict[str, Any]:
        if state is None:
            return await client.requests.maintenance()
        return await client.requests.switch_maintenance(state == "on", note=note, retry_after_seconds=retry_after)

    found = work(Target(server, key, data_dir, config), switch)
    print_result(found, as_json, [_line(found)])


def _line(found: Mapping[str, Any]) -> str:
    if not found["active"]:
        return "The server is open."
    return f"The server is closed for maintenance. {found['note']}".rstrip()
