"""Every action of the table has a form, and a form becomes the decision that it stands for."""

import pytest
from pydantic import ValidationError

from outrider.agents.models.decisions import FORMS, ActForm, AskForm, DoneForm, OneForm, decision_of
from outrider.interfaces.actions import ACTIONS, Click, Fill, Upload
from outrider.interfaces.models import Act, Ask, Evidence, Finish


def test_every_action_is_offered_under_its_name() -> None:
    offered = ActForm.model_json_schema()["properties"]["actions"]["items"]["discriminator"]["mapping"]

    assert offered.keys() == ACTIONS.keys()


def test_actions_become_one_decision() -> None:
    actions = [
        {"name": "fill", "index": 3, "text": "Ada"},
        {"name": "upload", "index": 4, "names": ["a.pdf"]},
        {"name": "click", "index": 5},
    ]
    form = ActForm.model_validate({"thought": "Sending.", "actions": actions, "notes": "n"})

    memory = {"thought": "Sending.", "notes": "n"}
    assert decision_of(form, "") == Act(Fill(3, "Ada"), "Sending.", memory, (Upload(4, ("a.pdf",)), Click(5)))


@pytest.mark.parametrize(
    ("answer", "given"),
    [("£3", "£3"), ({"price": 3}, {"price": 3}), ([1], [1]), (3, "3"), (True, "true"), (None, "null")],
)
def test_an_answer_is_text_or_json(answer: object, given: object) -> None:
    form = DoneForm.model_validate(
        {"answer": answer, "evidence": [{"field": "price", "quote": "£3"}], "missing": ["x"]}
    )

    claims = (Evidence("price", "http://shop.test/", "£3"),)
    assert decision_of(form, "http://shop.test/") == Finish(given, claims, ("x",))  # type: ignore[arg-type]


def test_a_question_is_asked() -> None:
    assert decision_of(AskForm(question="Which?"), "") == Ask("Which?")


@pytest.mark.parametrize("name", FORMS)
def test_an_answer_as_text_is_one_of_the_forms(name: str) -> None:
    given = {"act": {"thought": "x", "actions": [{"name": "extract"}]}, "ask": {"question": "?"}, "done": {"answer": 1}}
    others = dict.fromkeys(FORMS, None)

    assert isinstance(OneForm.model_validate(others | {name: given.get(name, {})}).given(), FORMS[name])


@pytest.mark.parametrize("given", [{}, {"ask": {"question": "?"}, "done": {"answer": 1}}, {"launch": {}}])
def test_none_or_two_are_no_answer(given: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        OneForm.model_validate(given)


@pytest.mark.parametrize(
    "action",
    [{"name": "fill", "index": 3}, {"name": "click", "index": "x"}, {"name": "click", "index": 1, "force": True}],
)
def test_arguments_are_checked(action: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        ActForm.model_validate({"thought": "x", "actions": [action]})
