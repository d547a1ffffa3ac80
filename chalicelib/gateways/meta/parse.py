"""Items of the queues, read into our own words; nothing here raises.

Everything that comes from the wire may be absent, null or of another type: each reader answers what
it found, and what nobody understands is shown as `unsupported` (INB-5).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.gateways.meta import messaging_inbound, whatsapp_inbound
from chalicelib.gateways.meta.values import item_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from chalicelib.domain.inbound import Inbound, Receipt, Watermark
    from chalicelib.gateways.meta.values import Json

READERS: dict[object, Callable[[Json, datetime], list[Inbound]]] = {
    "message": whatsapp_inbound.message,
    "echo": whatsapp_inbound.message,
    "preference": whatsapp_inbound.preference,
    "user_id_update": whatsapp_inbound.user_id_update,
    "notice": whatsapp_inbound.notice,
    "messaging": messaging_inbound.inbound,
}


def inbound(item: str | Json, received_at: datetime) -> list[Inbound]:
    """Read the body of an inbound item of `webhook.split`: mostly one piece of news.

    `received_at` stands in for a time that is missing or absurd. A time of the future becomes
    `received_at`, except within a minute: clocks differ that much, and a message that is told
    twice must keep its time.
    """
    body = item_of(item)
    reader = READERS.get(body.get("kind"))
    return [] if reader is None else reader(body, received_at)


def receipts(item: str | Json, received_at: datetime) -> list[Receipt | Watermark]:
    """Read the body of a status item of `webhook.split`; times as in `inbound`."""
    body = item_of(item)
    if body.get("kind") == "messaging":
        return messaging_inbound.receipts(body, received_at)
    return list(whatsapp_inbound.receipts(body, received_at))
