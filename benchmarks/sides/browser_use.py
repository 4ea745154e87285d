"""browser-use, in an environment of its own: its dependencies and ours need not agree."""

import asyncio
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from benchmarks.pages.corpus import Package
from benchmarks.pages.fetch import FetchError, fetch
from benchmarks.plan import Plan

__all__ = ["AS_IT_COMES", "HURRIED", "BrowserUse", "Manner"]

_REQUIREMENTS: Final = ("browser-use==0.13.14", "tiktoken==0.14.0")
#: Ships the vocabularies that tiktoken would download.
_VOCABULARIES: Final = Package("vocabularies", "pypi", "litellm==1.110.2")
_VOCABULARY_FOLDER: Final = "litellm/litellm_core_utils/tokenizers"
_SCRIPTS: Final = Path(__file__).parent / "foreign"
_INSTALL_SECONDS: Final = 600.0
_TASK_SECONDS: Final = 240.0
#: It talks to the model and the page, and to nobody else.
_QUIET: Final = MappingProxyType(
    {
        "ANONYMIZED_TELEMETRY": "false",
        "BROWSER_USE_CLOUD_SYNC": "false",
        "BROWSER_USE_CLOUD_HINTS": "false",
        "BROWSER_USE_VERSION_CHECK": "false",
        "BROWSER_USE_LOGGING_LEVEL": "result",
        "SKIP_LLM_API_KEY_VERIFICATION": "true",
    }
)


@dataclass(frozen=True, slots=True)
class Manner:
    """How it is set up: further arguments of its ``Agent`` and its ``BrowserProfile``."""

    agent: Mapping[str, Any]
    profile: Mapping[str, Any]


AS_IT_COMES: Final = Manner({}, {})
#: Without what can be left out or not waited for.
HURRIED: Final = Manner(
    {"flash_mode": True},
    {
        "minimum_wait_page_load_time": 0,
        "wait_for_network_idle_page_load_time": 0,
        "wait_between_actions": 0,
        "highlight_elements": False,
    },
)


class BrowserUse:
    """An environment with browser-use in it."""

    def __init__(self, python: Path, vocabularies: Path, plan: Plan) -> None:
        self._python, self._vocabularies, self._plan = python, vocabularies, plan

    @classmethod
    def install(cls, plan: Plan) -> "BrowserUse":
        """Into the cache, once. Raises FetchError."""
        folder = plan.cache / f"venv-{'-'.join(_REQUIREMENTS)}"
        python = folder / "bin" / "python"
        if not (folder / "complete").exists():
            plan.progress("installing browser-use (once, some minutes)")
            shutil.rmtree(folder, ignore_errors=True)
            _run(sys.executable, "-m", "venv", str(folder))
            _run(str(python), "-m", "pip", "install", "--quiet", *_REQUIREMENTS)
            (folder / "complete").touch()
        return cls(python, fetch(_VOCABULARIES, plan.cache) / _VOCABULARY_FOLDER, plan)

    async def work(self, task: str, page: str, model_url: str, manner: Manner, started: Callable[[int], None]) -> None:
        """Run a task to its end; ``started`` is told the process. Raises RuntimeError when it did not go as written."""
        folder = self._plan.folder("browser-use")
        given = {
            "task": task,
            "page": page,
            "model_url": model_url,
            "binary": str(self._plan.binary),
            "folder": str(folder / "profile"),
            "agent": dict(manner.agent),
            "profile": dict(manner.profile),
        }
        process = await asyncio.create_subprocess_exec(
            self._python, _SCRIPTS / "agent.py", json.dumps(given),
            env=os.environ | _QUIET | {"BROWSER_USE_CONFIG_DIR": str(folder), "TMPDIR": str(folder)},
            cwd=folder, stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        started(process.pid)
        try:
            async with asyncio.timeout(_TASK_SECONDS):
                said, complained = await process.communicate()
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        last = said.decode().strip().rpartition("\n")[2]
        if process.returncode or json.loads(last) != {"done": True, "errors": []}:
            raise RuntimeError(f"browser-use on {page}: {last or complained.decode()[-1000:]}")

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Lengths in tokens of the encoding ``o200k_base``."""
        environment = os.environ | {"TIKTOKEN_CACHE_DIR": str(self._vocabularies)}
        done = subprocess.run(
            [self._python, _SCRIPTS / "tokens.py"],
            input=json.dumps(texts), env=environment, capture_output=True, text=True, check=True,
            timeout=_TASK_SECONDS,
        )  # fmt: skip
        counts: list[int] = json.loads(done.stdout)
        return counts


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, timeout=_INSTALL_SECONDS, check=False)
    if done.returncode:
        raise FetchError((done.stderr.strip() or "no reason given").splitlines()[-1])
