"""Starts MiniStack, with two things of its own put right. Runs in the emulator's environment.

After every call of a function MiniStack 1.5.33 waits up to 50 ms for a line of log, which a
function that has nothing to say never writes. It is most of what a warm call costs there, and no
part of what AWS does; a line that comes later is read with the next call's.

Where roles are enforced it takes every schedule for one of the group `default`: AWS asks for the
right to the schedule in the group that the request names, and our roles have no other.
"""

import json
import sys
from typing import Any

from ministack.app import main
from ministack.core import iam_actions
from ministack.core.lambda_runtime import Worker

FIRST_LINE_SECONDS = 0.002
QUIET_SECONDS = 0.005
LONGEST_SECONDS = 0.25

resource_of = iam_actions.extract_resource_arn


def resource_in_its_group(
    service: str, method: str, path: str, headers: Any, body: bytes, *more: Any
) -> Any:
    """The resource of a request; of a new schedule, with the group that its body names."""
    found = resource_of(service, method, path, headers, body, *more)
    if service == "scheduler" and method == "POST" and ":schedule/default/" in found:
        group = json.loads(body or b"{}").get("GroupName", "default")
        return found.replace(":schedule/default/", f":schedule/{group}/")
    return found


if __name__ == "__main__":
    Worker._drain_stderr_bounded.__defaults__ = (
        FIRST_LINE_SECONDS,
        QUIET_SECONDS,
        LONGEST_SECONDS,
    )
    iam_actions.extract_resource_arn = resource_in_its_group
    sys.exit(main())
