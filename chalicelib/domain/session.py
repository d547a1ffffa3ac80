"""The 24-hour window in which a contact may be written to freely (SES-1, SES-2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

LENGTH = timedelta(hours=24)
WARNING = timedelta(minutes=30)


class State(StrEnum):
    """Where a session stands; `none` is a contact who never wrote."""

    NONE = "none"
    OPEN = "open"
    EXPIRING = "expiring"
    EXPIRED = "expired"


@dataclass(frozen=True)
class Session:
    """The window of one chat with one channel account."""

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
