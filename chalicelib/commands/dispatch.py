"""What the table's stream asks to be sent: derived, so that no crash leaves half a decision."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING

from chalicelib.domain.chat import to_tell_of_block, to_tell_of_reading
from chalicelib.domain.delivery import Status
from chalicelib.gateways.queues import Entry

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from chalicelib.domain.chat import Chat
    from chalicelib.domain.live import ChatChanged
    from chalicelib.domain.message import Message
    from chalicelib.world import World


def dispatch(world: World, written: Iterable[Message], changed: Iterable[ChatChanged] = ()) -> None:
    """Put every newly queued message on the outbound lane, in the order of its chat.

    So is what a channel is told beside messages: a block or its end, in the chat's order, since
    what is sent next may depend on it; and that a message was read, which waits for nothing and
    holds nothing back. Repeating it is harmless: the lane drops what it saw in the last minutes,
    and what takes from it does only what is still wanted.
    """
    found = [
        (message.rev, _message(message)) for message in written if message.status is Status.QUEUED
    ]
    found += [(one.after.rev, entry) for one in changed for entry in _told(one.before, one.after)]
    found.sort(key=lambda one: one[0])  # the stream's order is per row only
    if found:
        world.queues.send(world.settings.outbound_queue, [entry for _, entry in found])


def _message(message: Message) -> Entry:
    return _entry(
        {"chat_id": message.chat_id, "key": message.key},
        group=message.chat_id,
        name=f"{message.chat_id}/{message.key}",
    )


def _told(before: Chat | None, after: Chat) -> Iterator[Entry]:
    if to_tell_of_block(before, after):
        yield _entry(
            {"chat_id": after.chat_id, "call": "block"},
            group=after.chat_id,
            name=f"{after.chat_id}/block/{after.rev}",
        )
    if to_tell_of_reading(before, after):
        yield _entry(
            {"chat_id": after.chat_id, "call": "read", "key": after.receipt_for},
            group=f"{after.chat_id}/read",
            name=f"{after.chat_id}/read/{after.receipt_for}",
        )


def _entry(body: dict[str, str | None], *, group: str, name: str) -> Entry:
    return Entry(
        body=json.dumps(body), group=group, deduplication=sha256(name.encode()).hexdigest()
    )
