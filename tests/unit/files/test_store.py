"""Files of sessions on disk: limits, names, kinds, what a browser gets and gives, what outlives its session."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from outrider.files.store import FileKind, FileStore
from outrider.problems import OutriderError

SESSION = "s-1"


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "files", max_bytes=10, max_files=3, types=[])


@pytest.fixture
def browser(tmp_path: Path) -> Path:
    """A browser's folder, with what it has downloaded."""
    for name in ("downloads", "uploads"):
        (tmp_path / "browser" / name).mkdir(parents=True)
    (tmp_path / "browser" / "downloads" / "report.pdf").write_bytes(b"pdf")
    return tmp_path / "browser"


def names(store: FileStore) -> list[str]:
    return [file.name for file in store.all(SESSION)]


def code_of(store: FileStore, name: str, content: bytes = b"") -> str:
    with pytest.raises(OutriderError) as caught:
        store.offer(SESSION, name, content)
    return caught.value.code


def test_an_offered_file_is_kept_under_a_safe_name(store: FileStore) -> None:
    file = store.offer(SESSION, "../../etc/passwd.csv", b"a,b")
    assert (file.name, file.kind, file.bytes, file.media_type) == ("passwd.csv", FileKind.UPLOAD, 3, "text/csv")
    assert store.get(SESSION, "passwd.csv").path.read_bytes() == b"a,b"
    assert store.offer(SESSION, "passwd.csv", b"c").bytes == 1
    assert names(store) == ["passwd.csv"]


@pytest.mark.parametrize(
    "name", ["", ".", "..", "../passwd.csv", "/etc/passwd", "passwd.csv\x00", "uploads/passwd.csv"]
)
def test_only_names_of_the_list_are_found(store: FileStore, name: str) -> None:
    store.offer(SESSION, "passwd.csv", b"a,b")
    with pytest.raises(OutriderError) as caught:
        store.get(SESSION, name)
    assert caught.value.code == "FILE_NOT_FOUND"
    assert store.remove(SESSION, name) is False


def test_what_is_too_much_is_refused(store: FileStore) -> None:
    assert code_of(store, "a.txt", b"x" * 11) == "FILE_TOO_LARGE"
    for name in ("a", "b", "c"):
        store.offer(SESSION, name, b"x" * 10)
    assert code_of(store, "d") == "FILE_LIMIT_REACHED"
    store.offer(SESSION, "c", b"again")
    assert store.remove(SESSION, "c") is True
    assert store.offer(SESSION, "d", b"").name == "d"


@pytest.mark.parametrize(
    ("name", "allowed"), [("a.pdf", True), ("a.PNG", True), ("a.csv", True), ("a.exe", False), ("a", False)]
)
def test_types_of_files(tmp_path: Path, name: str, allowed: bool) -> None:
    store = FileStore(tmp_path, max_bytes=10, max_files=3, types=["application/pdf", "image/*", ".csv"])
    if allowed:
        assert store.offer(SESSION, name, b"x").name == name
    else:
        assert code_of(store, name) == "FILE_TYPE_REFUSED"


def test_downloads_are_taken_in_once_and_outlive_their_browser(store: FileStore, browser: Path) -> None:
    downloaded = [browser / "downloads" / "report.pdf"]
    for _ in range(2):
        store.take_in(SESSION, downloaded, browser / "uploads")
    assert [path.name for path in (browser / "uploads").iterdir()] == ["report.pdf"]  # within reach all the while
    assert [(file.name, file.kind) for file in store.all(SESSION)] == [("report.pdf", FileKind.DOWNLOAD)]
    assert code_of(store, "report.pdf") == "FILE_EXISTS"
    downloaded[0].write_bytes(b"another")
    store.take_in(SESSION, downloaded)
    assert sorted(names(store)) == ["report (2).pdf", "report.pdf"]
    assert store.get(SESSION, "report.pdf").path.read_bytes() == b"pdf"


def test_a_download_that_was_removed_stays_away(store: FileStore, browser: Path) -> None:
    downloaded = [browser / "downloads" / "report.pdf"]
    store.take_in(SESSION, downloaded)
    assert store.remove(SESSION, "report.pdf") is True
    store.take_in(SESSION, downloaded)
    store.hand_out(SESSION, browser / "uploads")
    assert names(store) == []
    assert list(browser.rglob("*.pdf")) == []


def test_a_download_takes_no_name_of_an_offered_file(store: FileStore, browser: Path) -> None:
    store.offer(SESSION, "report.pdf", b"mine")
    store.take_in(SESSION, [browser / "downloads" / "report.pdf"], browser / "uploads")
    store.hand_out(SESSION, browser / "uploads")
    assert sorted(names(store)) == ["report (2).pdf", "report.pdf"]
    given = {path.name: path.read_bytes() for path in (browser / "uploads").iterdir()}
    assert given == {"report.pdf": b"mine", "report (2).pdf": b"pdf"}


def test_many_at_once_keep_to_the_limit(store: FileStore) -> None:
    def offered(number: int) -> bool:
        try:
            return store.offer(SESSION, f"{number}.txt", b"x" * 10).bytes == 10
        except OutriderError as problem:
            assert problem.code == "FILE_LIMIT_REACHED"
            return False

    with ThreadPoolExecutor(16) as pool:
        assert sum(pool.map(offered, range(64))) == 3
    assert len(names(store)) == 3


def test_what_is_removed_while_it_is_looked_at_is_no_failure(store: FileStore, browser: Path) -> None:
    def turn(number: int) -> None:
        if number % 2:
            store.offer(SESSION, "a.txt", b"x")
            store.hand_out(SESSION, browser / "uploads")
        else:
            store.all(SESSION)
            store.remove(SESSION, "a.txt")

    with ThreadPoolExecutor(8) as pool:
        for done in [pool.submit(turn, number) for number in range(400)]:
            done.result()


def test_a_browser_gets_what_the_session_has_and_loses_what_is_removed(store: FileStore, browser: Path) -> None:
    uploads = browser / "uploads"
    store.offer(SESSION, "a.txt", b"one")
    store.take_in(SESSION, [browser / "downloads" / "report.pdf"])
    store.hand_out(SESSION, uploads)
    assert sorted(path.name for path in uploads.iterdir()) == ["a.txt", "report.pdf"]
    store.offer(SESSION, "a.txt", b"two")
    store.remove(SESSION, "report.pdf")
    store.hand_out(SESSION, uploads)
    assert {path.name: path.read_bytes() for path in uploads.iterdir()} == {"a.txt": b"two"}


def test_evidence_is_no_upload_and_counts_for_nothing(store: FileStore, browser: Path) -> None:
    for _ in range(5):
        store.witness(SESSION, "task-1-1.jpg", b"jpeg")
    assert {file.kind for file in store.all(SESSION)} == {FileKind.EVIDENCE}
    assert len(set(names(store))) == 5
    assert code_of(store, "task-1-1.jpg") == "FILE_EXISTS"
    store.offer(SESSION, "a.txt", b"x")
    store.take_in(SESSION, [browser / "downloads" / "report.pdf"])
    store.hand_out(SESSION, browser / "uploads")
    assert {path.name for path in (browser / "uploads").iterdir()} == {"a.txt", "report.pdf"}


def test_files_go_with_their_session_unless_they_are_kept(store: FileStore) -> None:
    for session_id in ("s-1", "s-2"):
        store.offer(session_id, "a.txt", b"x")
    store.keep("s-2")
    for session_id in ("s-1", "s-2"):
        store.end(session_id)
    assert store.sessions() == ("s-2",)
    assert store.kept_since("s-1") is None
    assert store.kept_since("s-2") is not None
    assert [file.name for file in store.all("s-2")] == ["a.txt"]
    store.purge("s-2")
    assert store.sessions() == ()
