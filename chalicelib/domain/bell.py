"""What an agent is told of beside their lists: forwarded notes and reminders (INFO-4, INFO-8)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Literal

from chalicelib.domain.instants import sortable
from chalicelib.domain.message import preview

if TYPE_CHECKING:
    from datetime import datetime

KEPT = timedelta(days=30)
BellKind = Literal["note", "appointment"]


@dataclass(frozen=True)
class Bell:
    """One entry of an agent's bell. `subject` is the note's or the appointment's id."""

    agent_id: str
    kind: BellKind
    chat_id: str
    subject: str
    text: str
    at: datetime

    @property
    def bell_id(self) -> str:
        """The same for the same event, however often it comes; they sort by time."""
        names = "\x1f".join((self.kind, self.chat_id, self.subject))
        return f"{sortable(self.at)}-{sha256(names.encode()).hexdigest()[:16]}"


def rung(
    agent_id: str, kind: BellKind, chat_id: str, subject: str, text: str, at: datetime
) -> Bell:
    """The entry of an event that was due then; of its text the beginning."""
    return Bell(agent_id, kind, chat_id, subject, preview(text), at)
