"""Rows about scripts: tasks that are recorded and run again."""

from typing import Final

from outrider.problems.row import Problem

__all__ = ["SCRIPTS"]

# fmt: off
SCRIPTS: Final = (
    Problem(
        "SCRIPT_INVALID", 422,
        "The script is not valid at {place}: {reason}.",
        "It is no YAML, or lacks something, or holds something that scripts don't have.",
        "Correct the place that is named; docs/reference/scripts.md describes the format.",
    ),
    Problem(
        "SCRIPT_VERSION_UNSUPPORTED", 422,
        "The script says version {version}, and this server reads version 1.",
        "It was written by a newer server, or by hand with another number.",
        "Record the task anew on this server, or update the server.",
    ),
    Problem(
        "SCRIPT_TOO_LARGE", 413,
        "The script has {characters} characters, {limit} are read.",
        "A script has at most 500 steps and that many characters.",
        "Divide the task into several scripts.",
    ),
    Problem(
        "SCRIPT_VARIABLE_INVALID", 422,
        "The variable “{name}” of the script can't be used: {reason}.",
        "A replay gives a text for each variable without a default, and for no other name.",
        "Give it with “variables” of the request, or with “--set {name}=…”; the script lists them under “variables”.",
    ),
    Problem(
        "SCRIPT_NOT_AVAILABLE", 404,
        "There is no script of this task: {reason}.",
        "A script is made of the steps of a task that is done.",
        "Name a task that has ended with DONE, by the id of its USER message.",
    ),
    Problem(
        "SCRIPT_TARGET_NOT_FOUND", 404,
        "Step {step} of the script, “{action}”, finds nothing on the page that is {description}.",
        "The page “{url}” has changed since the script was recorded. {reason}",
        "Look at the page with GET …/screenshot, and record the task anew or correct the step.",
    ),
    Problem(
        "SCRIPT_STEP_FAILED", 409,
        "Step {step} of the script, “{action}”, did not do what it did when it was recorded: {reason}",
        "The page “{url}” answers it differently by now.",
        "Look at the page with GET …/screenshot, and record the task anew or correct the step.",
    ),
)
# fmt: on
