"""A webhook came: it is genuine, and everything in it is durable before it is acknowledged."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING

from chalicelib.domain import errors
from chalicelib.gateways.files import INBOUND, KEPT
from chalicelib.gateways.meta import webhook
from chalicelib.gateways.queues import Entry

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chalicelib.domain.events import ChannelName
    from chalicelib.world import World

ITEM_BYTES = 200_000  # a queue's message limit is 256 KB; a larger item goes by pointer


def verify(world: World, channel: str, mode: str, token: str) -> None:
    """INB-11: whether the handshake carries a verify token of this channel; raises Forbidden."""
    for mismatch in (False, True):
        secrets = world.secrets.of(channel, mismatch=mismatch).values()
        if webhook.handshake(mode, token, [one.verify_token for one in secrets]):
            return
    raise errors.Forbidden()


def accept(world: World, channel: ChannelName, body: bytes, signature: str | None) -> None:
    """Keep every entry, change, message and status of a signed body (INB-1, INB-2).

    What is not understood is kept as a file, and spoils nothing else. Raises Unauthenticated when
    the signature is absent, wrong, or no secret is configured; a queue's or store's own error
    when something could not be kept, so that the channel sends it again.
    """
    for mismatch in (False, True):
        secrets = world.secrets.of(channel, mismatch=mismatch).values()
        if webhook.signed(body, signature, [one.app_secret for one in secrets]):
            break
    else:
        raise errors.Unauthenticated()
    split = webhook.split(channel, body)
    if split.kept:
        kept = json.dumps(split.kept).encode()
        world.files.put(f"{KEPT}{channel}/{sha256(kept).hexdigest()}.json", kept)
    settings = world.settings
    for queue, items in (
        (settings.inbound_queue, split.messages),
        (settings.statuses_queue, split.statuses),
    ):
        if items:
            world.queues.send(queue, _entries(world, items))


def _entries(world: World, items: Iterable[webhook.Item]) -> Iterable[Entry]:
    for item in items:
        body = item.body
        if len(body) > ITEM_BYTES:
            key = f"{INBOUND}{item.deduplication}.json"
            world.files.put(key, body.encode())
            body = json.dumps({"pointer": key})
        yield Entry(body, item.group, item.deduplication)
