"""`make bench`: all that is measured, or the parts that are named. Also .local/bench.json."""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

from bench import capacity, coldstart, flow, latency, parser, restart, web
from bench.capacity import OPERATION_COLUMNS, Operation
from bench.figures import FIGURE_COLUMNS, Figure, table
from infra.package import ROOT, package
from local.stack import running

OUTPUT = ROOT / ".local" / "bench.json"
TITLES = {
    "coldstart": "Cold start (floor: chalice and a DynamoDB client of botocore)",
    "parser": "A webhook's events, taken apart and read on one core",
    "flow": "A flow's nodes, run on one core",
    "latency": "From the webhook to the socket (floor: the same pipeline, empty)",
    "capacity": "DynamoDB calls and capacity",
    "web": "The page",
    "restart": "The stack on this machine",
}


def main() -> None:
    """Print the figures and keep them. What is over its budget is marked, and fails nothing."""
    options = argparse.ArgumentParser(description=main.__doc__)
    options.add_argument("parts", nargs="*", metavar=f"{{{','.join(TITLES)}}}")
    options.add_argument(
        "--chats", type=int, default=capacity.LARGE, help="of the larger table of `capacity`"
    )
    given = options.parse_args()
    wanted = given.parts or list(TITLES)
    if unknown := set(wanted) - TITLES.keys():
        options.error(f"no such part: {', '.join(sorted(unknown))}")
    found: dict[str, list[Figure] | list[Operation]] = {}
    for part, figures in measured(wanted, given.chats):
        found[part] = figures
        columns = OPERATION_COLUMNS if part == "capacity" else FIGURE_COLUMNS
        print(table(TITLES[part], columns, [one.row() for one in figures]), flush=True)
        keep(part, figures)
    over = [one.name for figures in found.values() for one in figures if one.verdict == "over"]
    print(f"\nOver budget: {'; '.join(over)}" if over else "\nNothing is over its budget.")


def measured(wanted: list[str], chats: int) -> Iterator[tuple[str, Any]]:
    """Each part's figures as soon as they are known. The stack that is measured is a fresh one."""
    if "coldstart" in wanted:
        yield "coldstart", coldstart.measure(package())
    if "parser" in wanted:
        yield "parser", parser.measure()
    if "flow" in wanted:
        yield "flow", flow.measure()
    if {"latency", "capacity", "web"} & set(wanted):
        with running(say=say) as stack:
            if "latency" in wanted:
                yield "latency", latency.measure(stack, say)
            if "web" in wanted:
                yield "web", web.measure(stack, say)
            if "capacity" in wanted:
                yield "capacity", capacity.measure(stack, say, chats)
    if "restart" in wanted:
        yield "restart", restart.measure()


def keep(part: str, figures: list[Figure] | list[Operation]) -> None:
    """Write the part to .local/bench.json; parts that are not measured now stay as they were."""
    kept = json.loads(OUTPUT.read_text()) if OUTPUT.is_file() else {}
    kept[part] = {
        "measured_at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "machine": f"{os.cpu_count()} CPUs, {platform.machine()}",
        "python": platform.python_version(),
        "load": round(os.getloadavg()[1], 1),
        "figures": [one.described() for one in figures],
    }
    OUTPUT.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n")


say: Callable[[str], None] = lambda line: print(line, file=sys.stderr, flush=True)  # noqa: E731


if __name__ == "__main__":
    main()
