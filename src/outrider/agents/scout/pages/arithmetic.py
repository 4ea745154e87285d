"""Sums and equations of one unknown, as pages write them: "12 + 7 =", "3 x - 4 = 11"."""

import re
from collections.abc import Sequence
from fractions import Fraction
from typing import Final

__all__ = ["solution", "total"]

_TOKEN: Final = re.compile(r"\s*(?:(\d+(?:\.\d+)?)|(.))")
_MINUS: Final = "−–"
_TIMES: Final = "×·∙"
_OVER: Final = "÷:"
_SIGNS: Final = rf"+*/{_MINUS}{_TIMES}{_OVER}x-"
_SUM: Final = re.compile(rf"[\d\s.(){_SIGNS}]*\d\s*[{_SIGNS}]\s*[\d({_MINUS}-][\d\s.(){_SIGNS}]*")


def total(text: str) -> str:
    """What a sum comes to: "19" for "12 + 7 ="; "" for what is none."""
    plain = text.strip().rstrip("?").strip().removesuffix("=").strip()
    if not _SUM.fullmatch(plain):
        return ""
    return _written(_Reader(plain.replace("x", "*")).value())


def solution(text: str, name: str) -> str:
    """The value of the unknown in a linear equation; "" for what is none, or has no single solution."""
    left, sign, right = text.partition("=")
    if not sign or name not in text or re.search(r"[A-Za-z]{2,}", text):
        return ""
    at = [
        None if a is None or b is None else a - b
        for a, b in ((_Reader(left, name, x).value(), _Reader(right, name, x).value()) for x in (0, 1, 2))
    ]
    if at[0] is None or at[1] is None or at[2] is None:
        return ""
    slope = at[1] - at[0]
    return _written(-at[0] / slope) if slope and at[2] - at[1] == slope else ""


def _written(value: Fraction | None) -> str:
    """As a person writes it; what no decimal ends is no answer."""
    if value is None:
        return ""
    if value.denominator == 1:
        return str(value.numerator)
    decimal = f"{float(value):.6f}".rstrip("0")
    return decimal if Fraction(decimal) == value else ""


class _Reader:
    """Reads an expression by the usual precedence; None where it is none."""

    def __init__(self, text: str, name: str = "", value: int = 0) -> None:
        self._tokens: list[str] = [a or b for a, b in _TOKEN.findall(_plain(text))]
        self._name = name
        self._value = Fraction(value)

    def value(self) -> Fraction | None:
        """Of the whole text."""
        try:
            result = self._sum()
        except (ValueError, ZeroDivisionError):
            return None
        return None if self._tokens else result

    def _sum(self) -> Fraction:
        result = self._product()
        while self._next_in("+-"):
            result += self._product() if self._take() == "+" else -self._product()
        return result

    def _product(self) -> Fraction:
        result = self._factor()
        while self._tokens and (self._next_in("*/") or self._next_in(f"({self._name or '('}")):
            if self._next_in("*/"):
                result = result * self._factor() if self._take() == "*" else result / self._factor()
            else:
                result *= self._factor()  # "3 x"
        return result

    def _factor(self) -> Fraction:
        sign = self._take()
        if sign == "-":
            return -self._factor()
        if sign == "(":
            result = self._sum()
            if self._take() != ")":
                raise ValueError(sign)
            return result
        return self._value if sign == self._name else Fraction(sign)

    def _next_in(self, signs: Sequence[str] | str) -> bool:
        return bool(self._tokens) and self._tokens[0] in signs

    def _take(self) -> str:
        if not self._tokens:
            raise ValueError("the text ends")
        return self._tokens.pop(0)


def _plain(text: str) -> str:
    for signs, plain in ((_MINUS, "-"), (_TIMES, "*"), (_OVER, "/")):
        text = re.sub(f"[{signs}]", plain, text)
    return text.strip()
