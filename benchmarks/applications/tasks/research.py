"""Internet research: collect and compare over several pages, and say where it stands."""

from typing import Final

from benchmarks.applications.application import Application
from benchmarks.applications.task import Task
from benchmarks.scout_tasks.case import Check
from benchmarks.scout_tasks.checks import Both, Facts, Rows

__all__ = ["RESEARCH"]

_BOATS: Final = ("Heron", "Curlew", "Plover", "Avocet", "Redshank", "Dunlin", "Bittern", "Turnstone")
_ROUTES: Final = (
    ("Lighthouse loop", "14.5", "hard"),
    ("Mill creek", "6", "easy"),
    ("Island crossing", "18", "hard"),
    ("Harbour round", "4.2", "easy"),
    ("Reed channel", "9.8", "medium"),
)


def _only(boat: str, *facts: str) -> Check:
    return Facts((boat, *facts), tuple(other for other in _BOATS if other != boat))


def _cited_routes(wiki: Application) -> Check:
    """Every route with its figures and the address of its page."""
    pages = Facts(tuple(f"{wiki.url}/{name.replace(' ', '%20')}" for name, _, _ in _ROUTES))
    return Both((Rows(_ROUTES), pages))


RESEARCH: Final = (
    Task("research", "wiki", "oldest of four boats",
         "Which of the boats Heron, Curlew, Plover and Avocet was built first? Tell me its name and the year.",
         answer=lambda _: _only("Avocet", "1987")),
    Task("research", "wiki", "longest route",
         "Look at the pages of all routes and tell me which route is the longest and how long it is.",
         answer=lambda _: Facts(("Island crossing", "18 km"), ("Mill creek", "Lighthouse loop", "Reed channel"))),
    Task("research", "wiki", "routes with sources",
         "For each route on the Routes page, open its page and tell me the distance and the difficulty, with the "
         "address of the page where you found it.",
         answer=_cited_routes),
    Task("research", "wiki", "single sculls and their builders",
         "Go to the Boats page and find the single sculls. For each of them, tell me the name and who built it.",
         answer=lambda _: Rows((("Plover", "Norrvik"), ("Dunlin", "Orme Boats")))),
    Task("research", "wiki", "treasurer",
         "Who is the treasurer of the club, and what is their e-mail address?",
         answer=lambda _: Facts(("Anselm Brandt", "money@saltmarsh.example"), ("Mira Okafor", "Ruth Calloway"))),
    Task("research", "wiki", "what the roof cost",
         "Search the wiki for 'roof' and tell me what mending the roof of the boathouse cost and which company did it.",
         answer=lambda _: Facts(("€3,850", "Tidewater Roofing"))),
    Task("research", "docs", "tomllib and graphlib",
         "In which Python version was the module tomllib added, and in which was graphlib added?",
         answer=lambda _: Facts(("3.11", "3.9"))),
    Task("research", "docs", "search for fmean",
         "Use the search of the documentation to find statistics.fmean, open it and tell me in which version it was "
         "added.",
         start="/index.html",
         answer=lambda _: Facts(("3.8",), ("3.11", "3.4"))),
    Task("research", "docs", "cache or lru_cache",
         "Compare functools.cache with functools.lru_cache: which one was added later, and in which version?",
         answer=lambda _: Facts(("cache", "3.9"))),
    Task("research", "docs", "parameters of three modules",
         "For each of the modules bisect, heapq and sched, tell me the first sentence of what it is for, as given in "
         "the heading of its page, and the address of the page.",
         start="/py-modindex.html",
         answer=lambda docs: Facts(
             ("Array bisection algorithm", "Heap queue algorithm", "Event scheduler",
              f"{docs.url}/library/bisect.html", f"{docs.url}/library/heapq.html", f"{docs.url}/library/sched.html"))),
)  # fmt: skip
