"""``outrider sessions files``: what a session downloaded, and what is offered to its pages."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from outrider.cli.connect import Target, work
from outrider.cli.exits import Exit
from outrider.cli.help import App
from outrider.cli.options import AsJson, Config, DataDir, Key, Server, SessionId
from outrider.cli.output import print_result
from outrider.client import OutriderClient
from outrider.problems import OutriderError

__all__ = ["app"]

app = App(
    help="Fetch what a session downloaded, and offer files to its pages.\n\n"
    "```sh\noutrider sessions files list 0b9f6c1e-…\n```",
)

Name = Annotated[str, typer.Argument(metavar="NAME", help="Name of a file, as “files list” shows it.")]


@app.command("list")
def list_(
    session_id: SessionId,
    server: Server = None,
    key: Key = None,
    data_dir: DataDir = None,
    config: Config = None,
    as_json: AsJson = False,
) -> None:
    """List the files of a session, oldest first.

    ```sh
    outrider sessions files list 0b9f6c1e-…
    ```
    """
    found = work(Target(server, key, data_dir, config), lambda client: client.files.list(session_id))
    if not found and not as_json:
        print("There are no files.", file=sys.stderr)
    print_result(found, as_json, (_row(file) for file in found))


@app.command()
def get(
    session_id: SessionId,
    name: Name,
    to: Annotated[
        Path | None, typer.Option(metavar="PATH", help="Where to write it; by default here, under its own name.")
    ] = None,
    server: Server = None,
    key: Key = None,
    data_dir: DataDir = None,
    config: Config = None,
) -> None:
    """Fetch a file. One that is there already is not overwritten, unless it is named with --to.

    ```sh
    outrider sessions files get 0b9f6c1e-… report.pdf
    outrider sessions files get 0b9f6c1e-… report.pdf --to /tmp/report.pdf
    ```
    """
    content = work(Target(server, key, data_dir, config), lambda client: client.files.get(session_id, name))
    path = to or Path(Path(name).name)
    try:
        with path.open("wb" if to else "xb") as file:
            file.write(content)
    except OSError as error:
        raise OutriderError("FILE_UNREADABLE", path=path, reason=error.strerror or str(error)) from error
    print(path)


@app.command()
def offer(
    session_id: SessionId,
    path: Annotated[Path, typer.Argument(metavar="PATH", help="A file of this machine.")],
    name: Annotated[str | None, typer.Option(metavar="NAME", help="Its name in the session, if not its own.")] = None,
    server: Server = None,
    key: Key = None,
    data_dir: DataDir = None,
    config: Config = None,
    as_json: AsJson = False,
) -> None:
    """Offer a file to the pages of a session. A task finds it by its name.

    ```sh
    outrider sessions files offer 0b9f6c1e-… report.pdf
    ```
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise OutriderError("FILE_UNREADABLE", path=path, reason=error.strerror or str(error)) from error

    async def send(client: OutriderClient) -> dict[str, Any]:
        return await client.files.offer(session_id, name or path.name, content)

    file = work(Target(server, key, data_dir, config), send)
    print_result(file, as_json, (_row(file),))


@app.command()
def delete(
    session_id: SessionId,
    name: Name,
    server: Server = None,
    key: Key = None,
    data_dir: DataDir = None,
    config: Config = None,
    as_json: AsJson = False,
) -> None:
    """Remove a file. Exit code 1 when it was not there.

    ```sh
    outrider sessions files delete 0b9f6c1e-… report.pdf
    ```
    """
    answer = work(Target(server, key, data_dir, config), lambda client: client.files.delete(session_id, name))
    print_result(answer, as_json, (answer["message"],))
    if not answer["deleted"]:
        raise typer.Exit(Exit.FAILED)


def _row(file: Mapping[str, Any]) -> str:
    return f"{file['kind']:<8}  {file['bytes']:>12,}  {file['name']}"
