"""An amount of money as a page writes it, read so that a limit is never passed by a way of writing."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Final

from outrider.problems import OutriderError

__all__ = ["Amount", "read_amount"]

#: ISO 4217.
_CODES: Final = (
    "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF "
    "CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG "
    "HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA "
    "MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD "
    "RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX "
    "USD UYU UZS VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWL"
)
#: Signs, and the currencies that write themselves so.
_SIGNS: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        sign: frozenset(codes.split())
        for sign, codes in {
            "US$": "USD", "U$S": "USD", "CA$": "CAD", "C$": "CAD NIO", "A$": "AUD", "AU$": "AUD", "NZ$": "NZD",
            "R$": "BRL", "HK$": "HKD", "S$": "SGD", "NT$": "TWD", "MX$": "MXN", "RD$": "DOP", "J$": "JMD",
            "TT$": "TTD", "BDS$": "BBD", "BZ$": "BZD", "CI$": "KYD", "EC$": "XCD", "FJ$": "FJD", "G$": "GYD",
            "N$": "NAD", "B$": "BND BSD", "MOP$": "MOP", "$": "USD CAD AUD NZD SGD HKD TWD MXN ARS CLP COP",
            "€": "EUR", "£": "GBP EGP", "¥": "JPY CNY", "₹": "INR", "₩": "KRW", "₽": "RUB", "₺": "TRY", "₪": "ILS",
            "₴": "UAH", "₫": "VND", "₦": "NGN", "₱": "PHP CUP", "₲": "PYG", "₵": "GHS", "₸": "KZT", "₼": "AZN",
            "₾": "GEL", "₡": "CRC SVC", "₮": "MNT", "฿": "THB", "៛": "KHR", "৳": "BDT", "₭": "LAK",
            "₨": "PKR LKR NPR INR MUR SCR", "﷼": "IRR OMR QAR SAR YER", "￥": "JPY CNY", "￡": "GBP EGP", "￦": "KRW",
            "ZŁ": "PLN", "KČ": "CZK", "FR.": "CHF", "KR": "SEK NOK DKK ISK", "RM": "MYR", "RP": "IDR",
        }.items()
    }
)  # fmt: skip
_KNOWN: Final = frozenset(_CODES.split())
_CODE: Final = re.compile(r"(?<![A-Z])[A-Z]{3}(?![A-Z])")
#: Longer ones first; letters are a sign only where they are a word.
_SIGN: Final = re.compile(
    rf"(?<![^\W\d_])(?:{'|'.join(map(re.escape, sorted(_SIGNS, key=len, reverse=True)))})(?![^\W\d_])"
)
_NUMBER: Final = re.compile(r"\d(?:[\d.,'’ \u00a0\u202f]*\d)?")
_BLANKS: Final = re.compile(r"['’ \u00a0\u202f]")
_BELOW_ZERO: Final = re.compile(r"[-−]\s*[^\d\s]{0,3}\s*\d")
#: Groups of thousands, as in India too, or plain digits; then cents. What may be either is read as the larger amount.
_VALUE: Final = re.compile(r"(\d{1,3}(?:\.\d{3})+|\d{1,3}(?:,\d{3})+|\d{1,2}(?:,\d{2})+,\d{3}|\d+)(?:[.,](\d{1,3}))?")


@dataclass(frozen=True, slots=True)
class Amount:
    """``currencies``: those that the text may mean; empty when it names none."""

    value: Decimal
    currencies: frozenset[str]


def read_amount(text: str) -> Amount:
    """The one amount in a text: ``£1,234.50``, ``12,99 €``, ``Total: EUR 5``.

    Raises PAYMENT_AMOUNT_UNREADABLE for a text without an amount, with several, or with one below zero, and for a sign
    of a currency that is not known: it is not the token's just because nobody knows it.
    """
    numbers = _NUMBER.findall(text)
    read = _VALUE.fullmatch(_BLANKS.sub("", numbers[0])) if len(numbers) == 1 else None
    if read is None or _BELOW_ZERO.search(text):
        raise OutriderError("PAYMENT_AMOUNT_UNREADABLE", reason="The text does not hold exactly one amount of money.")
    whole, cents = read.groups()
    digits = whole.replace(".", "").replace(",", "")
    return Amount(Decimal(f"{digits}.{cents}" if cents else digits), _currencies(text))


def _currencies(text: str) -> frozenset[str]:
    codes = _KNOWN.intersection(_CODE.findall(text))
    if codes:
        return codes
    sign = _SIGN.search(text.upper())
    if sign is None and any(unicodedata.category(character) == "Sc" for character in text):
        raise OutriderError("PAYMENT_AMOUNT_UNREADABLE", reason="Its currency has a sign that is not known.")
    return _SIGNS[sign[0]] if sign else frozenset()
