"""What is due is done: the steps of long jobs, and what need not be done at once (LGPD)."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from chalicelib.commands import close as closing
from chalicelib.commands import edit_contact as editing
from chalicelib.commands import erase_contact as erasing
from chalicelib.commands import forget_message as forgetting
from chalicelib.commands import remind, run_schedule, tell_unknown
from chalicelib.commands import session as sessions
from chalicelib.commands import step_flow as stepping
from chalicelib.commands import sweep as sweeping
from chalicelib.domain import timer as timers
from chalicelib.domain.ids import MessageKey
from chalicelib.gateways.queues import Entry

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from chalicelib.domain.timer import Timer
    from chalicelib.world import World


def run(world: World, due: Mapping[str, Any]) -> None:
    """Do what the message of the queue `due` names; once is as good as twice, late is fine.

    Raises ValueError for what this version does not know, so that it is kept and looked at.
    """
    what = due["what"]
    if what in KEEPERS:
        keep(world, timers.heard(due))
    elif what == "erase_contact":
        erasing.go_on(world, due["chat_id"])
    elif what == "erase_files":
        erasing.look_again(world, due["chat_ids"])
    elif what == "forget_pictures":
        editing.forget_pictures(world, due["chat_id"], due["keys"])
    elif what == "forget_message":
        key = MessageKey(due["key"])
        forgetting.forget(world, due["chat_id"], key, due.get("after"))
    elif what == "sweep":
        sweeping.sweep(world)
    else:
        raise ValueError(f"nothing is known of {what!r}")


def keep(world: World, timer: Timer) -> None:
    """Keep a promise: whoever made it looks whether it still does. One that is early waits."""
    left = timer.at - world.now()
    if left > NOW:
        # However early it is: what comes back before its time is put back once more.
        delay = min(left, timers.LONGEST_DELAY)
        world.queues.send(world.settings.due_queue, [Entry(json.dumps(timer.told()), delay=delay)])
        return
    KEEPERS[timer.what](world, timer)


NOW = timedelta(0)
KEEPERS: dict[str, Callable[[World, Timer], None]] = {
    "closing": closing.on_time,
    "flow": stepping.on_time,
    "session": sessions.look,
    "schedule": run_schedule.fire,
    "note": remind.of_note,
    "appointment": remind.of_appointment,
    "send": tell_unknown.tell,
}
