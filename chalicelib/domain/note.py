"""Internal notes about a contact (INFO-4, INFO-7)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from chalicelib.domain.instants import iso, iso_or_none

if TYPE_CHECKING:
    from datetime import tzinfo

    from chalicelib.domain import events

NOTES_LIMIT = 200  # of one contact
IN_THE_MORNING = time(8)
FURTHEST = timedelta(days=10 * 366)  # nobody is reminded later than that


@dataclass(frozen=True)
class Note:
    """INFO-4. `chat_id` is the partition that it lies in; `date` a day in the agency's zone."""

    chat_id: str
    note_id: str
    text: str
    date: str | None
    to_agent_id: str | None
    by: str
    by_name: str
    created_at: datetime
    edited_at: datetime | None = None
    remind_at: datetime | None = None  # when its agent hears of it; None: they need not any more
    version: int = 1


def shown(note: Note) -> events.Note:
    """The note as screens see it."""
    return {
        "note_id": note.note_id,
        "text": note.text,
        "date": note.date,
        "to_agent_id": note.to_agent_id,
        "by": note.by,
        "by_name": note.by_name,
        "created_at": iso(note.created_at),
        "edited_at": iso_or_none(note.edited_at),
    }


def reminder_of(note: Note, now: datetime, zone: tzinfo | None) -> datetime | None:
    """When its agent hears of a note with a day; None: at once, or never (INFO-4)."""
    if note.to_agent_id is None or note.date is None:
        return None
    at = morning_of(note.date, zone)
    return at if at <= now + FURTHEST else None


def morning_of(day: str, zone: tzinfo | None) -> datetime:
    """When a note of that day is brought to its agent: at 08:00 where the agency is (INFO-4).

    On a day whose clocks skip that time, at what it would have been.
    """
    local = datetime.combine(date.fromisoformat(day), IN_THE_MORNING, tzinfo=zone)
    return local.astimezone(UTC)
