"""What a channel says, read into our own words; nothing here raises (INB-2, INB-5).

Everything that comes from the wire may be absent, null or of another type: each reader answers
what it found, and what nobody understands is shown as `unsupported`.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from chalicelib.domain.inbound import Notice
from chalicelib.gateways.meta import parse_messaging, parse_whatsapp
from chalicelib.gateways.meta.source import Source
from chalicelib.gateways.meta.values import LONGEST_WORD, clean, instant, object_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from chalicelib.domain.inbound import Inbound, Receipt, Watermark

    Json = Mapping[str, Any]


def inbound(item: str | Json, received_at: datetime) -> list[Inbound]:
    """Read the body of one item of `webhook.split`'s messages: what happened, in order.

    `received_at` stands in for a time that is missing or absurd. A time of the future becomes
    `received_at`, except within a minute: clocks differ that much, and a message that is told
    twice must keep its time.
    """
    body = _body(item)
    source = Source.of(body, received_at)
    match body.get("kind"):
        case "message" | "echo" | "history":
            return [parse_whatsapp.message(source, body)]
        case "moved":
            return [parse_whatsapp.moved(source, body)]
        case "preference":
            return [parse_whatsapp.preference(source, body)]
        case "event":
            return [parse_messaging.event(source, body)]
        case "notice":
            return [_notice(source, body)]
        case _:
            return []


def receipts(item: str | Json, received_at: datetime) -> list[Receipt | Watermark]:
    """Read the body of one item of `webhook.split`'s statuses; times as in `inbound`."""
    body = _body(item)
    source = Source.of(body, received_at)
    if source.channel == "whatsapp":
        return list(parse_whatsapp.receipts(source, body))
    return parse_messaging.receipts(source, body)


def _notice(source: Source, body: Json) -> Notice:
    value = object_of(body.get("received"))
    told = instant(body.get("time"), source.received_at)
    return Notice(
        channel=source.channel,
        account=source.account,
        portfolio=source.portfolio,
        field=clean(body.get("field"), LONGEST_WORD),
        value=value or {"value": body.get("received")},
        at=told or source.received_at,
    )


def _body(item: str | Json) -> Json:
    return object_of(json.loads(item)) if isinstance(item, str) else item
