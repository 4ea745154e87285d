"""A second set, written after the forty had been looked at: six tasks for each application, in the words of others.

Written from the applications and the forty's checks alone, before anything was tried with it.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from benchmarks.applications.application import Application
from benchmarks.applications.task import Task, Written
from benchmarks.applications.tasks.commerce import in_baskets
from benchmarks.scout_tasks.case import Check, Ending
from benchmarks.scout_tasks.checks import Facts, Rows

__all__ = ["LATER"]

_BOATS: Final = ("Heron", "Curlew", "Plover", "Avocet", "Redshank", "Dunlin", "Bittern", "Turnstone")
_OPEN_URGENT: Final = (
    "SELECT issue._title, status._name, coalesce(user._username, '') FROM _issue issue"
    " JOIN _priority priority ON priority.id = issue._priority JOIN _status status ON status.id = issue._status"
    " LEFT JOIN _user user ON user.id = issue._assignedto"
    " WHERE priority._name = 'urgent' AND status._name != 'resolved' AND NOT issue.__retired__"
)
_OPEN_OF: Final = (
    "SELECT issue._title FROM _issue issue JOIN _status status ON status.id = issue._status"
    " JOIN _user user ON user.id = issue._assignedto WHERE user._username = ? AND status._name != 'resolved'"
    " AND NOT issue.__retired__"
)
_FLAGS: Final = ("approved", "read", "write", "upload", "admin")


def _gone(address: str) -> tuple[Written, ...]:
    """The wiki's user with this address is no more."""
    return tuple(f"user {address}: {field} = None" for field in ("name", *_FLAGS))


def _new_user(address: str, name: str, *ticked: str) -> tuple[Written, ...]:
    flags = tuple(f"user {address}: {flag} = {int(flag in ticked)}" for flag in _FLAGS)
    return (f"user {address}: name = {name}", *flags)


@dataclass(frozen=True, slots=True)
class OrderTotal:
    """The answer has what the newest order costs."""

    shop: Application

    def __str__(self) -> str:
        return "the total of the newest order"

    def faults(self, ending: Ending) -> list[str]:
        orders = self.shop.rows("SELECT total_incl_tax FROM order_order ORDER BY id DESC LIMIT 1")
        total = f"{Decimal(str(orders[0][0])):.2f}" if orders else "none"
        return [] if total in ending.text else [f"not the order's total: {total}"]


def _urgent(tracker: Application) -> Check:
    return Rows(tuple(tuple(map(str, row)) for row in tracker.rows(_OPEN_URGENT)))


_WIKI: Final = (
    Task("research", "wiki", "last inspection",
         "When was Redshank last inspected?",
         answer=lambda _: Facts(("17 June 2026",))),
    Task("research", "wiki", "day of the regatta",
         "Hello! I would love to row in the Saltmarsh Regatta next year. Could you please find out for me on which day "
         "it is and where it takes place? Thank you very much.",
         answer=lambda _: Facts(("19 June 2027", "Reed channel"), ("Gull Island", "Harbour"))),
    Task("research", "wiki", "heaviest and lightest",
         "I need the heaviest and the lightest boat of the fleet, each with its weight.",
         answer=lambda _: Facts(("Redshank", "63 kg", "Plover", "16 kg"),
                                tuple(boat for boat in _BOATS if boat not in ("Redshank", "Plover")))),
    Task("forms", "wiki", "own name",
         "Hi, my log-in for this wiki is saved as jonas. From now on I'd like to be shown as 'Jonas A. Weir', so "
         "please change my name in the settings.",
         writes=lambda _: ("user jonas@saltmarsh.example: name = Jonas A. Weir",)),
    Task("forms", "wiki", "a married member",
         "Use the saved log-in wiki-admin and edit the user Petra Lind. Her name is now Petra Lind-Moor, her e-mail "
         "petra.moor@saltmarsh.example, and she should have the permissions Read, Write and Upload.",
         writes=lambda _: (
             *_gone("petra@saltmarsh.example"),
             *_new_user("petra.moor@saltmarsh.example", "Petra Lind-Moor", "approved", "read", "write", "upload"))),
    Task("automation", "wiki", "a sentence more",
         "Log in with the saved log-in jonas and add the sentence 'The gym is closed in August.' at the end of the "
         "page Boathouse. Leave everything else on the page as it is.",
         writes=lambda _: (
             re.compile(r"page boathouse = # Boathouse\s+The boathouse is open from 7 am to 9 pm\. The code of the "
                        r"door is changed every month\.\s+The gym is closed in August\."),)),
)  # fmt: skip

_TRACKER: Final = (
    Task("research", "tracker", "who prints",
         "Who is working on the issue about tickets that print without a barcode, and what is its status?",
         answer=lambda _: Facts(("dmitri", "chatting"), ("bjorn", "carla", "elin"))),
    Task("research", "tracker", "urgent and open",
         "Make me a list of all urgent issues that aren't resolved yet: title, status and who it is assigned to.",
         answer=_urgent),
    Task("forms", "tracker", "short registration",
         "sign me up: login name pelle, password Anchor-Buoy-5, mail pelle@post.example",
         writes=lambda _: (
             "user pelle: name = ", "user pelle: address = pelle@post.example", "user pelle: organisation = ",
             "user pelle: phone = ", "user pelle: roles = User", "user pelle: time zone = ")),
    Task("forms", "tracker", "report in lines",
         "Please report a new issue (saved log-in: bjorn):\n"
         "Title: Fares page is blank in Firefox\n"
         "Priority: bug\n"
         "Keywords: mobile\n"
         "Change note: Only the header can be seen.\n"
         "Nobody has to be assigned.",
         writes=lambda _: (
             "issue Fares page is blank in Firefox: priority = bug",
             "issue Fares page is blank in Firefox: status = unread",
             "issue Fares page is blank in Firefox: assigned to = ",
             "issue Fares page is blank in Firefox: keywords = mobile",
             "issue Fares page is blank in Firefox: notes = Only the header can be seen.")),
    Task("automation", "tracker", "if it is deferred",
         "Log in with the saved log-in bjorn and look at the issue 'Add a dark theme'. If its status is still "
         "deferred, change its priority to feature and assign it to carla. Otherwise don't change anything.",
         writes=lambda _: (
             "issue Add a dark theme: priority = feature", "issue Add a dark theme: assigned to = carla")),
    Task("automation", "tracker", "carla is on leave",
         "Carla is on leave from tomorrow. With the saved log-in tracker-admin, hand all issues of carla that are not "
         "resolved over to bjorn.",
         writes=lambda tracker: tuple(
             f"issue {title}: assigned to = bjorn" for (title,) in tracker.rows(_OPEN_OF, "carla"))),
)  # fmt: skip

_SHOP: Final = (
    Task("commerce", "shop", "cheapest with four stars",
         "put the cheapest lantern with at least 4 stars from the category Lanterns in my basket",
         writes=lambda shop: in_baskets(shop, {"Brackenridge steel camping lantern": 1})),
    Task("commerce", "shop", "shopping list",
         "Please put the following into my basket and tell me what it comes to:\n"
         "- 2 x Hollin nickel ballpoint pen\n"
         "- 1 x Lowmoor striped garden journal\n"
         "- 3 x Quillan walnut storage box",
         answer=lambda _: Facts(("£55.43",)),
         writes=lambda shop: in_baskets(shop, {
             "Hollin nickel ballpoint pen": 2, "Lowmoor striped garden journal": 1, "Quillan walnut storage box": 3})),
    Task("commerce", "shop", "a board that can be had",
         "I want to buy the 'Sandpiper ash chopping board'. If it can't be had at the moment, put the 'Wexcombe oak "
         "cheese board' in the basket instead.",
         writes=lambda shop: in_baskets(shop, {"Wexcombe oak cheese board": 1})),
    Task("commerce", "shop", "three sharpeners",
         "I'd like to order three of the 'Tallis brass pencil sharpener' without opening an account. My e-mail address "
         "is edda.voss@post.example. Please have them sent to Ms Edda Voss, 27 Harbour Row, Whitby, YO21 3PU, United "
         "Kingdom. Go ahead and place the order, and afterwards let me know what it costs in total.",
         answer=OrderTotal,
         writes=lambda _: (
             re.compile(r"order \d+ = edda.voss@post.example: 3 x Tallis brass pencil sharpener to Edda Voss, "
                        r"27 Harbour Row, Whitby, YO21 3PU, GB, Pending"),)),
    Task("forms", "shop", "a review by a customer",
         "Log in with the saved log-in reader and rate the 'Oxbow linen notebook' with four stars. Headline: 'Lies "
         "flat as promised'. Review: 'The paper takes fountain pens well.'",
         writes=lambda _: (
             re.compile(r"review \d+ = Oxbow linen notebook: 4, Lies flat as promised, The paper takes fountain pens "
                        r"well\., .*"),)),
    Task("automation", "shop", "a higher price",
         "From today on the 'Lowmoor striped garden journal' has to cost 7.45 pounds. Change that in the dashboard; my "
         "log-in is saved as shop-keeper.",
         writes=lambda _: (re.compile(r"product Lowmoor striped garden journal: \S+ = 7\.45 x \d+"),)),
)  # fmt: skip

_DOCS: Final = (
    Task("research", "docs", "nothing found",
         "What does shutil.which return if the command can't be found?",
         answer=lambda _: Facts(("None",))),
    Task("research", "docs", "classes of queue",
         "Please list all the classes that the queue module defines.",
         answer=lambda _: Facts(("Queue", "LifoQueue", "PriorityQueue", "SimpleQueue"))),
    Task("research", "docs", "source code of three",
         "On top of its page, the documentation of each module names the file with its source code. Which file is it "
         "for textwrap, which for fnmatch and which for linecache?",
         answer=lambda _: Facts(("Lib/textwrap.py", "Lib/fnmatch.py", "Lib/linecache.py"))),
    Task("research", "docs", "two editors",
         "Who is the editor of 'What's New In Python 3.11', and who is the editor of 'What's New In Python 3.9'?",
         answer=lambda _: Facts(("Pablo Galindo Salgado", "Łukasz Langa"))),
    Task("research", "docs", "the older of two",
         "Which is older, asyncio.to_thread or asyncio.Runner? Tell me for both in which version they were added.",
         answer=lambda _: Facts(("to_thread", "3.9", "3.11"))),
    Task("research", "docs", "default of maxsize",
         "I keep forgetting the default value of maxsize in functools.lru_cache. Could you look it up for me, please?",
         answer=lambda _: Facts(("128",))),
)  # fmt: skip

LATER: Final = (*_WIKI, *_TRACKER, *_SHOP, *_DOCS)
