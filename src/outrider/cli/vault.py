"""``outrider vault``: log-ins, cards, and leave to pay. Secrets are asked for, or read from standard input."""

import sys
from collections.abc import Mapping
from typing import Annotated, Any, Final

import typer

from outrider.cli.connect import Target, work
from outrider.cli.help import FLAG, App
from outrider.cli.options import AsJson, Config, DataDir, Key, Server
from outrider.cli.output import print_result
from outrider.cli.secret_input import ask_secret
from outrider.client import OutriderClient

__all__ = ["app"]

_EXAMPLE: Final = "outrider vault add shop-login --user ann --origin https://shop.example"

app = App(
    help=f"Keep log-ins and cards that tasks use by name, and let a session pay.\n\n```sh\n{_EXAMPLE}\n```",
)

Name = Annotated[str, typer.Argument(metavar="NAME", help="What it is called: small letters, digits, “-” and “_”.")]
Origins = Annotated[
    list[str],
    typer.Option(
        "--origin", metavar="ORIGIN", help="Where it may be used, like https://shop.example or https://*.shop.example."
    ),
]
OfCard = Annotated[bool, typer.Option("--card", metavar=FLAG, help="It is a card.")]


@app.command("list")
def list_(
    server: Server = None, key: Key = None, data_dir: DataDir = None, config: Config = None, as_json: AsJson = False
) -> None:
    """List log-ins and cards: names, never secrets.

    ```sh
    outrider vault list
    ```
    """

    async def both(client: OutriderClient) -> dict[str, list[dict[str, Any]]]:
        return {"credentials": await client.vault.list_credentials(), "cards": await client.vault.list_cards()}

    found = work(Target(server, key, data_dir, config), both)
    if not any(found.values()) and not as_json:
        print("The vault is empty.", file=sys.stderr)
    print_result(found, as_json, map(_line, (*found["credentials"], *found["cards"])))


@app.command()
def add(
    name: Name,
    user: Annotated[str, typer.Option(metavar="USER", help="User name.")],
    origin: Origins,
    totp: Annotated[
        bool, typer.Option("--totp", metavar=FLAG, help="It has one-time codes: their secret is asked for as well.")
    ] = False,
    server: Server = None,
    key: Key = None,
    data_dir: DataDir = None,
    config: Config = None,
    as_json: AsJson = False,
) -> None:
    """Store a log-in. The password is asked for, or is a line on standard input.

    ```sh
    outrider vault add shop-login --user ann --origin https://shop.example
    pass show shop | outrider vault add shop-login --user ann --origin https://shop.example
    ```
    """
    password = ask_secret("Password")
    totp_secret = ask_secret("Secret of the one-time codes") if totp else ""

    def store(client: OutriderClient) -> Any:
        return client.vault.create_credential(
            name, user_name=user, password=password, origins=origin, totp_secret=totp_secret
        )

    made = work(Target(server, key, data_dir, config), store)
    print_result(made, as_json, (_line(made),))


@app.command("add-card")
def add_card(
    name: Name,
    expires: Annotated[str, typer.Option(metavar="MM/YYYY", help="Until when it is valid.")],
    origin: Origins,
    holder: Annotated[str, typer.Option(metavar="TEXT", help="Name on the card.")] = "",
    server: Server = None,
    key: Key = None,
    data_dir: DataDir = None,
    config: Config = None,
    as_json: AsJson = False,
) -> None:
    """Store a card. Number and security code are asked for, or are two lines on standard input.

    ```sh
    outrider vault add-card travel --holder "Ann Example" --expires 08/2030 --origin https://shop.example
    ```
    """
    month, _, year = expires.partition("/")
    if not (month.isdecimal() and year.isdecimal()):
        raise typer.BadParameter("write --expires as MM/YYYY")
    number, cvc = ask_secret("Number"), ask_secret("Security code")

    def store(client: OutriderClient) -> Any:
        return client.vault.create_card(
            name,
            number=number,
            expiry_month=int(month),
            expiry_year=int(year),
            cvc=cvc,
            origins=origin,
            holder=holder,
        )

    made = work(Target(server, key, data_dir, config), store)
    print_result(made, as_json, (_line(made),))


@app.command()
def delete(
    name: Name,
    card: OfCard = False,
    server: Server = None,
    key: Key = None,
    data_dir: DataDir = None,
    config: Config = None,
    as_json: AsJson = False,
) -> None:
    """Delete a log-in, or a card, with its secrets.

    ```sh
    outrider vault delete shop-login
    outrider vault delete --card travel
    ```
    """

    def remove(client: OutriderClient) -> Any:
        return client.vault.delete_card(name) if card else client.vault.delete_credential(name)

    answer = work(Target(server, key, data_dir, config), remove)
    print_result(answer, as_json, (answer["message"],))


@app.command()
def rotate(
    server: Server = None, key: Key = None, data_dir: DataDir = None, config: Config = None, as_json: AsJson = False
) -> None:
    """Seal everything with the newest key. Afterwards older sealing keys are not needed for the vault.

    ```sh
    outrider vault rotate
    ```
    """
    done = work(Target(server, key, data_dir, config), lambda client: client.vault.rotate())
    print_result(done, as_json, (f"{done['resealed']} sealed anew, {done['current']} had the newest key already",))


@app.command()
def token(
    session_id: Annotated[str, typer.Argument(metavar="SESSION", help="Id of the session that may pay.")],
    card: Annotated[str, typer.Option(metavar="NAME", help="The card, as “vault list” shows it.")],
    origin: Annotated[str, typer.Option(metavar="ORIGIN", help="Where: scheme and host of the payment form.")],
    at_most: Annotated[str, typer.Option("--max", metavar="AMOUNT", help="The highest amount: 25.00.")],
    currency: Annotated[str, typer.Option(metavar="CODE", help="ISO 4217: EUR.")],
    expires_in: Annotated[
        int | None, typer.Option(metavar="SECONDS", help="For how long it is good. [default: 900]")
    ] = None,
    server: Server = None,
    key: Key = None,
    data_dir: DataDir = None,
    config: Config = None,
    as_json: AsJson = False,
) -> None:
    """Let a session pay once. The token is shown once.

    ```sh
    outrider vault token 0b9f6c1e-… --card travel --origin https://shop.example --max 25.00 --currency EUR
    ```
    """

    def create(client: OutriderClient) -> Any:
        terms = {"card": card, "origin": origin, "max_amount": at_most, "currency": currency}
        return client.vault.create_payment_token(session_id, **terms, expires_in=expires_in)

    made = work(Target(server, key, data_dir, config), create)
    print_result(made, as_json, (made["token"],))


@app.command()
def payments(
    session: Annotated[str | None, typer.Option(metavar="ID", help="Only those of this session.")] = None,
    server: Server = None,
    key: Key = None,
    data_dir: DataDir = None,
    config: Config = None,
    as_json: AsJson = False,
) -> None:
    """List payment tokens, the newest first, and what became of them.

    ```sh
    outrider vault payments --session 0b9f6c1e-…
    ```
    """

    async def read(client: OutriderClient) -> list[dict[str, Any]]:
        return [one async for one in client.vault.payment_tokens(session_id=session)]

    found = work(Target(server, key, data_dir, config), read)
    if not found and not as_json:
        print("There are no payment tokens.", file=sys.stderr)
    print_result(found, as_json, map(_payment_line, found))


@app.command()
def revoke(
    token_id: Annotated[str, typer.Argument(metavar="TOKEN", help="Id of a token, as “vault payments” shows it.")],
    server: Server = None,
    key: Key = None,
    data_dir: DataDir = None,
    config: Config = None,
    as_json: AsJson = False,
) -> None:
    """Make a payment token useless.

    ```sh
    outrider vault revoke pt_live_k3x9…
    ```
    """
    done = work(Target(server, key, data_dir, config), lambda client: client.vault.revoke_payment_token(token_id))
    print_result(done, as_json, (_payment_line(done),))


def _line(item: Mapping[str, Any]) -> str:
    what = f"card …{item['last_four']}" if "last_four" in item else f"log-in {item['user_name']}"
    codes = "one-time codes" if item.get("has_totp") else ""
    used = f"last used {item['last_used_at']}" if item["last_used_at"] else "never used"
    return "  ".join(filter(None, (item["name"], what, codes, ",".join(item["origins"]), used)))


def _payment_line(payment: Mapping[str, Any]) -> str:
    paid = f"{payment['amount']} of " if payment["amount"] else ""
    amount = f"{paid}{payment['max_amount']} {payment['currency']}"
    return "  ".join(
        (payment["id"], payment["session_id"], payment["card"], payment["origin"], amount, payment["state"])
    )
