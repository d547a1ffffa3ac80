"""What we sent ourselves comes back from the channel, and is nothing new (INB-8, DESIGN §5)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from chalicelib.commands.settle import settle
from chalicelib.domain.delivery import Status, advance, read_callback
from chalicelib.domain.ids import MessageKey
from chalicelib.domain.outgoing import said
from chalicelib.stores import chats as store

if TYPE_CHECKING:
    from chalicelib.domain.chat import Chat
    from chalicelib.domain.inbound import Arrival
    from chalicelib.domain.message import Message
    from chalicelib.world import World

NEWEST = 50  # messages of a chat among which ours must be
APART = timedelta(minutes=2)  # the browser's clock and the channel's, and what lay between them


class TooEarly(Exception):
    """It may be of what is being sent this moment, whose id is not known yet: come back."""


def is_attached(world: World, arrival: Arrival) -> bool:
    """Whether an echo names a message of ours by what we attached to it; that was sent, then."""
    attached = read_callback(arrival.callback)
    if attached is None:
        return False
    return _settled(world, attached[0], MessageKey(attached[1]), arrival.provider_id)


def is_ours(world: World, chat: Chat, arrival: Arrival) -> bool:
    """Whether an echo is of a message that this desk sent to the chat.

    By its id, for which the index may be too slow. Where an answer was lost there is none: then a
    message of that text, of those minutes, is the one, and was sent. Raises TooEarly while an
    answer is still to come. WhatsApp repeats nothing that came from here.
    """
    if arrival.channel == "whatsapp":
        return False
    recent = store.page_of_messages(chat, limit=NEWEST)
    if any(one.provider_id == arrival.provider_id for one in recent):
        return True
    open_ended = [one for one in recent if _has_no_id(one, arrival)]
    now = world.now()
    if any(one.leased_until is not None and one.leased_until > now for one in open_ended):
        raise TooEarly
    return any(
        _settled(world, one.chat_id, one.key, arrival.provider_id)
        for one in open_ended
        if _says_the_same(one, arrival)
    )


def _has_no_id(message: Message, arrival: Arrival) -> bool:
    """Whether it may have gone out to the account without our knowing under which id."""
    return (
        message.status in (Status.SENDING, Status.UNKNOWN)
        and message.provider_id is None
        and message.account == arrival.account
    )


def _says_the_same(message: Message, arrival: Arrival) -> bool:
    kinds = [file.kind for file in message.files], [file.kind for file in arrival.files]
    texts = said(message).strip(), arrival.text.strip()
    return abs(message.at - arrival.at) <= APART and kinds[0] == kinds[1] and texts[0] == texts[1]


def _settled(world: World, chat_id: str, key: MessageKey, provider_id: str) -> bool:
    """Whether the message is there and may be the one; it was sent, then, under that id."""
    taken = False

    def verdict(now: Message) -> Message:
        nonlocal taken
        taken = now.status is not None and now.provider_id in (None, provider_id)
        if not taken or now.status is None:
            return now
        status = advance(now.status, Status.SENT)
        if status is now.status and now.provider_id is not None:
            return now
        return now.advanced(status, failure=now.failure, provider_id=provider_id)

    settle(world, chat_id, {key: verdict})
    return taken
