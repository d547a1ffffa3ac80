"""Lists and chats."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.api.blueprint import SIGNED_IN, Doors
from chalicelib.commands import mark_read as reading
from chalicelib.domain.listing import Filters
from chalicelib.queries import chats
from chalicelib.queries import search as finding

if TYPE_CHECKING:
    from chalicelib.api import requests
    from chalicelib.domain import events
    from chalicelib.domain.access import Agent
    from chalicelib.world import World

api = Doors(__name__)


@api.get("/chats", may=SIGNED_IN)
def get_chats(world: World, agent: Agent, query: requests.ListQuery) -> events.ListPage:
    """One page of one of the viewer's tabs, filtered (TAB, SORT, FILT-1)."""
    filters = Filters(
        tag=query.tag,
        department=query.department,
        agent=query.agent,
        campaign=query.campaign,
        channel=query.channel,
        unread=query.unread,
    )
    return chats.list_page(
        world,
        agent,
        query.tab,
        query.order,
        filters=filters,
        cursor=query.cursor,
        limit=query.limit,
    )


@api.get("/search", may=SIGNED_IN)
def get_search(world: World, agent: Agent, query: requests.SearchQuery) -> events.SearchPage:
    """Chats by name, phone or protocol, among all that the viewer may read (FIND-1)."""
    return finding.search(agent, query.q)


@api.get("/counts", may=SIGNED_IN)
def get_counts(world: World, agent: Agent) -> events.Counts:
    """How many chats each of the viewer's tabs holds; 100 stands for more (TAB-8)."""
    return chats.counts(agent)


@api.get("/chats/{chat_id}", may=SIGNED_IN)
def get_chat(world: World, agent: Agent, chat_id: str) -> events.OpenedChat:
    """A chat and its newest messages; 404 too when the viewer may not read it (PERM-2)."""
    return chats.opened_chat(world, agent, chat_id)


@api.put("/chats/{chat_id}/read", may=SIGNED_IN)
def put_read(world: World, agent: Agent, chat_id: str, body: requests.MarkRead) -> events.ReadMark:
    """Mark the chat read up to what the viewer has on screen, for everyone (READ-1)."""
    chat = reading.mark_read(world, agent, chat_id, body.up_to)
    return {"unread": chat.unread, "rev": chat.rev}


@api.put("/chats/{chat_id}/unread", may=SIGNED_IN)
def put_unread(world: World, agent: Agent, chat_id: str) -> events.ReadMark:
    """«Marcar como não lido», for everyone (READ-2)."""
    chat = reading.mark_unread(world, agent, chat_id)
    return {"unread": chat.unread, "rev": chat.rev}
