"""Files of sessions over HTTP: offered and uploaded by a task, downloaded by one and fetched, kept or gone."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.e2e.api.serving import SECONDS, ServerProcess, problem_of, run_to_end, serving
from tests.e2e.kill.remains import wait_until

pytestmark = pytest.mark.browser

REPORT = b"%PDF-1.7 \x00\xff report"


class Office(BaseHTTPRequestHandler):
    """A page with a link to a report."""

    def do_GET(self) -> None:
        report = self.path.startswith("/report")
        link = f"/report{self.path}".rstrip("/")  # the large page links to the large report
        page = f"<!doctype html><title>Office</title><a href='{link}'>Yearly report</a>".encode()
        body = REPORT * (100 if self.path == "/report/large" else 1) if report else page
        self.send_response(200)
        self.send_header("Content-Type", "application/pdf" if report else "text/html")
        if report:
            self.send_header("Content-Disposition", 'attachment; filename="re:port.pdf"')
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Silent."""


@pytest.fixture
def office() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Office) as site:
        thread = threading.Thread(target=site.serve_forever, args=(0.02,))
        thread.start()
        yield f"http://127.0.0.1:{site.server_port}/"
        site.shutdown()
        thread.join(SECONDS)


@pytest.fixture(scope="module")
def shelf(client: httpx.Client) -> Iterator[str]:
    """The path of a session with one file, “a.txt”, that tests leave as they found it."""
    session = f"/v1/sessions/{client.post('/v1/sessions').json()['session_id']}"
    client.post(f"{session}/files", params={"name": "a.txt"}, content=b"0123456789")
    yield session
    client.delete(session)


def download(client: httpx.Client, session: str, office: str) -> None:
    client.post(f"{session}/navigate", json={"url": office})
    assert run_to_end(client, session, "Download Yearly report.")[-1].event == "done"


def listed(client: httpx.Client, session: str) -> list[tuple[str, str, int]]:
    return [(file["name"], file["kind"], file["bytes"]) for file in client.get(f"{session}/files").json()["files"]]


def test_a_download_is_listed_and_fetched(client: httpx.Client, session: str, office: str) -> None:
    assert listed(client, session) == []
    download(client, session, office)
    assert listed(client, session) == [("re_port.pdf", "download", len(REPORT))]
    fetched = client.get(f"{session}/files/re_port.pdf")
    assert fetched.content == REPORT
    assert fetched.headers["content-type"] == "application/pdf"
    assert fetched.headers["content-disposition"] == 'attachment; filename="re_port.pdf"'
    assert fetched.headers["x-content-type-options"] == "nosniff"


def test_a_removed_download_does_not_come_back(client: httpx.Client, session: str, office: str) -> None:
    download(client, session, office)
    assert client.delete(f"{session}/files/re_port.pdf").json()["deleted"] is True
    assert listed(client, session) == []
    download(client, session, office)
    assert [kind for _, kind, _ in listed(client, session)] == ["download"]


def test_a_page_does_not_put_its_file_in_the_place_of_an_offered_one(
    client: httpx.Client, session: str, server: ServerProcess, office: str
) -> None:
    client.post(f"{session}/files", params={"name": "re_port.pdf"}, content=b"mine")
    download(client, session, office)
    assert listed(client, session) == [
        ("re_port.pdf", "upload", 4),
        ("re_port (2).pdf", "download", len(REPORT)),
    ]
    uploads = list((server.data_dir / "browsers").glob("*/files/re_port.pdf"))
    assert [path.read_bytes() for path in uploads] == [b"mine"]
    messages = client.get(f"{session}/messages", params={"sanitize": "false"}).text
    assert "re_port (2).pdf" in messages  # the task knows it by this name, too


@pytest.mark.parametrize(
    ("wanted", "status", "content"),
    [
        ("bytes=0-3", 206, b"0123"),
        ("bytes=7-", 206, b"789"),
        ("bytes=7-99", 206, b"789"),
        ("bytes=-3", 206, b"789"),
        ("bytes=-99", 206, b"0123456789"),
        ("bytes=3-1", 200, b"0123456789"),
        ("bytes=x", 200, b"0123456789"),
        ("items=0-1", 200, b"0123456789"),
        ("bytes=0-1,3-4", 200, b"0123456789"),
    ],
)
def test_a_part_of_a_file(client: httpx.Client, shelf: str, wanted: str, status: int, content: bytes) -> None:
    part = client.get(f"{shelf}/files/a.txt", headers={"Range": wanted})
    assert (part.status_code, part.content) == (status, content)
    if status == 206:
        first = b"0123456789".index(content)
        assert part.headers["content-range"] == f"bytes {first}-{first + len(content) - 1}/10"


@pytest.mark.parametrize("wanted", ["bytes=10-", "bytes=-0"])
def test_a_part_behind_the_end(client: httpx.Client, shelf: str, wanted: str) -> None:
    answer = client.get(f"{shelf}/files/a.txt", headers={"Range": wanted})
    problem_of(answer, 416, "RANGE_NOT_SATISFIABLE")
    assert answer.headers["content-range"] == "bytes */10"


def test_a_download_goes_on_only_while_the_file_is_the_same(client: httpx.Client, session: str) -> None:
    client.post(f"{session}/files", params={"name": "a.txt"}, content=b"0123456789")
    tag = client.get(f"{session}/files/a.txt").headers["etag"]
    rest = {"Range": "bytes=5-", "If-Range": tag}
    same = {"Range": "bytes=5-", "If-Match": tag}
    assert client.get(f"{session}/files/a.txt", headers=rest).content == b"56789"
    assert client.get(f"{session}/files/a.txt", headers=same).content == b"56789"
    client.post(f"{session}/files", params={"name": "a.txt"}, content=b"abcdefghij")
    assert client.get(f"{session}/files/a.txt", headers=rest).content == b"abcdefghij"
    problem_of(client.get(f"{session}/files/a.txt", headers=same), 409, "VERSION_CONFLICT")
    problem_of(client.delete(f"{session}/files/a.txt", headers=same), 409, "PRECONDITION_UNSUPPORTED")
    assert client.get(f"{session}/files/a.txt", headers={"If-Match": "*"}).content == b"abcdefghij"


def test_a_file_that_is_removed_while_it_is_sent_arrives_whole(client: httpx.Client, session: str) -> None:
    content = b"x" * 8_000_000  # more than sockets hold
    client.post(f"{session}/files", params={"name": "a.bin"}, content=content)
    with client.stream("GET", f"{session}/files/a.bin") as answer:
        arriving = answer.iter_raw()
        begun = len(next(arriving))
        assert client.delete(f"{session}/files/a.bin").json()["deleted"] is True
        assert begun + sum(map(len, arriving)) == len(content)


def test_files_are_offered_fetched_and_removed_all_at_once(client: httpx.Client, session: str) -> None:
    path = f"{session}/files/a.txt"
    turns = [
        lambda: client.post(f"{session}/files", params={"name": "a.txt"}, content=b"x" * 20_000),
        lambda: client.get(path),
        lambda: client.delete(path),
        lambda: client.get(f"{session}/files"),
    ]
    with ThreadPoolExecutor(16) as threads:
        answers = [turn.result() for turn in [threads.submit(turns[number % 4]) for number in range(160)]]
    assert {answer.status_code for answer in answers} <= {200, 404}


def test_what_the_disk_refuses_is_a_problem_of_its_own(tmp_path: Path) -> None:
    with serving(tmp_path / "data") as server, server.client() as client:
        session = f"/v1/sessions/{client.post('/v1/sessions').json()['session_id']}"
        (tmp_path / "data" / "files").write_bytes(b"no folder")
        problem_of(client.post(f"{session}/files", params={"name": "a"}, content=b"x"), 503, "FILE_STORAGE_FAILED")
        assert client.delete(session).json()["deleted"] is True


def test_files_are_offered_as_a_body_and_as_a_form(client: httpx.Client, session: str) -> None:
    raw = client.post(f"{session}/files", params={"name": "../my résumé.txt"}, content=b"\x00\xff raw")
    assert raw.status_code == 200, raw.text
    assert raw.json()["name"] == "my résumé.txt"
    form = client.post(f"{session}/files", files={"file": ("table.csv", b"a,b\r\n1,2\r\n", "text/csv")})
    assert (form.json()["name"], form.json()["media_type"], form.json()["kind"]) == ("table.csv", "text/csv", "upload")
    assert listed(client, session) == [("my résumé.txt", "upload", 6), ("table.csv", "upload", 10)]
    fetched = client.get(f"{session}/files/my résumé.txt")
    assert fetched.content == b"\x00\xff raw"
    assert "filename*=utf-8''my%20r%C3%A9sum%C3%A9.txt" in fetched.headers["content-disposition"]
    assert client.get(f"{session}/files/table.csv").content == b"a,b\r\n1,2\r\n"


def test_removing_a_file(client: httpx.Client, session: str) -> None:
    client.post(f"{session}/files", params={"name": "a.txt"}, content=b"a")
    first, second = client.delete(f"{session}/files/a.txt"), client.delete(f"{session}/files/a.txt")
    assert (first.json()["deleted"], second.json()["deleted"]) == (True, False)
    problem_of(client.get(f"{session}/files/a.txt"), 404, "FILE_NOT_FOUND")


@pytest.mark.parametrize("name", ["..%2F..%2Flocal.key", "%2e%2e", "missing.txt", "%00", "x" * 300])
def test_no_name_leads_out_of_the_session(client: httpx.Client, shelf: str, name: str) -> None:
    answer = client.get(f"{shelf}/files/{name}")
    assert answer.status_code == 404, answer.text


def test_what_is_wrong_with_an_offer(client: httpx.Client, session: str, server: ServerProcess) -> None:
    assert client.post(f"{session}/files", content=b"x").json()["name"] == "upload"
    problem_of(client.post(f"{session}/files", params={"name": ""}, content=b"x"), 422, "UNPROCESSABLE")
    problem_of(client.post(f"{session}/files", files={"other": ("a.txt", b"x")}), 422, "UNPROCESSABLE")
    broken = {"Content-Type": "multipart/form-data; boundary=x"}
    problem_of(client.post(f"{session}/files", content=b"no form", headers=broken), 422, "UNPROCESSABLE")
    problem_of(client.post(f"{session}0/files", params={"name": "a"}, content=b"x"), 404, "SESSION_NOT_FOUND")
    assert httpx.post(f"{server.url}{session}/files", params={"name": "a"}, content=b"x").status_code == 401


def test_files_of_others_are_not_there(client: httpx.Client, stranger: httpx.Client, session: str) -> None:
    client.post(f"{session}/files", params={"name": "a.txt"}, content=b"a")
    for answer in (
        stranger.get(f"{session}/files"),
        stranger.get(f"{session}/files/a.txt"),
        stranger.delete(f"{session}/files/a.txt"),
        stranger.post(f"{session}/files", params={"name": "b.txt"}, content=b"b"),
    ):
        problem_of(answer, 404, "SESSION_NOT_FOUND")
    client.delete(session, params={"keep_files": "true"})
    problem_of(stranger.get(f"{session}/files/a.txt"), 404, "SESSION_NOT_FOUND")


@pytest.mark.parametrize("keep", ["false", "true"])
def test_files_go_with_their_session_unless_they_are_kept(
    client: httpx.Client, server: ServerProcess, office: str, keep: str
) -> None:
    session = f"/v1/sessions/{client.post('/v1/sessions').json()['session_id']}"
    download(client, session, office)
    assert client.delete(session, params={"keep_files": keep}).json()["deleted"] is True
    assert client.delete(session, params={"keep_files": keep}).json()["deleted"] is False
    if keep == "true":
        assert listed(client, session) == [("re_port.pdf", "download", len(REPORT))]
        assert client.get(f"{session}/files/re_port.pdf").content == REPORT
        problem_of(client.delete(f"{session}/files/re_port.pdf"), 404, "SESSION_NOT_FOUND")
    else:
        problem_of(client.get(f"{session}/files"), 404, "SESSION_NOT_FOUND")


def test_a_download_outlives_a_server_that_is_killed(tmp_path: Path, office: str) -> None:
    with serving(tmp_path / "data") as server, server.client() as client:
        session = f"/v1/sessions/{client.post('/v1/sessions').json()['session_id']}"
        download(client, session, office)
        kept = tmp_path / "data" / "files" / session.rpartition("/")[2] / "download" / "re_port.pdf"
        wait_until(kept.is_file, "the download to be kept")
        server.process.kill()
        server.process.wait()
    with serving(tmp_path / "data") as server, server.client() as client:
        assert listed(client, session) == [("re_port.pdf", "download", len(REPORT))]


def test_a_download_that_is_too_large_is_cancelled(tmp_path: Path, office: str) -> None:
    with serving(tmp_path / "data", MAX_DOWNLOAD_BYTES=1024) as server, server.client() as client:
        session = f"/v1/sessions/{client.post('/v1/sessions').json()['session_id']}"
        client.post(f"{session}/navigate", json={"url": f"{office}large"})
        run_to_end(client, session, "Download Yearly report.")
        assert listed(client, session) == []


def test_a_page_that_downloads_without_end_fills_no_disk(tmp_path: Path, office: str) -> None:
    with serving(tmp_path / "data", MAX_FILES=2) as server, server.client() as client:
        session = f"/v1/sessions/{client.post('/v1/sessions').json()['session_id']}"
        for _ in range(6):
            client.post(f"{session}/navigate", json={"url": f"{office}report"})
        assert len(listed(client, session)) == 2
        saved = (tmp_path / "data" / "browsers").glob
        # The browser removes what it is told to stop, a moment later.
        wait_until(lambda: sum(path.is_file() for path in saved("*/downloads/*")) == 2, "the end of the others")


def test_limits_and_what_outlives_a_restart(tmp_path: Path) -> None:
    limits: dict[str, Any] = {"MAX_FILE_BYTES": 2000, "MAX_FILES": 2, "UPLOAD_TYPES": ".txt,image/*"}
    with serving(tmp_path / "data", **limits) as server, server.client() as client:
        session = f"/v1/sessions/{client.post('/v1/sessions').json()['session_id']}"

        def offer(name: str, size: int) -> httpx.Response:
            return client.post(f"{session}/files", params={"name": name}, content=b"x" * size)

        error = problem_of(offer("a.txt", 2001), 413, "FILE_TOO_LARGE")
        assert error["details"] == {"limit_bytes": 2000}
        problem_of(offer("a.exe", 1), 422, "FILE_TYPE_REFUSED")
        assert [offer(name, 2000).status_code for name in ("a.txt", "b.png")] == [200, 200]
        assert problem_of(offer("c.txt", 1), 429, "FILE_LIMIT_REACHED")["details"] == {"limit": 2, "current": 2}
    with serving(tmp_path / "data", **limits) as server, server.client() as client:
        assert [name for name, _, _ in listed(client, session)] == ["a.txt", "b.png"]
