"""A contact told Meta whether they want marketing messages (META.md §2.2, INFO-3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.commands.identify import Identified
from chalicelib.commands.write_line import write_line
from chalicelib.domain import chat as chats
from chalicelib.domain.message import line

if TYPE_CHECKING:
    from chalicelib.domain.chat import Chat
    from chalicelib.domain.inbound import Preference
    from chalicelib.world import World


def prefer(world: World, news: Preference) -> None:
    """Remember what they said last, by Meta's time, and write each time that they said it."""
    told = line("marketing_resumed" if news.marketing else "marketing_stopped", None)

    def learn(chat: Chat) -> Chat:
        return chats.preferring(chat, marketing=news.marketing, at=news.at)

    write_line(world, Identified(world, news), told, learn)
