"""What each open screen is told of a change: asked for every socket, on every publish (LIVE-1)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chalicelib.domain import views
from chalicelib.domain.access import Agent, may_read, tabs_holding
from chalicelib.domain.instants import iso
from chalicelib.domain.listing import Tab

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime
    from typing import Literal

    from chalicelib.domain import events
    from chalicelib.domain.chat import Chat
    from chalicelib.domain.message import Message


@dataclass(frozen=True)
class Viewer:
    """One socket: whose it is, which tab it lists and which chat it has open."""

    agent: Agent
    tab: Tab | None  # None: another page than the chat, which lists nothing
    chat_id: str | None


@dataclass(frozen=True)
class ChatChanged:
    """A chat's row went from `before` (None: new) to `after`."""

    before: Chat | None
    after: Chat


@dataclass(frozen=True)
class MessageChanged:
    """A message of the chat `shown_in` (its own, or the one its chat was merged into)."""

    message: Message
    shown_in: Chat


@dataclass(frozen=True)
class ChannelChanged:
    """A channel account's health changed."""

    channel: events.Channel


@dataclass(frozen=True)
class AgentChanged:
    """A user's row went from `before` (None: new) to `after`."""

    before: Agent | None
    after: Agent


@dataclass(frozen=True)
class DirectoryChanged:
    """Names that everybody sees changed: of departments, or of tags, fields and campaigns."""

    part: Literal["people", "labels", "quick_replies", "templates", "flows"]


@dataclass(frozen=True)
class BellChanged:
    """An agent's bell, sound or what they have seen changed (NOTIF-2)."""

    agent_id: str


@dataclass(frozen=True)
class Rang:
    """An agent is to hear that something happened (NOTIF-1)."""

    agent_id: str
    decision_id: str
    at: datetime


BELL: events.BellEvent = {"type": "bell"}

Own = BellChanged | Rang
Change = ChatChanged | MessageChanged | ChannelChanged | AgentChanged | DirectoryChanged | Own


def told(
    viewer: Viewer,
    changes: Iterable[Change],
    now: datetime,
    human: Callable[[Chat], bool] = lambda _: False,
) -> list[events.Event]:
    """The events of one stream batch for one viewer, in order; nothing they may not see.

    `human`: of which chats what a human types may go out for seven days (SEND-14).
    """
    if not viewer.agent.active:
        return []
    said: list[events.Event] = []
    for change in changes:
        if isinstance(change, ChatChanged):
            if _out_of_sight(viewer.agent, change) and BELL not in said:
                said.append(BELL)
            said.extend(_of_chat(viewer, change, now, human))
        elif isinstance(change, MessageChanged):
            said.extend(_of_message(viewer, change))
        elif isinstance(change, BellChanged | Rang):
            own = _of_own(viewer, change)
            if own is not None and own not in said:
                said.append(own)
        elif isinstance(change, AgentChanged | DirectoryChanged):
            part = _of_agent(viewer, change) if isinstance(change, AgentChanged) else change.part
            event: events.DirectoryEvent | None = part and {"type": "directory", "part": part}
            if event is not None and event not in said:  # once a batch is enough
                said.append(event)
        else:
            said.append({"type": "channel", "channel": change.channel})
    return said


def _out_of_sight(agent: Agent, change: ChatChanged) -> bool:
    """Whether the chat, of which the agent was told, is not theirs to read any more."""
    before = change.before
    if before is None:
        return False
    # Who holds it is asked first: it spares nearly every socket the question what it may read.
    held = before.agent_id == agent.agent_id or before.department_id in agent.department_ids
    return held and may_read(before, agent) and not may_read(change.after, agent)


def _of_own(viewer: Viewer, change: Own) -> events.BellEvent | events.SoundEvent | None:
    """What concerns one agent alone goes to no other."""
    if viewer.agent.agent_id != change.agent_id:
        return None
    if isinstance(change, BellChanged):
        return BELL
    return {"type": "sound", "id": change.decision_id, "at": iso(change.at)}


def _of_agent(viewer: Viewer, change: AgentChanged) -> Literal["me", "people"] | None:
    """PERM-2: who may see something else from now on fetches everything; names concern all."""
    before, after = change.before, change.after
    own = viewer.agent.agent_id == after.agent_id
    if before is None:
        return "people"
    if own and _rights(before) != _rights(after):
        return "me"
    if _name(before) != _name(after) or (own and before.farewell != after.farewell):
        return "people"
    return None


def _rights(agent: Agent) -> object:
    return agent.active, agent.permissions, agent.department_ids


def _name(agent: Agent) -> object:
    return agent.active, agent.name, agent.picture


def _of_chat(
    viewer: Viewer, change: ChatChanged, now: datetime, human: Callable[[Chat], bool]
) -> list[events.Event]:
    if viewer.tab is None:
        return []
    chat = change.after
    before = tabs_holding(change.before, viewer.agent) if change.before else ()
    after = tabs_holding(chat, viewer.agent)
    if not (before or after):
        return []
    opened = viewer.chat_id == chat.chat_id
    said: list[events.Event] = []
    row_changed = change.before is None or change.before.row_rev != chat.row_rev
    if row_changed and (opened or viewer.tab in before or viewer.tab in after):
        said.append(
            {
                "type": "row",
                "chat_id": chat.chat_id,
                "row_rev": chat.row_rev,
                "tabs": [tab.value for tab in after],
                "row": views.row(chat) if after else None,
            }
        )
    if before != after:
        said.append(
            {
                "type": "counts",
                "chat_id": chat.chat_id,
                "row_rev": chat.row_rev,
                "before": [tab.value for tab in before],
                "after": [tab.value for tab in after],
            }
        )
    if opened:
        said.append(
            {
                "type": "chat",
                "chat_id": chat.chat_id,
                "rev": chat.rev,
                "touched": list(chat.touched) if after else [],
                "chat": views.chat(chat, now, human=human(chat)) if after else None,
            }
        )
        if change.before is not None and change.before.also != chat.also:
            # A merge brought the messages of another chat, none of which has an event (INB-7).
            said.append({"type": "refetch", "chat_id": chat.chat_id})
    return said


def _of_message(viewer: Viewer, change: MessageChanged) -> list[events.Event]:
    chat = change.shown_in
    if viewer.chat_id != chat.chat_id or not tabs_holding(chat, viewer.agent):
        return []
    return [
        {
            "type": "message",
            "chat_id": chat.chat_id,
            "message": views.message(change.message),
        }
    ]
