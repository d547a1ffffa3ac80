"""What the table's stream tells open screens (LIVE-1)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from chalicelib.domain.live import (
    AgentChanged,
    BellChanged,
    ChannelChanged,
    ChatChanged,
    DirectoryChanged,
    MessageChanged,
    Rang,
    Viewer,
    told,
)
from chalicelib.domain.message import Message
from chalicelib.gateways.realtime import FRAME_BYTES
from chalicelib.stores import chats as store
from chalicelib.stores import connections

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from chalicelib.domain.chat import Chat
    from chalicelib.domain.events import Event, PartName
    from chalicelib.domain.live import Change
    from chalicelib.world import World

FAILURES_ALLOWED = 1

Told = ChatChanged | ChannelChanged | AgentChanged | DirectoryChanged | BellChanged | Rang | Message


def publish(
    world: World,
    changes: Sequence[Told],
) -> None:
    """Tell each ready socket, in one frame, what changed of what it shows and may see.

    What these very changes say of an agent holds at once, whatever is remembered (PERM-2).
    Sockets that are gone are forgotten; one that fails twice is cut, so that its page reconnects
    and resyncs; those of a deactivated user are cut for good (PERM-3).
    """
    for change in changes:
        if isinstance(change, AgentChanged):
            world.agents.learn(change.after)
            if change.before is not None:
                # Before its page fetches: what others tell it after that is by the same rights.
                connections.agent_changed(change.after.agent_id, change.after.version)
    sockets = connections.ready()
    if not sockets:
        return
    open_chats = {socket.chat_id for socket in sockets if socket.chat_id is not None}
    known = list(_known(changes, open_chats))
    agents = world.agents.at_least((one.agent_id, one.agent_version) for one in sockets)
    now = world.now()
    frames = {}
    for socket in sockets:
        agent = agents.get(socket.agent_id)
        if agent is None:
            continue  # there is no such agent
        if not agent.active:
            world.realtime.close(socket.connection_id)
            connections.forget(socket.connection_id)
            continue
        viewer = Viewer(agent, socket.tab, socket.chat_id)
        events = told(viewer, known, now, world.may_answer_as_human)
        if events:
            frames[socket.connection_id] = [frame(events)]
    send(world, frames)


def ask_to_refetch(world: World, chat_id: str) -> None:
    """Tell every socket that has the chat open to fetch it, for a change that had no frame."""
    pointer = frame([{"type": "refetch", "chat_id": chat_id}])
    send(
        world,
        {
            socket.connection_id: [pointer]
            for socket in connections.ready()
            if socket.chat_id == chat_id
        },
    )


def ask_to_fetch_names(world: World, part: PartName) -> None:
    """Tell every socket to fetch what a row of people or labels says, when it had no frame."""
    pointer = frame([{"type": "directory", "part": part}])
    send(world, {socket.connection_id: [pointer] for socket in connections.ready()})


def send(world: World, frames: dict[str, list[str]]) -> None:
    """Post the frames, and clean up after sockets that are gone or do not listen."""
    outcome = world.realtime.post(frames)
    for connection_id in outcome.gone:
        connections.forget(connection_id)
    for connection_id in outcome.failed:
        if connections.failed(connection_id) > FAILURES_ALLOWED:
            world.realtime.close(connection_id)
            connections.forget(connection_id)


def frame(events: list[Event]) -> str:
    """The frame that carries these events, or one that says to fetch when they do not fit."""
    text = json.dumps(
        {"type": "events", "events": events}, ensure_ascii=False, separators=(",", ":")
    )
    if len(text.encode("utf-8", "replace")) <= FRAME_BYTES:
        return text
    return json.dumps({"type": "events", "events": [{"type": "refetch", "chat_id": None}]})


def _known(changes: Iterable[Told], open_chats: set[str]) -> Iterable[Change]:
    """The changes, each message with the chat whose readers may see it.

    A message of a chat that nobody has open concerns no socket. One that lies in the partition of
    a merged chat is not sent: the chat's event names it, and the screens fetch.
    """
    latest: dict[str, Chat | None] = {}
    for change in changes:
        if isinstance(change, ChatChanged):
            latest[change.after.chat_id] = change.after
    for change in changes:
        if not isinstance(change, Message):
            yield change
            continue
        if change.chat_id not in open_chats:
            continue
        if change.chat_id not in latest:
            latest[change.chat_id] = store.load(change.chat_id)
        chat = latest[change.chat_id]
        if chat is not None:
            yield MessageChanged(change, chat)
