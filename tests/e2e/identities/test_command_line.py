"""``outrider orgs`` and ``outrider keys``, and the same from the SDK, against a running server."""

import json
import os
import subprocess
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from tests.e2e.api.serving import COMMAND, SECONDS, ServerProcess, serving

from outrider.client import OutriderClient
from outrider.problems import OutriderError

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    with serving(tmp_path_factory.mktemp("identities") / "data", WARM_BROWSERS=0) as process:
        yield process


@pytest.fixture
def outrider(server: ServerProcess) -> Run:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("OUTRIDER_")}

    def run(*arguments: object, key: str = "") -> "subprocess.CompletedProcess[str]":
        environment = inherited | {"OUTRIDER_SERVER": server.url, "OUTRIDER_KEY": key or server.key}
        command = [COMMAND, *map(str, arguments)]
        return subprocess.run(
            command, env=environment, capture_output=True, text=True, timeout=3 * SECONDS, check=False
        )

    return run


def test_from_an_organisation_to_the_end_of_its_key(outrider: Run) -> None:
    made = json.loads(outrider("orgs", "add", "acme", "--name", "Acme", "--max-sessions", 5, "--json").stdout)
    listed = outrider("orgs", "list").stdout.splitlines()
    assert listed[0] == f"{made['id']}  acme  free  5 sessions  Acme"
    changed = outrider("orgs", "change", "acme", "--plan", "growth", "--model", "scout")
    assert changed.stdout == f"{made['id']}  acme  growth  5 sessions  scout  Acme\n"
    freed = outrider("orgs", "change", "acme", "--max-sessions", 0, "--model", "*")
    assert freed.stdout == f"{made['id']}  acme  growth  Acme\n"

    added = outrider("keys", "add", "owner", "--org", "acme", "--scope", "*:manage", "--expires", "90d").stdout
    shown, told = added.splitlines()
    key_id, key = shown.split()[0], told.removeprefix("key: ")
    assert f"{key[:16]}…{key[-5:]}  active  internal  *:manage  never used  ends 20" in shown

    own = outrider("keys", "list", key=f"{key}\n")  # as it was copied
    assert own.stderr == "There were blanks around the API key; they were left out.\n"
    assert own.stdout.startswith(f"{key_id}  ")
    assert "last used 20" in own.stdout
    assert key not in own.stdout
    assert "[SCOPE_MISSING]" in outrider("orgs", "list", key=key).stderr

    assert "  disabled  " in outrider("keys", "disable", key_id).stdout
    refused = outrider("keys", "list", key=key)
    assert (refused.returncode, "[UNAUTHORIZED]" in refused.stderr) == (2, True)
    assert "  active  " in outrider("keys", "enable", key_id).stdout
    assert "  audit:read  " in outrider("keys", "change", key_id, "--scope", "audit:read").stdout
    lasting = outrider("keys", "change", key_id, "--expires", "never", "--per-minute", 7, "--agent", "scout", "--json")
    assert json.loads(lasting.stdout)["expires_at"] is None
    freed_key = json.loads(outrider("keys", "change", key_id, "--per-minute", 0, "--agent", "*", "--json").stdout)
    assert (freed_key["requests_per_minute"], freed_key["agents"]) == (None, None)
    assert "  revoked  " in outrider("keys", "revoke", key_id).stdout
    assert "  growth  disabled  " in outrider("orgs", "disable", "acme").stdout
    assert "[ORGANISATION_FIXED]" in outrider("orgs", "disable", "default").stderr
    assert "disabled" not in outrider("orgs", "enable", "acme").stdout
    assert outrider("orgs", "remove", "acme").stdout == "removed acme, and revoked its keys\n"


def test_a_key_without_rights_is_told(outrider: Run) -> None:
    assert outrider("keys", "add", "idle").stderr.startswith("The key has no rights yet")
    assert outrider("keys", "add", "busy", "--tier", "reporting").stderr == ""


def test_credits_are_granted_and_shown(outrider: Run) -> None:
    outrider("orgs", "add", "paying")
    made = json.loads(outrider("keys", "add", "owner", "--org", "paying", "--scope", "credits:read", "--json").stdout)
    grant = ("credits", "grant", "paying", 500, "--reference", "invoice-1", "--memo", "first month")
    line = outrider(*grant).stdout
    assert line.endswith("  grant  +500  500 available  invoice-1  first month\n")
    assert outrider(*grant).stdout == line

    assert outrider("credits", "show", "--org", "paying").stdout == "500 available, 0 held\n"
    assert outrider("credits", "show", key=made["key"]).stdout == "500 available, 0 held\n"
    assert outrider("credits", "statement", key=made["key"]).stdout == line
    assert outrider("credits", "statement").stderr == "There were no movements yet.\n"
    assert "[SCOPE_MISSING]" in outrider(*grant, key=made["key"]).stderr


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("keys", "change", "key_x"), "say what is to be changed"),
        (("orgs", "change", "org_x"), "say what is to be changed"),
        (("keys", "add", "x", "--expires", "soon"), "90d"),
        (("keys", "add", "x", "--expires", "2020-01-31"), "[EXPIRY_PAST]"),
        (("keys", "add", "x", "--scope", "session:read"), "[SCOPE_UNKNOWN]"),
        (("keys", "add", "x", "--scope", "sessions:delete"), "There is no scope “sessions:delete”. [SCOPE_UNKNOWN]"),
        (("keys", "add", "x", "--tier", "gold"), "[UNPROCESSABLE]"),
        (("keys", "add", "x", "--per-minute", "-1"), "--per-minute"),
        (("orgs", "add", "Acme Ltd"), "has to be small letters and digits"),
        (("credits", "grant", "acme", "0", "--reference", "x"), "AMOUNT"),
        (("requests", "list", "--since", "soon"), "write --since as 90d"),
    ],
)
def test_slips_are_told(outrider: Run, arguments: tuple[str, ...], told: str) -> None:
    answer = outrider(*arguments)
    assert (answer.returncode, answer.stdout) == (2, "")
    assert told in " ".join(answer.stderr.split())


async def test_the_sdk(server: ServerProcess) -> None:
    async with OutriderClient(server.url, server.key) as client:
        organisation = await client.organisations.create("sdk", plan="starter")
        path: Any = {"organisation_id": organisation["id"]}
        keys = [await client.keys.create(scopes=["keys:manage"], name=str(number), **path) for number in range(3)]
        assert [key["name"] async for key in client.keys.list(**path)] == ["2", "1", "0"]
        assert [key["name"] async for key in client.keys.list(**path, limit=1)] == ["2"]
        assert organisation["id"] in [one["id"] async for one in client.organisations.list()]

        async with OutriderClient(server.url, keys[0]["key"]) as own:
            assert await own.keys.own_organisation() == organisation
            assert (await own.keys.get(keys[1]["id"]))["status"] == "active"
            await own.keys.revoke(keys[1]["id"])
            assert (await own.keys.update(keys[0]["id"], name="mine"))["name"] == "mine"
            with pytest.raises(OutriderError) as caught:
                await own.keys.get("..")
            assert caught.value.code == "KEY_NOT_FOUND"
        changed = await client.organisations.update(organisation["id"], name="SDK")
        assert changed == await client.organisations.get(organisation["id"])
        await client.organisations.remove(organisation["id"])
        async with OutriderClient(server.url, keys[2]["key"]) as ended:
            with pytest.raises(OutriderError) as caught:
                await ended.keys.own_organisation()
        assert caught.value.code == "UNAUTHORIZED"


async def test_statements_are_read_page_by_page(server: ServerProcess) -> None:
    async with OutriderClient(server.url, server.key) as client:
        organisation = (await client.organisations.create("statements"))["id"]
        for number in range(23):
            await client.credits.grant(organisation, number + 1, f"invoice-{number}")
        lines = [line["amount"] async for line in client.credits.statement(organisation)]
        assert lines == list(range(23, 0, -1))
        assert [line["amount"] async for line in client.credits.statement("statements", limit=2)] == [23, 22]
        assert (await client.credits.balance(organisation))["available"] == sum(lines)
        with pytest.raises(OutriderError) as caught:
            await client.credits.balance("..")
        assert caught.value.code == "ORGANISATION_NOT_FOUND"


@pytest.mark.row("A27")
async def test_the_sdk_leaves_blanks_around_a_key_out_and_says_so(server: ServerProcess) -> None:
    with pytest.warns(UserWarning, match="blanks around the API key"):
        client = OutriderClient(server.url, f" {server.key}\n")
    async with client:
        assert (await client.keys.own_organisation())["short_name"] == "default"
