"""A third set, blind like the later one: six tasks for each application, in the words of yet others.

Written from the applications and the checks of the earlier sets alone, before anything was tried with it.
"""

import re
from collections.abc import Iterator
from typing import Final

from benchmarks.applications.application import Application
from benchmarks.applications.task import Task, Written
from benchmarks.applications.tasks.commerce import in_baskets
from benchmarks.scout_tasks.checks import Facts, Rows

__all__ = ["THIRD"]

_RULES: Final = "page safety rules"


def _stricter_rules(wiki: Application) -> tuple[Written, ...]:
    """The rules as they are, but for the number."""
    return (f"{_RULES} = {wiki.look()[_RULES].replace('above 5 Beaufort', 'above 4 Beaufort')}",)


def _retitled(tracker: Application, old: str, new: str, **changed: str) -> Iterator[Written]:
    """The issue goes by the new title, all else as it was but for what is changed."""
    state = tracker.look()
    for field in ("priority", "status", "assigned to", "keywords", "notes"):
        yield f"issue {old}: {field} = None"
        yield f"issue {new}: {field} = {changed.get(field, state[f'issue {old}: {field}'])}"


def _passed(tracker: Application, note: str) -> Iterator[Written]:
    """Whatever is in testing is resolved, with the note beneath its others."""
    state = tracker.look()
    for issue in [key.removesuffix(" status") for key, value in state.items() if value == "testing"]:
        yield f"{issue} status = resolved"
        yield f"{issue} notes = {state[f'{issue} notes']} | {note}"


_WIKI: Final = (
    Task("research", "wiki", "what students pay",
         "What do students have to pay for a year of membership?",
         answer=lambda _: Facts(("130",), ("240", "95", "410", "60"))),
    Task("automation", "wiki", "an account too many",
         "Please remove the user Old Account, you'll need the saved log-in wiki-admin.",
         writes=lambda _: tuple(
             f"user old.account@saltmarsh.example: {field} = None"
             for field in ("name", "approved", "read", "write", "upload", "admin"))),
    Task("research", "wiki", "boats of one builder",
         "Some of the club's boats were built by Kestrel Coastal. Which ones? Give me a list, one boat per line with "
         "the year it was built.",
         answer=lambda _: Rows((("Redshank", "2021"), ("Turnstone", "2023")))),
    Task("forms", "wiki", "no more registrations",
         "Nobody should be able to register at this wiki by themselves any more. Sign in as wiki-admin (saved), find "
         "'Permissions and Registration' in the settings, disable the registration there and save. The other options "
         "on that page stay the way they are.",
         writes=lambda _: (
             "preference READ_ACCESS = ANONYMOUS", "preference WRITE_ACCESS = REGISTERED",
             "preference ATTACHMENT_ACCESS = APPROVED", "preference DISABLE_REGISTRATION = True",
             "preference AUTO_APPROVAL = True", "preference EMAIL_NEEDS_CONFIRMATION = False",
             "preference NOTIFY_ADMINS_ON_REGISTER = False", "preference NOTIFY_USER_ON_APPROVAL = False")),
    Task("research", "wiki", "a daughter of fifteen",
         "My daughter has just turned fifteen and can't wait to start rowing with you. Before we sign her up I'd like "
         "to know two things: how much is a full year for juniors, and who on the committee is in charge of them? I'd "
         "need the e-mail address of that person too, so that I can write to them.",
         answer=lambda _: Facts(("95", "Petra Lind", "juniors@saltmarsh.example"),
                                ("240", "130", "Mira Okafor", "Anselm Brandt", "Ruth Calloway", "Jonas Weir"))),
    Task("automation", "wiki", "less wind",
         "At its last meeting the committee decided that we stay ashore whenever there's more than 4 Beaufort. But "
         "rule 4 on the page with the safety rules still says 'above 5 Beaufort'. Could you put that right? It's only "
         "the number that changes, everything else has to stay word for word. You can sign in as jonas, that's saved.",
         writes=_stricter_rules),
)  # fmt: skip

_TRACKER: Final = (
    Task("research", "tracker", "what is wrong with the seat map",
         "What does the message on the issue 'Seat map does not fit small screens' say?",
         answer=lambda _: Facts(("The last two rows are cut off",))),
    Task("automation", "tracker", "elin gets the dark theme",
         "Using the saved log-in bjorn, hand the issue 'Add a dark theme' to elin.",
         writes=lambda _: ("issue Add a dark theme: assigned to = elin",)),
    Task("research", "tracker", "what has been put off",
         "Which issues have been put off, I mean those whose status is deferred? Write down the title and the priority "
         "of each, one issue per line.",
         answer=lambda _: Rows((
             ("Add a dark theme", "wish"), ("Send a reminder the day before departure", "feature")))),
    Task("forms", "tracker", "a better title",
         "The issue 'Contrast of the buttons is too low' needs a better title: 'Contrast of the buttons is below 3 to "
         "1'. And it isn't a feature, it's a bug, so correct the priority as well. tracker-admin is the saved log-in.",
         writes=lambda tracker: _retitled(
             tracker, "Contrast of the buttons is too low", "Contrast of the buttons is below 3 to 1",
             priority="bug")),
    Task("forms", "tracker", "faint codes",
         "Hi, one of the crew in Kvalvik rang me this morning because the QR code on printed tickets comes out so "
         "faint that nobody can scan it. Could you file a new issue about it for me? I'm bjorn, and my log-in is saved "
         "under that name. Call it 'QR code too faint on printed tickets'. It's urgent, it belongs to the keyword "
         "printing, and dmitri should be the one to deal with it. As the change note, just put 'Seen at Kvalvik on "
         "Monday.'",
         writes=lambda _: (
             "issue QR code too faint on printed tickets: priority = urgent",
             "issue QR code too faint on printed tickets: status = unread",
             "issue QR code too faint on printed tickets: assigned to = dmitri",
             "issue QR code too faint on printed tickets: keywords = printing",
             "issue QR code too faint on printed tickets: notes = Seen at Kvalvik on Monday.")),
    Task("automation", "tracker", "all tests passed",
         "Good news from the harbour, everything we had in testing works. So would you go through the issues that have "
         "the status testing, change each of them to resolved, and leave the change note 'Passed the harbour trial.' "
         "on every one? All other issues are none of our business today. Sign in with what's saved as tracker-admin.",
         writes=lambda tracker: _passed(tracker, "Passed the harbour trial.")),
)  # fmt: skip

_SHOP: Final = (
    Task("commerce", "shop", "two cups",
         "Two of the 'Marlow Works slate blue coffee cup' in my basket, please.",
         writes=lambda shop: in_baskets(shop, {"Marlow Works slate blue coffee cup": 2})),
    Task("research", "shop", "who wrote it",
         "Who wrote the book Kitchen Arithmetic, and how many pages does it have?",
         answer=lambda _: Facts(("Wilma Trask", "421"))),
    Task("commerce", "shop", "five stars in cookery",
         "Have a look at the Cookery books and find the one that customers have given five stars. Take two copies of "
         "it into the basket and tell me the total of the basket.",
         answer=lambda _: Facts(("41.98",)),
         writes=lambda shop: in_baskets(shop, {"Fruit in Jars": 2})),
    Task("forms", "shop", "a friend in Galway",
         "I'd like to have a friend's address in my address book: Cormac Daly, 3 Abbey Street, Galway, H91 X4K2, "
         "Ireland. I'm a customer already, the saved log-in is called reader.",
         writes=lambda _: (
             re.compile(r"address of reader@shop\.example \d+ =  ?Cormac Daly, 3 Abbey Street, Galway, H91 X4K2, "
                        r"IE, "),)),
    Task("commerce", "shop", "a parcel to Amsterdam",
         "It's my sister's birthday soon and she loves to draw, so I want to send her one 'Oxbow cotton sketchbook' "
         "and two 'Lowmoor steel pencil sharpener', all in one order. She is Saskia Bos, Prinsengracht 218, 1016 HD "
         "Amsterdam, Netherlands. I have no account and don't want one, just use my e-mail address "
         "wim.bos@post.example. Please really place the order, and then tell me what the whole of it costs.",
         answer=lambda _: Facts(("122.97",)),
         writes=lambda _: (
             re.compile(r"order \d+ = wim\.bos@post\.example: (?:1 x Oxbow cotton sketchbook; 2 x Lowmoor steel pencil "
                        r"sharpener|2 x Lowmoor steel pencil sharpener; 1 x Oxbow cotton sketchbook) to Saskia Bos, "
                        r"Prinsengracht 218, Amsterdam, 1016 HD, NL, Pending"),)),
    Task("automation", "shop", "a delivery has come",
         "The van was here this morning. It brought 12 of the 'Harrow & Pine walnut tool roll' and 30 of the "
         "'Brackenridge nickel adjustable spanner'. We'd had none left of either, so from now on that is what we have "
         "in stock. Enter both numbers in the dashboard, please, and leave the prices alone. Our log-in for it is "
         "saved as shop-keeper.",
         writes=lambda _: ("product Harrow & Pine walnut tool roll: LL-90547 = 33.25 x 12",
                           "product Brackenridge nickel adjustable spanner: LL-29575 = 20.95 x 30")),
)  # fmt: skip

_DOCS: Final = (
    Task("research", "docs", "since when removeprefix",
         "Which Python version was the first to have str.removeprefix?",
         answer=lambda _: Facts(("3.9",), ("3.8", "3.10"))),
    Task("research", "docs", "proposal for data classes",
         "In which PEP was the dataclasses module originally described?",
         answer=lambda _: Facts(("557",), ("526", "563"))),
    Task("research", "docs", "the Zen",
         "There's an entry on the Zen of Python in the glossary. Read it and tell me what one has to type at the "
         "interactive prompt to see the whole text.",
         answer=lambda _: Facts(("import this",))),
    Task("research", "docs", "two on their way out",
         "The modules asyncore and imp are both deprecated. Find out for either of them since which version, and also "
         "in which version it will be removed. Make it two lines, one for each.",
         answer=lambda _: Rows((("asyncore", "3.6", "3.12"), ("imp", "3.4", "3.12")))),
    Task("research", "docs", "three functions for an old Python",
         "A colleague sent me a script that calls math.dist, math.lcm and math.cbrt, and I have a feeling that it "
         "won't run on the rather old Python we've got at work. Would you check in the documentation when each of "
         "these three was added? A line for each function with its version is all I need.",
         answer=lambda _: Rows((("dist", "3.8"), ("lcm", "3.9"), ("cbrt", "3.11")))),
    Task("research", "docs", "sharing a folder",
         "I want to share a folder with someone in the same room by running 'python -m http.server'. Two things I "
         "don't know: on which port does it listen if I don't say anything, and which option do I have to use so that "
         "it binds to one particular address only? It should all be on the page of the http.server module.",
         answer=lambda _: Facts(("8000", "--bind"))),
)  # fmt: skip

THIRD: Final = (*_WIKI, *_TRACKER, *_SHOP, *_DOCS)
