"""Incoming webhooks, and what came to each (FLOW-10)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from chalicelib.domain.events import HookOutcome, HookReason
from chalicelib.domain.hook import CALLS_SHOWN, KEPT, Call, Hook
from chalicelib.domain.instants import from_ms, iso, sortable
from chalicelib.domain.labels import same_name
from chalicelib.stores.chats import Write
from chalicelib.stores.names import moved
from chalicelib.stores.tables import HOOKS, HookCallRow, HookEventRow, HookRow, hook_pk

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime, timedelta

    from chalicelib.domain import events

KIND = "hook"
CALL, EVENT = "CALL#", "EVENT#"


def every(*, consistent: bool = False) -> list[Hook]:
    """All of them: one partition, read whole."""
    return [to_hook(row) for row in HookRow.query(HOOKS, consistent_read=consistent)]


def one(webhook_id: str) -> Hook | None:
    """One of them, or None. One consistent read."""
    try:
        return to_hook(HookRow.get(HOOKS, webhook_id, consistent_read=True))
    except HookRow.DoesNotExist:
        return None


def saved(before: Hook | None, after: Hook) -> Iterable[Write]:
    """The webhook's row and its name's, as long as it is still the one that was read."""
    row = HookRow(
        HOOKS,
        after.webhook_id,
        name=after.name,
        production=True if after.production else None,
        account=after.account,
        foreign=True if after.foreign else None,
        event_path=after.event_path or None,
        mapping=json.dumps(after.mapping, ensure_ascii=False),
        flow_id=after.flow_id,
        updated_by=after.updated_by,
        version=1 if before is None else before.version + 1,
    )
    yield Write(row, _same(before))
    had = None if before is None else same_name(before.name)
    yield from moved(KIND, after.webhook_id, before=had, after=same_name(after.name))


def removed(before: Hook) -> Iterable[Write]:
    """The webhook's row and its name's go; what came to it ends by itself."""
    yield Write(HookRow(HOOKS, before.webhook_id), _same(before), delete=True)
    yield from moved(KIND, before.webhook_id, before=same_name(before.name), after=None)


def calls(webhook_id: str) -> list[Call]:
    """The latest that came to it, newest first. One query, bounded."""
    rows = HookCallRow.query(
        hook_pk(webhook_id),
        HookCallRow.sk.startswith(CALL),
        scan_index_forward=False,
        limit=CALLS_SHOWN,
    )
    return [to_call(row) for row in rows]


def called(webhook_id: str, call: Call) -> Write:
    """What came, and what became of it."""
    return Write(
        HookCallRow(
            hook_pk(webhook_id),
            f"{CALL}{call.call_id}",
            test=True if call.test else None,
            outcome=call.outcome,
            reason=call.reason,
            skipped=list(call.skipped),
            body=call.body or None,
            expires_at=_seconds(call.at + KEPT),
        )
    )


def call_id(at: datetime, name: str) -> str:
    """By time, so that the newest are found first."""
    return f"{sortable(at)}-{name}"


def happened(webhook_id: str, event: str, now: datetime) -> bool:
    """Whether the event was acted on. One consistent read."""
    try:
        row = HookEventRow.get(hook_pk(webhook_id), f"{EVENT}{event}", consistent_read=True)
    except HookEventRow.DoesNotExist:
        return False
    return int(row.expires_at or 0) > _seconds(now)


def happens(webhook_id: str, event: str, now: datetime, remembered: timedelta) -> Write:
    """The event is acted on now, unless it was already: else Stale."""
    row = HookEventRow(
        hook_pk(webhook_id), f"{EVENT}{event}", expires_at=_seconds(now + remembered)
    )
    forgotten = HookEventRow.expires_at <= _seconds(now)
    return Write(row, HookEventRow.pk.does_not_exist() | forgotten)


def shown(hook: Hook, calls: list[Call]) -> events.IncomingWebhook:
    """The webhook as its page shows it."""
    return {
        "webhook_id": hook.webhook_id,
        "name": hook.name,
        "url": f"/api/hooks/{hook.webhook_id}",
        "production": hook.production,
        "account": hook.account,
        "foreign": hook.foreign,
        "event_path": hook.event_path,
        "mapping": [{"path": path, "field": name} for path, name in hook.mapping],
        "flow_id": hook.flow_id,
        "version": hook.version,
        "calls": [
            {
                "call_id": one.call_id,
                "at": iso(one.at),
                "test": one.test,
                "outcome": one.outcome,
                "reason": one.reason,
                "skipped": list(one.skipped),
                "body": one.body,
            }
            for one in calls
        ],
    }


def to_hook(row: HookRow) -> Hook:
    """The webhook of a row."""
    return Hook(
        webhook_id=row.sk,
        name=row.name,
        production=bool(row.production),
        account=row.account,
        foreign=bool(row.foreign),
        event_path=row.event_path or "",
        mapping=tuple((path, name) for path, name in json.loads(row.mapping)),
        flow_id=row.flow_id,
        version=int(row.version),
        updated_by=row.updated_by,
    )


def to_call(row: HookCallRow) -> Call:
    """The call of a row."""
    named = row.sk.removeprefix(CALL)
    outcome: HookOutcome = row.outcome  # type: ignore[assignment]
    reason: HookReason | None = row.reason  # type: ignore[assignment]
    return Call(
        call_id=named,
        at=from_ms(int(named.partition("-")[0])),
        test=bool(row.test),
        outcome=outcome,
        body=row.body or "",
        reason=reason,
        skipped=tuple(row.skipped),
    )


def _seconds(at: datetime) -> int:
    return int(at.timestamp())


def _same(before: Hook | None) -> Any:
    if before is None:
        return HookRow.pk.does_not_exist()
    return HookRow.version == before.version
