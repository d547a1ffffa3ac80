"""A reaction, an edit or a deletion comes to the message that it is about (CHAT-7, INB-4)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from chalicelib.commands.attempts import until_settled
from chalicelib.commands.identify import Identified
from chalicelib.domain import chat as chats
from chalicelib.domain.marks import applied, author_of, newer
from chalicelib.domain.revision import revised
from chalicelib.logs import count
from chalicelib.stores import chats as store
from chalicelib.stores import marks as marking
from chalicelib.stores.chats import Change, Write

if TYPE_CHECKING:
    from chalicelib.domain.chat import Chat
    from chalicelib.domain.inbound import Mark
    from chalicelib.domain.message import Message
    from chalicelib.world import World

NEWEST = 100  # messages among which one may be that the index does not know yet


def mark(world: World, done: Mark) -> None:
    """Change the message as the mark says, unless a later one of its kind was told (INB-3).

    A message that is not here yet finds the mark when it comes. A mark is no message of the
    contact: it opens nothing, changes no order, session or unread mark. What a blocked contact does
    is counted and not kept (BLOCK-2).
    """
    whose = Identified(world, done)

    def decide() -> None:
        before = whose.chat()
        if before is not None and before.blocked and not done.echo:
            count("BlockedMessages")
            return
        after = whose.known_or_begun(before)
        target = None if before is None else _target(before, done.target)
        changed: tuple[Message, ...] = ()
        parked: tuple[Write, ...] = ()
        if target is None:
            after, parked = _parked(after, done)
        else:
            marked = applied(target, done)
            if marked != target:
                after = chats.followed(after, marked)
                changed = (marked,)
        if before is not None and after == before and not (changed or parked):
            return
        after = revised(before, after, [one.key for one in changed])
        store.commit(
            Change(
                before=before,
                after=after,
                changed=tuple(
                    replace(one, rev=after.rev, version=one.version + 1) for one in changed
                ),
                identities=whose.taught(after),
                beside=parked,
            )
        )

    until_settled(world, decide)


def _target(chat: Chat, provider_id: str) -> Message | None:
    """The message of this chat that the provider calls so."""
    found = store.find_by_provider_id(provider_id)
    if found is not None and found.chat_id in chat.partitions:
        return found
    recent = store.page_of_messages(chat, limit=NEWEST)
    return next((one for one in recent if one.provider_id == provider_id), None)


def _parked(chat: Chat, done: Mark) -> tuple[Chat, tuple[Write, ...]]:
    """The chat that waits for the message, and the mark's row; nothing, when that is no news."""
    if chats.awaits(chat, done.target):
        waiting, _ = marking.parked(chat, done.target)
        same = (one for one in waiting if _kind(one) == _kind(done))
        if not all(newer(done, known) for known in same):
            return chat, ()
    return chats.awaiting(chat, done.target), (marking.parking(chat, done),)


def _kind(done: Mark) -> tuple[str, str]:
    return done.what, author_of(done)
