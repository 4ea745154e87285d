"""One browser process: spawned with a DevTools pipe, watched through a pidfd, ended as a process group."""

import asyncio
import fcntl
import os
import signal
import socket
from collections.abc import Mapping
from typing import Final

from outrider.problems import OutriderError

#: DevTools reads commands on descriptor 3 and writes answers on 4; both are one end of a socket pair here.
_PIPE_DESCRIPTORS: Final = (3, 4)
_STDERR_LIMIT: Final = 8192
_STDERR_SHOWN_LINES: Final = 3
#: Bubblewrap, like a shell, ends with this plus the number of the signal that ended what it ran.
_SIGNALLED: Final = 128


class BrowserProcess:
    """A running browser; the leader of a process group of its own.

    When the server dies, however it dies, the pipe closes and the browser ends by itself. A frozen one would not
    notice; but then its group is orphaned, and the kernel wakes up a stopped group to that with SIGHUP and SIGCONT
    (POSIX, ``_exit``). It does so only within one session, which is why the group has none of its own.
    """

    def __init__(self, pid: int, stderr: int) -> None:
        self.pid = pid
        self._loop = asyncio.get_running_loop()
        self._ended: asyncio.Future[str] = self._loop.create_future()
        self._tail = bytearray()
        self._stderr = stderr
        self._pidfd = os.pidfd_open(pid)
        self._loop.add_reader(self._stderr, self._read_stderr)
        self._loop.add_reader(self._pidfd, self._reap)

    @property
    def has_ended(self) -> bool:
        """The process is gone and reaped."""
        return self._ended.done()

    async def ended(self) -> str:
        """Wait for the end, and say why in words: ``exit status 1`` or ``signal SIGKILL``."""
        return await asyncio.shield(self._ended)

    @property
    def last_words(self) -> str:
        """The last lines that the browser wrote to its standard error."""
        lines = self._tail.decode("utf-8", "replace").strip().splitlines()
        return " | ".join(line.strip() for line in lines[-_STDERR_SHOWN_LINES:])

    def kill(self) -> None:
        """Send SIGKILL to the whole group. Harmless when it has ended."""
        self._signal(signal.SIGKILL)

    def freeze(self) -> None:
        """Stop the whole group: no process of it runs, and no file of it changes."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let a frozen group go on."""
        self._signal(signal.SIGCONT)

    def reap_group(self) -> None:
        """Collect members of the group that were handed to us (we are init in a container)."""
        try:
            while os.waitpid(-self.pid, os.WNOHANG)[0]:
                pass
        except ChildProcessError:
            return

    def _signal(self, number: signal.Signals) -> None:
        try:
            os.killpg(self.pid, number)
        except (ProcessLookupError, PermissionError):
            return

    def _reap(self) -> None:
        self._loop.remove_reader(self._pidfd)
        os.close(self._pidfd)
        self._read_stderr()
        self._close_stderr()
        try:
            status = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        except ChildProcessError:
            status = 0
        if not self._ended.done():
            self._ended.set_result(_in_words(status))

    def _read_stderr(self) -> None:
        if self._stderr < 0:
            return
        try:
            chunk = os.read(self._stderr, _STDERR_LIMIT)
        except BlockingIOError:
            return
        self._tail += chunk
        del self._tail[:-_STDERR_LIMIT]
        if not chunk:
            self._close_stderr()

    def _close_stderr(self) -> None:
        if self._stderr >= 0:
            self._loop.remove_reader(self._stderr)
            os.close(self._stderr)
            self._stderr = -1


def spawn(arguments: list[str], environment: Mapping[str, str]) -> tuple[BrowserProcess, socket.socket]:
    """Start a browser, and hand back the process with our end of its DevTools pipe.

    Raises BROWSER_START_FAILED when the program can't be executed.
    """
    ours, theirs = socket.socketpair()
    with theirs:
        reader, writer = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
        try:
            pid = _spawn(arguments, environment, pipe=theirs.fileno(), stderr=writer)
        except OSError as error:
            ours.close()
            os.close(reader)
            raise OutriderError(
                "BROWSER_START_FAILED", reason=f"{arguments[0]} can't be run: {error.strerror}"
            ) from error
        finally:
            os.close(writer)
    ours.setblocking(False)
    return BrowserProcess(pid, reader), ours


def _spawn(arguments: list[str], environment: Mapping[str, str], *, pipe: int, stderr: int) -> int:
    # Copies above the targets, so that no dup2 onto 0 to 4 overwrites one that is still needed.
    copies = [fcntl.fcntl(source, fcntl.F_DUPFD_CLOEXEC, 10) for source in (pipe, stderr)]
    null = os.open(os.devnull, os.O_RDWR | os.O_CLOEXEC)
    try:
        actions = [(os.POSIX_SPAWN_DUP2, null, 0), (os.POSIX_SPAWN_DUP2, null, 1), (os.POSIX_SPAWN_DUP2, copies[1], 2)]
        actions += [(os.POSIX_SPAWN_DUP2, copies[0], target) for target in _PIPE_DESCRIPTORS]
        return os.posix_spawn(arguments[0], arguments, environment, file_actions=actions, setpgroup=0)
    finally:
        for descriptor in (*copies, null):
            os.close(descriptor)


def _in_words(status: int) -> str:
    names = {each.value: each.name for each in signal.Signals}
    if status < 0:
        return f"signal {names.get(-status, -status)}"
    name = names.get(status - _SIGNALLED)
    return f"signal {name}" if name else f"exit status {status}"
