"""The rows of browsers and pages (see ``catalogue``)."""

from typing import Final

from outrider.problems.row import Problem

__all__ = ["BROWSERS"]

# fmt: off
BROWSERS: Final = (
    Problem(
        "BROWSER_NOT_INSTALLED", 503,
        "No Chromium was found on this machine.",
        "Looked for: {candidates}.",
        "Install the package “chromium-headless-shell” or “chromium”, or name one in the setting “browser_binary”.",
    ),
    Problem(
        "BROWSER_START_FAILED", 503,
        "The browser did not start.",
        "{reason}",
        "Run the browser by hand with --version; check memory, /dev/shm and the setting “browser_binary”.",
        retryable=True, retry_after_seconds=5,
    ),
    Problem(
        "ISOLATION_UNAVAILABLE", 503,
        "Browsers can't be shut off with bubblewrap on this machine: {reason}.",
        "The setting “isolation” is “bubblewrap”, which needs the program bwrap and a kernel that lets it create user "
        "namespaces, and others within them.",
        "Install the package “bubblewrap” and allow user namespaces (sysctl user.max_user_namespaces, "
        "kernel.unprivileged_userns_clone, kernel.apparmor_restrict_unprivileged_userns), or set “isolation” to "
        "“process”.",
    ),
    Problem(
        "BROWSER_CRASHED", 502,
        "The browser of this session ended unexpectedly.",
        "The process ended: {reason}.",
        "Send the task again: the session gets a fresh browser. Check the machine's memory if it happens often.",
        retryable=True,
    ),
    Problem(
        "PAGE_CRASHED", 502,
        "The page crashed.",
        "The renderer process of “{url}” ended, most often for lack of memory or through a defect of the page.",
        "Send the task again: the session continues on a fresh page.",
        retryable=True,
    ),
    Problem(
        "PAGE_UNRESPONSIVE", 504,
        "The page did not answer within {seconds} s.",
        "Its scripts keep the page busy, or the machine is overloaded.",
        "Try again, or open another page; raise “action_timeout_seconds” for heavy pages.",
        retryable=True,
    ),
    Problem(
        "NAVIGATION_FAILED", 502,
        "“{url}” could not be opened: {reason}",
        "The browser reported a network error.",
        "Check the address, and that the site is up and reachable from this server.",
        retryable=True,
    ),
    Problem(
        "NAVIGATION_REFUSED", 422,
        "“{url}” can't be opened: {reason}",
        "The browser refuses the address or what the site presents, and will do so again.",
        "Check the address; with the site's certificate or redirects at fault, its operator has to mend them.",
    ),
    Problem(
        "NAVIGATION_REPLACED", 409,
        "Another address was opened before this was done.",
        "A later call of “navigate” opened an address in the same browser, and takes the place of what was loading.",
        "Nothing, if that was meant; else do it again when the other page has come.",
    ),
    Problem(
        "NAVIGATION_TIMEOUT", 504,
        "“{url}” did not load within {seconds} s.",
        "The site did not answer in time.",
        "Try again, or raise “navigation_timeout_seconds”.",
        retryable=True,
    ),
    Problem(
        "ELEMENT_GONE", 409,
        "The element {index} is no longer on the page.",
        "The page changed since it was observed.",
        "Observe the page again and take an index from the new observation.",
        retryable=True,
    ),
    Problem(
        "ELEMENT_COVERED", 409,
        "The element {index} is covered by {cover}.",
        "Another element lies over it, such as a dialog or a banner, and would get the click.",
        "Close what covers it first.",
    ),
    Problem(
        "ELEMENT_NOT_ACTIONABLE", 409,
        "The element {index} can't be used for “{action}”: {reason}.",
        "The element is of another kind, disabled, read-only, hidden or keeps moving.",
        "Choose another element, or do first what enables this one.",
    ),
    Problem(
        "OPTION_NOT_FOUND", 404,
        "The element {index} has no option “{option}”.",
        "It offers: {options}.",
        "Choose one of the offered options.",
    ),
    Problem(
        "TAB_NOT_FOUND", 404,
        "There is no tab {tab}.",
        "The session has {count} tabs, numbered from 0.",
        "Choose one of the tabs that the observation lists.",
    ),
    Problem(
        "UPLOAD_FILE_NOT_FOUND", 404,
        "The file “{name}” is not among the session's files.",
        "Only files of the session itself can be uploaded to a page.",
        "Put the file into the session first, then name it without a path.",
    ),
    Problem(
        "NO_HISTORY", 409,
        "There is no page to go back to.",
        "The current page is the first one of its tab.",
        "Open an address instead.",
    ),
)
# fmt: on
