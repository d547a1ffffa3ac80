"""`make run`: a whole stack on this machine until Ctrl-C."""

import argparse
import signal
import sys
import time

from infra.deploy import DeployFailed
from local.processes import StartFailed
from local.stack import PORT, Stack, home_of, running


def main() -> None:
    """Start, say where everything is, wait, stop. Ends with 1 and the reason if that fails."""
    options = argparse.ArgumentParser(description=main.__doc__)
    options.add_argument("--port", type=int, default=PORT)
    options.add_argument("--reset", action="store_true")
    options.add_argument("--auth", action="store_true", help="enforce the functions' roles")
    given = options.parse_args()
    for one in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(one, stop)
    began = time.monotonic()
    try:
        with running(port=given.port, reset=given.reset, auth=given.auth, say=say) as stack:
            say(welcome(stack, time.monotonic() - began))
            while True:
                time.sleep(1)
                stack.processes.check()
    except KeyboardInterrupt:
        say("stopped")
    except (StartFailed, DeployFailed, RuntimeError) as error:
        sys.exit(f"{error}\nNothing is left running. Logs: {home_of(given.port)}/log")


def stop(*_: object) -> None:
    """Turn a request to end into Ctrl-C; a second one while stopping changes nothing."""
    for one in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(one, signal.SIG_IGN)
    raise KeyboardInterrupt


def say(line: str) -> None:
    """Tell the person at the terminal."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def welcome(stack: Stack, seconds: float) -> str:
    """Addresses and logins."""
    logins = "\n".join(f"  {one['email']:22} {one['password']}" for one in stack.users)
    return f"""
Ready in {seconds:.1f} s. Ctrl-C stops everything.

  desk       {stack.web}
  phone      {stack.simulator}
  addresses  {stack.home}/stack.json
  logs       {stack.home}/log

{logins}
"""


if __name__ == "__main__":
    main()
