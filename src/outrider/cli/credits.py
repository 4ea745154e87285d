"""``outrider credits``: what an organisation may spend, and what the operator gives it."""

import sys
from collections.abc import Mapping
from typing import Annotated, Any, Final

import typer

from outrider.cli.connect import Target, work
from outrider.cli.help import App
from outrider.cli.options import AsJson, Config, DataDir, Key, Server
from outrider.cli.output import print_result
from outrider.client import OutriderClient

__all__ = ["app"]

_EXAMPLE: Final = "outrider credits grant acme 500 --reference invoice-2026-031"

app = App(
    help=f"See what an organisation may spend, and give it more.\n\n```sh\n{_EXAMPLE}\n```",
)

Organisation = Annotated[
    str | None,
    typer.Option("--org", metavar="NAME", help="Short name or id of another organisation: for the operator's key."),
]


@app.command()
def show(
    org: Organisation = None,
    server: Server = None,
    key: Key = None,
    data_dir: DataDir = None,
    config: Config = None,
    as_json: AsJson = False,
) -> None:
    """Print what may be spent, and what tasks under way hold.

    ```sh
    outrider credits show
    outrider credits show --org acme
    ```
    """
    found = work(Target(server, key, data_dir, config), lambda client: client.credits.balance(org))
    print_result(found, as_json, (f"{found['available']} available, {found['held']} held",))


@app.command()
def statement(
    org: Organisation = None,
    limit: Annotated[int, typer.Option(min=1, metavar="COUNT", help="At most so many lines.")] = 50,
    server: Server = None,
    key: Key = None,
    data_dir: DataDir = None,
    config: Config = None,
    as_json: AsJson = False,
) -> None:
    """Print what was granted, held, charged and given back, the newest first, and what was left each time.

    ```sh
    outrider credits statement
    outrider credits statement --org acme --limit 10 --json
    ```
    """

    async def read(client: OutriderClient) -> list[dict[str, Any]]:
        return [line async for line in client.credits.statement(org, limit=limit)]

    found = work(Target(server, key, data_dir, config), read)
    if not found and not as_json:
        print("There were no movements yet.", file=sys.stderr)
    print_result(found, as_json, map(_line, found))


@app.command()
def grant(
    org: Annotated[str, typer.Argument(metavar="NAME", help="Short name or id of an organisation.")],
    amount: Annotated[int, typer.Argument(metavar="AMOUNT", min=1, help="Whole credits.")],
    reference: Annotated[
        str, typer.Option(metavar="TEXT", help="Names this grant: repeated with it, it gives nothing more.")
    ],
    memo: Annotated[str, typer.Option(metavar="TEXT", help="Stands in the statement.")] = "",
    server: Server = None,
    key: Key = None,
    data_dir: DataDir = None,
    config: Config = None,
    as_json: AsJson = False,
) -> None:
    """Give an organisation credits. For the operator's key.

    ```sh
    outrider credits grant acme 500 --reference invoice-2026-031
    ```
    """
    target = Target(server, key, data_dir, config)
    made = work(target, lambda client: client.credits.grant(org, amount, reference, memo=memo))
    print_result(made, as_json, (_line(made),))


def _line(line: Mapping[str, Any]) -> str:
    moved = f"{line['change']:+d}" if line["change"] else f"({line['amount']})"
    told = (line["at"], line["kind"], moved, f"{line['available']} available", line["reference"], line["memo"])
    return "  ".join(filter(None, told))
