"""What the script for the pages is put together of."""

import re
from importlib.resources import files

from outrider.browsers import script


def test_members_that_fields_may_hide_are_taken_by_symbols() -> None:
    members = "|".join(script._HIDEABLE)
    assert not re.search(rf"(?<!\.)(?<!BUILT_IN)\.(?:{members})\b", script.SOURCE)
    assert "at[BUILT_IN.parentElement]" in script.SOURCE
    assert "?.[BUILT_IN." in script.SOURCE


def test_only_nodes_have_members_of_these_names() -> None:
    parts = [part.read_text("utf-8") for part in (files("outrider.browsers") / "inject").iterdir()]
    others = r"\b(?:classList|range|matchMedia\([^)]*\)|rect|params)\??\."
    for part in parts:
        assert not re.search(rf"{others}(?:{'|'.join(script._HIDEABLE)})\b", part)
