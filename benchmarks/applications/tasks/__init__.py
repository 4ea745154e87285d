"""The forty tasks, a table for each kind of work.

The texts were written before anything was tried with them, and are not changed since the first run.
"""

from typing import Final

from benchmarks.applications.tasks.automation import AUTOMATION
from benchmarks.applications.tasks.commerce import COMMERCE
from benchmarks.applications.tasks.forms import FORMS
from benchmarks.applications.tasks.research import RESEARCH

__all__ = ["TASKS"]

TASKS: Final = (*RESEARCH, *FORMS, *COMMERCE, *AUTOMATION)
