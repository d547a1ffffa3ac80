"""What rows of the table promise, and which promises are late."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.domain import timer
from chalicelib.domain.instants import sortable
from chalicelib.stores import appointments, notes, schedules
from chalicelib.stores.rows import CHATS, SENDS, to_chat, to_message
from chalicelib.stores.tables import (
    AppointmentRow,
    ChatRow,
    MessageRow,
    NoteRow,
    Row,
    ScheduleRow,
)

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from chalicelib.domain.timer import Timer


def of(row: Row | None) -> frozenset[Timer]:
    """What the row promises; nothing, for a kind of row that never does."""
    if isinstance(row, ChatRow):
        return timer.of_chat(to_chat(row))
    if isinstance(row, MessageRow):
        return timer.of_message(to_message(row))
    if isinstance(row, ScheduleRow):
        return timer.of_schedule(schedules.to_schedule(row))
    if isinstance(row, AppointmentRow):
        return timer.of_appointment(appointments.to_appointment(row))
    if isinstance(row, NoteRow):
        return timer.of_note(notes.to_note(row))
    return frozenset()


def load(pk: str, sk: str) -> Row | None:
    """The row as it stands, whatever it is of; None when it is gone."""
    return next(iter(Row.batch_get([(pk, sk)], consistent_read=True)), None)


KINDS = (CHATS, SENDS, schedules.TO_COME, appointments.TO_COME, notes.NOTES)


def late(before: datetime, *, limit: int) -> Iterable[Timer]:
    """Promises that were for before then and are still made, the earliest of each kind first.

    At most `limit` rows of each kind: one query, and one batch read.
    """
    for kind in KINDS:
        found = [
            (entry.pk, entry.sk)
            for entry in Row.by_due.query(kind, Row.due_at < sortable(before), limit=limit)
        ]
        for row in Row.batch_get(found, consistent_read=True) if found else ():
            yield from (one for one in of(row) if one.at < before)
