"""A date with a contact, and the reminder before it (INFO-6, INFO-8)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from chalicelib.domain.instants import iso

if TYPE_CHECKING:
    from datetime import datetime

    from chalicelib.domain import events
    from chalicelib.domain.chat import Chat

MOST_TO_COME = 100  # of one contact
FURTHEST = timedelta(days=5 * 366)
REMINDED_BEFORE = timedelta(minutes=15)


@dataclass(frozen=True)
class Appointment:
    """INFO-8. `chat_id` is the partition that it lies in; `by` None: a flow booked it."""

    chat_id: str
    appointment_id: str
    title: str
    at: datetime
    created_at: datetime
    agent_id: str | None = None
    by: str | None = None
    by_name: str | None = None
    reminded: bool = False
    version: int = 1

    @property
    def remind_at(self) -> datetime:
        """When its reminder is due, or was."""
        return self.at - REMINDED_BEFORE


def wrong_time(at: datetime, now: datetime) -> str | None:
    """Why nothing can be booked for then; None: it can."""
    if at <= now:
        return "past"
    return "too_far" if at > now + FURTHEST else None


def to_remind(appointment: Appointment, chat: Chat) -> str | None:
    """Who is reminded of it: its agent, or who booked it, or else who holds the chat."""
    return appointment.agent_id or appointment.by or chat.agent_id


def shown(appointment: Appointment, chat: Chat, *, readable: bool) -> events.Appointment:
    """As screens see it. `chat` is the one that it belongs to today (INB-7)."""
    return {
        "appointment_id": appointment.appointment_id,
        "version": appointment.version,
        "chat_id": chat.chat_id,
        "contact_name": chat.name,
        "title": appointment.title,
        "at": iso(appointment.at),
        "agent_id": appointment.agent_id,
        "by": appointment.by,
        "by_name": appointment.by_name,
        "created_at": iso(appointment.created_at),
        "readable": readable,
    }
