"""Attendances as they are kept: of one chat, or under their protocols (CLOSE-7)."""

from __future__ import annotations

from heapq import merge
from itertools import islice
from typing import TYPE_CHECKING

from chalicelib.domain.attendance import Attendance
from chalicelib.domain.ids import ChatId
from chalicelib.domain.instants import from_ms
from chalicelib.domain.listing import Placement
from chalicelib.stores.members import protocol_place
from chalicelib.stores.rows import to_attendance, to_chat
from chalicelib.stores.tables import (
    CHAT_SK,
    AttendanceRow,
    ChatRow,
    MemberRow,
    Row,
    attendance_sk,
    chat_pk,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import datetime

    from chalicelib.domain.chat import Chat

OPEN = tuple(place for place in Placement if place is not Placement.CLOSED)


def load(chat_ids: Iterable[str], protocol: str) -> Attendance | None:
    """The attendance of that protocol, in one of these partitions, or None."""
    keys = [(chat_pk(chat_id), attendance_sk(protocol)) for chat_id in chat_ids]
    rows = Row.batch_get(keys, consistent_read=True)
    return next((to_attendance(row) for row in rows if isinstance(row, AttendanceRow)), None)


def of_partitions(
    chat_ids: Iterable[str], *, before: str | None = None, limit: int
) -> list[Attendance]:
    """At most `limit` attendances of these partitions, newest first, older than a protocol.

    One bounded query for each partition: more than one only after a merge.
    """
    found: list[Attendance] = []
    for chat_id in chat_ids:
        condition = (
            AttendanceRow.sk.startswith("ATT#")
            if before is None
            else AttendanceRow.sk.between("ATT#", attendance_sk(before))
        )
        rows = AttendanceRow.query(
            chat_pk(chat_id),
            condition,
            limit=limit + 1,  # the bound itself is inclusive
            scan_index_forward=False,
            consistent_read=True,
        )
        found.extend(to_attendance(row) for row in rows if row.protocol != before)
    found.sort(key=lambda one: int(one.protocol), reverse=True)
    return found[:limit]


def opened_under(numbers: Sequence[int]) -> list[tuple[int, datetime, ChatId]]:
    """When these protocols were opened and in which partition they lie, newest first.

    Numbers that were drawn and not used are left out. At most 100 in one read.
    """
    keys = [protocol_place(str(number)) for number in numbers]
    rows = Row.batch_get(keys) if keys else ()
    found = [
        (int(row.pk.removeprefix("PROTO#")), from_ms(int(row.opened_ms)), ChatId(row.chat_id))
        for row in rows
        if isinstance(row, MemberRow) and row.opened_ms is not None
    ]
    return sorted(found, reverse=True)


def named(places: Collection[tuple[str, str]]) -> list[Attendance]:
    """The attendances of these partitions and protocols, newest first; in hundreds a read."""
    keys = [(chat_pk(chat_id), attendance_sk(protocol)) for chat_id, protocol in places]
    rows = Row.batch_get(keys) if keys else ()
    found = [to_attendance(row) for row in rows if isinstance(row, AttendanceRow)]
    return sorted(found, key=lambda one: int(one.protocol), reverse=True)


def chats_of(chat_ids: Iterable[str]) -> dict[str, Chat]:
    """The chats that these ids lead to today, merges followed, by the ids asked for."""
    found: dict[str, Chat] = {}
    leads_to: dict[str, str] = {chat_id: chat_id for chat_id in chat_ids}
    wanted = set(leads_to)
    while wanted:
        keys = [(chat_pk(chat_id), CHAT_SK) for chat_id in sorted(wanted)]
        rows = [row for row in Row.batch_get(keys) if isinstance(row, ChatRow)]
        found |= {chat.chat_id: chat for chat in map(to_chat, rows)}
        moved: dict[str, str] = {
            one: chat.merged_into
            for one, place in leads_to.items()
            if (chat := found.get(place)) is not None and chat.merged_into is not None
        }
        leads_to |= moved
        wanted = set(moved.values()) - found.keys()
    return {one: found[place] for one, place in leads_to.items() if place in found}


def open_chats(*, before: str | None, limit: int) -> list[tuple[str, ChatId]]:
    """At most `limit` chats with an open attendance, the latest opening first, and their places.

    A place is the cursor to go on from. One bounded query for each placement of an open chat.
    """
    streams = [
        [
            (row.opening, row.pk.removeprefix("CHAT#"))
            for row in Row.by_opening.query(
                placement.value,
                None if before is None else Row.opening < before,
                scan_index_forward=False,
                limit=limit,
            )
        ]
        for placement in OPEN
    ]
    return list(islice(merge(*streams, reverse=True), limit))
