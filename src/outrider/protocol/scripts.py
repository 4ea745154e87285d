"""A task as a script: grounded steps that run again without a model. Version 1 of the format.

Texts may hold variables, ``${name}``; ``$${`` stands for ``${`` itself. docs/reference/scripts.md describes the format.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Annotated, Any, Final, Literal, Self, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator

__all__ = [
    "ARGUMENTS", "MAX_SCRIPT_CHARACTERS", "MAX_STEPS", "VARIABLE", "Expect", "PaymentField", "Read", "Script",
    "ScriptStep", "Target", "Type", "Variable", "escaped", "filled_in", "variables_in",
]  # fmt: skip

MAX_SCRIPT_CHARACTERS: Final = 262_144
MAX_STEPS: Final = 500
MAX_TEXT_CHARACTERS: Final = 10_000
_PLACEHOLDER: Final = re.compile(r"\$(\$\{)|\$\{([^}]*)\}")

#: Arguments of each action; with a question mark those that may be left out.
ARGUMENTS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "navigate": ("url",),
        "click": ("target",),
        "hover": ("target",),
        "drag": ("target", "onto?", "right?", "down?"),
        "fill": ("target", "text", "submit?"),
        "fill_secret": ("target", "secret", "submit?"),
        "pay": ("amount", "token", "fields"),
        "select": ("target", "option"),
        "check": ("target", "checked?"),
        "press": ("keys", "target?", "times?"),
        "scroll": ("viewports?", "target?"),
        "wait": ("text?", "seconds?", "at_least?"),
        "back": (),
        "tab": ("number",),
        "upload": ("target", "names"),
        "download": ("target",),
        "extract": (),
        "screenshot": (),
    }
)

Expect = Literal["navigated", "changed", "value", "download", "tab"]
Type = Literal["string", "number", "integer", "boolean"]
PaymentField = Literal["number", "expiry", "expiry_month", "expiry_year", "cvc", "holder", "button"]
VARIABLE: Final = r"^[a-z][a-z0-9_]{0,39}$"
Name = Annotated[str, StringConstraints(pattern=VARIABLE)]
Line = Annotated[str, StringConstraints(max_length=2000, pattern=r"^[^\x00]*$")]
Words = Annotated[str, StringConstraints(max_length=MAX_TEXT_CHARACTERS, pattern=r"^[^\x00]*$")]
Count = Annotated[int, Field(ge=0, le=100_000)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Target(_Part):
    """What an element is called and where it is, so that it is found on a page that has moved it."""

    role: Line = ""
    name: Line = ""
    tag: Line = ""
    kind: Line = ""
    region: Line = ""
    context: Line = ""
    #: Path and query of a link.
    href: Line = ""
    hints: list[Line] = Field(default=[], max_length=20)
    #: Words around it that no other of its role and name had: with other words there it is another thing.
    told_by: list[Line] = Field(default=[], max_length=100)
    #: Which of the elements with this role and name, and how many there were.
    nth: Count = 1
    of: Count = 1


class Read(_Part):
    """Something that is read after a step, into a field of the answer. Places are as evidence names them."""

    #: Steps down into the answer, with slashes: ``items/0/price``; empty: the answer itself.
    field: Line
    role: Line
    name: Line = ""
    region: Line = ""
    under: Line = ""
    nth: Count = 1
    of: Count = 0
    group: Count = 1
    part: Line = ""
    before: Line = ""
    after: Line = ""
    type: Type = "string"
    #: Of an ``entry`` or a ``list``: names and types of the values that are read of each; empty: what it has.
    each: dict[Line, Type] = Field(default={}, max_length=50)

    @property
    def is_single(self) -> bool:
        """It is one value, and not an entry of a list, or a list of them."""
        return self.role != "list" and (self.role != "entry" or bool(self.part))


class ScriptStep(_Part):
    """One action with its arguments, what it did when it was recorded, and what is read after it."""

    action: Line
    url: Line | None = None
    target: Target | None = None
    #: What it is dragged onto.
    onto: Target | None = None
    right: float | int | None = None
    down: float | int | None = None
    fields: dict[PaymentField, Target] | None = None
    text: Words | None = None
    secret: Line | None = None
    submit: bool | None = None
    option: Line | None = None
    checked: bool | None = None
    keys: Line | None = None
    times: Count | None = None
    viewports: float | int | None = None
    seconds: Annotated[float | int, Field(gt=0, le=300)] | None = None
    at_least: Annotated[float | int, Field(ge=0, le=300)] | None = None
    number: Count | None = None
    names: list[Line] | None = None
    amount: Line | None = None
    token: Line | None = None
    #: Left out where its element is not there.
    optional: bool = False
    #: Of ``extract``: the pages that follow are opened and read as well, as many as the list has.
    pages: bool = False
    expect: Expect | None = None
    read: list[Read] = Field(default=[], max_length=1000)

    @model_validator(mode="after")
    def _has_its_arguments(self) -> Self:
        known = ARGUMENTS.get(self.action)
        if known is None:
            raise ValueError(f"“{self.action}” is no action; there are {', '.join(ARGUMENTS)}")
        names = [name.rstrip("?") for name in known]
        given = self.arguments
        if self.pages and self.action != "extract":
            raise ValueError(f"“pages” is for “extract”, and not for “{self.action}”")
        if lacking := next((name for name in known if not name.endswith("?") and name not in given), None):
            raise ValueError(f"“{self.action}” needs “{lacking}”")
        if unknown := next((name for name in given if name not in names), None):
            raise ValueError(f"“{self.action}” has no “{unknown}”")
        return self

    @property
    def arguments(self) -> dict[str, Any]:
        """What is given for the action, by name."""
        others = {"action", "optional", "pages", "expect", "read"}
        found = ((name, getattr(self, name)) for name in type(self).model_fields if name not in others)
        return {name: value for name, value in found if value is not None}


class Variable(_Part):
    """Something that is given with each replay; without a default it has to be."""

    default: Words | None = None
    #: Never shown, and never written down.
    secret: bool = False

    @model_validator(mode="after")
    def _keeps_its_secret(self) -> Self:
        if self.secret and self.default is not None:
            raise ValueError("a secret has no default")
        return self


def _default(value: object) -> object:
    return {"default": value} if isinstance(value, str) else value


class Script(_Part):
    """A task that can be done again."""

    version: Literal[1]
    task: Words
    variables: dict[Name, Annotated[Variable, BeforeValidator(_default)]] = Field(default={}, max_length=100)
    output_schema: dict[str, Any] | None = None
    steps: list[ScriptStep] = Field(min_length=1, max_length=MAX_STEPS)
    answer: Literal["text", "json"] = "text"
    #: Parts of the recorded answer that no evidence told where to read.
    not_read: list[Line] = Field(default=[], max_length=1000)

    @model_validator(mode="after")
    def _declares_its_variables(self) -> Self:
        used = variables_in([self.task, [step.model_dump(exclude={"read"}) for step in self.steps]])
        if unknown := next((name for name in used if name not in self.variables), None):
            raise ValueError(f"the variable “{unknown}” is used and not declared under “variables”")
        return self

    @model_validator(mode="after")
    def _reads_no_part_of_a_value(self) -> Self:
        values = {one.field for step in self.steps for one in step.read if one.is_single}
        for name in values:
            if part := next((one for one in values if name.startswith(f"{one}/")), None):
                raise ValueError(f"“{name}” is read below “{part}”, which is a single value")
        return self


T = TypeVar("T")


def variables_in(value: object) -> Iterator[str]:
    """The names of the variables that texts hold."""
    if isinstance(value, str):
        yield from (found[2] for found in _PLACEHOLDER.finditer(value) if not found[1])
    elif isinstance(value, Mapping):
        yield from (name for item in value.values() for name in variables_in(item))
    elif isinstance(value, list | tuple):
        yield from (name for item in value for name in variables_in(item))


def filled_in(value: T, values: Mapping[str, str]) -> T:
    """A copy of JSON with its variables filled in; those without a value stay as they are."""
    filled: T = _mapped(value, lambda text: _PLACEHOLDER.sub(lambda at: at[1] or values.get(at[2], at[0]), text))
    return filled


def escaped(value: T) -> T:
    """A copy of JSON in which nothing is taken for a variable."""
    safe: T = _mapped(value, lambda text: text.replace("${", "$${"))
    return safe


def _mapped(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, Mapping):
        return {name: _mapped(item, change) for name, item in value.items()}
    return [_mapped(item, change) for item in value] if isinstance(value, list | tuple) else value
