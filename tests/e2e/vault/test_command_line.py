"""``outrider vault`` against a running server, through the SDK."""

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.e2e.api.serving import COMMAND, SECONDS, ServerProcess, serving

from outrider.identities.sealing import new_sealing_key

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SITE = "https://shop.example"
Outrider = Callable[..., "subprocess.CompletedProcess[str]"]


def outrider_for(server: ServerProcess) -> Outrider:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("OUTRIDER_")}
    environment = inherited | {"OUTRIDER_SERVER": server.url, "OUTRIDER_KEY": server.key}

    def run(*arguments: str, typed: str = "") -> "subprocess.CompletedProcess[str]":
        command = [COMMAND, "vault", *arguments]
        return subprocess.run(
            command, env=environment, input=typed, capture_output=True, text=True, timeout=3 * SECONDS, check=False
        )

    return run


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ServerProcess]:
    with serving(tmp_path / "data") as process:
        yield process


def test_from_a_card_to_a_revoked_token(server: ServerProcess) -> None:
    outrider = outrider_for(server)
    assert outrider("list").stderr == "The vault is empty.\n"
    made = outrider("add", "shop", "--user", "ann", "--origin", SITE, "--totp", typed="tea & 7 cups\nJBSWY3DP\n")
    assert made.stdout == f"shop  log-in ann  one-time codes  {SITE}  never used\n"
    card = ("add-card", "main", "--expires", "08/2090", "--origin", SITE)
    assert outrider(*card, typed="4111 1111 1111 1111\n123\n").stdout == f"main  card …1111  {SITE}  never used\n"
    assert len(outrider("list").stdout.splitlines()) == 2

    with server.client() as client:
        session_id = client.post("/v1/sessions", json={}).json()["session_id"]
    terms = ("--card", "main", "--origin", SITE, "--max", "25.00", "--currency", "EUR")
    token = outrider("token", session_id, *terms).stdout.strip()
    token_id = token[:16]
    line = f"{token_id}  {session_id}  main  {SITE}  25.00 EUR  "
    assert outrider("payments", "--session", session_id).stdout == f"{line}active\n"
    assert outrider("revoke", token_id).stdout == f"{line}revoked\n"

    assert "0 sealed anew, 2 had" in outrider("rotate").stdout
    assert outrider("delete", "shop").stdout == "Credential deleted successfully\n"
    assert outrider("delete", "--card", "main").stdout == "Card deleted successfully\n"
    again = outrider("delete", "--card", "main")
    assert (again.returncode, "[VAULT_ITEM_NOT_FOUND]" in again.stderr) == (1, True)


def test_wrong_input_is_refused_and_not_repeated(server: ServerProcess) -> None:
    outrider = outrider_for(server)
    card = ("add-card", "main", "--origin", SITE)
    assert outrider(*card, "--expires", "soon").returncode == 2
    wrong = outrider(*card, "--expires", "08/2090", typed="4111111111111112\n123\n")
    assert "[CARD_INVALID]" in wrong.stderr
    assert "4111" not in wrong.stderr
    assert outrider("add", "shop", "--user", "ann", "--origin", SITE, typed="").returncode == 2  # no password


def test_keys_are_rotated_with_three_starts(tmp_path: Path) -> None:
    old, new = new_sealing_key(), new_sealing_key()
    with serving(tmp_path / "data", SEALING_KEYS=old) as server:
        made = outrider_for(server)("add", "shop", "--user", "ann", "--origin", SITE, typed="tea & 7 cups\n")
        assert made.returncode == 0
    with serving(tmp_path / "data", SEALING_KEYS=f"{new},{old}") as server:
        assert "1 sealed anew, 0 had" in outrider_for(server)("rotate").stdout
    with serving(tmp_path / "data", SEALING_KEYS=new) as server, server.client() as client:
        assert client.patch("/v1/vault/credentials/shop", json={"user_name": "eve"}).status_code == 200
    with serving(tmp_path / "data", SEALING_KEYS=old) as server, server.client() as client:
        refused = client.patch("/v1/vault/credentials/shop", json={"user_name": "ann"})
        assert (refused.status_code, refused.json()["error"]["code"]) == (500, "SECRET_UNREADABLE")
