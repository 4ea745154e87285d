"""The tasks in three sets: the forty, a table for each kind of work, the later ones, and a third set.

The texts of a set were written before anything was tried with them, and are not changed since its first run.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from benchmarks.applications.task import Task
from benchmarks.applications.tasks.automation import AUTOMATION
from benchmarks.applications.tasks.commerce import COMMERCE
from benchmarks.applications.tasks.forms import FORMS
from benchmarks.applications.tasks.later import LATER
from benchmarks.applications.tasks.research import RESEARCH
from benchmarks.applications.tasks.third import THIRD

__all__ = ["SETS", "TASKS"]

TASKS: Final = (*RESEARCH, *FORMS, *COMMERCE, *AUTOMATION)
SETS: Final[Mapping[str, Sequence[Task]]] = {"first": TASKS, "later": LATER, "third": THIRD}
