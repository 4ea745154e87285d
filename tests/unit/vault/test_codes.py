"""One-time codes as in the table of RFC 6238, appendix B, cut to six digits."""

from datetime import UTC, datetime

import pytest

from outrider.vault.codes import one_time_code, parse_totp_secret

SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"  # "12345678901234567890" in Base32


@pytest.mark.parametrize(
    ("second", "code"),
    [
        (59, "287082"),
        (1111111109, "081804"),
        (1111111111, "050471"),
        (1234567890, "005924"),
        (2000000000, "279037"),
        (20000000000, "353130"),
    ],
)
def test_codes_of_the_standard(second: int, code: str) -> None:
    assert one_time_code(SECRET, datetime.fromtimestamp(second, UTC)) == code


@pytest.mark.parametrize(
    "text", ["JBSW Y3DP EHPK 3PXP", "jbswy3dpehpk3pxp", "JBSW-Y3DP-EHPK-3PXP", "JBSWY3DPEHPK3PXP===="]
)
def test_a_secret_is_taken_as_sites_show_it(text: str) -> None:
    assert parse_totp_secret(text) == "JBSWY3DPEHPK3PXP"


@pytest.mark.parametrize("text", ["", " ", "1", "0189", "A", "JBSWÄ", "JBSWY3DP!"])
def test_anything_else_is_none(text: str) -> None:
    with pytest.raises(ValueError, match="no secret"):
        parse_totp_secret(text)
