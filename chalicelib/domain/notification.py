"""Who is told of what, and how: bell, sound and phone, and why (NOTIF-1 to NOTIF-9).

One decision for each agent whom an occasion concerns. Everything it depends on comes in as an
argument, and every «no» has its reason.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING

from chalicelib.domain.access import may_read
from chalicelib.domain.instants import sortable

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from chalicelib.domain.access import Agent
    from chalicelib.domain.chat import Chat, Occasion
    from chalicelib.domain.events import DeviceName, OccasionName, PageName, PushOutcome, Reason

KEPT = timedelta(days=30)
# A page says every minute that it is visible, every four that it is there. One that has been silent
# for longer is gone, whatever the gateway still believes: nobody sits before it.
SILENT_VISIBLE = timedelta(seconds=150)
SILENT_HIDDEN = timedelta(minutes=10)
FRESH = timedelta(minutes=1)  # a sound that comes later tells of nothing that is new
PUSHED_FOR = timedelta(hours=1)  # for so long a push service that is down is tried again
LONGEST_WAIT = timedelta(minutes=5)
PHONE_KEEPS = timedelta(hours=12)  # what a phone that was off for longer missed is not shown there


@dataclass(frozen=True)
class Presence:
    """A page of an agent's that is open: which, whether it is seen, and on what."""

    page: PageName
    visible: bool
    device: DeviceName
    seen_at: datetime

    def live(self, now: datetime) -> bool:
        """Whether the page has said lately that it is there."""
        return now - self.seen_at <= (SILENT_VISIBLE if self.visible else SILENT_HIDDEN)


@dataclass(frozen=True)
class Pushed:
    """That an agent's phone was last pushed to about a contact: once per contact (NOTIF-4).

    `holding` is how the chat was held then, `subject` the message; `answered` whether the
    notification was clicked or dismissed since.
    """

    holding: int
    subject: str
    answered: bool = False
    version: int = 1


@dataclass(frozen=True)
class Decision:
    """What one agent was told of one occasion, and why; `told` where it was, else the reason.

    `subject` is the message's key, or the revision that gave the chat to somebody.
    """

    agent_id: str
    kind: OccasionName
    chat_id: str
    subject: str
    at: datetime
    decided_at: datetime
    department_id: str | None
    bell: Reason
    sound: Reason
    push: Reason
    outcome: PushOutcome | None = None  # of the push, once that is known
    sent_to: frozenset[str] = frozenset()  # the devices that it was sent to

    @property
    def to_push(self) -> bool:
        """Whether a phone is still to be pushed to."""
        return self.push == "told" and self.outcome is None

    @property
    def decision_id(self) -> str:
        """The same for the same occasion, however often it comes; they sort by time."""
        return named(self.kind, self.chat_id, self.subject, self.at)


def named(kind: str, chat_id: str, subject: str, at: datetime) -> str:
    """What an event of a chat is called among those that an agent is told of."""
    digest = sha256("\x1f".join((kind, chat_id, subject)).encode()).hexdigest()[:16]
    return f"{sortable(at)}-{digest}"


def as_it_stands(happened: Occasion, chat: Chat) -> Occasion | None:
    """The occasion as it is by now; None: it is none any more.

    A message is news for who holds the chat now; that it was given is news as long as it is so.
    """
    if happened.kind == "message":
        if chat.agent_id is None and chat.department_id is None:
            return None
        return replace(happened, agent_id=chat.agent_id, department_id=chat.department_id)
    agent_stands = happened.agent_id is None or chat.agent_id == happened.agent_id
    department_stands = (
        happened.department_id is None or chat.department_id == happened.department_id
    )
    return happened if agent_stands and department_stands else None


def concerns(occasion: Occasion, agent: Agent) -> bool:
    """NOTIF-3: the chat's agent, and everyone of its department; of an assignment those to whom it

    was given, and never who made it.
    """
    if occasion.by is not None and occasion.by == agent.agent_id:
        return False
    return occasion.agent_id == agent.agent_id or occasion.department_id in agent.department_ids


def notify(
    occasion: Occasion,
    chat: Chat,
    agent: Agent,
    presences: Iterable[Presence],
    *,
    devices: int,
    pushed: Pushed | None,
    muted: bool,
    now: datetime,
) -> Decision | None:
    """What the agent is told of the occasion; None: nothing, for it is not theirs to know.

    `presences` are the agent's own open pages, `devices` how many phones take pushes for them,
    `pushed` the last push about this contact.
    """
    if not concerns(occasion, agent) or not may_read(chat, agent):
        return None
    live = [one for one in presences if one.live(now)]
    at_chat = [one for one in live if one.page == "chat"]
    return Decision(
        agent_id=agent.agent_id,
        kind=occasion.kind,
        chat_id=chat.chat_id,
        subject=occasion.subject,
        at=occasion.at,
        decided_at=now,
        department_id=occasion.department_id,
        bell="chat_page_open" if at_chat else "told",
        sound=_sound(live, at_chat, muted=muted),
        push=_push(occasion, chat, agent, at_chat, devices, pushed),
    )


def _sound(live: list[Presence], at_chat: list[Presence], *, muted: bool) -> Reason:
    """NOTIF-1"""
    if any(one.visible for one in at_chat):
        return "chat_page_visible"
    if not live:
        return "no_page_open"
    return "muted" if muted else "told"


def _push(
    occasion: Occasion,
    chat: Chat,
    agent: Agent,
    at_chat: list[Presence],
    devices: int,
    pushed: Pushed | None,
) -> Reason:
    """NOTIF-4, NOTIF-5, NOTIF-9; with agent and department only the agent (NOTIF-3)."""
    if occasion.kind != "message":
        return "not_a_message"
    if chat.agent_id not in (None, agent.agent_id):
        return "agent_has_it"
    if devices == 0:
        return "no_device"
    if any(one.visible and one.device == "pwa" for one in at_chat):
        return "pwa_visible"
    if pushed is not None and not armed(pushed, chat):
        return "pushed_already"
    return "told"


def armed(pushed: Pushed, chat: Chat) -> bool:
    """Whether the next message is pushed again: the chat was given anew since, or its agent has

    dismissed or clicked the last notification. A department is told once of each assignment.
    """
    if pushed.holding != chat.holding:
        return True
    return pushed.answered and chat.agent_id is not None


def pushing(decision: Decision, chat: Chat, before: Pushed | None) -> Pushed:
    """What is remembered of a decision to push."""
    version = 1 if before is None else before.version + 1
    return Pushed(chat.holding, decision.subject, version=version)


def answered(pushed: Pushed) -> Pushed:
    """The notification was clicked or dismissed."""
    return replace(pushed, answered=True, version=pushed.version + 1)


def still_wanted(chat: Chat | None, agent: Agent | None) -> bool:
    """Whether what was decided to be pushed still is, just before it leaves.

    Nothing leaves for who is cut off or may not read the chat any more, nor for whom it is not
    any more.
    """
    if chat is None or agent is None or not agent.active or not may_read(chat, agent):
        return False
    if chat.agent_id is not None:
        return chat.agent_id == agent.agent_id
    return chat.department_id in agent.department_ids


def again_in(attempt: int) -> timedelta:
    """How long a push waits for a service that is down, after so many attempts."""
    return min(timedelta(seconds=2 ** min(attempt, 10)), LONGEST_WAIT)
