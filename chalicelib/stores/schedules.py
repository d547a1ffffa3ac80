"""What is scheduled for contacts: rows beside their chats, all of the agency by time (SCH)."""

from __future__ import annotations

import json
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, cast

from chalicelib.domain import timer
from chalicelib.domain.instants import from_ms, sortable, to_ms
from chalicelib.domain.media import File
from chalicelib.domain.schedule import KEPT, REMEMBERED, Schedule
from chalicelib.stores.chats import Write
from chalicelib.stores.rows import ARM, due_place, told_file
from chalicelib.stores.tables import Row, ScheduleRow, chat_pk, schedule_sk

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

TO_COME = "schedule"  # among the rows that promise something
OVER = "schedule_done"  # what was done, or was not: it promises nothing, and is listed


def load_all(chat_ids: Iterable[str]) -> list[Schedule]:
    """Every schedule in these partitions, by when it is due. One consistent query each."""
    found = [
        to_schedule(row)
        for chat_id in chat_ids
        for row in ScheduleRow.query(
            chat_pk(chat_id), ScheduleRow.sk.startswith(schedule_sk("")), consistent_read=True
        )
    ]
    return sorted(found, key=lambda one: (one.due_at, one.schedule_id))


def find(chat_ids: Iterable[str], schedule_id: str) -> Schedule | None:
    """The schedule with this id in one of these partitions, or None."""
    return next(iter(named((chat_id, schedule_id) for chat_id in chat_ids)), None)


def named(keys: Iterable[tuple[str, str]]) -> list[Schedule]:
    """Those of these partitions and ids that are there, in no order. Consistent batch reads."""
    wanted = [(chat_pk(chat_id), schedule_sk(one)) for chat_id, one in keys]
    rows = Row.batch_get(wanted, consistent_read=True) if wanted else ()
    return [to_schedule(row) for row in rows if isinstance(row, ScheduleRow)]


def places(
    kind: str,
    *,
    after: str | None,
    since: datetime | None,
    until: datetime | None,
    limit: int,
) -> list[tuple[str, str, str]]:
    """Place, partition and id of those to come, the next first, or of those over, the last first.

    `after` is the place after which to go on; only what is due from `since` until before `until`.
    Eventually consistent, and bounded: one query.
    """
    ascending = kind == TO_COME
    first, last = sortable(since) if since else "0", sortable(until) if until else "9" * 13
    if after is not None and ascending:
        first = max(after, first)
    elif after is not None:
        last = min(after, last)
    if first > last:
        return []
    found = [
        (row.due_at, row.pk.removeprefix("CHAT#"), row.sk.removeprefix(schedule_sk("")))
        for row in Row.by_due.query(
            kind, Row.due_at.between(first, last), limit=limit + 1, scan_index_forward=ascending
        )
    ]
    return [one for one in found if one[0] != after][:limit]


def write(before: Schedule | None, after: Schedule) -> Write:
    """What a command's transaction must write beside: the schedule as it was read, changed."""
    condition: Any = (
        ScheduleRow.pk.does_not_exist() if before is None else ScheduleRow.version == before.version
    )
    return Write(from_schedule(after), condition)


def to_schedule(row: ScheduleRow) -> Schedule:
    """The schedule of a row."""
    return Schedule(
        chat_id=row.pk.removeprefix("CHAT#"),
        schedule_id=row.sk.removeprefix(schedule_sk("")),
        kind=cast("Any", row.kind),
        due_at=from_ms(int(row.at_ms)),
        name=row.name,
        by=row.by,
        by_name=row.by_name,
        created_at=from_ms(int(row.created_ms)),
        language=row.language,
        values=MappingProxyType(json.loads(row.values) if row.values else {}),
        files=tuple(File(**one) for one in (json.loads(row.files) if row.files else ())),
        opens=bool(row.opens),
        flow_id=row.flow_id,
        state=cast("Any", row.state),
        reason=cast("Any", row.reason),
        lacks=tuple(row.lacks or ()),
        look_at=_instant(row.look_ms),
        done_at=_instant(row.done_ms),
        wish=row.wish or "",
        version=int(row.version),
    )


def from_schedule(one: Schedule) -> ScheduleRow:
    """The schedule's row. What was removed is listed nowhere, and what is over is kept a year."""
    promises = timer.of_schedule(one)
    kind, place, kept = TO_COME, due_place(promises), None
    if not promises:
        kind, place, kept = OVER, f"{sortable(one.due_at)}#{one.chat_id}#{one.schedule_id}", KEPT
    if one.state == "removed":
        kept = REMEMBERED
    listed = one.state != "removed"
    return ScheduleRow(
        chat_pk(one.chat_id),
        schedule_sk(one.schedule_id),
        version=one.version,
        kind=one.kind,
        at_ms=to_ms(one.due_at),
        name=one.name,
        language=one.language,
        values=json.dumps(dict(one.values), ensure_ascii=False) if one.values else None,
        files=json.dumps([told_file(file) for file in one.files]) if one.files else None,
        opens=True if one.opens else None,
        flow_id=one.flow_id,
        state=one.state,
        reason=one.reason,
        lacks=list(one.lacks) or None,
        look_ms=None if one.look_at is None else to_ms(one.look_at),
        done_ms=None if one.done_at is None else to_ms(one.done_at),
        by=one.by,
        by_name=one.by_name,
        created_ms=to_ms(one.created_at),
        wish=one.wish or None,
        to_do=ARM if promises else None,
        due_kind=kind if listed else None,
        due_at=place if listed else None,
        expires_at=_expiry(one, kept),
    )


def _expiry(one: Schedule, kept: Any) -> int | None:
    if kept is None or one.done_at is None:
        return None
    return to_ms(one.done_at + kept) // 1000


def _instant(ms: float | None) -> datetime | None:
    return None if ms is None else from_ms(int(ms))
