"""Scripts as files: YAML in, checked in bounded time; YAML out."""

import re
from collections import Counter
from collections.abc import Hashable, Mapping
from typing import Any, Final

import yaml
from pydantic import ValidationError

from outrider.problems import OutriderError
from outrider.protocol.scripts import (
    MAX_SCRIPT_CHARACTERS,
    MAX_TEXT_CHARACTERS,
    Script,
    ScriptStep,
    Variable,
    filled_in,
)

__all__ = ["check_variables", "filled_steps", "parse_script", "write_script"]

_MAX_DEPTH: Final = 40
_LINE_CHARACTERS: Final = 100
_START: Final = "# A task as a script; run it with “outrider replay”. The format: docs/reference/scripts.md\n"


def parse_script(text: str) -> Script:
    """The script that a text holds.

    Raises SCRIPT_TOO_LARGE, SCRIPT_VERSION_UNSUPPORTED, and SCRIPT_INVALID with the first place that is wrong.
    """
    if len(text) > MAX_SCRIPT_CHARACTERS:
        raise OutriderError("SCRIPT_TOO_LARGE", characters=len(text), limit=MAX_SCRIPT_CHARACTERS)
    document = _load(text)
    if not isinstance(document, dict):
        raise OutriderError("SCRIPT_INVALID", place="its beginning", reason="a script is a YAML mapping")
    version = document.get("version")
    if isinstance(version, int | float | str) and (version != 1 or version is True):
        raise OutriderError("SCRIPT_VERSION_UNSUPPORTED", version=str(version)[:20])
    try:
        return Script.model_validate(document)
    except ValidationError as error:
        raise _invalid(error) from error


def write_script(script: Script) -> str:
    """The script as YAML that ``parse_script`` reads back; what is as it is by default is left out."""
    document = {"version": script.version, "task": script.task, "variables": {}} | script.model_dump(
        exclude_defaults=True
    )
    document["variables"] = {name: _short(variable) for name, variable in script.variables.items()}
    if not script.variables:
        del document["variables"]
    text = yaml.dump(document, Dumper=yaml.CSafeDumper, sort_keys=False, allow_unicode=True, width=_LINE_CHARACTERS)
    return _START + text


def check_variables(script: Script, given: Mapping[str, str]) -> dict[str, str]:
    """A value for each variable: what is given, else its default. Raises SCRIPT_VARIABLE_INVALID."""
    known = ", ".join(script.variables) or "none"
    for name, value in given.items():
        if name not in script.variables:
            raise OutriderError("SCRIPT_VARIABLE_INVALID", name=name[:40], reason=f"the script has: {known}")
        if len(value) > MAX_TEXT_CHARACTERS:
            raise OutriderError(
                "SCRIPT_VARIABLE_INVALID", name=name, reason=f"more than {MAX_TEXT_CHARACTERS} characters"
            )
    values = {name: variable.default for name, variable in script.variables.items()} | dict(given)
    if lacking := next((name for name, value in values.items() if value is None), None):
        raise OutriderError("SCRIPT_VARIABLE_INVALID", name=lacking, reason="it has no default and was not given")
    return {name: value for name, value in values.items() if value is not None}


def filled_steps(script: Script, values: Mapping[str, str]) -> list[ScriptStep]:
    """The steps with values for their variables. Raises SCRIPT_INVALID when a value does not fit its place."""
    steps = [step.model_dump(exclude_defaults=True, exclude={"read"}) for step in script.steps]
    filled = []
    for number, (step, whole) in enumerate(zip(filled_in(steps, values), script.steps, strict=True)):
        try:
            filled.append(ScriptStep.model_validate(step).model_copy(update={"read": whole.read}))
        except ValidationError as error:
            raise _invalid(error, f"steps.{number}.") from error
    return filled


def _invalid(error: ValidationError, within: str = "") -> OutriderError:
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    place = within + ".".join(map(str, first["loc"])) or "its beginning"
    reason = first["msg"].removeprefix("Value error, ")
    return OutriderError("SCRIPT_INVALID", place=place[:200], reason=reason[:300])


def _short(variable: Variable) -> str | dict[str, Any]:
    return variable.default if variable.default is not None else variable.model_dump(exclude_defaults=True)


class _Loader(yaml.CSafeLoader):
    """Reads texts as they stand: “no” and a date are texts. Refuses keys that come twice: one would be ignored."""

    yaml_implicit_resolvers = {  # noqa: RUF012 - as the library has it
        first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith((":timestamp", ":bool"))]
        for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
    }

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen = Counter(str(key.value) for key, _ in node.value)
        if (twice := next((key for key, times in seen.items() if times > 1), None)) is not None:
            raise yaml.constructor.ConstructorError(None, None, f"“{twice}” is there twice", node.start_mark)
        return super().construct_mapping(node, deep)


_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(?:true|false)$"), list("tf"))


def _load(text: str) -> Any:
    """Raises SCRIPT_INVALID for what is no YAML, for tags, which make values that JSON has not, and for aliases, which
    could make a short text a huge script."""
    try:
        depth = 0
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            refused = (
                (depth > _MAX_DEPTH, f"it is nested deeper than {_MAX_DEPTH} levels"),
                (isinstance(event, yaml.AliasEvent), "aliases are not read"),
                (bool(getattr(event, "tag", None)), "tags are not read"),
            )
            if said := next((reason for applies, reason in refused if applies), None):
                raise OutriderError("SCRIPT_INVALID", place=_line(event.start_mark), reason=said)
        return yaml.load(text, Loader=_Loader)  # noqa: S506 - a safe loader of our own
    except yaml.MarkedYAMLError as error:
        raise OutriderError("SCRIPT_INVALID", place=_line(error.problem_mark), reason=str(error.problem)) from error
    except (yaml.YAMLError, ValueError) as error:
        raise OutriderError("SCRIPT_INVALID", place="its beginning", reason="it is no YAML in UTF-8") from error


def _line(mark: Any) -> str:
    return f"line {mark.line + 1}" if mark else "its beginning"
