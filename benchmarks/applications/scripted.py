"""The scripts of a language model that does the tasks right: ``scripts/*.yaml``, a list of decisions for each task.

A decision is one action: ``click``, ``fill`` (with ``text``), ``select`` (``option``), ``check``, ``secret`` (``of`` a
log-in), each with the role of its element and its ``name``, and where several are called so, what is ``beside`` it, its
``kind`` or ``in`` which region it is; ``wait`` for a text; ``open`` with a path of the application; or ``done`` with
the answer. ``{url}`` is the application's address, ``{name}`` in an answer the first group of the pattern
``read: {name: …}`` in what the model was shown last.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import yaml

from benchmarks.scripted import Call, act, done
from benchmarks.scripted.prompt import NotShownError, read, shown

__all__ = ["SCRIPTS", "script_of"]

Step = Mapping[str, Any]

_FOLDER: Final = Path(__file__).parent / "scripts"
#: The scripts by the name of their task.
SCRIPTS: Final[Mapping[str, Sequence[Step]]] = {
    name: steps for file in sorted(_FOLDER.glob("*.yaml")) for name, steps in yaml.safe_load(file.read_text()).items()
}
_ON_ELEMENTS: Final = ("click", "fill", "select", "check", "secret")
_ARGUMENTS: Final = ("text", "option", "checked", "submit")


def script_of(name: str, url: str) -> tuple[Call, ...]:
    """The replies of the model for a task on the application at ``url``; none when nobody has written any."""
    return tuple(_reply(step, url) for step in SCRIPTS.get(name, ()))


def _reply(step: Step, url: str) -> Call:
    if "done" in step:
        return done(lambda words: _answer(step, words, url))
    if "wait" in step:
        return act({"name": "wait", "text": step["wait"]})
    if "open" in step:
        return act({"name": "navigate", "url": f"{url}{step['open']}"})
    kind = next(kind for kind in _ON_ELEMENTS if kind in step)
    given = {name: step[name] for name in _ARGUMENTS if name in step}
    if kind == "secret":
        given["secret"] = step["of"]
    action = "fill_secret" if kind == "secret" else kind
    return act(lambda words: {"name": action, "index": _find(words, step[kind], step), **given})


def _answer(step: Step, words: str, url: str) -> str:
    values = {name: read(words, pattern) for name, pattern in step.get("read", {}).items()}
    return str(step["done"]).format(url=url, **values)


def _find(words: str, role: str, step: Step) -> int:
    """The element that was shown last with these; or, with ``place: 2``, the one that was shown before it."""
    name, beside, region = str(step.get("name", "")).replace('"', "'"), step.get("beside", ""), step.get("in")
    now = {one.index: one.name for one in shown(words)}
    called = [
        one
        for one in shown(words)
        if (one.role, one.name, now[one.index]) == (role, name, name)
        and region in (None, one.region)
        and step.get("kind") in (None, one.kind)
    ]
    at = [one.index for one in called if one.is_at(beside)]
    fitting = at or [one.index for one in called if one.is_beside(beside)]
    found = [index for nth, index in enumerate(fitting) if index not in fitting[nth + 1 :]]
    place = int(step.get("place", 1))
    if len(found) < place:
        raise NotShownError(f"no {role} “{name}” {beside}; called so: {called[-3:]}")
    return found[-place]
