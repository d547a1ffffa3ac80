"""What is due, and when: every wait of the desk is one of these promises (DESIGN §4).

A row makes promises; whoever follows the table arms a schedule for each that is new; what fires
carries the promise, and does nothing if the row does not make it any more.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Literal

from chalicelib.domain.instants import from_ms, to_ms

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from typing import Any

    from chalicelib.domain.appointment import Appointment
    from chalicelib.domain.chat import Chat
    from chalicelib.domain.message import Message
    from chalicelib.domain.note import Note
    from chalicelib.domain.schedule import Schedule

What = Literal["session", "closing", "flow", "schedule", "note", "appointment", "send"]

AT_ONCE = timedelta(seconds=60)  # what is due so soon is not scheduled, but put on the queue
LONGEST_DELAY = timedelta(minutes=15)  # that a queue holds a message back
NEWS_WITHIN = timedelta(minutes=15)  # of a send whose answer was lost; then it is spoken of


@dataclass(frozen=True)
class Timer:
    """One promise: of which chat, of what in it (its id; empty: the chat itself), for when."""

    what: What
    chat_id: str
    subject: str
    at: datetime

    @property
    def name(self) -> str:
        """What its schedule is called: the same for the same promise, at most 64 characters."""
        whose = sha256(f"{self.chat_id}\x1f{self.subject}".encode()).hexdigest()[:32]
        return f"{self.what}-{whose}-{to_ms(self.at)}"

    def told(self) -> dict[str, Any]:
        """As it is carried to whoever keeps it."""
        return {
            "what": self.what,
            "chat_id": self.chat_id,
            "subject": self.subject,
            "at": to_ms(self.at),
        }


def heard(told: Mapping[str, Any]) -> Timer:
    """The promise of a message that carried it."""
    return Timer(told["what"], told["chat_id"], told["subject"], from_ms(int(told["at"])))


def of_chat(chat: Chat | None) -> frozenset[Timer]:
    """What a chat's row promises: its session, its closing, what a flow waits for."""
    if chat is None or chat.gone:
        return frozenset()
    found = set()
    if chat.session_timer is not None:
        found.add(Timer("session", chat.chat_id, "", chat.session_timer))
    if chat.closing is not None and chat.attendance is not None:
        protocol = chat.attendance.protocol
        found.add(Timer("closing", chat.chat_id, protocol, chat.closing.at))
    if chat.flow is not None and chat.flow.until is not None:
        found.add(Timer("flow", chat.chat_id, chat.flow.run, chat.flow.until))
    return frozenset(found)


def of_schedule(one: Schedule) -> frozenset[Timer]:
    """What a schedule's row promises: to go out, or to be given up (SCH-4)."""
    if one.look_at is None or not one.to_come:
        return frozenset()
    return frozenset({Timer("schedule", one.chat_id, one.schedule_id, one.look_at)})


def of_appointment(one: Appointment) -> frozenset[Timer]:
    """What an appointment's row promises: its reminder (INFO-8)."""
    if one.reminded:
        return frozenset()
    return frozenset({Timer("appointment", one.chat_id, one.appointment_id, one.remind_at)})


def of_note(one: Note) -> frozenset[Timer]:
    """What a note's row promises: that its agent hears of it on its day (INFO-4)."""
    if one.remind_at is None:
        return frozenset()
    return frozenset({Timer("note", one.chat_id, one.note_id, one.remind_at)})


def of_message(one: Message) -> frozenset[Timer]:
    """What a message's row promises: to say that nothing is known of it, if that stays so."""
    if one.unknown_at is None or not one.may_be_retried():
        return frozenset()
    return frozenset({Timer("send", one.chat_id, one.key, one.unknown_at + NEWS_WITHIN)})
