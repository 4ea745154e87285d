"""Runs one task with browser-use, in the environment that it is installed in; imports nothing of ours.

The argument is JSON: ``task``, ``page`` to begin on, ``model_url``, ``binary``, ``folder`` for the browser's profile,
and further arguments for ``Agent`` and ``BrowserProfile``. Prints JSON: whether the task is done, and its errors.
"""

import asyncio
import json
import sys
from typing import Any

from browser_use import Agent, BrowserProfile, BrowserSession  # type: ignore[import-not-found]
from browser_use.llm import ChatOpenAI  # type: ignore[import-not-found]


async def main(given: dict[str, Any]) -> None:
    """Vision and the judge of the result are off: the other side has neither."""
    profile = BrowserProfile(
        executable_path=given["binary"],
        user_data_dir=given["folder"],
        headless=True,
        chromium_sandbox=False,
        enable_default_extensions=False,
        viewport={"width": 1280, "height": 800},
        **given["profile"],
    )
    agent = Agent(
        task=given["task"],
        llm=ChatOpenAI(model="scripted-1", base_url=given["model_url"], api_key="none", max_retries=0),
        browser_session=BrowserSession(browser_profile=profile),
        use_vision=False,
        use_judge=False,
        initial_actions=[{"navigate": {"url": given["page"], "new_tab": False}}],
        directly_open_url=False,
        **given["agent"],
    )
    history = await agent.run(max_steps=100)
    print(json.dumps({"done": history.is_done(), "errors": [error for error in history.errors() if error]}))


if __name__ == "__main__":
    asyncio.run(main(json.loads(sys.argv[1])))
