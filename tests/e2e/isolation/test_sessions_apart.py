"""Two sessions of one server try to see each other by every way there is, and fail; at each level of isolation."""

import os
import re
import shutil
import stat
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.e2e.api.serving import COMMAND, SECONDS, ServerProcess, problem_of, serving
from tests.e2e.isolation.levels import FAULT, LEVELS
from tests.e2e.isolation.pages import Lair, lair
from tests.e2e.kill.remains import browser_processes, listening_ports, main_processes, wait_until

pytestmark = pytest.mark.browser

PLANTED = {
    "cookies": "planted=1",
    "local": "1",
    "databases": ["planted"],
    "caches": ["planted"],
    "files": ["planted"],
    "workers": 1,
    "heard": False,
}
NOTHING: dict[str, object] = {
    "cookies": "",
    "local": None,
    "databases": [],
    "caches": [],
    "files": [],
    "workers": 0,
    "heard": False,
}
SECRET = "a-secret-of-the-server"


@dataclass
class Two:
    """Two sessions of one server, and the browser process of each."""

    server: ServerProcess
    client: httpx.Client
    lair: Lair
    one: str
    other: str
    pids: tuple[int, int]
    level: str

    def open(self, session: str, path: str) -> Any:
        """What the page at the path reports, opened in the session."""
        answer = self.client.post(f"{session}/navigate", json={"url": f"{self.lair.url}{path}"})
        assert answer.status_code == 200, answer.text
        return self.lair.report(path)

    @property
    def folders(self) -> list[Path]:
        """The folder of each browser."""
        return [_folder(pid) for pid in self.pids]


def _line(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")


def _folder(pid: int) -> Path:
    found = re.search(r"--user-data-dir=(\S+)/profile", _line(pid))
    assert found is not None
    return Path(found[1])


def _family(pid: int, server: ServerProcess) -> list[int]:
    """The processes of one browser."""
    folder = str(_folder(pid))
    own = []
    for each in browser_processes(server.data_dir):
        try:
            if os.getpgid(each) == pid or folder in _line(each):
                own.append(each)
        except ProcessLookupError:
            continue
    return own


@pytest.fixture(scope="module", params=LEVELS)
def two(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Two]:
    """Without browsers ahead of need, and with the whole of loopback opened: the worst case."""
    data_dir = tmp_path_factory.mktemp("apart") / "data"
    level: str = request.param
    given: dict[str, Any] = {"ISOLATION": level, "WARM_BROWSERS": 0, "EGRESS_ALLOW": "localhost"}
    given |= {"UNRELATED_SECRET": SECRET}
    with lair() as site, serving(data_dir, **given) as server, server.client() as client:
        sessions, pids = [], []
        for _ in range(2):
            created = client.post("/v1/sessions", json={})
            assert created.status_code == 200, created.text
            sessions.append(f"/v1/sessions/{created.json()['session_id']}")
            pids.append(next(pid for pid in main_processes(data_dir) if pid not in pids))
        yield Two(server, client, site, sessions[0], sessions[1], (pids[0], pids[1]), level)


def test_storage_of_every_kind(two: Two) -> None:
    assert two.open(two.one, "/plant") == "planted"
    assert two.open(two.one, "/look") == PLANTED
    assert two.open(two.other, "/look") == NOTHING


def test_the_cache(two: Two) -> None:
    assert two.open(two.one, "/cache") == "1"
    assert two.open(two.one, "/cache") == "1"
    assert two.open(two.other, "/cache") == "2"


def test_files_of_the_other_session_and_of_the_server(two: Two) -> None:
    """Neither by navigating there nor from a page."""
    secrets = [two.folders[0] / "profile" / "Local State", two.server.data_dir / "local.key", Path("/etc/passwd")]
    (two.folders[0] / "files" / "mine.txt").write_text("mine")
    two.lair.targets = [path.as_uri() for path in (*secrets, two.folders[0] / "files" / "mine.txt")]
    for target in two.lair.targets:
        problem_of(two.client.post(f"{two.other}/navigate", json={"url": target}), 400, "INVALID_URL")
    assert two.open(two.other, "/read") == ["refused"] * len(two.lair.targets)


def test_folders_are_for_the_servers_user_only(two: Two) -> None:
    for folder in (*two.folders, *(folder / name for folder in two.folders for name in ("profile", "downloads"))):
        if folder in two.folders:
            assert stat.S_IMODE(folder.parent.stat().st_mode) == 0o700
        else:
            assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_downloads(two: Two) -> None:
    """A file that one session has downloaded is in its own folder, and no other session can upload it."""
    started = two.client.post(
        f"{two.one}/message", json={"message": "Download the file “File”", "start_url": f"{two.lair.url}/other"}
    )
    assert started.status_code == 200
    wait_until(lambda: bool(list((two.folders[0] / "files").iterdir())), "the download to be there for uploads")
    assert [file for name in ("downloads", "files") for file in (two.folders[1] / name).iterdir()] == []


def test_ports(two: Two) -> None:
    """The API, the ways out of both, and nothing else listens; pages reach none of it."""
    ways_out = [int(match[1]) for pid in two.pids if (match := re.search(r"127\.0\.0\.1:(\d+)", _line(pid)))]
    api = int(two.server.url.rpartition(":")[2])
    assert listening_ports(two.server.process.pid) == {api, *ways_out}
    hosts = ("127.0.0.1", "localhost", "127.1.1.1", "0x7f.1")
    two.lair.targets = [f"http://{host}:{port}/v1/models" for host in hosts for port in (api, *ways_out)]
    _, sockets = two.open(two.other, "/reach")
    assert set(sockets) == {"closed"}
    for target in two.lair.targets:
        answer = two.client.post(f"{two.other}/navigate", json={"url": target})
        problem_of(answer, 403, "ADDRESS_RESERVED")


def test_dev_tools(two: Two) -> None:
    """They are spoken to over a pipe that only the server has the other end of."""
    for pid in two.pids:
        assert len(_browsers(pid, two)) == 1
        assert "--remote-debugging-port" not in _line(pid)
        for each in _family(pid, two.server):
            assert listening_ports(each) == set()
    pipes = [{Path(f"/proc/{each}/fd/3").readlink() for each in _browsers(pid, two)} for pid in two.pids]
    assert pipes[0].isdisjoint(pipes[1])
    assert not list(two.server.data_dir.rglob("DevToolsActivePort"))


def _browsers(pid: int, two: Two) -> list[int]:
    """The browser process itself: the leader of the group, or what that has put into namespaces."""
    lines = {each: _line(each) for each in _family(pid, two.server)}
    return [each for each, line in lines.items() if "--remote-debugging-pipe" in line and "bwrap" not in line]


def test_open_files(two: Two) -> None:
    """No process of a browser has a file of the server or of another browser open."""
    for pid, others in ((two.pids[0], two.folders[1]), (two.pids[1], two.folders[0])):
        for each in _family(pid, two.server):
            opened = [entry.readlink() for entry in Path(f"/proc/{each}/fd").iterdir() if entry.is_symlink()]
            assert not [path for path in opened if path.is_relative_to(others) or "outrider.db" in path.name]


def test_the_environment(two: Two) -> None:
    for pid in two.pids:
        for each in _family(pid, two.server):
            words = Path(f"/proc/{each}/environ").read_bytes().decode(errors="replace")
            assert SECRET not in words
            assert "OUTRIDER_" not in words
            assert str(two.server.data_dir / "local.key") not in words


def inside(root: Path, folder: Path) -> list[Path]:
    """What a folder holds for a process whose files begin at ``root``."""
    return list(Path(f"{root}{folder}").iterdir())


def test_namespaces(two: Two) -> None:
    """Only in namespaces of its own is a browser unable to see the other's files and processes at all."""
    for pid, own in zip(two.pids, two.folders, strict=True):
        for browser in _browsers(pid, two):
            for kind in ("mnt", "pid", "user", "ipc", "uts"):
                own_one = Path(f"/proc/{browser}/ns/{kind}").readlink() != Path(f"/proc/self/ns/{kind}").readlink()
                assert own_one is (two.level == "bubblewrap"), kind
            if two.level == "bubblewrap":
                root = Path(f"/proc/{browser}/root")
                seen = [path.name for folder in (own.parent.parent, own.parent) for path in inside(root, folder)]
                assert seen == ["browsers", own.name]
                assert not Path(f"{root}/etc/passwd").exists()
                assert not Path(f"{root}/home").exists()
                assert "--no-sandbox" not in _line(browser)


def test_nothing_is_left(two: Two) -> None:
    for session in (two.one, two.other):
        assert two.client.delete(session).status_code == 200
    wait_until(lambda: not browser_processes(two.server.data_dir), "the browsers to end")
    wait_until(lambda: len(listening_ports(two.server.process.pid)) == 1, "the ways out to be closed")
    wait_until(lambda: not list((two.server.data_dir / "browsers").iterdir()), "the folders to be removed")


@pytest.mark.parametrize("missing", ["the program", "user namespaces"])
def test_a_level_that_the_machine_does_not_have_stops_the_server(missing: str, tmp_path: Path) -> None:
    """It does not start with less than it was told to give."""
    command = [COMMAND, "serve"]
    path = os.environ["PATH"]
    if missing == "the program":
        path = str(Path(COMMAND).parent)
    elif FAULT:
        pytest.skip(FAULT)
    else:  # within a user namespace that allows no further ones
        limit = "echo 0 > /proc/sys/user/max_user_namespaces && exec "
        command = ["unshare", "--user", "--map-root-user", "sh", "-c", f"{limit}{COMMAND} serve"]
    given = {"DATA_DIR": str(tmp_path), "PORT": "0", "ISOLATION": "bubblewrap", "LOG_LEVEL": "warning"}
    environment = os.environ | {f"OUTRIDER_{name}": value for name, value in given.items()} | {"PATH": path}
    program = shutil.which(command[0]) or command[0]
    ended = subprocess.run(
        [program, *command[1:]], env=environment, capture_output=True, text=True, timeout=SECONDS, check=False
    )
    assert ended.returncode != 0
    assert "[ISOLATION_UNAVAILABLE]" in ended.stderr
    assert "“bubblewrap”" in ended.stderr
    assert "Traceback" not in ended.stderr
