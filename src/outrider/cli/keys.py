"""``outrider keys``: keys of an organisation, what each may do, and their end."""

import sys
from collections.abc import Mapping
from typing import Annotated, Any, Final

import typer

from outrider.cli.changes import given, limit
from outrider.cli.connect import Target, work
from outrider.cli.help import FLAG, App
from outrider.cli.options import AsJson, Config, DataDir, Key, Server
from outrider.cli.output import print_result
from outrider.cli.times import from_now
from outrider.client import OutriderClient

__all__ = ["app"]

_EXAMPLE: Final = "outrider keys add crawler --scope sessions:manage --expires 90d"

app = App(
    help="Make keys for programs, see when each was last used, and end them. A key can do what its scopes say, "
    f"`area:verb`: read, write, or manage; it can't do more than the key that makes it.\n\n```sh\n{_EXAMPLE}\n```",
)

KeyId = Annotated[str, typer.Argument(metavar="ID", help="Id of a key, as “keys list” shows it.")]
Organisation = Annotated[
    str | None,
    typer.Option("--org", metavar="NAME", help="Short name or id of another organisation: for the operator's key."),
]
Scopes = Annotated[
    list[str] | None,
    typer.Option(
        "--scope",
        metavar="AREA:VERB",
        help="What it may do: sessions:manage, webhooks:read, *:manage; may be repeated.",
    ),
]
Tiers = Annotated[
    list[str] | None,
    typer.Option(
        "--tier", metavar="NAME", help="Tier of client data: reporting, operations, administration; may be repeated."
    ),
]
Agents = Annotated[
    list[str] | None,
    typer.Option("--agent", metavar="NAME", help="The only agents that it may use; may be repeated. “*” is all."),
]
PerMinute = Annotated[
    int | None,
    typer.Option("--per-minute", min=0, metavar="COUNT", help="Requests in any 60 seconds; 0 leaves it to the plan."),
]
Expires = Annotated[
    str | None,
    typer.Option(
        metavar="WHEN", help="When it ends: in 90d, 12h or 30m, at 2030-01-31 or 2030-01-31T12:00:00Z, or never."
    ),
]


@app.command("list")
def list_(
    org: Organisation = None,
    server: Server = None,
    key: Key = None,
    data_dir: DataDir = None,
    config: Config = None,
    as_json: AsJson = False,
) -> None:
    """List keys, the newest first, those that have ended too. Of each its beginning and its end are shown.

    ```sh
    outrider keys list
    outrider keys list --org acme
    ```
    """

    async def read(client: OutriderClient) -> list[dict[str, Any]]:
        return [found async for found in client.keys.list(organisation_id=org)]

    found = work(Target(server, key, data_dir, config), read)
    if not found and not as_json:
        print("There are no keys.", file=sys.stderr)
    print_result(found, as_json, map(_line, found))


@app.command()
def add(
    name: Annotated[str, typer.Argument(metavar="NAME", help="What it is for, in words.")],
    scope: Scopes = None,
    tier: Tiers = None,
    agent: Agents = None,
    per_minute: PerMinute = None,
    expires: Expires = None,
    integration: Annotated[
        bool, typer.Option("--integration", metavar=FLAG, help="Fix its rights: they can't be changed later.")
    ] = False,
    org: Organisation = None,
    server: Server = None,
    key: Key = None,
    data_dir: DataDir = None,
    config: Config = None,
    as_json: AsJson = False,
) -> None:
    """Make a key. It is printed once, and nowhere kept.

    ```sh
    outrider keys add crawler --scope sessions:manage --expires 90d
    outrider keys add reports --integration --tier reporting --org acme
    ```
    """
    rights = given(
        agents=limit(agent), requests_per_minute=limit(per_minute), expires_at=_end(expires), organisation_id=org
    )
    kind = "integration" if integration else "internal"
    made = work(
        Target(server, key, data_dir, config),
        lambda client: client.keys.create(name=name, kind=kind, scopes=scope or (), tiers=tier or (), **rights),
    )
    if not (made["scopes"] or made["tiers"]):
        print("The key has no rights yet: give it some with “keys change --scope …”.", file=sys.stderr)
    print_result(made, as_json, (_line(made), f"key: {made['key']}"))


@app.command()
def change(
    key_id: KeyId,
    name: Annotated[str | None, typer.Option(metavar="NAME", help="What it is for, in words.")] = None,
    scope: Scopes = None,
    tier: Tiers = None,
    agent: Agents = None,
    per_minute: PerMinute = None,
    expires: Expires = None,
    server: Server = None,
    key: Key = None,
    data_dir: DataDir = None,
    config: Config = None,
    as_json: AsJson = False,
) -> None:
    """Change a key. What is given replaces all there was of it, and counts from the next request on.

    ```sh
    outrider keys change key_7hQ2… --scope sessions:read --scope audit:read
    outrider keys change key_7hQ2… --expires never
    ```
    """
    changes = given(
        name=name,
        scopes=scope,
        tiers=tier,
        agents=limit(agent),
        requests_per_minute=limit(per_minute),
        expires_at=_end(expires),
    )
    if not changes:
        raise typer.BadParameter("say what is to be changed: --scope, --expires, …")
    changed = work(Target(server, key, data_dir, config), lambda client: client.keys.update(key_id, **changes))
    print_result(changed, as_json, (_line(changed),))


@app.command()
def disable(
    key_id: KeyId,
    server: Server = None,
    key: Key = None,
    data_dir: DataDir = None,
    config: Config = None,
    as_json: AsJson = False,
) -> None:
    """Have a key refused until it is enabled again.

    ```sh
    outrider keys disable key_7hQ2…
    ```
    """
    _switch(Target(server, key, data_dir, config), key_id, disabled=True, as_json=as_json)


@app.command()
def enable(
    key_id: KeyId,
    server: Server = None,
    key: Key = None,
    data_dir: DataDir = None,
    config: Config = None,
    as_json: AsJson = False,
) -> None:
    """Take a disabled key again.

    ```sh
    outrider keys enable key_7hQ2…
    ```
    """
    _switch(Target(server, key, data_dir, config), key_id, disabled=False, as_json=as_json)


@app.command()
def revoke(
    key_id: KeyId,
    server: Server = None,
    key: Key = None,
    data_dir: DataDir = None,
    config: Config = None,
    as_json: AsJson = False,
) -> None:
    """End a key for ever. The next request with it is refused.

    ```sh
    outrider keys revoke key_7hQ2…
    ```
    """

    async def end(client: OutriderClient) -> dict[str, Any]:
        await client.keys.revoke(key_id)
        return await client.keys.get(key_id)

    ended = work(Target(server, key, data_dir, config), end)
    print_result(ended, as_json, (_line(ended),))


def _switch(target: Target, key_id: str, *, disabled: bool, as_json: bool) -> None:
    changed = work(target, lambda client: client.keys.update(key_id, disabled=disabled))
    print_result(changed, as_json, (_line(changed),))


def _end(text: str | None) -> object:
    """A time, or no limit."""
    told = limit(text)
    return from_now(told, "--expires") if isinstance(told, str) else told


def _line(key: Mapping[str, Any]) -> str:
    used = f"last used {key['last_used_at']}" if key["last_used_at"] else "never used"
    ends = f"ends {key['expires_at']}" if key["expires_at"] else ""
    rights = ",".join((*key["scopes"], *key["tiers"])) or "no rights"
    shown = f"{key['prefix']}…{key['last_five']}"
    return "  ".join(filter(None, (key["id"], shown, key["status"], key["kind"], rights, used, ends, key["name"])))
