"""Channel accounts as the channels page shows them: never with a secret (ADM-1, OPS-3)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from chalicelib.domain.instants import from_ms, iso, iso_or_none
from chalicelib.stores import channels

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from chalicelib.domain import events
    from chalicelib.stores.tables import ChannelRow

    Kept = Callable[[str, str], frozenset[str]]


def details(row: ChannelRow, kept: Kept, origin: str) -> events.ChannelDetails:
    """One account. `origin` is the desk's own, under which Meta finds the webhooks."""
    return every([row], kept, origin)[0]


def every(rows: Iterable[ChannelRow], kept: Kept, origin: str) -> list[events.ChannelDetails]:
    """These accounts. `kept` says which secrets one has, by channel and account."""
    heard = channels.last_heard()
    found: list[events.ChannelDetails] = []
    for row in rows:
        its = kept(row.channel, row.account)
        named = channels.channel_id(row.channel, row.account)
        checked = None if row.checked_ms is None else from_ms(int(row.checked_ms))
        found.append(
            {
                "channel_id": named,
                "channel": cast("Any", row.channel),
                "account": row.account,
                "display": row.display,
                "portfolio": row.portfolio,
                "page": row.page or "",
                "active": not row.inactive,
                "problem": channels.problem_of(row),
                "has_token": "token" in its,
                "has_app_secret": "app_secret" in its,
                "has_verify_token": "verify_token" in its,
                "name": row.verified_name,
                "quality": row.quality,
                "throughput": row.throughput,
                "checked_at": iso_or_none(checked),
                "last_webhook_at": iso(heard[named]) if named in heard else None,
                "human_agent": bool(row.human_agent),
                "webhook_url": f"{origin}/api/webhooks/{row.channel}",
            }
        )
    return found
