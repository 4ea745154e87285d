"""``outrider errors``: the catalogue of failures in the terminal."""

import json
from typing import Annotated

import typer

from outrider.cli.options import AsJson
from outrider.problems import CATALOGUE, OutriderError, Problem

__all__ = ["errors"]


def errors(
    code: Annotated[
        str | None, typer.Argument(metavar="CODE", help="A code such as TARGET_NOT_FOUND; all of them when left out.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Explain a failure. Says what it means, why it happens, and what to do about it.

    ```sh
    outrider errors                    # every code
    outrider errors TARGET_NOT_FOUND   # one of them
    ```
    """
    if code is None:
        rows = [CATALOGUE[name] for name in sorted(CATALOGUE)]
        print(json.dumps([row.describe() for row in rows]) if as_json else "\n".join(map(_line, rows)))
        return
    row = CATALOGUE.get(code.strip().upper())
    if row is None:
        raise OutriderError("ERROR_CODE_UNKNOWN", code=code)
    print(json.dumps(row.describe(), indent=2, ensure_ascii=False) if as_json else _explanation(row))


def _line(row: Problem) -> str:
    return f"{row.code:<24} {row.status}  {'retry' if row.retryable else '':<5}  {row.message}"


def _explanation(row: Problem) -> str:
    """The row with the names of its facts in braces, as they are filled in when it happens."""
    after = "" if row.retry_after_seconds is None else f", after {row.retry_after_seconds} s"
    retry = f"yes{after}" if row.retryable else "no"
    return (
        f"{row.code} (HTTP {row.status})\n  {row.message}\n  cause: {row.cause}\n  fix:   {row.fix}\n  retry: {retry}"
    )
