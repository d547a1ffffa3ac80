"""News of a contact that is no message: what it teaches, and a line in their chat (CHAT-3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.commands.attempts import until_settled
from chalicelib.domain.message import system_line
from chalicelib.domain.revision import revised
from chalicelib.stores import chats as store
from chalicelib.stores.chats import AlreadyThere, Change

if TYPE_CHECKING:
    from collections.abc import Callable

    from chalicelib.commands.identify import Identified
    from chalicelib.domain.chat import Chat
    from chalicelib.domain.events import SystemLine
    from chalicelib.domain.message import Message
    from chalicelib.world import World


def write_line(
    world: World,
    whose: Identified,
    told: SystemLine | None,
    learn: Callable[[Chat], Chat] = lambda chat: chat,
) -> None:
    """Let the person's chat learn it, with a line of the news' own time; told again, nothing.

    The chat of a stranger begins with it, so that what comes later finds it (INB-4). A line stands
    once, whenever it came, in whichever of the chat's partitions (INB-3).
    """
    news = whose.news

    def decide() -> None:
        before = whose.chat()
        after = learn(whose.known_or_begun(before))
        new: tuple[Message, ...] = ()
        if told is not None:
            written = system_line(after, told, news.at, told["subject_name"] or "")
            if before is None or not store.holds_message(before.partitions, written.key):
                new = (written,)
        if before is not None and after == before and not new:
            return
        after = revised(before, after, [one.key for one in new])
        store.commit(
            Change(
                before=before,
                after=after,
                new=tuple(one.at_revision(after.rev) for one in new),
                identities=whose.taught(after),
            )
        )

    try:
        until_settled(world, decide)
    except AlreadyThere:  # somebody else was told of it at the same instant
        return
