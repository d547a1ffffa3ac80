"""What a cold start pays before its first event: importing app.py from the package alone."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from bench.figures import Figure
from infra.package import Package

RUNS = 11
BUDGET = 1.5

TIMED = """
import sys, time
sys.path.insert(0, sys.argv[1])
began = time.perf_counter()
{statement}
print(time.perf_counter() - began)
"""
APP = TIMED.format(statement="import app")
FLOOR = TIMED.format(
    statement="import chalice\n"
    "import botocore.session\n"
    'botocore.session.get_session().create_client("dynamodb", region_name="us-east-1")'
)


def measure(product: Package) -> list[Figure]:
    """Medians over fresh interpreters that see nothing but the unzipped package.

    The product and the floor take turns, so that both see the same machine.
    """
    taken: dict[str, list[float]] = {APP: [], FLOOR: []}
    with tempfile.TemporaryDirectory(prefix="atendente-package-") as folder:
        with zipfile.ZipFile(product.archive) as archive:
            archive.extractall(folder)
        for _ in range(RUNS):
            for program, found in taken.items():
                found.append(seconds(program, Path(folder)))
    app, floor = (statistics.median(found) * 1000 for found in taken.values())
    return [Figure("import app", app, "ms", BUDGET, floor)]


def seconds(program: str, package: Path) -> float:
    """One run, without site-packages and our environment, and like Lambda keeping no bytecode."""
    found = subprocess.run(
        [sys.executable, "-S", "-c", program, str(package)],
        cwd=package,
        env={
            "PATH": os.defpath,
            "AWS_EC2_METADATA_DISABLED": "true",
            "PYTHONDONTWRITEBYTECODE": "1",
        },
        capture_output=True,
        text=True,
        check=True,
    )
    return float(found.stdout)
