"""A message or a flow that goes out at a time, and what becomes of it then (SCH)."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

from chalicelib.domain.instants import iso, iso_or_none

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from chalicelib.domain import events
    from chalicelib.domain.chat import Chat
    from chalicelib.domain.events import ScheduleKind, ScheduleReason, ScheduleState
    from chalicelib.domain.media import File

FURTHEST = timedelta(days=366)
MOST_TO_COME = 50  # of one contact and one kind
HELD_FOR = timedelta(minutes=30)  # SCH-4: after the due time, for who is unblocked
A_MOMENT = timedelta(milliseconds=1)
KEPT = timedelta(days=400)  # what was done, or was not
REMEMBERED = timedelta(days=30)  # what was removed: a late repeat of its making makes nothing
UNDOABLE = timedelta(minutes=30)  # SCH-3

Gate = Literal["go", "hold", "refuse"]


@dataclass(frozen=True)
class Schedule:
    """SCH-1, SCH-2. `chat_id` is the partition that it lies in, which a merge never changes.

    `look_at` is when something is to be decided about it: its due time, or later while it is held.
    """

    chat_id: str
    schedule_id: str
    kind: ScheduleKind
    due_at: datetime
    name: str  # of the template, or of the flow
    by: str
    by_name: str
    created_at: datetime
    language: str | None = None
    values: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    files: tuple[File, ...] = ()  # of the template's header, kept with the chat's
    opens: bool = False
    flow_id: str | None = None
    state: ScheduleState = "pending"
    reason: ScheduleReason | None = None
    lacks: tuple[str, ...] = ()
    look_at: datetime | None = None
    done_at: datetime | None = None
    wish: str = ""  # what its making asked for, to tell a repeat from another one
    version: int = 1

    @property
    def to_come(self) -> bool:
        """Whether it may still go out."""
        return self.state in ("pending", "held")

    def may_be_edited(self, now: datetime) -> bool:
        """SCH-5: until it is due."""
        return self.state == "pending" and now < self.due_at


def too_soon_or_late(due_at: datetime, now: datetime) -> Literal["past", "too_far"] | None:
    """Why nothing can be scheduled for then (SCH-1); None: it can."""
    if due_at <= now:
        return "past"
    return "too_far" if due_at > now + FURTHEST else None


def gate(schedule: Schedule, chat: Chat, now: datetime) -> Gate:
    """SCH-4: whether the contact's block lets it go out; one that is late decides the same.

    Whoever is blocked when it is due, and unblocked within 30 minutes of that, gets it at once;
    then no more. Blocked since, while it was on its way, is blocked (BLOCK-2).
    """
    until = schedule.due_at + HELD_FOR
    if chat.blocked:
        return "hold" if now <= until else "refuse"
    if schedule.state == "held" or _was_blocked(chat, schedule.due_at):
        freed_at = chat.unblocked_at
        return "go" if freed_at is None or freed_at <= until else "refuse"
    return "go"


def _was_blocked(chat: Chat, at: datetime) -> bool:
    """Whether the contact, who is not blocked now, was so then, as far as is remembered."""
    if chat.blocked_at is None or chat.unblocked_at is None:
        return False
    return chat.blocked_at <= at < chat.unblocked_at


def held(schedule: Schedule) -> Schedule:
    """SCH-4: it waits for the contact to be unblocked, and is looked at again when that is over."""
    over_at = schedule.due_at + HELD_FOR + A_MOMENT
    return _next(replace(schedule, state="held", look_at=over_at))


def freed(schedule: Schedule, now: datetime) -> Schedule:
    """SCH-4: the contact was unblocked: it goes out at once."""
    return _next(replace(schedule, look_at=now))


def may_be_freed(schedule: Schedule, now: datetime) -> bool:
    """Whether to unblock the contact now sends it."""
    return schedule.state == "held" and now <= schedule.due_at + HELD_FOR


def done(schedule: Schedule, now: datetime) -> Schedule:
    """It went out, or fired."""
    return _next(replace(schedule, state="done", look_at=None, done_at=now))


def not_sent(
    schedule: Schedule, now: datetime, reason: ScheduleReason, lacks: tuple[str, ...] = ()
) -> Schedule:
    """It did not go out, for that reason (SCH-5)."""
    ended = replace(schedule, state="not_sent", look_at=None, done_at=now)
    return _next(replace(ended, reason=reason, lacks=lacks))


def removed(schedule: Schedule, now: datetime) -> Schedule:
    """SCH-3: somebody removed it, and it never fires."""
    return _next(replace(schedule, state="removed", look_at=None, done_at=now))


def may_be_restored(schedule: Schedule, now: datetime) -> bool:
    """SCH-3: the undo of «Remover fluxos», a short while after it."""
    if schedule.kind != "flow" or schedule.state != "removed" or schedule.done_at is None:
        return False
    return now <= schedule.done_at + UNDOABLE


def restored(schedule: Schedule) -> Schedule:
    """As it was before it was removed; due by now, it fires at once."""
    return _next(replace(schedule, state="pending", look_at=schedule.due_at, done_at=None))


def _next(schedule: Schedule) -> Schedule:
    return replace(schedule, version=schedule.version + 1)


def shown(schedule: Schedule, chat: Chat) -> events.Schedule:
    """As screens see it. `chat` is the one that it belongs to today (INB-7)."""
    return {
        "schedule_id": schedule.schedule_id,
        "version": schedule.version,
        "chat_id": chat.chat_id,
        "contact_name": chat.name,
        "channel": chat.channel,
        "kind": schedule.kind,
        "due_at": iso(schedule.due_at),
        "name": schedule.name,
        "language": schedule.language,
        "values": dict(schedule.values),
        "opens": schedule.opens,
        "flow_id": schedule.flow_id,
        "state": schedule.state,
        "reason": schedule.reason,
        "lacks": list(schedule.lacks),
        "by": schedule.by,
        "by_name": schedule.by_name,
        "created_at": iso(schedule.created_at),
        "done_at": iso_or_none(schedule.done_at),
    }
