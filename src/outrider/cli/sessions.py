"""``outrider sessions``: look at the sessions of a server, and end them."""

import sys
from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal

import typer

from outrider.cli import files
from outrider.cli.connect import Target, work
from outrider.cli.exits import Exit
from outrider.cli.help import FLAG, App
from outrider.cli.options import AsJson, Config, DataDir, Key, Server, SessionId
from outrider.cli.output import print_result, printable
from outrider.client import OutriderClient
from outrider.protocol.events import text_of

__all__ = ["app"]

app = App(
    help="Look at the sessions of a server, and end them.\n\n```sh\noutrider sessions list\n```",
)
app.add_typer(files.app, name="files")

_PAGE: Final = 1000

SaveMode = Literal["filesystem", "memory"]


@app.command("list")
def list_(
    server: Server = None, key: Key = None, data_dir: DataDir = None, config: Config = None, as_json: AsJson = False
) -> None:
    """List sessions, oldest first. Ended ones are gone.

    ```sh
    outrider sessions list
    outrider sessions list --json
    ```
    """
    found = work(Target(server, key, data_dir, config), lambda client: client.list_sessions())
    if not found and not as_json:
        print("There are no sessions.", file=sys.stderr)
    print_result(found, as_json, (_row(session) for session in found))


@app.command()
def show(
    session_id: SessionId,
    server: Server = None,
    key: Key = None,
    data_dir: DataDir = None,
    config: Config = None,
    as_json: AsJson = False,
) -> None:
    """Show one session and where its task is.

    ```sh
    outrider sessions show 0b9f6c1e-…
    ```
    """

    async def ask(client: OutriderClient) -> dict[str, Any]:
        return await client.get_session(session_id) | {"task_status": await client.get_status(session_id)}

    found = work(Target(server, key, data_dir, config), ask)
    print_result(found, as_json, (f"{name + ':':<20} {value}" for name, value in found.items() if value is not None))


@app.command()
def messages(
    session_id: SessionId,
    after: Annotated[int, typer.Option(min=0, metavar="ID", help="Only entries after this one.")] = 0,
    server: Server = None,
    key: Key = None,
    data_dir: DataDir = None,
    config: Config = None,
    as_json: AsJson = False,
) -> None:
    """Print the log of a session. It has what the agent was told, thought, did, asked and answered.

    ```sh
    outrider sessions messages 0b9f6c1e-…
    outrider sessions messages 0b9f6c1e-… --after 12 --json
    ```
    """

    async def read(client: OutriderClient) -> list[dict[str, Any]]:
        log: list[dict[str, Any]] = []
        while part := await client.get_messages(session_id, after_id=log[-1]["id"] if log else after, limit=_PAGE):
            log += part
        return log

    found = work(Target(server, key, data_dir, config), read)
    print_result(found, as_json, (f"{m['id']:>4}  {m['type']:<8}  {text_of(m['content'])}" for m in found))


@app.command()
def script(
    session_id: SessionId,
    task: Annotated[int | None, typer.Option(min=1, metavar="ID", help="Id of the message that began it.")] = None,
    server: Server = None,
    key: Key = None,
    data_dir: DataDir = None,
    config: Config = None,
) -> None:
    """Print a finished task as a script, the last one or that of a message. “outrider replay” runs it again.

    ```sh
    outrider sessions script 0b9f6c1e-… > task.yaml
    ```
    """
    print(
        printable(
            work(Target(server, key, data_dir, config), lambda client: client.get_script(session_id, task_id=task))
        ),
        end="",
    )


@app.command()
def delete(
    session_ids: Annotated[list[str] | None, typer.Argument(metavar="ID", help="Ids of sessions.")] = None,
    everything: Annotated[bool, typer.Option("--all", metavar=FLAG, help="End all sessions.")] = False,
    save: Annotated[
        SaveMode | None, typer.Option(metavar="MODE", help="Save the environments first: filesystem or memory.")
    ] = None,
    as_default: Annotated[
        bool, typer.Option("--as-default", metavar=FLAG, help="Make the saved environment the default one.")
    ] = False,
    server: Server = None,
    key: Key = None,
    data_dir: DataDir = None,
    config: Config = None,
    as_json: AsJson = False,
) -> None:
    """End sessions. Their tasks are cancelled and their browsers closed. Exit code 1 when one was not there.

    ```sh
    outrider sessions delete 0b9f6c1e-… 77aa12cd-…
    outrider sessions delete 0b9f6c1e-… --save filesystem
    outrider sessions delete --all
    ```
    """
    ids = list(dict.fromkeys(session_ids or []))
    if bool(ids) == everything:
        raise typer.BadParameter("name sessions, or give --all")
    if (everything and save) or (as_default and not save):
        raise typer.BadParameter("--save is for named sessions, and --as-default goes with --save")
    saving: dict[str, Any] = {"save_snapshot_mode": save, "save_as_default": as_default} if save else {}

    async def end(client: OutriderClient) -> dict[str, dict[str, Any]]:
        if everything:
            return {"all": await client.delete_sessions()}
        return {session_id: await client.delete_session(session_id, **saving) for session_id in ids}

    answers = work(Target(server, key, data_dir, config), end)
    print_result(answers, as_json, (f"{name}: {answer['message']}" for name, answer in answers.items()))
    if not everything and not all(answer.get("deleted") for answer in answers.values()):
        raise typer.Exit(Exit.FAILED)


def _row(session: Mapping[str, Any]) -> str:
    return "  ".join(
        str(session.get(name) or "") for name in ("session_id", "status", "agent_name", "created_at", "goal")
    )
