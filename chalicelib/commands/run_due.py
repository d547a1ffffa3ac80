"""What is due is done: the steps of long jobs, and what need not be done at once (LGPD)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalicelib.commands import edit_contact as editing
from chalicelib.commands import erase_contact as erasing
from chalicelib.commands import forget_message as forgetting
from chalicelib.domain.ids import MessageKey

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalicelib.world import World


def run(world: World, due: Mapping[str, Any]) -> None:
    """Do what the message of the queue `due` names; once is as good as twice, late is fine.

    Raises ValueError for what this version does not know, so that it is kept and looked at.
    """
    what = due["what"]
    if what == "erase_contact":
        erasing.go_on(world, due["chat_id"])
    elif what == "erase_files":
        erasing.look_again(world, due["chat_ids"])
    elif what == "forget_pictures":
        editing.forget_pictures(world, due["chat_id"], due["keys"])
    elif what == "forget_message":
        key = MessageKey(due["key"])
        forgetting.forget(world, due["chat_id"], key, due.get("after"))
    else:
        raise ValueError(f"nothing is known of {what!r}")
