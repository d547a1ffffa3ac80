"""What an agent was told of, and why: only of chats that they may read (NOTIF-2, NOTIF-7)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.domain.access import Permission, may_read
from chalicelib.domain.instants import iso
from chalicelib.domain.message import preview
from chalicelib.stores import alerts, bells
from chalicelib.stores import chats as store

if TYPE_CHECKING:
    from chalicelib.domain import events
    from chalicelib.domain.access import Agent
    from chalicelib.domain.bell import Bell
    from chalicelib.domain.chat import Chat
    from chalicelib.domain.message import Message
    from chalicelib.domain.notification import Decision
    from chalicelib.world import World

PAGE = 30
SECOND = len("2026-11-24T12:00:00")


def at_bell(world: World, agent: Agent) -> events.Notifications:
    """The bell's entries, what happened last first, with what their messages read by now."""
    own = alerts.load(agent.agent_id)
    found = bells.load(agent.agent_id)
    about = [(one.chat_id, one.subject if one.kind == "message" else None) for one in found]
    chats, messages = store.named(about)
    entries = [
        _entry(bell, chats[bell.chat_id], messages.get((bell.chat_id, bell.subject)), own.seen)
        for bell in found
        if bell.chat_id in chats and _shows(bell, chats[bell.chat_id], agent)
    ]
    # Channels tell whole seconds: within one, whatever came last stands first.
    entries.sort(key=lambda one: (one["at"][:SECOND], one["id"]), reverse=True)
    newest = max((bell.bell_id for bell in found), default=None)
    return {"entries": entries, "newest": newest, "muted": own.muted}


def why(world: World, agent: Agent, cursor: str | None) -> events.Decisions:
    """A page of the decisions about this agent, newest first."""
    found = alerts.decisions(agent.agent_id, before=cursor, limit=PAGE)
    chats, _ = store.named((one.chat_id, None) for one in found)
    return {
        "decisions": [
            _decision(one, chats[one.chat_id])
            for one in found
            if one.chat_id in chats and may_read(chats[one.chat_id], agent)
        ],
        "cursor": found[-1].decision_id if len(found) == PAGE else None,
    }


def devices(world: World, agent: Agent) -> events.PushDevices:
    """What a browser subscribes with, and which of the agent's have. Raises Unavailable."""
    return {
        "public_key": world.push.public_key(),
        "devices": [
            {"device_id": one.device_id, "label": one.label, "since": iso(one.since)}
            for one in alerts.load(agent.agent_id).devices
        ],
    }


def _shows(bell: Bell, chat: Chat, agent: Agent) -> bool:
    """Whether the agent may still know of it; notes have a permission of their own (INFO-4)."""
    if bell.kind == "note" and not agent.may(Permission.NOTES):
        return False
    return may_read(chat, agent)


def _entry(bell: Bell, chat: Chat, message: Message | None, seen: str) -> events.BellEntry:
    told = message is not None and message.deleted_at is None
    return {
        "id": bell.bell_id,
        "kind": bell.kind,
        "chat_id": chat.chat_id,
        "name": chat.name,
        "channel": chat.channel,
        "text": preview(message.text) if message is not None else bell.text,
        "text_kind": message.kind if message is not None and told else None,
        "department_id": bell.department_id,
        "at": iso(bell.at),
        "seen": bell.bell_id <= seen,
    }


def _decision(one: Decision, chat: Chat) -> events.Decision:
    return {
        "id": one.decision_id,
        "kind": one.kind,
        "chat_id": chat.chat_id,
        "name": chat.name,
        "channel": chat.channel,
        "department_id": one.department_id if one.kind == "assignment" else None,
        "at": iso(one.at),
        "bell": {"told": one.bell == "told", "because": one.bell},
        "sound": {"told": one.sound == "told", "because": one.sound},
        "push": {"told": one.push == "told", "because": one.push, "outcome": one.outcome},
    }
