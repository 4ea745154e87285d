"""The main job, end to end on the real shop, with answers checked against the shop itself."""

import asyncio
import json
from asyncio.subprocess import DEVNULL, PIPE
from pathlib import Path
from typing import Any

import pytest
from demo.answer_check import faults_of_purchase, price_of
from demo.shopkeeper import Shop
from tests.e2e.api.serving import COMMAND

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.timeout(900),
    pytest.mark.asyncio(loop_scope="session"),
]

ROOT = Path(__file__).parents[3]


async def output_of(*command: object) -> str:
    """What the command prints; it has to end with success."""
    process = await asyncio.create_subprocess_exec(*map(str, command), stdin=DEVNULL, stdout=PIPE, stderr=PIPE)
    output, steps = await process.communicate()
    assert process.returncode == 0, (output + steps).decode()
    return output.decode()


async def run(shop: Shop, task: str, data_dir: Path) -> Any:
    """The result of ``outrider run`` on the shop, for which all evidence was found on the pages that it cites."""
    given = ("--start-url", f"{shop.url}/", "--json", "--data-dir", data_dir)
    shown = json.loads(await output_of(COMMAND, "run", task, *given))
    assert [one for one in shown["evidence"] if not one["verified"]] == []
    return shown["result"]


async def test_the_first_command_of_a_newcomer_does_the_job_and_checks_it() -> None:
    shown = await output_of(ROOT / "scripts" / "run", "--once")
    assert shown.splitlines()[-1].startswith("Checked against the shop")
    assert '"name": "Sandpiper walnut travel clock"' in shown


async def test_the_cheapest_of_several_pages_is_bought(shop: Shop, tmp_path: Path) -> None:
    task = "Search for 'Lowmoor', open the cheapest match, put it in the basket, and report its name and price as JSON"
    answer = await run(shop, task, tmp_path)
    assert await faults_of_purchase(shop, "Lowmoor", answer) == []


async def test_a_wrong_answer_would_be_noticed(shop: Shop) -> None:
    cheapest = await shop.cheapest("kettle")
    faults = await faults_of_purchase(shop, "kettle", {"name": cheapest.name, "price": float(cheapest.price) + 1})
    assert [fault.split()[0] for fault in faults] == ["it", "the"]


async def test_the_whole_list_of_a_search_is_read_page_by_page(shop: Shop, tmp_path: Path) -> None:
    task = "Search for 'Hollin' and list all products over all pages with name and price as JSON"
    listed = await run(shop, task, tmp_path)
    offers = await shop.search("Hollin")
    assert len(offers) > 20
    assert {(item["name"], price_of(item["price"])) for item in listed} == {(o.name, o.price) for o in offers}


async def test_a_customer_logs_in(shop: Shop, tmp_path: Path) -> None:
    task = "Log in with e-mail reader@shop.example and password lantern-lane-42, then report the page title"
    assert "Profile" in await run(shop, task, tmp_path)
