"""``outrider replay``: a script of a task, done again in a real browser."""

from pathlib import Path
from typing import Annotated

import typer

from outrider.cli.connect import Target
from outrider.cli.help import FLAG
from outrider.cli.options import AsJson, Config, DataDir, Key, Server
from outrider.cli.run import Agent, MaxSteps, Screenshot, Timeout, do, writable
from outrider.cli.secret_input import ask_secret
from outrider.cli.task import Job
from outrider.problems import OutriderError
from outrider.sessions.scripts import parse_script

__all__ = ["replay"]

Settings = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="NAME=VALUE", help="Value of a variable; “NAME=-” reads it from standard input."),
]
NoModel = Annotated[
    bool, typer.Option("--no-model", metavar=FLAG, help="Fail rather than ask a model for what is not found.")
]


def replay(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Script, as “sessions script” writes it.")],
    set_: Settings = None,
    no_model: NoModel = False,
    as_json: AsJson = False,
    keep: Annotated[bool, typer.Option("--keep", metavar=FLAG, help="Don't end the session afterwards.")] = False,
    screenshot: Screenshot = None,
    timeout: Timeout = None,
    agent: Agent = None,
    max_steps: MaxSteps = None,
    server: Server = None,
    key: Key = None,
    data_dir: DataDir = None,
    config: Config = None,
) -> None:
    """Do a recorded task again, without a model. Shows steps and prints the answer as “run” does, with its exit codes.

    The answer has what the pages say now. Elements that have moved or were renamed are found again; a model is asked
    only for those that are not.

    ```sh
    outrider sessions script 0b9f6c1e-… > task.yaml
    outrider replay task.yaml
    outrider replay task.yaml --set search=clock --no-model --json
    ```
    """
    variables = dict(map(_setting, set_ or ()))

    def job() -> Job:
        text = _read(file)
        return Job(
            script=text,
            variables=variables,
            ask_model=not no_model,
            start_url=next((step.url for step in parse_script(text).steps[:1]), None),
            agent=agent,
            max_steps=max_steps,
            timeout_seconds=timeout,
            keep=keep,
            screenshot=None if screenshot is None else writable(screenshot),
        )

    do(Target(server, key, data_dir, config), job, as_json=as_json)


def _setting(given: str) -> tuple[str, str]:
    name, sign, value = given.partition("=")
    if not name or not sign:
        raise typer.BadParameter(f"“{given}” is not NAME=VALUE", param_hint="--set")
    return name, ask_secret(name) if value == "-" else value


def _read(file: Path) -> str:
    """The text of the file. Raises FILE_UNREADABLE."""
    try:
        return file.read_text(encoding="utf-8")
    except OSError as error:
        raise OutriderError("FILE_UNREADABLE", path=str(file), reason=error.strerror or "it can't be read") from error
    except UnicodeDecodeError as error:
        raise OutriderError("FILE_UNREADABLE", path=str(file), reason="it is not text in UTF-8") from error
