"""Every way in which Outrider can fail, one row each.

A failure is raised as ``OutriderError(code, **facts)`` wherever it happens. Only the catalogue knows the HTTP
status, the JSON-RPC codes, the retry advice, the cause and the fix, and only ``OutriderError`` turns a row into
the envelope of a surface. ``docs/reference/errors.md`` is generated from ``CATALOGUE``.
"""

from outrider.problems.catalogue import CATALOGUE
from outrider.problems.error import OutriderError, ReportedError
from outrider.problems.row import Problem

__all__ = ["CATALOGUE", "OutriderError", "Problem", "ReportedError"]
