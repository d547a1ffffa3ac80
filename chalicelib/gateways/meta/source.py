"""Where a queue's item comes from: the facts that everything read from it carries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

from chalicelib.gateways.meta.values import identifier

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalicelib.domain.events import ChannelName

    Json = Mapping[str, Any]


@dataclass(frozen=True)
class Source:
    """Channel, account and portfolio of an item, and when it came."""

    channel: ChannelName
    account: str
    portfolio: str
    received_at: datetime

    @classmethod
    def of(cls, body: Json, received_at: datetime) -> Source:
        """As `webhook.split` wrote them at the head of the item."""
        return cls(
            channel=cast("ChannelName", body.get("channel")),
            account=identifier(body.get("account")) or "",
            portfolio=identifier(body.get("portfolio")) or "",
            received_at=received_at,
        )
