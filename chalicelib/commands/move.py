"""A person goes by another number or id from now on: both lead to one contact (INB-7)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.commands.identify import Identified
from chalicelib.commands.write_line import write_line
from chalicelib.domain import chat as chats
from chalicelib.domain.message import line

if TYPE_CHECKING:
    from chalicelib.domain.chat import Chat
    from chalicelib.domain.inbound import Moved
    from chalicelib.world import World


def move(world: World, news: Moved) -> None:
    """Lead both ids to one chat, merged if there were two, and say so in it.

    Nothing of it is a message of the contact. A number that nobody is told any more is forgotten,
    so that nobody is written to under it; what the person said under it stays theirs.
    """
    whose = Identified(world, news, news.before)
    numbers = news.before.phone or news.after.phone
    told = line("number_changed", None, subject_name=news.after.phone or "") if numbers else None

    def learn(chat: Chat) -> Chat:
        return chats.moved(chat, news)

    write_line(world, whose, told, learn)
