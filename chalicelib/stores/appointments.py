"""Dates with contacts: rows beside the chat's, and all of the agency's by time (INFO-6, INFO-8)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalicelib.domain import timer
from chalicelib.domain.appointment import REMINDED_BEFORE, Appointment
from chalicelib.domain.instants import from_ms, sortable, to_ms
from chalicelib.stores.chats import Write
from chalicelib.stores.rows import ARM
from chalicelib.stores.tables import AppointmentRow, Row, appointment_sk, chat_pk

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from chalicelib.domain.chat import Chat

TO_COME = "appointment"  # its reminder is to come: among the rows that promise something
OVER = "appointment_told"  # it was reminded of


def load_all(chat_ids: Iterable[str]) -> list[Appointment]:
    """Every appointment in these partitions, by time. One consistent query each."""
    found = [
        to_appointment(row)
        for chat_id in chat_ids
        for row in AppointmentRow.query(
            chat_pk(chat_id), AppointmentRow.sk.startswith(appointment_sk("")), consistent_read=True
        )
    ]
    return sorted(found, key=lambda one: (one.at, one.appointment_id))


def find(chat_ids: Iterable[str], appointment_id: str) -> Appointment | None:
    """The appointment with this id in one of these partitions, or None."""
    return next(iter(_named((chat_id, appointment_id) for chat_id in chat_ids)), None)


def between(since: datetime, until: datetime, *, limit: int) -> list[Appointment]:
    """The agency's from `since` until before `until`, by time, the first so many.

    Two bounded queries, and batch reads. Eventually consistent.
    """
    first, last = sortable(since - REMINDED_BEFORE), sortable(until - REMINDED_BEFORE)
    places = [
        (row.due_at, row.pk.removeprefix("CHAT#"), row.sk.removeprefix(appointment_sk("")))
        for kind in (TO_COME, OVER)
        for row in Row.by_due.query(kind, Row.due_at.between(first, last), limit=limit)
    ]
    found = _named((chat_id, one) for _, chat_id, one in sorted(places)[:limit])
    kept = (one for one in found if since <= one.at < until)
    return sorted(kept, key=lambda one: (one.at, one.appointment_id))


def booked(
    chat: Chat, key: str, title: str, at: datetime, agent_id: str | None, now: datetime
) -> Write:
    """What a flow's transaction must write beside to book it under that key (INFO-8)."""
    return write(None, Appointment(chat.chat_id, key, title, at, now, agent_id))


def write(before: Appointment | None, after: Appointment | None) -> Write:
    """What a transaction must write beside: the appointment made, changed or taken away."""
    condition: Any = (
        AppointmentRow.pk.does_not_exist()
        if before is None
        else AppointmentRow.version == before.version
    )
    if after is not None:
        return Write(from_appointment(after), condition)
    assert before is not None
    return Write(from_appointment(before), condition, delete=True)


def to_appointment(row: AppointmentRow) -> Appointment:
    """The appointment of a row."""
    return Appointment(
        chat_id=row.pk.removeprefix("CHAT#"),
        appointment_id=row.sk.removeprefix(appointment_sk("")),
        title=row.title,
        at=from_ms(int(row.at_ms)),
        created_at=from_ms(int(row.created_ms)),
        agent_id=row.agent_id,
        by=row.by,
        by_name=row.by_name,
        reminded=bool(row.reminded),
        version=int(row.version),
    )


def from_appointment(one: Appointment) -> AppointmentRow:
    """The appointment's row: in both kinds by when its reminder is due, or was."""
    promises = timer.of_appointment(one)
    return AppointmentRow(
        chat_pk(one.chat_id),
        appointment_sk(one.appointment_id),
        version=one.version,
        title=one.title,
        at_ms=to_ms(one.at),
        agent_id=one.agent_id,
        by=one.by,
        by_name=one.by_name,
        created_ms=to_ms(one.created_at),
        reminded=True if one.reminded else None,
        to_do=ARM if promises else None,
        due_kind=TO_COME if promises else OVER,
        due_at=f"{sortable(one.remind_at)}#{one.chat_id}#{one.appointment_id}",
    )


def _named(keys: Iterable[tuple[str, str]]) -> list[Appointment]:
    wanted = [(chat_pk(chat_id), appointment_sk(one)) for chat_id, one in keys]
    rows = Row.batch_get(wanted, consistent_read=True) if wanted else ()
    return [to_appointment(row) for row in rows if isinstance(row, AppointmentRow)]
