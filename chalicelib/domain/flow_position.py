"""Where a contact stands in a flow while it waits for them, or for a time (FLOW-4, ROW-5)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chalicelib.domain.instants import iso

if TYPE_CHECKING:
    from datetime import datetime

    from chalicelib.domain import events


@dataclass(frozen=True)
class Position:
    """The node that waits, of the version that the contact began on; it lies on the chat's row.

    `run` names this run of the flow, at most 16 characters. `until`: when a limit or a wait ends.
    `pausing`: it waits for that time, not for the contact.
    """

    flow_id: str
    version: int
    node: str
    since: datetime  # when it began to wait here
    run: str
    tries: int = 0  # answers to this node that did not fit
    until: datetime | None = None
    pausing: bool = False

    @property
    def waiting_since(self) -> datetime | None:
        """Since when it waits for the contact (ROW-5); None: it does not."""
        return None if self.pausing else self.since


def on_since(before: events.Settings, after: events.Settings, now: datetime) -> str | None:
    """FLOW-13: since when the chatbot is on; None: off, as it is without a main flow."""
    if not (after["chatbot"] and after["main_flow_id"]):
        return None
    return before["chatbot_since"] or iso(now)


def alive(position: Position | None, settings: events.Settings) -> bool:
    """FLOW-13: whether the flow waits still: the chatbot has been on ever since."""
    since = settings["chatbot_since"]
    return position is not None and since is not None and iso(position.since) >= since
