"""Sockets: opened by a single-use ticket, fed once they say what they show (LIVE)."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

from chalicelib.domain import errors
from chalicelib.domain.instants import iso
from chalicelib.domain.notification import Presence
from chalicelib.stores import connections, people

if TYPE_CHECKING:
    from chalicelib.domain import events
    from chalicelib.domain.access import Agent
    from chalicelib.domain.events import DeviceName, PageName
    from chalicelib.domain.listing import Tab
    from chalicelib.world import World

TICKET = re.compile(r"[0-9a-f]{32}")
TICKET_LIFE = timedelta(seconds=30)
SOCKET_LIFE = timedelta(hours=3)  # the gateway cuts every socket after two


def give_ticket(world: World, agent: Agent) -> events.Ticket:
    """A ticket for one socket of this agent, so that no login ever stands in a URL."""
    ticket = world.new_id() + world.new_id()
    expires_at = world.now() + TICKET_LIFE
    connections.save_ticket(ticket, agent.agent_id, expires_at)
    return {"ticket": ticket, "url": world.settings.live_url, "expires_at": iso(expires_at)}


def connect(world: World, connection_id: str, ticket: str, origin: str) -> None:
    """Let the socket in as pending: it is told nothing before its hello.

    Raises Forbidden for a page of another origin, Unauthenticated for a ticket that is unknown,
    used or too old, AgentInactive for somebody cut off meanwhile.
    """
    if origin != world.settings.web_origin:
        raise errors.Forbidden()
    known = TICKET.fullmatch(ticket)
    agent_id = connections.use_ticket(ticket, world.now()) if known else None
    if agent_id is None:
        raise errors.Unauthenticated()
    agent = people.agent(agent_id, consistent=True)
    if agent is None or not agent.active:
        raise errors.AgentInactive()
    connections.save_pending(
        connection_id, agent_id, world.now() + SOCKET_LIFE, agent_version=agent.version
    )


def hello(
    world: World,
    connection_id: str,
    tab: Tab | None,
    chat_id: str | None,
    *,
    page: PageName = "chat",
    visible: bool = True,
    device: DeviceName = "browser",
) -> bool:
    """The socket lists this tab and has this chat open from now on. False: it is not known.

    What it says of its page decides what its agent is told of, and how (NOTIF).

    What it asks for is not checked here: every publish asks `may_read` for every socket anyway.
    """
    presence = Presence(page, visible, device, world.now())
    return connections.say_hello(connection_id, tab, chat_id, presence)


def ping(world: World, connection_id: str, *, visible: bool) -> None:
    """The socket's page is there, and seen or not; of one that is not known nothing is kept."""
    connections.still_there(connection_id, world.now(), visible=visible)


def disconnect(world: World, connection_id: str) -> None:
    """The socket has closed; saying so twice is fine."""
    connections.forget(connection_id)
