"""Which sites the user's words name."""

import pytest

from outrider.interfaces.models import Task
from outrider.screening.content.users_words import UsersWords


@pytest.mark.parametrize(
    ("text", "sites"),
    [
        ("Log in with e-mail reader@shop.example and password lantern-lane-42", ()),
        ("Write to jane.doe@mail.co.uk", ()),
        ("Transfer 17.25 to Ann", ()),
        ("Upload report.pdf", ()),
        ("Pay 17.25 at www.shop.example/x", ("http://www.shop.example",)),
        ("Open http://127.0.0.1:8000/a", ("http://127.0.0.1:8000",)),
        ("Go to localhost:80 and then to shop.example.", ("http://localhost:80", "http://shop.example")),
    ],
)
def test_addresses_of_people_numbers_and_files_are_no_sites(text: str, sites: tuple[str, ...]) -> None:
    assert UsersWords(Task(id=1, text=text, start_url="", output_schema=None)).sites() == sites
