"""How long `make run` takes when nothing changed since the last time."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

from bench.figures import Figure
from infra.package import ROOT
from local.processes import StartFailed, any_ports
from local.stack import home_of

BUDGET_SECONDS = 20
PATIENCE_SECONDS = 300


def measure() -> list[Figure]:
    """Start twice on one state, in a folder of its own. Raises StartFailed."""
    port = any_ports()[0]
    home = home_of(port)
    try:
        first, second = started(port, home), started(port, home)
    finally:
        shutil.rmtree(home, ignore_errors=True)
    return [
        Figure("make run, on an empty state", first, "s"),
        Figure("make run, nothing changed", second, "s", BUDGET_SECONDS),
    ]


def started(port: int, home: Path) -> float:
    """Seconds from `make run` until .local/stack.json stands there, which is written last."""
    told = home / "stack.json"
    log = ROOT / ".local" / "bench" / "make-run.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    began = time.monotonic()
    with log.open("wb") as output:
        make = subprocess.Popen(
            ["make", "run", f"PORT={port}"],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        while not told.is_file():
            if make.poll() is not None or time.monotonic() - began > PATIENCE_SECONDS:
                raise StartFailed(f"make run did not come up\n{log.read_text()[-2000:]}")
            time.sleep(0.02)
        return time.monotonic() - began
    finally:
        if make.poll() is None:
            os.killpg(make.pid, signal.SIGTERM)
        make.wait()
