"""The bell: what an agent finds there, whatever page they sit at (NOTIF-2, INFO-4, INFO-8)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from chalicelib.domain.message import preview
from chalicelib.domain.notification import KEPT, named

if TYPE_CHECKING:
    from datetime import datetime

    from chalicelib.domain.events import BellKind
    from chalicelib.domain.notification import Decision

UNDO = timedelta(hours=1)  # for so long what was removed can be brought back


@dataclass(frozen=True)
class Bell:
    """One entry of an agent's bell.

    `subject` is the note's or the appointment's id, the message's key, or the revision that gave
    the chat to somebody. A message's text is not here: it is read where it is, and may have been
    edited or deleted since. `at` is when it happened, `told_at` when the agent was told.
    """

    agent_id: str
    kind: BellKind
    chat_id: str
    subject: str
    text: str
    at: datetime
    told_at: datetime
    department_id: str | None = None  # to which the chat was given

    @property
    def bell_id(self) -> str:
        """The same for the same event, however often it comes; they sort by when it was told."""
        return named(self.kind, self.chat_id, self.subject, self.told_at)

    @property
    def kept_until(self) -> datetime:
        """When it goes by itself."""
        return self.told_at + KEPT


def rung(
    agent_id: str, kind: BellKind, chat_id: str, subject: str, text: str, at: datetime
) -> Bell:
    """The entry of an event that was due then; of its text the beginning."""
    return Bell(agent_id, kind, chat_id, subject, preview(text), at, at)


def told(decision: Decision) -> Bell:
    """The entry of what was decided to be told by the bell: what comes late is new."""
    return Bell(
        agent_id=decision.agent_id,
        kind=decision.kind,
        chat_id=decision.chat_id,
        subject=decision.subject,
        text="",
        at=decision.at,
        told_at=decision.decided_at,
        department_id=decision.department_id if decision.kind == "assignment" else None,
    )
