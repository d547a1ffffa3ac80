"""A chat is read, or left unread, for everyone (READ-1, READ-2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.commands.attempts import until_settled
from chalicelib.domain import chat as chats
from chalicelib.domain import errors
from chalicelib.domain.access import may_read
from chalicelib.domain.revision import revised
from chalicelib.stores import chats as store
from chalicelib.stores.chats import Change

if TYPE_CHECKING:
    from chalicelib.domain.access import Agent
    from chalicelib.domain.chat import Chat
    from chalicelib.world import World


def mark_read(world: World, agent: Agent, chat_id: str, up_to: str) -> Chat:
    """Mark the chat read up to a message that the agent has on screen; returns the chat.

    A message of the contact newer than `up_to` keeps it unread: its reader has not seen it. If the
    agency says so, the contact is to be told of what was read (commands/tell_channel.py).
    Raises NotFound or Contended.
    """

    def decide() -> Chat:
        chat = store.resolve(chat_id)
        if chat is None or not may_read(chat, agent):
            raise errors.NotFound()
        after = chats.read(chat, up_to)
        if after is chat:
            return chat
        if world.preferences()["read_receipts"]:
            after = chats.receipted(after)
        after = revised(chat, after)
        store.commit(Change(before=chat, after=after))
        return after

    return until_settled(world, decide)


def mark_unread(world: World, agent: Agent, chat_id: str) -> Chat:
    """«Marcar como não lido»: unread for everyone, until it is entered again (READ-2).

    A chat that is unread already stays as it is. Returns the chat. Raises NotFound or Contended.
    """

    def decide() -> Chat:
        chat = store.resolve(chat_id)
        if chat is None or not may_read(chat, agent):
            raise errors.NotFound()
        after = chats.left_unread(chat)
        if after is chat:
            return chat
        after = revised(chat, after)
        store.commit(Change(before=chat, after=after))
        return after

    return until_settled(world, decide)
