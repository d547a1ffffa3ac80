"""A chat is left unread while two pages look on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.commands import mark_read
from tests.faults.desk import AGENTS
from tests.faults.stories import TOLD_TWO, Story, bia_wrote

if TYPE_CHECKING:
    from tests.faults.desk import Desk

ANA, BETO, CAIO = AGENTS


def ana_answered_and_read(desk: Desk) -> str:
    """Nothing is unread, and the chat is in the lists of both."""
    chat_id = bia_wrote(desk)
    desk.answers(ANA, chat_id, "um")
    desk.until_quiet()
    message = desk.screens[0].state()["messages"][-1]
    desk.reads(ANA, chat_id, message["key"])
    return chat_id


def _leaves_unread(desk: Desk, chat_id: str) -> None:
    """Twice, as by a double click: the second changes nothing."""
    for _ in range(2):
        desk.do(lambda world: mark_read.mark_unread(world, ANA, chat_id), function="mark_unread")


STORIES = [
    Story(
        "mark_unread",
        {"mark_unread": "GetItem PutItem GetItem", "publish": f"Query Query {TOLD_TWO}"},
        ana_answered_and_read,
        _leaves_unread,
    ),
]
