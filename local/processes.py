"""Child processes that never outlive us, and the ports they listen on."""

import contextlib
import ctypes
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

PR_SET_PDEATHSIG = 1
LINES_SHOWN = 25


class StartFailed(Exception):
    """Something did not start. The message says what, and ends with its last log lines."""


class Processes:
    """The children of one stack, each in a group of its own, stopped in reverse order."""

    def __init__(self, logs: Path) -> None:
        """`logs` is the folder that gets one file per child."""
        self.logs = logs
        self.logs.mkdir(parents=True, exist_ok=True)
        self.children: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, name: str, command: Sequence[str], environment: Mapping[str, str]) -> None:
        """Start a child whose output goes to `<name>.log`, emptied first."""
        with (self.logs / f"{name}.log").open("wb") as log:
            self.children[name] = subprocess.Popen(
                command,
                env=dict(environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=die_with_parent,
            )

    def wait_for(self, name: str, url: str, seconds: float = 30) -> None:
        """Return once `url` answers anything but a refusal. Raises `StartFailed`."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self.check()
            if answers(url):
                return
            time.sleep(0.05)
        raise StartFailed(f"{name} did not answer at {url} in {seconds:.0f} s\n{self.tail(name)}")

    def check(self) -> None:
        """Raise `StartFailed` if any child has ended."""
        for name, child in self.children.items():
            if (code := child.poll()) is not None:
                raise StartFailed(f"{name} ended with {code}\n{self.tail(name)}")

    def tail(self, name: str) -> str:
        """The last lines of a child's log."""
        log = self.logs / f"{name}.log"
        lines = log.read_text(errors="replace").splitlines() if log.is_file() else []
        return "\n".join([f"--- {log}", *lines[-LINES_SHOWN:]])

    def stop(self, name: str, patience: float = 20) -> None:
        """Ask a child to end, wait, then end whatever is left of its group."""
        child = self.children.pop(name, None)
        if child is None:
            return
        if child.poll() is None:
            child.send_signal(signal.SIGTERM)
            try:
                child.wait(patience)
            except subprocess.TimeoutExpired:
                child.kill()
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()

    def stop_all(self) -> None:
        """Stop every child, the last started first."""
        for name in reversed(list(self.children)):
            self.stop(name)


def die_with_parent() -> None:
    """Have the kernel end this child when its parent ends, however that happens (Linux)."""
    with contextlib.suppress(AttributeError, OSError):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def answers(url: str) -> bool:
    """Whether a server answers there, whatever it says."""
    try:
        with urllib.request.urlopen(url, timeout=2):
            return True
    except urllib.error.HTTPError:
        return True
    except (OSError, urllib.error.URLError):
        return False


def is_free(port: int) -> bool:
    """Whether nothing listens on that port of 127.0.0.1."""
    with socket.socket() as one:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            one.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def choose_ports(
    wanted: Mapping[str, int], remembered: Mapping[str, int], free: Callable[[int], bool] = is_free
) -> dict[str, int]:
    """A free port for every name: the one remembered, else the one wanted, else the next above.

    A wanted port of 0 leaves the choice to the system.
    """
    found: dict[str, int] = {}
    for name, port in wanted.items():
        tried = [remembered[name]] if name in remembered else []
        tried += range(port, port + 200) if port else any_ports()
        found[name] = next(one for one in tried if one not in found.values() and free(one))
    return found


def any_ports() -> list[int]:
    """Ports that the system says are free."""
    held = [socket.socket() for _ in range(8)]
    try:
        for one in held:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in held]
    finally:
        for one in held:
            one.close()
