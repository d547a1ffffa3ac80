"""A contact is marked with a stored tag, or no longer (INFO-5)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from chalicelib.commands.attempts import until_settled
from chalicelib.domain import chat as chats
from chalicelib.domain import errors
from chalicelib.domain.access import known
from chalicelib.domain.revision import revised
from chalicelib.stores import chats as store
from chalicelib.stores import labels
from chalicelib.stores.chats import Change

if TYPE_CHECKING:
    from chalicelib.domain import events
    from chalicelib.domain.access import Agent
    from chalicelib.domain.chat import Chat
    from chalicelib.world import World

TAGS_LIMIT = 30  # of one contact


def add(world: World, agent: Agent, chat_id: str, tag_id: str) -> events.Tagged:
    """Mark the contact with the tag, behind those that it has; once is as good as twice.

    Raises NotFound (of the contact or the tag), TooMany or Contended.
    """

    def decide() -> events.Tagged:
        chat = known(store.resolve(chat_id), agent)
        if tag_id in chat.tags:
            return {"tags": list(chat.tags)}
        if labels.tag(tag_id) is None:
            raise errors.NotFound()
        if len(chat.tags) >= TAGS_LIMIT:
            raise errors.TooMany(limit=TAGS_LIMIT)
        return _commit(chat, (*chat.tags, tag_id))

    return until_settled(world, decide)


def remove(world: World, agent: Agent, chat_id: str, tag_id: str) -> events.Tagged:
    """Take the tag away, if the contact has it. Raises NotFound of the contact, or Contended."""

    def decide() -> events.Tagged:
        chat = known(store.resolve(chat_id), agent)
        if tag_id not in chat.tags:
            return {"tags": list(chat.tags)}
        return _commit(chat, tuple(one for one in chat.tags if one != tag_id))

    return until_settled(world, decide)


def _commit(chat: Chat, tags: tuple[str, ...]) -> events.Tagged:
    after = revised(chat, chats.described_anew(replace(chat, tags=tags)))
    store.commit(Change(before=chat, after=after))
    return {"tags": list(after.tags)}
