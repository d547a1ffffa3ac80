"""A webhook came: it is genuine, and everything in it is durable before it is acknowledged."""

from __future__ import annotations

import json
from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING

from pynamodb.exceptions import PynamoDBException

from chalicelib.domain import errors
from chalicelib.gateways.files import INBOUND, KEPT
from chalicelib.gateways.meta import webhook
from chalicelib.gateways.queues import Entry
from chalicelib.logs import logger
from chalicelib.stores import channels

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chalicelib.domain.events import ChannelName
    from chalicelib.world import World

ITEM_BYTES = 200_000  # a queue's message limit is 256 KB; a larger item goes by pointer
HEARD_EVERY = timedelta(minutes=1)  # of one process


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
    when something could not be kept, so that the channel sends it again. Of each account that the
    body speaks of it is noted, once a minute, that a webhook came (ADM-1).
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
    for account in sorted(split.accounts):
        _note(world, channel, account)


def _note(world: World, channel: ChannelName, account: str) -> None:
    """When a webhook of the account came: worth knowing, and never worth losing one."""
    now = world.now()
    noted_at = world.heard.get((channel, account))
    if noted_at is not None and now - noted_at < HEARD_EVERY:
        return
    world.heard[channel, account] = now
    try:
        channels.heard(channel, account, now)
    except PynamoDBException:
        logger().warning("a webhook could not be noted", channel=channel)


def _entries(world: World, items: Iterable[webhook.Item]) -> Iterable[Entry]:
    for item in items:
        body = item.body
        if len(body) > ITEM_BYTES:
            key = f"{INBOUND}{item.deduplication}.json"
            world.files.put(key, body.encode())
            body = json.dumps({"pointer": key})
        yield Entry(body, item.group, item.deduplication)
