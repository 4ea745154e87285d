"""Rules that refuse requests by address, user agent and path."""

import pytest

from outrider.limits.blocks import Blocks, Seen
from outrider.problems import OutriderError


@pytest.mark.row("A16")
@pytest.mark.parametrize(
    ("rule", "seen", "blocked"),
    [
        ("ip=203.0.113.7", Seen("203.0.113.7", "", "/"), True),
        ("ip=203.0.113.7", Seen("203.0.113.8", "", "/"), False),
        ("ip=203.0.113.0/24", Seen("203.0.113.8", "", "/"), True),
        ("ip=203.0.113.9/24", Seen("::ffff:203.0.113.8", "", "/"), True),
        ("ip=2001:db8::/32", Seen("2001:db8::1", "", "/"), True),
        ("ip=2001:db8::/32", Seen("", "", "/"), False),
        ("agent=*scanner*", Seen("", "Evil-SCANNER/1.0", "/"), True),
        ("agent=scanner", Seen("", "Evil-Scanner/1.0", "/"), False),
        ("path=/v1/vault*", Seen("", "", "/v1/vault/items"), True),
        ("path=/v1/vault*", Seen("", "", "/v1/Vault"), False),
        ("path=/v1/vault*; ip=10.0.0.0/8", Seen("10.1.2.3", "", "/v1/vault"), True),
        ("path=/v1/vault*; ip=10.0.0.0/8", Seen("11.1.2.3", "", "/v1/vault"), False),
        ("path=/v1/vault*; ip=10.0.0.0/8", Seen("10.1.2.3", "", "/v1/sessions"), False),
    ],
)
def test_a_rule_refuses_what_all_of_its_parts_fit(rule: str, seen: Seen, blocked: bool) -> None:
    blocks = Blocks.of(["path=/never", rule])
    if not blocked:
        blocks.check(seen)
        return
    with pytest.raises(OutriderError) as caught:
        blocks.check(seen)
    assert caught.value.code == "POLICY_REFUSED"
    assert rule not in str(caught.value.as_envelope("r"))


@pytest.mark.parametrize("rule", ["", "ip=", "ip=1.2.3", "host=x", "203.0.113.7", "ip=1.2.3.4;", "ip=1.2.3.4/33"])
def test_a_rule_that_is_none_is_refused(rule: str) -> None:
    with pytest.raises(OutriderError) as caught:
        Blocks.of([rule])
    assert caught.value.code == "CONFIG_INVALID"
