"""What the table's stream asks to be sent: derived, so that no crash leaves half a decision."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING

from chalicelib.domain.delivery import Status
from chalicelib.gateways.queues import Entry

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chalicelib.domain.message import Message
    from chalicelib.world import World


def dispatch(world: World, written: Iterable[Message]) -> None:
    """Put every newly queued message on the outbound lane, in the order of its chat.

    Repeating it is harmless: the lane drops what it saw in the last minutes, and `deliver` sends
    only what is still queued.
    """
    in_order = sorted(written, key=lambda message: message.rev)  # the stream's is per row only
    entries = [_entry(message) for message in in_order if message.status is Status.QUEUED]
    if entries:
        world.queues.send(world.settings.outbound_queue, entries)


def _entry(message: Message) -> Entry:
    name = f"{message.chat_id}/{message.key}"
    return Entry(
        body=json.dumps({"chat_id": message.chat_id, "key": message.key}),
        group=message.chat_id,
        deduplication=sha256(name.encode()).hexdigest(),
    )
