"""``outrider sessions files``: offered, listed, fetched, removed."""

import json
from pathlib import Path

import pytest
from tests.e2e.api.serving import serving
from tests.e2e.cli.conftest import Outrider

pytestmark = pytest.mark.browser


def test_from_an_offer_to_its_removal(outrider: Outrider, tmp_path: Path) -> None:
    given, fetched = tmp_path / "prices.csv", tmp_path / "fetched.csv"
    given.write_bytes(b"name,price\ntea,\xff\n")
    with serving(outrider.data_dir) as server, server.client() as client:
        session_id = client.post("/v1/sessions").json()["session_id"]
        files = ("sessions", "files")
        assert outrider(*files, "list", session_id).stderr == "There are no files.\n"
        offered = json.loads(outrider(*files, "offer", session_id, given, "--name", "list.csv", "--json").stdout)
        assert (offered["name"], offered["bytes"], offered["kind"]) == ("list.csv", given.stat().st_size, "upload")
        assert outrider(*files, "list", session_id).stdout.split() == ["upload", "17", "list.csv"]
        assert outrider(*files, "get", session_id, "list.csv", "--to", fetched).returncode == 0
        assert fetched.read_bytes() == given.read_bytes()
        assert outrider(*files, "delete", session_id, "list.csv").stdout == "File deleted successfully\n"
        assert outrider(*files, "delete", session_id, "list.csv").returncode == 1
        missing = outrider(*files, "get", session_id, "list.csv")
        assert (missing.returncode, "[FILE_NOT_FOUND]" in missing.stderr) == (1, True)
        unreadable = outrider(*files, "offer", session_id, tmp_path / "none")
        assert (unreadable.returncode, "[FILE_UNREADABLE]" in unreadable.stderr) == (2, True)
