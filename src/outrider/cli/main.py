"""The command ``outrider``."""

import sys
from typing import Annotated

import typer

from outrider import __version__
from outrider.cli import audit, keys, orgs, requests, sessions, vault, webhooks
from outrider.cli.credits import app as credits_app
from outrider.cli.errors import errors
from outrider.cli.exits import exit_for
from outrider.cli.help import FLAG, App
from outrider.cli.maintenance import maintenance
from outrider.cli.output import printable
from outrider.cli.replay import replay
from outrider.cli.run import run
from outrider.cli.serve import serve
from outrider.problems import OutriderError

__all__ = ["app", "main"]

app = App(
    name="outrider",
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command()(serve)
app.command()(run)
app.command()(replay)
app.add_typer(sessions.app, name="sessions")
app.add_typer(webhooks.app, name="webhooks")
app.add_typer(vault.app, name="vault")
app.add_typer(audit.app, name="audit")
app.add_typer(keys.app, name="keys")
app.add_typer(orgs.app, name="orgs")
app.add_typer(credits_app, name="credits")
app.add_typer(requests.app, name="requests")
app.command()(maintenance)
app.command()(errors)


def _show_version(wanted: bool) -> None:
    if wanted:
        print(f"outrider {__version__}")
        raise typer.Exit


@app.callback()
def outrider(
    version: Annotated[
        bool,
        typer.Option(
            "--version", metavar=FLAG, callback=_show_version, is_eager=True, help="Print the version and exit."
        ),
    ] = False,
) -> None:
    """Tasks in plain language, done in a real browser, on your own machine.

    ```sh
    outrider run "Report the opening hours" --start-url https://your.site
    outrider serve
    outrider errors TASK_NOT_UNDERSTOOD
    ```
    """
    del version


def main() -> None:
    """Run the command line; a failure is shown as its row of the catalogue, never as a traceback."""
    try:
        app()
    except OutriderError as problem:
        print(printable(problem.as_cli()), file=sys.stderr)
        sys.exit(exit_for(problem))
