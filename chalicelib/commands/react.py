"""An agent reacts to a message (CHAT-7)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from chalicelib.commands.attempts import until_settled
from chalicelib.domain import errors
from chalicelib.domain.access import may_read
from chalicelib.domain.media import RULES
from chalicelib.domain.message import Reaction, our_reaction, with_reaction
from chalicelib.domain.revision import revised
from chalicelib.stores import chats as store
from chalicelib.stores.chats import Change

if TYPE_CHECKING:
    from chalicelib.domain.access import Agent
    from chalicelib.domain.chat import Chat
    from chalicelib.domain.ids import MessageKey
    from chalicelib.domain.message import Message
    from chalicelib.world import World

AFTERWARDS = timedelta(milliseconds=1)


def react(world: World, agent: Agent, chat_id: str, key: MessageKey, emoji: str | None) -> Message:
    """Put our emoji on a message, in the place of the one before, or with None take it back.

    One reaction is ours, whoever of us made it. It is shown at once, on its way, and is no answer:
    it opens nothing, assigns nobody and changes no order. The same again changes nothing.
    Raises NotFound, NotOnThisChannel (also for what no channel knows: lines, internal messages,
    what was not sent yet), ContactBlocked, ChannelUnavailable, SessionClosed or Contended.
    """

    def decide() -> Message:
        chat = store.resolve(chat_id)
        if chat is None or not may_read(chat, agent):
            raise errors.NotFound()
        found = (store.load_message(partition, key) for partition in chat.partitions)
        message = next((one for one in found if one is not None), None)
        if message is None or message.deleted_at is not None:
            raise errors.NotFound()
        ours = our_reaction(message)
        standing = ours if ours is not None and ours.state != "failed" else None
        if (standing.emoji if standing else "") == (emoji or ""):
            return message
        _check(world, chat, message)
        now = world.now()
        if ours is not None:
            now = max(now, ours.at + AFTERWARDS)
        made = Reaction("agent", emoji or "", now, agent_id=agent.agent_id, state="pending")
        after = revised(chat, chat, [message.key])
        marked = replace(with_reaction(message, made), rev=after.rev, version=message.version + 1)
        store.commit(Change(before=chat, after=after, changed=(marked,)))
        return marked

    return until_settled(world, decide)


def _check(world: World, chat: Chat, message: Message) -> None:
    """Whether our reaction could reach the contact now."""
    if not RULES[chat.channel]["reactions"] or message.internal or message.provider_id is None:
        raise errors.NotOnThisChannel()
    if chat.blocked:
        raise errors.ContactBlocked()
    if not chat.session.may_write_freely(world.now()):
        raise errors.SessionClosed()
    if not world.sender(chat.channel, chat.account).active:
        raise errors.ChannelUnavailable(problem="disabled")
