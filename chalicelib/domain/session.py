"""The windows in which a contact may be written to: 24 hours freely, 7 days by a human."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

LENGTH = timedelta(hours=24)
WARNING = timedelta(minutes=30)
LAST_WORD = timedelta(minutes=10)  # SES-4: when the closing message goes out
HUMAN_LENGTH = timedelta(days=7)  # of the tag HUMAN_AGENT (META.md §8)


class State(StrEnum):
    """Where a session stands; `none` is a contact who never wrote."""

    NONE = "none"
    OPEN = "open"
    EXPIRING = "expiring"
    EXPIRED = "expired"


@dataclass(frozen=True)
class Session:
    """The window of one chat with one channel account (SES-1, SES-2)."""

    last_inbound_at: datetime | None

    @property
    def ends_at(self) -> datetime | None:
        """When it ends, or ended; None when the contact never wrote."""
        return None if self.last_inbound_at is None else self.last_inbound_at + LENGTH

    def state(self, now: datetime) -> State:
        """`expiring` at 30 minutes left, `expired` at 0 (SES-2)."""
        if self.ends_at is None:
            return State.NONE
        left = self.ends_at - now
        if left <= timedelta(0):
            return State.EXPIRED
        return State.EXPIRING if left <= WARNING else State.OPEN

    def may_write_freely(self, now: datetime) -> bool:
        """SEND-1: free text only while the session is valid."""
        return self.state(now) in (State.OPEN, State.EXPIRING)

    @property
    def human_until(self) -> datetime | None:
        """SEND-14: until when a human may answer where Meta permits it; None: they never wrote."""
        return None if self.last_inbound_at is None else self.last_inbound_at + HUMAN_LENGTH

    def may_a_human_write(self, now: datetime) -> bool:
        """Whether what a human types may go out under the tag HUMAN_AGENT (SEND-14)."""
        return self.human_until is not None and now <= self.human_until


def next_look(session: Session, now: datetime) -> datetime | None:
    """When the time changes next what the session is, or asks for; None: it has ended (SES-2)."""
    if session.ends_at is None:
        return None
    moments = (session.ends_at - left for left in (WARNING, LAST_WORD, timedelta(0)))
    return next((at for at in moments if at > now), None)
