"""Pages of this machine from the terminal: what ``--start-url`` opens, and what a refusal says."""

import pytest
from tests.e2e.api.serving import Pages, problem_of, serving
from tests.e2e.cli.conftest import Outrider

pytestmark = [pytest.mark.browser]


def test_the_start_page_may_be_on_this_machine(outrider: Outrider, pages: Pages) -> None:
    done = outrider("run", "Report the price", "--start-url", f"{pages.url}/")

    assert (done.returncode, done.stdout) == (0, "3 EUR\n"), done.stderr
    note = f"127.0.0.1:{pages.server_port} may be reached during this run, because the task begins there."
    assert done.stderr.splitlines()[0] == note


def test_a_refusal_names_the_setting_that_opens_the_page(outrider: Outrider, pages: Pages) -> None:
    task = f"Open {pages.url}/ and report the price"

    refused = outrider("run", task)

    assert refused.returncode == 1
    assert "[ADDRESS_REFUSED]" in refused.stderr
    variable = f"OUTRIDER_EGRESS_ALLOW=127.0.0.1:{pages.server_port}"
    assert variable in refused.stderr
    done = outrider("run", task, **dict([variable.split("=")]))
    assert (done.returncode, done.stdout) == (0, "3 EUR\n"), done.stderr


def test_a_running_server_opens_nothing_for_a_client(outrider: Outrider, pages: Pages) -> None:
    with serving(outrider.data_dir, EGRESS_ALLOW="") as server, server.client() as client:
        created = client.post("/v1/sessions", json={}).json()
        session = f"/v1/sessions/{created['session_id']}"
        problem = problem_of(client.post(f"{session}/navigate", json={"url": pages.url}), 403, "ADDRESS_REFUSED")
        done = outrider("run", "Report the price", "--start-url", f"{pages.url}/")

    assert "egress_allow" in problem["hint"]
    assert "a loopback address" in problem["message"]
    assert "[ADDRESS_REFUSED]" in done.stderr
