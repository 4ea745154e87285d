"""What sessions are told and what they read and do: rules as data, rulings as values.

``Screener`` is the way in. Rules are in ``rules/*.toml``; everything but the recording of rulings is plain functions.
"""

from outrider.screening.content.policy import Policy
from outrider.screening.content.rules import Rules
from outrider.screening.content.screener import Screener, TaskScreen

__all__ = ["Policy", "Rules", "Screener", "TaskScreen"]
