"""``outrider requests``: what was asked of the server, what it answered, and a report of it for somebody who helps."""

import sys
from collections.abc import Iterator, Mapping
from typing import Annotated, Any

import typer

from outrider.cli.connect import Target, work
from outrider.cli.help import FLAG, App
from outrider.cli.options import AsJson, Config, DataDir, Key, Server
from outrider.cli.output import print_result
from outrider.cli.times import ago
from outrider.client import OutriderClient
from outrider.problems import CATALOGUE

__all__ = ["app"]

app = App(
    help="See requests that were made, and report one.\n\n```sh\noutrider requests list --failed\n```",
)

RequestId = Annotated[str, typer.Argument(metavar="ID", help="Id of a request: “requestId” of its error.")]


@app.command("list")
def list_(
    failed: Annotated[bool, typer.Option("--failed", metavar=FLAG, help="Only failures.")] = False,
    status: Annotated[int | None, typer.Option(metavar="STATUS", help="Only with this status.")] = None,
    code: Annotated[str | None, typer.Option(metavar="CODE", help="Only with this code.")] = None,
    method: Annotated[str | None, typer.Option(metavar="METHOD", help="Only with this method.")] = None,
    since: Annotated[
        str | None,
        typer.Option(metavar="WHEN", help="Only from then on: 12h or 7d ago, or 2026-01-31 or 2026-01-31T09:05:00Z."),
    ] = None,
    limit: Annotated[int, typer.Option(min=1, metavar="COUNT", help="At most so many.")] = 50,
    server: Server = None,
    key: Key = None,
    data_dir: DataDir = None,
    config: Config = None,
    as_json: AsJson = False,
) -> None:
    """Print the organisation's requests, the newest first.

    ```sh
    outrider requests list --failed --since 12h --limit 10
    outrider requests list --code SESSION_NOT_FOUND --json
    ```
    """

    moment = None if since is None else ago(since, "--since")

    async def read(client: OutriderClient) -> list[dict[str, Any]]:
        found = client.requests.find(
            status=status, code=code, method=method, since=moment, failed=failed or None, limit=limit
        )
        return [request async for request in found]

    found = work(Target(server, key, data_dir, config), read)
    if not found and not as_json:
        print("There are no such requests.", file=sys.stderr)
    print_result(found, as_json, map(_line, found))


@app.command()
def show(
    request_id: RequestId,
    report: Annotated[
        bool, typer.Option("--report", metavar=FLAG, help="Print what somebody who helps has to know of it.")
    ] = False,
    expected: Annotated[str, typer.Option(metavar="TEXT", help="For the report: what should have happened.")] = "",
    server: Server = None,
    key: Key = None,
    data_dir: DataDir = None,
    config: Config = None,
    as_json: AsJson = False,
) -> None:
    """Print one request. Secrets are not in it, and of bodies only those of failures.

    ```sh
    outrider requests show req_0b9f6c1e…
    outrider requests show req_0b9f6c1e… --report --expected "A session is created."
    ```
    """
    found = work(Target(server, key, data_dir, config), lambda client: client.requests.get(request_id))
    print_result(found, as_json, _report(found, expected) if report else _lines(found))


def _line(request: Mapping[str, Any]) -> str:
    key, took = f"…{request['key']}", f"{request['latency_ms']:g} ms"
    asked = f"{request['status']}", request["method"], request["url"]
    return "  ".join(filter(None, (request["at"], request["id"], key, *asked, took, request["code"])))


def _lines(request: Mapping[str, Any]) -> Iterator[str]:
    for name, value in request.items():
        if value != "":
            yield f"{name:>12}  {value}"


def _report(request: Mapping[str, Any], expected: str) -> Iterator[str]:
    """The items that support asks for (reference page ``agent-platforms``, rows A45 and A46)."""
    row = CATALOGUE.get(request["code"])
    yield f"# Request {request['id']}"
    yield ""
    yield f"- URL: {request['url']}"
    yield f"- Method: {request['method']}"
    yield f"- Key: …{request['key']}"
    yield f"- Request body, without its texts: {request['request_body'] or 'none recorded'}"
    yield f"- Answer: {request['status']} {request['code']} after {request['latency_ms']} ms".rstrip()
    yield f"- Answer's body: {request['answer_body'] or 'none recorded'}"
    yield f"- Time: {request['at']}"
    yield f"- Expected: {expected or '(say what should have happened)'}"
    if row is not None:
        yield f"- What the catalogue advises: {row.fix}"
