"""The way out of a browser: a forward proxy of its own that decides where every connection leads."""

from outrider.screening.egress.answers import PROBLEM_HEADER
from outrider.screening.egress.proxy import Egress, EgressProxy

__all__ = ["PROBLEM_HEADER", "Egress", "EgressProxy"]
