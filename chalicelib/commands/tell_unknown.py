"""A send of which nothing was heard for long is spoken of in its chat (SCH-5, CHAT-4)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from chalicelib.commands.attempts import until_settled
from chalicelib.domain import timer as timers
from chalicelib.domain.message import line, system_line
from chalicelib.domain.revision import revised
from chalicelib.stores import chats as store
from chalicelib.stores.chats import Change

if TYPE_CHECKING:
    from chalicelib.domain.timer import Timer
    from chalicelib.world import World


def tell(world: World, timer: Timer) -> None:
    """Say in the chat that it may not have gone out, once, if still nothing is known of it.

    Nothing, when its message does not promise that any more: a receipt came, or it was sent again.
    """

    def decide() -> None:
        message = store.load_message(timer.chat_id, timer.subject)
        chat = store.resolve(timer.chat_id)
        if message is None or chat is None or timer not in timers.of_message(message):
            return
        said = line("send_unknown", None, message.key)
        told = system_line(chat, said, world.now(), message.key)
        after = revised(chat, chat, [told.key])
        spoken_of = replace(message, unknown_at=None, version=message.version + 1)
        store.commit_or_again(
            Change(
                before=chat,
                after=after,
                new=(told.at_revision(after.rev),),
                changed=(spoken_of,),
            )
        )

    until_settled(world, decide)
