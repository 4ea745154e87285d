from outrider.agents.scout.tasks.beginnings import starts_clause
from outrider.agents.scout.tasks.language import clauses, items, mask, without_lead_in


def split(text: str) -> list[str]:
    utterance = mask(text)
    return [utterance.show(clause) for clause in clauses(utterance.masked, starts_clause)]


def test_quotations_are_set_aside_whatever_their_marks() -> None:
    utterance = mask("""find 'it's', "a, b", “c. d”, ‘e’, «f» and `g` in the boys' room""")
    assert utterance.quotations == ("it's", "a, b", "c. d", "e", "f", "g")
    assert utterance.expand(utterance.masked) == "find it's, a, b, c. d, e, f and g in the boys' room"


def test_an_apostrophe_is_no_quotation() -> None:
    assert mask("open the shellcoder's handbook's page").quotations == ()


def test_a_quoted_sentence_end_ends_no_clause() -> None:
    assert split("Search for 'Who? What.', then go back") == ["Search for “Who? What.”", "go back"]


def test_and_joins_names_as_well_as_instructions() -> None:
    assert split("search for salt and pepper and open the first result") == [
        "search for salt and pepper",
        "open the first result",
    ]


def test_numbers_addresses_and_abbreviations_end_no_sentence() -> None:
    assert split("open http://a.b/c.html. Search for Dr. No under £3.99. Go back.") == [
        "open http://a.b/c.html",
        "Search for Dr. No under £3.99",
        "Go back",
    ]


def test_numbered_steps_and_courtesies_are_taken_off() -> None:
    assert split("Hello! Please do the following:\n1) open the cart\n2) then, go back\nThank you!") == [
        "open the cart",
        "go back",
    ]


def test_a_verb_that_is_a_noun_begins_no_clause() -> None:
    assert split("report the name, list price and return policy") == ["report the name, list price and return policy"]


def test_lead_ins_that_are_part_of_a_name_stay() -> None:
    assert without_lead_in("next page") == "next page"
    assert without_lead_in("and then please open it") == "open it"


def test_items_of_an_enumeration() -> None:
    assert items("name, price and link") == ("name", "price", "link")
