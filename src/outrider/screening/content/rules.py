"""Rules as data: the TOML files of this package, and those that the setting “screening_rules” adds.

A file has ``[[rule]]`` tables. A rule of the same id in a later file replaces the earlier one; with
``enabled = false`` it is switched off.
"""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Final, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from outrider.interfaces.screening import RiskClass, Verdict
from outrider.problems import OutriderError
from outrider.screening.content.phrases import Phrase

__all__ = ["Rule", "Rules", "Scope"]

Scope = Literal["task", "action", "page", "asked"]
_FILES: Final = ("tasks.toml", "actions.toml", "pages.toml", "asked.toml")


def _phrases(value: object) -> object:
    return tuple(map(Phrase.parse, value)) if isinstance(value, list) else value


Phrases = Annotated[tuple[Phrase, ...], BeforeValidator(_phrases)]
Texts = tuple[str, ...]


class Rule(BaseModel):
    """One rule. Of the lists, an empty one says nothing; ``phrases`` need one that fits."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9._-]{0,99}$")
    #: What it is for: a task's text, an action, a page's text, or what counts as asking for a class of actions.
    scope: Scope
    risk: RiskClass
    #: For tasks and pages; what becomes of an action is said by the policy for its class.
    decision: Verdict = Verdict.ASK
    reason: str = Field(default="", max_length=300)
    enabled: bool = True
    #: In the text; for actions, in the name of the element.
    phrases: Phrases = ()
    #: Of pages: marks that the folded text has as they are, such as those that a model's own messages are divided by.
    literals: Texts = ()
    #: What takes a fit back.
    unless: Phrases = ()
    #: Of pages: a quotation among these words is talk about such texts, not one of them.
    mentioned_with: Phrases = ()
    #: Of actions: in the title, a heading or the element's context, beside ``phrases``.
    near: Phrases = ()
    #: Names of actions (``interfaces.actions.ACTIONS``).
    actions: Texts = ()
    roles: Texts = ()
    #: ``type`` of an input.
    kinds: Texts = ()
    #: In the hints of a field: ``one-time-code``.
    hints: Texts = ()
    #: Ends of the path of a link.
    paths: Texts = ()


@dataclass(frozen=True)
class Rules:
    """Rules in the order of their files."""

    all: tuple[Rule, ...]

    @classmethod
    def load(cls, own: Iterable[Path] = ()) -> Self:
        """Those of the package, and of the operator's own files. Raises CONFIG_INVALID."""
        folder = files(__package__) / "rules"
        texts = {name: (folder / name).read_text(encoding="utf-8") for name in _FILES}
        texts |= {str(path): _read(path) for path in own}
        rules: dict[str, Rule] = {}
        for name, text in texts.items():
            rules |= {rule.id: rule for rule in _parsed(name, text)}
        return cls(tuple(rule for rule in rules.values() if rule.enabled))

    @cached_property
    def by_scope(self) -> Mapping[Scope, tuple[Rule, ...]]:
        """The rules of each scope."""
        scopes: tuple[Scope, ...] = ("task", "action", "page", "asked")
        return MappingProxyType({scope: tuple(rule for rule in self.all if rule.scope == scope) for scope in scopes})

    @cached_property
    def page_words(self) -> frozenset[bytes]:
        """What an index of a page's words has to have."""
        phrases = (phrase for rule in self.by_scope["page"] for phrase in rule.phrases)
        return frozenset(word for phrase in phrases for word in phrase.rare_words)

    @cached_property
    def asked(self) -> Mapping[RiskClass, tuple[Phrase, ...]]:
        """What user's words ask for a class of actions."""
        return MappingProxyType(
            {
                risk: tuple(phrase for rule in self.by_scope["asked"] if rule.risk is risk for phrase in rule.phrases)
                for risk in RiskClass
            }
        )


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise _invalid(str(path), f"it can't be read: {reason}") from error


def _parsed(name: str, text: str) -> Sequence[Rule]:
    try:
        tables: Any = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _invalid(name, str(error)) from error
    if tables.keys() != {"rule"} or not isinstance(tables["rule"], list):
        raise _invalid(name, "it has to hold [[rule]] tables, and nothing else")
    try:
        return [Rule.model_validate(table) for table in tables["rule"]]
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors())
        raise _invalid(name, faults) from error


def _invalid(name: str, reason: str) -> OutriderError:
    return OutriderError(
        "CONFIG_INVALID", summary=f"rules of screening in {name}: {reason}", source="“screening_rules”"
    )
