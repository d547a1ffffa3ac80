"""The four lists, their counts, and one chat: what a screen loads, narrowed by access."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.domain import errors, listing, views
from chalicelib.domain.access import Permission, may_read, tabs_of
from chalicelib.domain.listing import NO_FILTERS, Reader
from chalicelib.stores import chats as store
from chalicelib.stores import lists, members

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from chalicelib.domain import events
    from chalicelib.domain.access import Agent
    from chalicelib.domain.chat import Chat
    from chalicelib.domain.listing import Filters, Order, Tab, Way
    from chalicelib.domain.message import Message
    from chalicelib.world import World

COUNTED = 100  # stands for «99+» (TAB-8)
FIRST_MESSAGES = 50
EXAMINED = 500  # rows of the indexes, by all partitions together, for a page that is filtered
LOOKED_UP = 100  # chats fetched by key for a page that is filtered on an order by opening


def list_page(
    world: World,
    agent: Agent,
    tab: Tab,
    order: Order,
    *,
    filters: Filters = NO_FILTERS,
    cursor: str | None = None,
    limit: int,
) -> events.ListPage:
    """One page of a tab: a k-way merge of bounded queries, one for each partition (SORT-4, FILT-1).

    The cursor is a place in the order: everything up to it was examined, in every partition, so
    that the next page neither skips nor repeats a chat while others move. What one request reads is
    bounded, so that a filtered page may hold fewer rows than asked for, even none, and go on. Few
    chats of a tag or campaign are fetched whole. Raises NotFound for a tab that the agent lacks.
    """
    if tab not in tabs_of(agent):
        raise errors.NotFound()
    now, reader = world.now(), _reader(agent)
    way = listing.plan(tab, order, filters, reader, now)

    def wanted(chat: Chat) -> bool:
        held = listing.holds(
            tab,
            chat,
            agent_id=reader.agent_id,
            department_ids=reader.department_ids,
            every_department=reader.every_department,
        )
        return held and listing.matches(filters, chat, now)

    few = _few_members(way)
    if few is not None:
        return _page_of_members(few, order, wanted, cursor=cursor, limit=limit)
    if order.by_opening:
        examined = LOOKED_UP + 1 if way.narrowed else limit + 1
    else:
        share = EXAMINED // max(len(way.partitions), 1)
        examined = max(share, limit + 1) if way.narrowed else limit + 1
    readings = lists.read(way, order, cursor=cursor, examined=examined, now=now)
    entries, reached = _merged(readings, order)
    if order.by_opening:
        looked_up = entries[: LOOKED_UP if way.narrowed else limit]
        fetched = lists.fetch(entry.chat_id for entry in looked_up)
        kept = [
            (entry.place, chat)
            for entry in looked_up
            if (chat := fetched.get(entry.chat_id)) is not None and wanted(chat)
        ]
        if len(looked_up) < len(entries):
            reached = looked_up[-1].place
        shown = [(place, views.row(chat)) for place, chat in kept]
    else:
        shown = [(entry.place, lists.row(entry.row)) for entry in entries[: limit + 1]]
    return _page_of_rows(shown, limit, reached)


def counts(agent: Agent) -> events.Counts:
    """How many chats each tab of the agent holds, exact up to 99; 100 stands for more (TAB-8)."""
    reader = _reader(agent)
    return {
        "counts": {
            tab.value: lists.count(listing.tab_partitions(tab, reader), limit=COUNTED)
            for tab in tabs_of(agent)
        }
    }


def opened_chat(world: World, agent: Agent, chat_id: str) -> events.OpenedChat:
    """What entering a chat loads: its row and its newest messages. Raises NotFound."""
    chat = readable(agent, chat_id)
    found = store.page_of_messages(chat, limit=FIRST_MESSAGES)
    return {
        "chat": views.chat(chat, world.now(), human=world.may_answer_as_human(chat)),
        "page": _page(found, older=len(found) == FIRST_MESSAGES, newer=False),
    }


def messages(
    agent: Agent,
    chat_id: str,
    *,
    before: str | None,
    after: str | None,
    around: str | None,
    limit: int,
) -> events.MessagePage:
    """The messages next to a key or around one, oldest first (CHAT-1, FIND-2). Raises NotFound."""
    chat = readable(agent, chat_id)
    if around is not None:
        earlier = store.page_of_messages(chat, before=around, limit=limit // 2)
        later = store.page_of_messages(chat, from_=around, limit=limit - len(earlier))
        return _page(
            [*earlier, *later],
            older=len(earlier) == limit // 2,
            newer=len(later) == limit - len(earlier),
        )
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


def _reader(agent: Agent) -> Reader:
    every = agent.may(Permission.EVERY_DEPARTMENT)
    return Reader(agent.agent_id, agent.department_ids, every)


def _few_members(way: Way) -> list[str] | None:
    """The chats of the way's tag or campaign when they are few enough to be fetched, or None."""
    if not way.few_members:
        return None
    filters = way.filters
    tried = [
        *([members.tag_pk(filters.stored_tag)] if filters.stored_tag else []),
        *([members.campaign_pk(filters.campaign)] if filters.campaign else []),
    ]
    for partition in tried:
        found, whole = members.read(partition, limit=way.few_members + 1)
        if whole and len(found) <= way.few_members:
            return [member.chat_id for member in found]
    return None


def _page_of_members(
    chat_ids: list[str],
    order: Order,
    wanted: Callable[[Chat], bool],
    *,
    cursor: str | None,
    limit: int,
) -> events.ListPage:
    """All of them fetched, and those that are wanted put in order."""
    found = []
    for chat in lists.fetch(chat_ids).values():
        place = listing.place(order, chat)
        if place is None or not wanted(chat):
            continue
        if cursor is None or (place > cursor if order.ascending else place < cursor):
            found.append((place, views.row(chat)))
    found.sort(key=lambda one: one[0], reverse=not order.ascending)
    return _page_of_rows(found, limit, None)


def _merged(
    readings: Iterable[lists.Reading], order: Order
) -> tuple[list[lists.Entry], str | None]:
    """The entries in order, up to the place that every partition has reached; None: the end.

    A chat that went from one partition to another between two queries is in both: once is enough.
    """
    readings = list(readings)
    latest: dict[str, lists.Entry] = {}
    for entry in (entry for reading in readings for entry in reading.entries):
        known = latest.get(entry.chat_id)
        if known is None or (entry.row.row_rev or 0) > (known.row.row_rev or 0):
            latest[entry.chat_id] = entry
    stops = [reading.reached for reading in readings if reading.reached is not None]
    entries = sorted(latest.values(), key=lambda entry: entry.place, reverse=not order.ascending)
    if not stops:
        return entries, None
    if order.ascending:
        reached = min(stops)
        return [entry for entry in entries if entry.place <= reached], reached
    reached = max(stops)
    return [entry for entry in entries if entry.place >= reached], reached


def _page_of_rows(
    shown: list[tuple[str, events.ChatRow]], limit: int, reached: str | None
) -> events.ListPage:
    """The first so many; the next page begins after the last of them, or where reading ended."""
    page = shown[:limit]
    return {
        "chats": [row for _, row in page],
        "cursor": page[-1][0] if len(shown) > limit else reached,
    }


def _page(found: list[Message], *, older: bool, newer: bool) -> events.MessagePage:
    return {
        "messages": [views.message(message) for message in found],
        "before": found[0].key if found and older else None,
        "after": found[-1].key if found and newer else None,
    }
