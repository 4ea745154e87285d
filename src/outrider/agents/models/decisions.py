"""The form of a language model's decisions: JSON schemas made of the one table of actions, and the way back."""

import json
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields
from typing import Annotated, Any, Final, Literal, Self, Union

from pydantic import BaseModel, ConfigDict, create_model, model_validator
from pydantic import Field as Described

from outrider.interfaces.actions import ACTIONS, Action
from outrider.interfaces.models import Act, Ask, Decision, Evidence, Finish

__all__ = [
    "FORMS",
    "ActForm",
    "AskForm",
    "DecisionForm",
    "DoneForm",
    "OneForm",
    "ReadForm",
    "action_of",
    "decision_of",
]


def _without_titles(schema: dict[str, Any]) -> None:
    """They say what the names say, and are paid for with every request."""
    for part in (schema, *schema.get("properties", {}).values()):
        part.pop("title", None)


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid", json_schema_extra=_without_titles)


def _field(field: Field[Any]) -> tuple[Any, Any]:
    kind = tuple[str, ...] if field.type == "tuple[str, ...]" else field.type
    return kind, ... if field.default is MISSING else field.default


def _form(name: str, kind: type[Any]) -> type[BaseModel]:
    given = {field.name: _field(field) for field in fields(kind)}
    return create_model(  # type: ignore[call-overload, no-any-return]
        kind.__name__, __base__=_Form, __doc__=kind.__doc__, name=(Literal[name], ...), **given
    )


_FORMS: Final = {name: _form(name, kind) for name, kind in ACTIONS.items()}
AnyAction: Any = Annotated[Union[tuple(_FORMS.values())], Described(discriminator="name")]  # noqa: UP007 - made of a table


class ActForm(_Form):
    """Do something on the page."""

    thought: Annotated[str, Described(max_length=1000, description="Why, in one sentence; the user reads it.")]
    actions: Annotated[
        list[AnyAction],
        Described(
            min_length=1,
            max_length=20,
            description="One action, or several where none changes what the next one is for, such as the fields of a "
            "form. What comes after an action that changes the page is left out, and you are asked again.",
        ),
    ]
    notes: Annotated[
        str,
        Described(
            max_length=4000,
            description="What you have found out and will need, with where it was read: pages are forgotten once they "
            "are left, notes are not. They replace your notes of before.",
        ),
    ] = ""


class AskForm(_Form):
    """Ask the user, when the task can't go on without something that only they know or may decide."""

    question: Annotated[str, Described(min_length=1, max_length=2000)]


class EvidenceForm(_Form):
    """Where a value of the answer was read."""

    field: Annotated[str, Described(description="Name of the value in the answer.")]
    quote: Annotated[str, Described(description="The page's own words, exactly.")]
    url: Annotated[str, Described(description="Address of the page; empty for the present one.")] = ""


class DoneForm(_Form):
    """The task is done."""

    answer: Annotated[Any, Described(description="What was asked for, as text or as JSON; from pages, never made up.")]
    evidence: tuple[EvidenceForm, ...] = ()
    missing: Annotated[
        tuple[str, ...], Described(description="What was asked for and is nowhere to be found, by name.")
    ] = ()


class ReadForm(_Form):
    """Read a further part of the present page, from where “elements_from” or “texts_from” says it goes on."""

    elements_from: Annotated[int, Described(ge=0)] = 0
    texts_from: Annotated[int, Described(ge=0)] = 0


DecisionForm = ActForm | AskForm | DoneForm

#: What an answer can be, by name.
FORMS: Final[Mapping[str, type[DecisionForm | ReadForm]]] = {
    "act": ActForm,
    "ask": AskForm,
    "done": DoneForm,
    "read_page": ReadForm,
}


class OneForm(_Form):
    """Exactly one of these is given; the others are null."""

    act: ActForm | None = None
    ask: AskForm | None = None
    done: DoneForm | None = None
    read_page: ReadForm | None = None

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        if len(self._all()) != 1:
            raise ValueError(f"give exactly one of {', '.join(FORMS)}")
        return self

    def given(self) -> DecisionForm | ReadForm:
        """The one."""
        (form,) = self._all()
        return form

    def _all(self) -> list[DecisionForm | ReadForm]:
        return [form for name in FORMS if (form := getattr(self, name)) is not None]


def decision_of(form: DecisionForm, url: str) -> Decision:
    """The decision that a form stands for; ``url`` is the present page's."""
    match form:
        case AskForm():
            return Ask(form.question)
        case DoneForm():
            evidence = tuple(Evidence(one.field, one.url or url, one.quote) for one in form.evidence)
            answer = form.answer if isinstance(form.answer, str | dict | list) else json.dumps(form.answer)
            return Finish(answer, evidence, form.missing)
        case ActForm():
            first, *others = map(action_of, form.actions)
            memory = {"thought": form.thought, "notes": form.notes}
            return Act(first, form.thought, memory, tuple(others))


def action_of(form: Any) -> Action:
    """The action that the form of one stands for."""
    given = {name: getattr(form, name) for name in type(form).model_fields if name != "name"}
    action: Action = ACTIONS[form.name](**given)
    return action
