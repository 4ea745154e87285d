"""``outrider sessions script`` and ``outrider replay`` as processes, and the same calls of the SDK."""

import asyncio
import json
from pathlib import Path

import pytest
from tests.e2e.api.serving import Pages, serving
from tests.e2e.cli.conftest import Outrider

from outrider.client import OutriderClient
from outrider.problems import OutriderError


@pytest.mark.browser
def test_a_task_becomes_a_file_and_is_done_again(outrider: Outrider, pages: Pages, tmp_path: Path) -> None:
    file = tmp_path / "task.yaml"
    with serving(outrider.data_dir) as server:
        first = outrider("run", "Read the price", "--start-url", f"{pages.url}/?7EUR", "--keep", "--json")
        session_id = json.loads(first.stdout)["session_id"]
        written = outrider("sessions", "script", session_id)
        varied = written.stdout.replace("?7", "?${amount}").replace("steps:", "variables: {amount: '7'}\nsteps:", 1)
        file.write_text(varied)

        again = outrider("replay", file, "--set", "amount=12", "--no-model", "--json")
        assert json.loads(again.stdout)["result"] == "12EUR", again.stderr
        unknown = outrider("replay", file, "--set", "size=12")
        assert (unknown.returncode, "[SCRIPT_VARIABLE_INVALID]" in unknown.stderr) == (2, True)

        async def by_sdk() -> None:
            async with OutriderClient(server.url, server.key) as client:
                script = await client.get_script(session_id)
                assert script == await client.get_script(session_id, task_id=1)
                await client.replay(session_id, file.read_text(), variables={"amount": "3"}, ask_model=False)
                async for event in client.stream_events(session_id):
                    last = event.event
                assert last == "done"
                assert (await client.get_messages(session_id))[-1]["content"] == "3EUR"
                with pytest.raises(OutriderError) as failed:
                    await client.replay(session_id, "version: 3")
                assert failed.value.code == "SCRIPT_VERSION_UNSUPPORTED"

        asyncio.run(by_sdk())


@pytest.mark.browser
def test_a_script_runs_without_a_server_of_its_own(outrider: Outrider, pages: Pages, tmp_path: Path) -> None:
    file = tmp_path / "task.yaml"
    file.write_text(f"version: 1\ntask: Open it\nsteps:\n- action: navigate\n  url: {pages.url}/\n")
    done = outrider("replay", file)
    assert (done.returncode, done.stdout) == (0, f"Done. The page is “Tea” ({pages.url}/).\n"), done.stderr
    assert f"127.0.0.1:{pages.server_port} may be reached during this run" in done.stderr
