"""The help of every command, as a person reads it."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from outrider.cli.main import app


def paths(command: Any, name: str = "") -> Iterator[str]:
    yield name
    for below, inner in getattr(command, "commands", {}).items():
        yield from paths(inner, f"{name} {below}".strip())


def page_of(command: str) -> str:
    result = CliRunner().invoke(app, [*command.split(), "--help"], env={"COLUMNS": "120", "NO_COLOR": "1"})
    assert result.exit_code == 0
    return result.output


@pytest.mark.parametrize("command", list(paths(typer.main.get_command(app))))
def test_every_page_teaches_by_example_and_has_no_types_of_python(command: str) -> None:
    usage, _, rest = page_of(command).lstrip().partition("\n")

    assert not re.search(r"[{}]", usage)
    assert re.search(rf"^ *outrider {command}", rest, re.MULTILINE), "there is no example"
    assert re.search(r"--help +-h +Show this message", rest)
    assert not re.search(r"<(?!on\|off>)[^>]*>", rest)


def test_a_list_of_commands_has_the_first_sentence_of_each() -> None:
    assert re.search(r"keys +Make keys for programs, see when each was last used, and end them\. +│", page_of(""))
    assert "A key can do what its scopes say" in page_of("keys")


def test_what_all_commands_share_stands_below_what_is_their_own() -> None:
    shown = page_of("run")

    assert shown.index("Options") < shown.index("--timeout") < shown.index("Server ─") < shown.index("--data-dir")
