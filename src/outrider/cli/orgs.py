"""``outrider orgs``: the clients of a server, and how much each may do. For the operator's key."""

import sys
from collections.abc import Mapping
from typing import Annotated, Any, Final

import typer

from outrider.cli.changes import given, limit
from outrider.cli.connect import Target, work
from outrider.cli.help import App
from outrider.cli.options import AsJson, Config, DataDir, Key, Server
from outrider.cli.output import print_result
from outrider.client import OutriderClient

__all__ = ["app"]

_EXAMPLE: Final = """\
outrider orgs add acme --name "Acme Ltd" --plan growth
outrider keys add owner --org acme --scope "*:manage"      # its first key"""

app = App(
    help="Manage the organisations that share this server. Each sees only its own sessions, keys and webhooks.\n\n"
    f"```sh\n{_EXAMPLE}\n```",
)

OrganisationId = Annotated[str, typer.Argument(metavar="NAME", help="Short name or id of an organisation.")]
Name = Annotated[str | None, typer.Option(metavar="NAME", help="For people.")]
Plan = Annotated[
    str | None, typer.Option(metavar="PLAN", help="free, starter, growth or enterprise. [default of a new one: free]")
]
PerMinute = Annotated[
    int | None,
    typer.Option("--per-minute", min=0, metavar="COUNT", help="Requests in any 60 seconds; 0 leaves it to the plan."),
]
MaxSessions = Annotated[
    int | None, typer.Option(min=0, metavar="COUNT", help="Sessions at the same time; 0 sets no limit of its own.")
]
MaxStreams = Annotated[
    int | None, typer.Option(min=0, metavar="COUNT", help="Streams at the same time; 0 leaves it to the plan.")
]
Models = Annotated[
    list[str] | None,
    typer.Option("--model", metavar="NAME", help="The only models that it may use; may be repeated. “*” is all."),
]
IdleTimeout = Annotated[
    float | None,
    typer.Option(
        min=0,
        metavar="SECONDS",
        help="Time without a running task after which its sessions expire; 0 leaves it to the server.",
    ),
]


@app.command("list")
def list_(
    server: Server = None, key: Key = None, data_dir: DataDir = None, config: Config = None, as_json: AsJson = False
) -> None:
    """List organisations, the newest first.

    ```sh
    outrider orgs list
    ```
    """

    async def read(client: OutriderClient) -> list[dict[str, Any]]:
        return [found async for found in client.organisations.list()]

    found = work(Target(server, key, data_dir, config), read)
    if not found and not as_json:
        print("There are no organisations.", file=sys.stderr)
    print_result(found, as_json, map(_line, found))


@app.command()
def add(
    short_name: Annotated[
        str, typer.Argument(metavar="SHORT_NAME", help="Names it in addresses: small letters, digits and hyphens.")
    ],
    name: Name = None,
    plan: Plan = None,
    per_minute: PerMinute = None,
    max_sessions: MaxSessions = None,
    max_streams: MaxStreams = None,
    model: Models = None,
    idle_timeout: IdleTimeout = None,
    server: Server = None,
    key: Key = None,
    data_dir: DataDir = None,
    config: Config = None,
    as_json: AsJson = False,
) -> None:
    """Add an organisation. It has no key yet: make one with “keys add --org”.

    ```sh
    outrider orgs add acme --name "Acme Ltd" --plan growth --max-sessions 5
    ```
    """
    fields = _given(name, plan, per_minute, max_sessions, max_streams, model, idle_timeout)
    made = work(Target(server, key, data_dir, config), lambda client: client.organisations.create(short_name, **fields))
    print_result(made, as_json, (_line(made),))


@app.command()
def change(
    organisation_id: OrganisationId,
    short_name: Annotated[str | None, typer.Option(metavar="SHORT_NAME", help="Names it in addresses.")] = None,
    name: Name = None,
    plan: Plan = None,
    per_minute: PerMinute = None,
    max_sessions: MaxSessions = None,
    max_streams: MaxStreams = None,
    model: Models = None,
    idle_timeout: IdleTimeout = None,
    server: Server = None,
    key: Key = None,
    data_dir: DataDir = None,
    config: Config = None,
    as_json: AsJson = False,
) -> None:
    """Change an organisation. What is given counts from the next request on.

    ```sh
    outrider orgs change acme --plan enterprise --per-minute 6000
    outrider orgs change acme --max-sessions 0     # no limit of its own any more
    ```
    """
    changes = _given(name, plan, per_minute, max_sessions, max_streams, model, idle_timeout)
    changes |= {} if short_name is None else {"short_name": short_name}
    if not changes:
        raise typer.BadParameter("say what is to be changed: --plan, --max-sessions, …")
    changed = work(
        Target(server, key, data_dir, config), lambda client: client.organisations.update(organisation_id, **changes)
    )
    print_result(changed, as_json, (_line(changed),))


@app.command()
def disable(
    organisation_id: OrganisationId,
    server: Server = None,
    key: Key = None,
    data_dir: DataDir = None,
    config: Config = None,
    as_json: AsJson = False,
) -> None:
    """Have an organisation's keys refused until it is enabled again. Its sessions end at once.

    ```sh
    outrider orgs disable acme
    ```
    """
    _switch(Target(server, key, data_dir, config), organisation_id, disabled=True, as_json=as_json)


@app.command()
def enable(
    organisation_id: OrganisationId,
    server: Server = None,
    key: Key = None,
    data_dir: DataDir = None,
    config: Config = None,
    as_json: AsJson = False,
) -> None:
    """Take the keys of a disabled organisation again.

    ```sh
    outrider orgs enable acme
    ```
    """
    _switch(Target(server, key, data_dir, config), organisation_id, disabled=False, as_json=as_json)


@app.command()
def remove(
    organisation_id: OrganisationId,
    server: Server = None,
    key: Key = None,
    data_dir: DataDir = None,
    config: Config = None,
    as_json: AsJson = False,
) -> None:
    """Remove an organisation. Its keys, jobs and sessions end at once; its short name stays taken.

    ```sh
    outrider orgs remove acme
    ```
    """

    async def end(client: OutriderClient) -> dict[str, Any]:
        found = await client.organisations.get(organisation_id)
        await client.organisations.remove(organisation_id)
        return found

    removed = work(Target(server, key, data_dir, config), end)
    print_result(removed, as_json, (f"removed {removed['short_name']}, and revoked its keys",))


def _switch(target: Target, organisation_id: str, *, disabled: bool, as_json: bool) -> None:
    changed = work(target, lambda client: client.organisations.update(organisation_id, disabled=disabled))
    print_result(changed, as_json, (_line(changed),))


def _given(
    name: str | None,
    plan: str | None,
    per_minute: int | None,
    max_sessions: int | None,
    max_streams: int | None,
    models: list[str] | None,
    idle_timeout: float | None,
) -> dict[str, Any]:
    return given(
        name=name,
        plan=plan,
        requests_per_minute=limit(per_minute),
        max_sessions=limit(max_sessions),
        max_streams=limit(max_streams),
        models=limit(models),
        idle_timeout_seconds=limit(idle_timeout),
    )


def _line(organisation: Mapping[str, Any]) -> str:
    limits = {
        "requests a minute": organisation["requests_per_minute"],
        "sessions": organisation["max_sessions"],
        "streams": organisation["max_streams"],
        "s idle": organisation["idle_timeout_seconds"],
    }
    said = ", ".join(f"{value:g} {what}" for what, value in limits.items() if value is not None)
    models = ",".join(organisation["models"]) if organisation["models"] is not None else ""
    disabled = "disabled" if organisation["disabled"] else ""
    named = (organisation["id"], organisation["short_name"], organisation["plan"], disabled)
    return "  ".join(filter(None, (*named, said, models, organisation["name"])))
