"""Opens the shop and a server, has ``outrider run`` do a task, checks the answer against the shop, stays up."""

import argparse
import asyncio
import json
import os
import shlex
import signal
import socket
import sys
import tempfile
from asyncio.subprocess import PIPE
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any, Final

from demo.answer_check import faults_of_purchase
from demo.shopkeeper import Shop, open_shop

from outrider.config import Settings, load_settings
from outrider.problems import OutriderError
from outrider.server import open_server
from outrider.telemetry import configure_logging

QUERY: Final = "clock"
TASK: Final = (
    f"Search for '{QUERY}', open the cheapest match, put it in the basket, and report its name and price as JSON"
)
ROOT: Final = Path(__file__).resolve().parent.parent
#: The server's data, kept between runs; ``--once`` uses a temporary folder.
FOLDER: Final = ROOT / ".outrider"
SERVER_PORT: Final = int(Settings.model_fields["port"].default)
SHOP_PORT: Final = 8300
STOP_SECONDS: Final = 10.0
INTERRUPTED: Final = 130


async def main() -> int:
    """Exit code: 0 when the task was done and, where it can be checked, the answer is right."""
    options = _arguments()
    stop = asyncio.Event()
    async with AsyncExitStack() as stack:
        shop_port = _port(SHOP_PORT, once=options.once)
        shop = None if options.start_url else await stack.enter_async_context(open_shop(shop_port))
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory())) if options.once else FOLDER
        settings = load_settings(data_dir=folder, port=_port(SERVER_PORT, once=options.once), log_level="warning")
        # For trying out: the shop, and whatever else is being developed on this machine.
        settings = settings.model_copy(update={"egress_allow": [*settings.egress_allow, "localhost"]})
        configure_logging(settings.log_level, settings.log_format)
        server = await stack.enter_async_context(open_server(settings))
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
        code = await _unless(stop, _do(options, settings, server.url, shop))
        if not options.once and not stop.is_set():
            print(_directions(settings, server.url, shop), flush=True)
            await stop.wait()
    return code


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/run", description=__doc__)
    parser.add_argument("task", nargs="?", default=TASK, help="what to do instead of the shop task")
    parser.add_argument("start_url", nargs="?", help="page to start on instead of the shop")
    parser.add_argument("--once", action="store_true", help="stop after the task")
    return parser.parse_args()


def _port(usual: int, *, once: bool) -> int:
    """The usual port, or 0 for any free one when that is taken or does not matter."""
    if once:
        return 0
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", usual))
        except OSError:
            return 0
    return usual


async def _unless(stop: asyncio.Event, work: Any) -> int:
    """The result of the work, or INTERRUPTED when told to stop first; the work is cancelled then."""
    task, stopping = asyncio.ensure_future(work), asyncio.ensure_future(stop.wait())
    try:
        await asyncio.wait({task, stopping}, return_when=asyncio.FIRST_COMPLETED)
        return task.result() if task.done() else INTERRUPTED
    finally:
        task.cancel()
        stopping.cancel()
        await asyncio.gather(task, stopping, return_exceptions=True)


async def _do(options: argparse.Namespace, settings: Settings, url: str, shop: Shop | None) -> int:
    """Have the task done, show the answer, check it."""
    start_url = f"{shop.url}/" if shop else options.start_url
    FOLDER.mkdir(exist_ok=True)
    picture = (FOLDER / "screenshot.jpg").relative_to(ROOT)  # the working folder
    picture.unlink(missing_ok=True)
    command = ["outrider", "run", options.task, "--start-url", start_url, "--screenshot", str(picture), "--json"]
    print(f"$ {' '.join(map(_quoted, command))}", flush=True)
    code, outcome = await _outrider(command, url, settings.key_file.read_text().strip())
    print(json.dumps(outcome.get("error") or outcome.get("result"), indent=2, ensure_ascii=False), flush=True)
    if code or shop is None or options.task != TASK:
        return code
    faults = await faults_of_purchase(shop, QUERY, outcome["result"])
    if not picture.read_bytes().startswith(b"\xff\xd8"):
        faults.append("the screenshot is no JPEG")
    print("\n".join(f"WRONG: {fault}" for fault in faults) or "Checked against the shop: it is the cheapest match,"
          " the price is right, and the basket has it once.", flush=True)  # fmt: skip
    return 1 if faults else 0


async def _outrider(command: list[str], url: str, key: str) -> tuple[int, dict[str, Any]]:
    """Run the command line against the server; its steps go to our standard error, its JSON comes back."""
    environment = os.environ | {"OUTRIDER_SERVER": url, "OUTRIDER_KEY": key}
    process = await asyncio.create_subprocess_exec(
        *command, stdin=asyncio.subprocess.DEVNULL, stdout=PIPE, env=environment, start_new_session=True
    )
    try:
        output, _ = await process.communicate()
    except asyncio.CancelledError:
        process.send_signal(signal.SIGINT)  # lets it cancel the task
        async with asyncio.timeout(STOP_SECONDS):
            await process.wait()
        raise
    return process.returncode or 0, json.loads(output or b"{}")


def _quoted(word: str) -> str:
    """The word for a shell, in double quotes where that reads better."""
    return f'"{word}"' if "'" in word and not set(word) & set('"$`\\!') else shlex.quote(word)


def _directions(settings: Settings, url: str, shop: Shop | None) -> str:
    """Where everything is, in a form to paste into another terminal."""
    lines = [
        f"\nThe server stays up at {url} until Ctrl-C; its API docs are at {url}/docs.",
        "Paste this into another terminal to talk to it:\n",
        f"source {shlex.quote(str(ROOT / '.venv' / 'bin' / 'activate'))}",
        f"export OUTRIDER_URL={url}",
        f"export OUTRIDER_KEY=$(cat {shlex.quote(str(settings.key_file))})",
    ]
    return "\n".join([*lines, f"export SHOP_URL={shop.url}/"] if shop else lines) + "\n"


if __name__ == "__main__":
    try:
        sys.exit(asyncio.run(main()))
    except OutriderError as problem:
        sys.exit(problem.as_cli())
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
