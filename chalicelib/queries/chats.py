"""The four lists, their counts, and one chat: what a screen loads, narrowed by access."""

from __future__ import annotations

from heapq import merge
from itertools import islice
from typing import TYPE_CHECKING

from chalicelib.domain import errors, listing, views
from chalicelib.domain.access import Permission, may_read, tabs_of
from chalicelib.domain.listing import Order, Tab
from chalicelib.stores import chats as store
from chalicelib.stores import lists

if TYPE_CHECKING:
    from chalicelib.domain import events
    from chalicelib.domain.access import Agent
    from chalicelib.domain.chat import Chat
    from chalicelib.domain.listing import Partition
    from chalicelib.domain.message import Message
    from chalicelib.world import World

COUNTED = 100  # stands for «99+» (TAB-8)
FIRST_MESSAGES = 50


def list_page(
    agent: Agent,
    tab: Tab,
    order: Order,
    *,
    unread_only: bool,
    cursor: str | None,
    limit: int,
) -> events.ListPage:
    """One page of a tab: a k-way merge of bounded queries, one for each partition (SORT-4).

    The cursor is the last row's place in the order, so that it neither skips nor repeats a chat
    while others move. Raises NotFound for a tab that the agent does not have.
    """
    if tab not in tabs_of(agent):
        raise errors.NotFound()
    streams = [
        lists.page(partition, order, cursor=cursor, limit=limit + 1)
        for partition in _partitions(agent, tab, order, unread_only=unread_only)
    ]
    merged = merge(*streams, key=lambda entry: entry.place, reverse=not order.ascending)
    entries = list(islice(merged, limit + 1))
    page = entries[:limit]
    return {
        "chats": lists.rows(page, order),
        "cursor": page[-1].place if len(entries) > limit else None,
    }


def counts(agent: Agent) -> events.Counts:
    """How many chats each tab of the agent holds, exact up to 99; 100 stands for more (TAB-8)."""
    found: dict[events.TabName, int] = {}
    for tab in tabs_of(agent):
        total = 0
        for partition in _partitions(agent, tab, Order.NEWEST, unread_only=False):
            total += lists.count(partition, limit=COUNTED - total)
            if total >= COUNTED:
                break
        found[tab.value] = min(total, COUNTED)
    return {"counts": found}


def opened_chat(world: World, agent: Agent, chat_id: str) -> events.OpenedChat:
    """What entering a chat loads: its row and its newest messages. Raises NotFound."""
    chat = readable(agent, chat_id)
    found = store.page_of_messages(chat, limit=FIRST_MESSAGES)
    return {
        "chat": views.chat(chat, world.now()),
        "page": _page(found, older=len(found) == FIRST_MESSAGES, newer=False),
    }


def messages(
    agent: Agent, chat_id: str, *, before: str | None, after: str | None, limit: int
) -> events.MessagePage:
    """The messages next to a key, oldest first (CHAT-1). Raises NotFound."""
    chat = readable(agent, chat_id)
    found = store.page_of_messages(chat, before=before, after=after, limit=limit)
    full = len(found) == limit
    if after is not None:
        return _page(found, older=True, newer=full)
    return _page(found, older=full, newer=before is not None)


def readable(agent: Agent, chat_id: str) -> Chat:
    """The chat, merges followed, if this agent may read it (TAB-7). Raises NotFound."""
    chat = store.resolve(chat_id)
    if chat is None or not may_read(chat, agent):
        raise errors.NotFound()
    return chat


def _page(found: list[Message], *, older: bool, newer: bool) -> events.MessagePage:
    return {
        "messages": [views.message(message) for message in found],
        "before": found[0].key if found and older else None,
        "after": found[-1].key if found and newer else None,
    }


def _partitions(
    agent: Agent, tab: Tab, order: Order, *, unread_only: bool
) -> tuple[Partition, ...]:
    return listing.partitions(
        tab,
        order,
        unread_only=unread_only,
        agent_id=agent.agent_id,
        department_ids=agent.department_ids,
        every_department=agent.may(Permission.EVERY_DEPARTMENT),
    )
