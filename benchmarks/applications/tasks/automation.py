"""Web automation: work of several steps in the administration of real applications, and in a project."""

import re
from typing import Final

from benchmarks.applications.application import Application
from benchmarks.applications.task import Task
from benchmarks.scout_tasks.case import Check
from benchmarks.scout_tasks.checks import Rows

__all__ = ["AUTOMATION"]

_OPEN_OF: Final = (
    "SELECT issue._title FROM _issue issue JOIN _status status ON status.id = issue._status"
    " JOIN _user user ON user.id = issue._assignedto WHERE user._username = ? AND status._name != 'resolved'"
    " AND NOT issue.__retired__"
)
_OF_PRIORITY: Final = (
    "SELECT issue._title FROM _issue issue JOIN _priority priority ON priority.id = issue._priority"
    " WHERE priority._name = ? AND issue._assignedto IS NULL AND NOT issue.__retired__"
)


def _open_of_dmitri(tracker: Application) -> Check:
    return Rows(tuple((str(title),) for (title,) in tracker.rows(_OPEN_OF, "dmitri")))


AUTOMATION: Final = (
    Task("automation", "tracker", "resolve an issue",
         "Log in with the saved log-in tracker-admin, open the issue 'Typo on the timetable page', set its status to "
         "resolved and add the change note 'Fixed in version 2.4.1.'",
         writes=lambda _: ("issue Typo on the timetable page: status = resolved",
                           "issue Typo on the timetable page: notes = It says Tursday. | Fixed in version 2.4.1.")),
    Task("automation", "tracker", "assign what nobody has",
         "Log in with the saved log-in tracker-admin. Assign every urgent issue that is assigned to nobody to elin.",
         writes=lambda tracker: tuple(
             f"issue {title}: assigned to = elin" for (title,) in tracker.rows(_OF_PRIORITY, "urgent"))),
    Task("automation", "tracker", "a new keyword",
         "Log in with the saved log-in tracker-admin, create the keyword accessibility, and then set it as the keyword "
         "of the issue 'Contrast of the buttons is too low'.",
         writes=lambda _: ("keyword accessibility = there",
                           "issue Contrast of the buttons is too low: keywords = accessibility")),
    Task("automation", "tracker", "what dmitri has to do",
         "List the titles of all issues that are assigned to dmitri and are not resolved.",
         answer=_open_of_dmitri),
    Task("automation", "wiki", "let a member upload",
         "Log in with the saved log-in wiki-admin, go to the user management and give Petra Lind the right to upload.",
         writes=lambda _: ("user petra@saltmarsh.example: upload = 1",)),
    Task("automation", "wiki", "a new page",
         "Log in with the saved log-in jonas. Create a page named 'Winter storage' with the text 'All singles are "
         "stored on the upper racks.' and save it.",
         writes=lambda _: ("page winter storage = All singles are stored on the upper racks.",)),
    Task("automation", "wiki", "rename a page",
         "Log in with the saved log-in jonas and rename the page 'Draft ideas' to 'Ideas for 2027'.",
         writes=lambda _: ("page draft ideas = None",
                           re.compile("page ideas for 2027 = # Draft ideas\n.*", re.DOTALL))),
    Task("automation", "wiki", "delete a page",
         "Log in with the saved log-in wiki-admin and delete the page 'Old price list'.",
         writes=lambda _: ("page old price list = None",)),
    Task("automation", "shop", "restock",
         "Log in with the saved log-in shop-keeper and go to the products in the dashboard. Set the number in stock of "
         "the 'Wexcombe birch desk organiser' to 25.",
         writes=lambda _: (re.compile(r"product Wexcombe birch desk organiser: \S+ = 28\.95 x 25"),)),
    Task("automation", "shop", "a new category",
         "Log in with the saved log-in shop-keeper, open the categories in the dashboard and create a category named "
         "Picnic.",
         writes=lambda _: ("category Picnic = 1",)),
)  # fmt: skip
