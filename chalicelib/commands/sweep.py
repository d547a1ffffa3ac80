"""What no schedule brought in time is found, and brought (SCH-7)."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING

from chalicelib.commands import dispatch
from chalicelib.gateways.queues import Entry
from chalicelib.stores import timers

if TYPE_CHECKING:
    from chalicelib.world import World

LATE = timedelta(minutes=2)  # an ordinary promise is kept within seconds
AT_ONCE = 50  # of each kind of row
SOON = timedelta(seconds=60)


def sweep(world: World) -> None:
    """Put every promise that is late by two minutes on the queue `due`, each for itself.

    There one that cannot be kept hinders no other. When there may be more than were looked at, the
    next look follows in a minute, once these are kept. Twice is harmless, as each of them is.
    """
    late = list(timers.late(world.now() - LATE, limit=AT_ONCE))
    dispatch.arm(world, late)
    if len(late) >= AT_ONCE:
        again = Entry(json.dumps({"what": "sweep"}), delay=SOON)
        world.queues.send(world.settings.due_queue, [again])
