from tests.unit.agents.scout.conftest import MakeElement

from outrider.agents.scout.pages.grounding import CLICKED, TYPED, ambiguous, describe, rank
from outrider.agents.scout.tasks.targets import Target


def test_words_synonyms_and_forms_find_the_element(element: MakeElement) -> None:
    page = [
        element(1, "link", "Your bag (2)"),
        element(2, "button", "Log in"),
        element(3, "link", "Newsletters"),
        element(4, "button", "Proceed to checkout"),
    ]
    wanted = {"basket": 1, "the cart": 1, "sign in": 2, "newsletter": 3, "check out": 4}
    assert {words: rank(page, Target(words), CLICKED)[0].element.index for words in wanted} == wanted


def test_the_exact_name_goes_before_a_longer_one(element: MakeElement) -> None:
    page = [element(1, "link", "Books for children"), element(2, "link", "Books"), element(3, "link", "All books")]
    candidates = rank(page, Target("Books"), CLICKED)
    assert candidates[0].element.index == 2
    assert ambiguous(candidates) == ()


def test_a_role_cue_decides_between_equal_names(element: MakeElement) -> None:
    page = [element(1, "link", "Search"), element(2, "button", "Search")]
    assert rank(page, Target("Search", frozenset({"button"})), CLICKED)[0].element.index == 2
    assert rank(page, Target("Search", frozenset({"link"})), CLICKED)[0].element.index == 1


def test_hints_name_a_field_that_has_no_name(element: MakeElement) -> None:
    page = [element(1, "textbox", hints=("given-name",)), element(2, "textbox", hints=("tel",))]
    assert rank(page, Target("phone number"), TYPED)[0].element.index == 2
    assert rank(page, Target("first name"), TYPED)[0].element.index == 1


def test_the_surroundings_tell_equal_buttons_apart(element: MakeElement) -> None:
    page = [element(n, "button", "Add to basket", context=name) for n, name in enumerate(("Teapot", "Kettle", "Cup"))]
    assert rank(page, Target("Add to basket", near="Kettle"), CLICKED)[0].element.context == "Kettle"
    assert len(ambiguous(rank(page, Target("Add to basket"), CLICKED))) == 3


def test_a_position_picks_among_equals(element: MakeElement) -> None:
    page = [element(n, "link", "Details", context=f"Row {n}") for n in range(1, 5)]
    assert [one.element.index for one in rank(page, Target("Details", position=2), CLICKED)] == [2]
    assert [one.element.index for one in rank(page, Target("Details", position=-1), CLICKED)] == [4]
    assert rank(page, Target("Details", position=7), CLICKED) == ()


def test_copies_of_one_link_are_no_ambiguity(element: MakeElement) -> None:
    page = [element(n, "link", "Help", href="/help", region=region) for n, region in enumerate(("main", "form"))]
    assert ambiguous(rank(page, Target("Help"), CLICKED)) == ()


def test_disabled_elements_come_last(element: MakeElement) -> None:
    page = [element(1, "button", "Save", states=frozenset({"disabled"})), element(2, "button", "Save draft")]
    assert rank(page, Target("Save"), CLICKED)[0].element.index == 2


def test_what_shares_no_word_does_not_fit(element: MakeElement) -> None:
    assert rank([element(1, "button", "Save")], Target("teleport"), CLICKED) == ()


def test_a_text_field_is_nothing_to_click_by_chance(element: MakeElement) -> None:
    assert rank([element(1, "textbox", "Save")], Target("Save"), CLICKED) == ()


def test_elements_are_described_as_a_person_would(element: MakeElement) -> None:
    assert describe(element(1, "link", "Books")) == "link “Books”"
    assert describe(element(1, "textbox", hints=("q",))) == "textbox “q”"
    assert describe(element(1, "button")) == "button"


def test_two_buttons_of_one_name_are_never_the_same(element: MakeElement) -> None:
    page = [element(n, "button", "Edit", context="Contact") for n in (1, 2)]
    assert len(ambiguous(rank(page, Target("Edit"), CLICKED))) == 2


def test_a_number_before_a_name_is_no_part_of_it(element: MakeElement) -> None:
    page = [element(1, "link", "9.3. A first look at classes"), element(2, "link", "9. Classes")]
    candidates = rank(page, Target("Classes"), CLICKED)
    assert candidates[0].element.index == 2
    assert ambiguous(candidates) == ()
