"""Secrets as a command gets them: asked for without an echo, or a line each on standard input; never as arguments."""

import sys

import typer

__all__ = ["ask_secret"]


def ask_secret(what: str) -> str:
    """What is typed, or the next line of standard input. Arguments would be in the shell's history and in ``ps``."""
    if sys.stdin.isatty():
        return str(typer.prompt(what, hide_input=True, err=True, default="", show_default=False))
    return sys.stdin.readline().rstrip("\r\n")
