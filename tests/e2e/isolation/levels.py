"""The levels of isolation that this machine has."""

import shutil
import subprocess

import pytest
from tests.e2e.api.serving import SECONDS


def bubblewrap_fault() -> str:
    """Why the machine can't do it, asked of the tools themselves; empty when it can."""
    program = shutil.which("bwrap")
    if program is None:
        return "bubblewrap is not installed"
    trial = [program, "--unshare-user", "--ro-bind", "/", "/", "unshare", "--user", "true"]
    tried = subprocess.run(trial, capture_output=True, text=True, timeout=SECONDS, check=False)
    return tried.stderr.strip()


FAULT = bubblewrap_fault()
LEVELS = ["process", pytest.param("bubblewrap", marks=pytest.mark.skipif(bool(FAULT), reason=FAULT))]
