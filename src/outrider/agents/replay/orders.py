"""A step of a script in words: for people who watch, and for the model that is asked to do this one step."""

from typing import Final

from outrider.protocol.scripts import ScriptStep, Target

__all__ = ["order", "said"]

#: Orders as plain sentences; what is in braces comes from the step.
_ORDERS: Final = {
    "click": "Click '{name}'",
    "hover": "Point at '{name}'",
    "drag": "Drag '{name}'{onto}",
    "fill": "Enter '{text}' into '{name}'",
    "fill_secret": "Put the secret '{secret}' into '{name}'",
    "select": "Choose '{option}' in '{name}'",
    "press": "Press {keys}",
    "upload": "Upload '{names}' to '{name}'",
    "download": "Download '{name}'",
    "scroll": "Scroll to '{name}'",
}


def said(step: ScriptStep) -> str:
    """The step as the log shows it: ``click “Add to basket”``."""
    if step.target is not None:
        return f"{step.action} “{_name(step.target)}”"
    given = step.url or step.amount or step.keys or step.text or ""
    return f"{step.action} {given}".strip()


def order(step: ScriptStep) -> str:
    """The step as an order to a model."""
    if step.action == "check":
        return f"{'Untick' if step.checked is False else 'Tick'} '{_name(step.target)}'"
    words = {name: str(value) for name, value in step.arguments.items() if name != "target"}
    words["onto"] = f" onto '{_name(step.onto)}'" if step.onto else ""
    words |= {"name": _name(step.target), "names": "', '".join(step.names or ())}
    return _ORDERS.get(step.action, step.action).format_map(words)


def _name(target: Target | None) -> str:
    return "" if target is None else target.name or next(iter(target.hints), "") or target.context or target.role
