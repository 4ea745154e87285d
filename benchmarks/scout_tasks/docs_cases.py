"""Eight tasks on the documentation of Python 3.11."""

from typing import Final

from benchmarks.scout_tasks.case import ANY_QUESTION, Case
from benchmarks.scout_tasks.checks import At, Both, Facts, Rows

__all__ = ["DOCS"]

_AVERAGES: Final = (
    ("mean()", "Arithmetic mean"),
    ("fmean()", "Fast, floating point arithmetic mean"),
    ("geometric_mean()", "Geometric mean of data"),
    ("harmonic_mean()", "Harmonic mean of data"),
    ("median()", "Median (middle value) of data"),
    ("median_low()", "Low median of data"),
    ("median_high()", "High median of data"),
    ("median_grouped()", "Median, or 50th percentile, of grouped data"),
    ("mode()", "Single mode (most common value) of discrete or nominal data"),
    ("multimode()", "List of modes (most common values) of discrete or nominal data"),
    ("quantiles()", "Divide data into intervals with equal probability"),
)

DOCS: Final = (
    Case("glossary", "docs", "Go to the glossary", "/index.html", lambda _: At("/glossary.html")),
    Case(
        "next chapter",
        "docs",
        "Click next and tell me the heading of the page you land on.",
        "/tutorial/introduction.html",
        lambda _: Both((At("/tutorial/controlflow.html"), Facts(("More Control Flow Tools",)))),
    ),
    Case(
        "size of a download",
        "docs",
        "I want to know how big the EPUB download is.",
        "/download.html",
        lambda _: Facts(("5 MiB",), ("13 MiB", "9 MiB", "6 MiB", "3 MiB", "2 MiB")),
    ),
    Case(
        "table as JSON",
        "docs",
        "Extract the table of functions under 'Averages and measures of central location' as JSON",
        "/library/statistics.html",
        lambda _: Rows(_AVERAGES, json=True),
    ),
    Case(
        "quick search",
        "docs",
        "Use the quick search to look for zipfile",
        "/index.html",
        lambda _: At("/search.html?q=zipfile&check_keywords=yes&area=default"),
    ),
    Case(
        "through the index",
        "docs",
        "Open the general index, go to the letter Z and click on ZeroDivisionError.",
        "/index.html",
        lambda _: At("/library/exceptions.html#ZeroDivisionError"),
    ),
    Case(
        "meaning of a term",
        "docs",
        "What does the glossary say about 'decorator'?",
        "/glossary.html",
        lambda _: Facts(("A function returning another function, usually applied as a function transformation",)),
    ),
    Case(
        "no such chapter",
        "docs",
        "Open the chapter about quantum computing.",
        "/tutorial/index.html",
        refusals=frozenset({ANY_QUESTION, "RESULT_NOT_FOUND", "TARGET_NOT_FOUND"}),
    ),
)
