"""Who holds mouse and keyboard, and how many may watch."""

import pytest

from outrider.api.viewers import Viewers
from outrider.problems import OutriderError


def test_the_last_one_to_take_them_has_them() -> None:
    viewers, told = Viewers(5), list[str]()
    with viewers.joined("s", lambda: told.append("anna")) as anna:
        with viewers.joined("s", lambda: told.append("ben")) as ben:
            assert not viewers.holds("s", anna)
            assert not viewers.is_held("s")
            viewers.take("s", anna)
            viewers.take("s", anna)
            assert (viewers.holds("s", anna), told) == (True, [])
            viewers.take("s", ben)
            assert (viewers.holds("s", anna), viewers.holds("s", ben), told) == (False, True, ["anna"])
            viewers.release("s", anna)
            assert viewers.holds("s", ben)
            assert viewers.is_held("s")
        assert not viewers.is_held("s"), "who has left holds nothing"
        viewers.take("s", anna)
        assert told == ["anna"], "who has left is told nothing"
    assert not viewers.is_held("s")


def test_places_are_counted_by_session() -> None:
    viewers = Viewers(1)

    def ignore() -> None:
        """Nobody takes anything here."""

    with viewers.joined("s", ignore), viewers.joined("t", ignore):
        with pytest.raises(OutriderError) as caught, viewers.joined("s", ignore):
            pytest.fail("one too many was let in")
        assert caught.value.code == "SOCKET_LIMIT_REACHED"
        assert caught.value.facts["current"] == 1
    with viewers.joined("s", ignore):
        pass
