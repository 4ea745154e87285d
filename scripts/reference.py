"""Writes the reference pages that come from code; with --check, says which ones are out of date and fails."""

import argparse
import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final, Literal, get_args, get_origin

import typer
from pydantic import BaseModel
from pydantic.fields import FieldInfo
from typer.cli import get_docs_for_click

from outrider.api.document_parts import part_of
from outrider.api.openapi import openapi_document
from outrider.api.samples import curl_page, postman_collection
from outrider.cli.main import app
from outrider.config import ModelSettings, PlanLimits, Settings, TaskPrice, TokenIssuer
from outrider.interfaces.sessions import State
from outrider.problems import CATALOGUE
from outrider.sessions.lifecycle import EXECUTION_STATUS, SESSION_STATUS, TRANSITIONS

FOLDER: Final = Path(__file__).parent.parent / "docs" / "reference"
NOTE: Final = "<!-- Written by scripts/docs. Do not edit. -->\n\n"


def errors() -> str:
    """The catalogue: an overview table, then one section per row."""
    parts = [
        NOTE,
        "# Error catalogue\n\n",
        "Every failure, on every surface, is one of these rows. A running server serves them at `GET /v1/errors` and\n"
        "`GET /v1/errors/{code}`; `outrider errors CODE` explains one in the terminal. Words in braces are\n"
        "filled in.\n\n",
        "| code | HTTP | retry | message |\n| --- | --- | --- | --- |\n",
    ]
    rows = [CATALOGUE[code] for code in sorted(CATALOGUE)]
    parts += [
        f"| [`{row.code}`](#{row.anchor}) | {row.status} | {'yes' if row.retryable else 'no'} | {row.message} |\n"
        for row in rows
    ]
    for row in rows:
        advice = f" after {row.retry_after_seconds} s" if row.retry_after_seconds is not None else ""
        parts.append(
            f'\n<a id="{row.anchor}"></a>\n\n## {row.code}\n\n{row.message}\n\n'
            f"- HTTP status {row.status}; JSON-RPC {row.jsonrpc.tasks} (`tasks/*`), "
            f"{row.jsonrpc.message} (`message/*`)\n"
            f"- Retry: {'yes' + advice if row.retryable else 'no'}\n- Cause: {row.cause}\n- Fix: {row.fix}\n"
        )
    return "".join(parts)


def settings() -> str:
    """All settings with environment variable, default and meaning."""
    rows = [
        f"| `{name}` | `OUTRIDER_{name.upper()}` | {_default(field)} | {field.description}{_choices(field)} |\n"
        for name, field in Settings.model_fields.items()
    ]
    return (
        f"{NOTE}# Settings\n\n"
        "An option of `outrider serve` comes before the environment, the environment before the TOML file (`--config`\n"
        "or `OUTRIDER_CONFIG`), the file before the default. Durations are seconds, sizes are bytes.\n\n"
        "| setting | environment | default | meaning |\n| --- | --- | --- | --- |\n"
        + "".join(rows)
        + _tables("Language models", "models", ModelSettings)
        + _tables("Issuers of tokens", "token_issuers", TokenIssuer)
        + _tables("Plans", "plans", PlanLimits)
        + _plans()
        + _tables("Prices", "prices", TaskPrice)
    )


def _tables(title: str, setting: str, kind: type[BaseModel]) -> str:
    """What each entry of a setting has that is a dictionary."""
    rows = [
        f"| `{name}` | {_default(field)} | {field.description}{_choices(field)} |\n"
        for name, field in kind.model_fields.items()
    ]
    return (
        f"\n## {title}\n\nEach is a table `[{setting}.NAME]` of the TOML file, or an entry of "
        f"`OUTRIDER_{setting.upper()}`, which is JSON.\n\n"
        "| setting | default | meaning |\n| --- | --- | --- |\n" + "".join(rows)
    )


def _plans() -> str:
    """What plans include by default."""
    fields = tuple(PlanLimits.model_fields)
    heads = "".join(f" `{name}` |" for name in fields)
    rows = [
        f"| `{name}` |{''.join(f' {_shown(getattr(plan, field))} |' for field in fields)}\n"
        for name, plan in Settings().plans.items()
    ]
    return f"\nBy default:\n\n| plan |{heads}\n| --- |{' --- |' * len(fields)}\n{''.join(rows)}"


def _shown(limit: int | None) -> str:
    return "not set" if limit is None else str(limit)


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "needed"
    return "none" if field.default is None else f"`{json.dumps(field.default, default=str)}`"


def _choices(field: FieldInfo) -> str:
    if get_origin(field.annotation) is not Literal:
        return ""
    return f" One of {', '.join(f'`{choice}`' for choice in get_args(field.annotation))}."


def lifecycle() -> str:
    """The states of a session, how they read on the wire, and the transitions."""
    states = [f"| {state.value} | {SESSION_STATUS[state]} | {EXECUTION_STATUS[state]} |\n" for state in State]
    moves = [
        f"| {before.value} | {event} | {after.value} |\n" for (before, event), after in sorted(TRANSITIONS.items())
    ]
    return (
        f"{NOTE}# Lifecycle of a session\n\n| state | session status | execution status |\n| --- | --- | --- |\n"
        + "".join(states)
        + "\nEvents that are not listed for a state are refused with `INVALID_STATE`.\n\n"
        + "| state | event | next state |\n| --- | --- | --- |\n"
        + "".join(moves)
    )


def command_line() -> str:
    """The help texts of all commands."""
    command = typer.main.get_command(app)
    text = get_docs_for_click(obj=command, ctx=typer.Context(command), name="outrider", title="Command line")
    return NOTE + text.strip() + "\n"


def openapi() -> str:
    """The OpenAPI document that a server serves at /openapi.json."""
    return json.dumps(openapi_document(), indent=2, ensure_ascii=False, sort_keys=True) + "\n"


def client_data_postman() -> str:
    """Requests to the client data surface as a collection for Postman."""
    return json.dumps(postman_collection(part_of(openapi_document(), "/v4/")), indent=2, ensure_ascii=False) + "\n"


def client_data_curl() -> str:
    """The same requests as commands."""
    return NOTE + curl_page(part_of(openapi_document(), "/v4/"))


PAGES: Final[Mapping[str, Callable[[], str]]] = {
    "errors.md": errors,
    "settings.md": settings,
    "lifecycle.md": lifecycle,
    "command-line.md": command_line,
    "openapi.json": openapi,
    "client-data.postman_collection.json": client_data_postman,
    "client-data.md": client_data_curl,
}


def main() -> int:
    """Write or check all pages; the exit code says whether all were up to date."""
    parser = argparse.ArgumentParser(prog="scripts/docs", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; fail when a page is out of date")
    check = parser.parse_args().check
    stale = []
    for name, render in PAGES.items():
        page = FOLDER / name
        text = render()
        if page.is_file() and page.read_text(encoding="utf-8") == text:
            continue
        stale.append(name)
        if not check:
            page.write_text(text, encoding="utf-8")
    for name in stale:
        print(f"docs/reference/{name} {'is out of date: run scripts/docs' if check else 'written'}")
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
