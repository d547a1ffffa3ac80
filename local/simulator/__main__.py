"""Starts the simulator: `python -m local.simulator --port 8401 --webhook ... --state DIR`."""

import argparse
from pathlib import Path

import uvicorn

from .app import build
from .connection import CuttableProtocol
from .options import Options
from .world import World

# Of the other two channels; docs/simulator.md says what stands where none is given.
TEXTS = (
    "app_id", "page_id", "page_name", "page_token", "page_app_secret", "page_verify_token",
    "instagram_id", "instagram_username", "instagram_token", "instagram_app_secret",
    "instagram_verify_token",
)  # fmt: skip


def server(world: World, host: str, port: int) -> uvicorn.Server:
    """The HTTP server around one simulator; connections of open pages do not hold its end."""
    return uvicorn.Server(
        uvicorn.Config(
            build(world),
            host=host,
            port=port,
            http=CuttableProtocol,
            loop="asyncio",
            log_level="warning",
            access_log=False,
            timeout_graceful_shutdown=1,
        )
    )


def main() -> None:
    """Read the command line and serve until stopped."""
    parser = argparse.ArgumentParser(prog="local.simulator", description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--webhook", required=True, help="where the product takes webhooks")
    parser.add_argument("--app-secret", required=True)
    parser.add_argument("--verify-token", required=True)
    parser.add_argument("--token", required=True, help="the bearer token that the product uses")
    parser.add_argument("--phone-number-id", required=True)
    parser.add_argument("--display", required=True, help="the business number as people write it")
    parser.add_argument("--waba-id", required=True)
    for name in TEXTS:
        flag = f"--{name.replace('_', '-')}"
        parser.add_argument(flag, default=getattr(Options, name))
    parser.add_argument("--verified-name", default=Options.verified_name)
    parser.add_argument("--state", type=Path, default=None, help="directory that survives restarts")
    parser.add_argument("--delivered-after", type=float, default=Options.delivered_after)
    parser.add_argument("--read-after", type=float, default=Options.read_after)
    given = vars(parser.parse_args())
    host, port = given.pop("host"), given.pop("port")
    server(World(Options(**given)), host, port).run()


if __name__ == "__main__":
    main()
