"""``outrider webhooks``: endpoints, secrets, and the ledger of deliveries."""

import sys
from collections.abc import Mapping
from typing import Annotated, Any

import typer

from outrider.cli.connect import Target, work
from outrider.cli.help import FLAG, App
from outrider.cli.options import AsJson, Config, DataDir, Key, Server
from outrider.cli.output import print_result
from outrider.client import OutriderClient

__all__ = ["app"]

app = App(
    help="Manage webhooks: receivers, their secrets, and what was delivered.\n\n```sh\noutrider webhooks list\n```",
)

EndpointId = Annotated[str, typer.Argument(metavar="ENDPOINT", help="Id of an endpoint, as “webhooks list” shows it.")]
Endpoint = Annotated[str | None, typer.Option(metavar="ENDPOINT", help="Only deliveries to this endpoint.")]
Events = Annotated[
    list[str] | None,
    typer.Option("--event", metavar="NAME", help="An event that it gets; may be repeated. All if none."),
]


@app.command("list")
def list_(
    server: Server = None, key: Key = None, data_dir: DataDir = None, config: Config = None, as_json: AsJson = False
) -> None:
    """List endpoints. Those of URLs that sessions named come last.

    ```sh
    outrider webhooks list
    ```
    """
    found = work(Target(server, key, data_dir, config), lambda client: client.webhooks.list_endpoints())
    if not found and not as_json:
        print("There are no webhook endpoints.", file=sys.stderr)
    print_result(found, as_json, map(_endpoint_line, found))


@app.command()
def add(
    url: Annotated[str, typer.Argument(metavar="URL", help="Where events are to be delivered.")],
    event: Events = None,
    description: Annotated[str, typer.Option(metavar="TEXT", help="For people.")] = "",
    server: Server = None,
    key: Key = None,
    data_dir: DataDir = None,
    config: Config = None,
    as_json: AsJson = False,
) -> None:
    """Register an endpoint for the events of all sessions. Its secret is shown once.

    ```sh
    outrider webhooks add https://example.org/hooks --event task.completed --event task.error
    ```
    """
    made = work(
        Target(server, key, data_dir, config),
        lambda client: client.webhooks.create_endpoint(url, events=event, description=description),
    )
    print_result(made, as_json, (f"{made['id']}", f"secret: {made['secret']}"))


@app.command()
def enable(
    endpoint_id: EndpointId,
    off: Annotated[bool, typer.Option("--off", metavar=FLAG, help="Disable it instead.")] = False,
    server: Server = None,
    key: Key = None,
    data_dir: DataDir = None,
    config: Config = None,
    as_json: AsJson = False,
) -> None:
    """Enable an endpoint. What waits for it is delivered at once.

    ```sh
    outrider webhooks enable we_0b9f6c1e…
    outrider webhooks enable --off we_0b9f6c1e…
    ```
    """
    changed = work(
        Target(server, key, data_dir, config),
        lambda client: client.webhooks.update_endpoint(endpoint_id, enabled=not off),
    )
    print_result(changed, as_json, (_endpoint_line(changed),))


@app.command()
def delete(
    endpoint_id: EndpointId,
    server: Server = None,
    key: Key = None,
    data_dir: DataDir = None,
    config: Config = None,
    as_json: AsJson = False,
) -> None:
    """Delete an endpoint with its ledger. What is pending is not sent any more.

    ```sh
    outrider webhooks delete we_0b9f6c1e…
    ```
    """
    answer = work(Target(server, key, data_dir, config), lambda client: client.webhooks.delete_endpoint(endpoint_id))
    print_result(answer, as_json, (answer["message"],))


@app.command()
def rotate(
    endpoint_id: Annotated[
        str | None,
        typer.Argument(metavar="ENDPOINT", help="Id of an endpoint; without it, for all URLs that sessions name."),
    ] = None,
    overlap: Annotated[
        int | None, typer.Option(metavar="SECONDS", help="How long older secrets sign as well. [default: 86400]")
    ] = None,
    server: Server = None,
    key: Key = None,
    data_dir: DataDir = None,
    config: Config = None,
    as_json: AsJson = False,
) -> None:
    """Make a new signing secret. Until the overlap is over, older ones sign as well.

    ```sh
    outrider webhooks rotate we_0b9f6c1e…
    outrider webhooks rotate                 # the secret for “webhook_url” of sessions
    ```
    """
    made = work(
        Target(server, key, data_dir, config),
        lambda client: client.webhooks.rotate_secret(endpoint_id, overlap_seconds=overlap),
    )
    print_result(made, as_json, (f"secret: {made['secret']}", f"older ones sign until {made['previous_expires_at']}"))


@app.command()
def deliveries(
    endpoint: Endpoint = None,
    session: Annotated[str | None, typer.Option(metavar="ID", help="Only deliveries of this session.")] = None,
    status: Annotated[
        str | None, typer.Option(metavar="STATUS", help="Only deliveries that are pending, delivered or failed.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, metavar="COUNT", help="At most so many.")] = 50,
    server: Server = None,
    key: Key = None,
    data_dir: DataDir = None,
    config: Config = None,
    as_json: AsJson = False,
) -> None:
    """Print the ledger, the newest first. It says what was answered, and what is tried again when.

    ```sh
    outrider webhooks deliveries --status failed
    outrider webhooks deliveries --session 0b9f6c1e-… --json
    ```
    """

    async def read(client: OutriderClient) -> list[dict[str, Any]]:
        found = client.webhooks.deliveries(endpoint=endpoint, session_id=session, status=status, limit=limit)
        return [delivery async for delivery in found]

    found = work(Target(server, key, data_dir, config), read)
    if not found and not as_json:
        print("There are no such deliveries.", file=sys.stderr)
    print_result(found, as_json, map(_delivery_line, found))


@app.command()
def replay(
    delivery_ids: Annotated[list[int] | None, typer.Argument(metavar="ID", help="Ids of deliveries.")] = None,
    failed: Annotated[bool, typer.Option("--failed", metavar=FLAG, help="All that have failed.")] = False,
    endpoint: Endpoint = None,
    server: Server = None,
    key: Key = None,
    data_dir: DataDir = None,
    config: Config = None,
    as_json: AsJson = False,
) -> None:
    """Deliver again, in the order of the events. Receivers know a replay by its “webhook-id”.

    ```sh
    outrider webhooks replay 17 18
    outrider webhooks replay --failed --endpoint we_0b9f6c1e…
    ```
    """
    ids = sorted(set(delivery_ids or []))
    if bool(ids) == failed:
        raise typer.BadParameter("name deliveries, or give --failed")

    async def again(client: OutriderClient) -> list[dict[str, Any]]:
        found = client.webhooks.deliveries(endpoint=endpoint, status="failed")
        wanted = sorted([delivery["id"] async for delivery in found]) if failed else ids
        return [await client.webhooks.replay(delivery_id) for delivery_id in wanted]

    replayed = work(Target(server, key, data_dir, config), again)
    print_result(replayed, as_json, map(_delivery_line, replayed))


def _endpoint_line(endpoint: Mapping[str, Any]) -> str:
    state = "enabled" if endpoint["enabled"] else f"disabled {endpoint['disabled_reason'] or ''}".rstrip()
    events = ",".join(endpoint["events"] or ("all events",))
    return "  ".join((endpoint["id"], endpoint["scope"], endpoint["url"], events, state))


def _delivery_line(delivery: Mapping[str, Any]) -> str:
    last = delivery["attempts"][-1] if delivery["attempts"] else {}
    detail = last.get("problem") or (f"{last['status_code']} in {last['milliseconds']:.0f} ms" if last else "")
    retry = f"next attempt {delivery['next_attempt_at']}" if delivery["next_attempt_at"] else ""
    named = (f"{delivery['id']:>6}", delivery["created_at"], delivery["event"], delivery["session_id"])
    return "  ".join(filter(None, (*named, delivery["status"], detail, retry)))
