"""Where a chat stands in the four tabs and their orders, and how lists are read (TAB, SORT)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from chalicelib.domain import session
from chalicelib.domain.instants import sortable

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from chalicelib.domain.chat import Chat
    from chalicelib.domain.events import ChannelName

NOBODY = "-"
BADGES = (session.State.EXPIRING, session.State.EXPIRED)
QUEUES_MERGED = 24  # a user of more departments reads the placements, narrowed to theirs
FEW_MEMBERS = 200  # so many chats of a tag or campaign are fetched whole, whatever the tab,
FEWER_MEMBERS = 40  # and so many where the list is one agent's, whose own index is short


class Tab(StrEnum):
    """The four lists."""

    ALL = "all"
    OPEN = "open"
    MINE = "mine"
    IN_SERVICE = "in_service"


class Order(StrEnum):
    """SORT-1."""

    NEWEST = "newest"
    OLDEST = "oldest"
    OPENED_NEWEST = "opened_newest"
    OPENED_OLDEST = "opened_oldest"

    @property
    def by_opening(self) -> bool:
        """Whether it goes by the latest opening instead of the last exchanged message."""
        return self in (Order.OPENED_NEWEST, Order.OPENED_OLDEST)

    @property
    def ascending(self) -> bool:
        """Whether the oldest comes first."""
        return self in (Order.OLDEST, Order.OPENED_OLDEST)


class Placement(StrEnum):
    """The rows of TAB-5's table."""

    CLOSED = "closed"
    NOBODY = "nobody"
    DEPARTMENT = "department"
    AGENT = "agent"
    BOTH = "both"


class Index(StrEnum):
    """The table's ways to list chats."""

    BY_ACTIVITY = "by_activity"
    BY_OPENING = "by_opening"
    AGENT_ACTIVITY = "agent_activity"
    AGENT_OPENING = "agent_opening"
    QUEUE_ACTIVITY = "queue_activity"
    QUEUE_OPENING = "queue_opening"


@dataclass(frozen=True)
class Partition:
    """One partition of one index: what a list merges."""

    index: Index
    key: str


@dataclass(frozen=True)
class Filters:
    """FILT-1: one value each, None for no matter which. All that are given must hold."""

    tag: str | None = None  # a stored tag's id, or a badge's name
    department: str | None = None
    agent: str | None = None
    campaign: str | None = None
    channel: ChannelName | None = None
    unread: bool = False

    @property
    def badge(self) -> session.State | None:
        """The computed badge that `tag` names, if it is one (ROW-3)."""
        return next((badge for badge in BADGES if badge.value == self.tag), None)

    @property
    def stored_tag(self) -> str | None:
        """The stored tag that `tag` names, if it is one."""
        return None if self.badge else self.tag


NO_FILTERS = Filters()


@dataclass(frozen=True)
class Reader:
    """Whose lists they are: what tabs depend on."""

    agent_id: str
    department_ids: Collection[str]
    every_department: bool  # permission 6


@dataclass(frozen=True)
class Way:
    """How a list is read: which partitions are merged, and what they do not say by themselves.

    Of what they hold, only that counts which passes `filters` and is in one of `places` and of
    `queues`, where those are not empty. When the filter's tag or campaign has no more than
    `few_members`, these are fetched instead. By activity nothing before `since` can be wanted.
    """

    partitions: tuple[Partition, ...]
    filters: Filters = NO_FILTERS
    places: frozenset[Placement] = frozenset()
    queues: frozenset[str] = frozenset()
    few_members: int = 0
    since: datetime | None = None

    @property
    def narrowed(self) -> bool:
        """Whether its partitions hold more than the list does."""
        return bool(self.filters != NO_FILTERS or self.places or self.queues)


@dataclass(frozen=True)
class Keys:
    """A chat's place in every index; None keeps it out."""

    feed: str | None = None
    activity: str | None = None
    placement: str | None = None
    opening: str | None = None
    held_by: str | None = None
    queue: str | None = None


def placement(chat: Chat) -> Placement:
    """Which row of TAB-5 the chat is on."""
    if chat.attendance is None:
        return Placement.CLOSED
    if chat.agent_id is not None:
        return Placement.BOTH if chat.department_id is not None else Placement.AGENT
    return Placement.DEPARTMENT if chat.department_id is not None else Placement.NOBODY


def holds(
    tab: Tab,
    chat: Chat,
    *,
    agent_id: str,
    department_ids: Collection[str],
    every_department: bool,
) -> bool:
    """Whether the tab of that user holds the chat (TAB-1 to TAB-4, TAB-6)."""
    if chat.gone:
        return False
    if tab is Tab.ALL:
        return True
    if tab is Tab.MINE:
        return chat.agent_id == agent_id
    if tab is Tab.IN_SERVICE:
        return chat.agent_id is not None
    if chat.attendance is None:
        return False
    if chat.department_id is None:
        return chat.agent_id is None
    return every_department or chat.department_id in department_ids


def feed(place: Placement, *, unread: bool) -> str:
    """The partition of `by_activity` for a placement, unread chats apart."""
    return f"{place.value}#{'unread' if unread else 'read'}"


def keys(chat: Chat) -> Keys:
    """The chat's index keys; one that is gone is in no list."""
    if chat.gone:
        return Keys()
    place = placement(chat)
    queue: str | None = None
    if place in (Placement.DEPARTMENT, Placement.BOTH):
        queue = chat.department_id
    elif place is Placement.NOBODY:
        queue = NOBODY
    listed = chat.last_activity_at
    return Keys(
        feed=None if listed is None else feed(place, unread=chat.unread > 0),
        activity=None if listed is None else f"{sortable(listed)}#{chat.chat_id}",
        placement=place.value,
        opening=None if chat.opened_at is None else f"{sortable(chat.opened_at)}#{chat.chat_id}",
        held_by=chat.agent_id,
        queue=queue,
    )


def department_of(queue: str | None) -> str | None:
    """The department that a queue key names."""
    return None if queue in (None, NOBODY) else queue


def place(order: Order, chat: Chat) -> str | None:
    """Where the chat stands in the order; None: not in it (SORT-2)."""
    found = keys(chat)
    return found.opening if order.by_opening else found.activity


def matches(filters: Filters, chat: Chat, now: datetime) -> bool:
    """Whether the chat passes every filter (FILT-1)."""
    return (
        (filters.badge is None or chat.session.state(now) is filters.badge)
        and (filters.stored_tag is None or filters.stored_tag in chat.tags)
        and (filters.department is None or chat.department_id == filters.department)
        and (filters.agent is None or chat.agent_id == filters.agent)
        and (filters.campaign is None or filters.campaign in chat.campaigns)
        and (filters.channel is None or chat.channel == filters.channel)
        and (not filters.unread or chat.unread > 0)
    )


def session_ends(badge: session.State, now: datetime) -> tuple[datetime | None, datetime]:
    """After when (None: whenever) and until when a session ends while it has this badge (SES-2)."""
    if badge is session.State.EXPIRED:
        return None, now
    return now, now + session.WARNING


def tab_partitions(tab: Tab, reader: Reader) -> tuple[Partition, ...]:
    """The fewest partitions by activity that together are the tab, and nothing else (TAB-8).

    A holder of permission 6 merges the placements of `open`, however many departments there are;
    others one queue for each department of theirs.
    """
    if tab is Tab.MINE:
        return (Partition(Index.AGENT_ACTIVITY, reader.agent_id),)
    if tab is Tab.OPEN and not reader.every_department:
        return _queues(reader, by_opening=False)
    return _placements(tab, by_opening=False, unread=False)


def plan(tab: Tab, order: Order, filters: Filters, reader: Reader, now: datetime) -> Way:
    """The narrowest way to the chats of a tab that pass the filters.

    The members of a tag or campaign where they are few. Else an agent's index when the list is of
    one agent; else a department's queue; else the partitions of the tab. No partition at all:
    nothing can pass.
    """
    holder = reader.agent_id if tab is Tab.MINE else filters.agent
    if filters.agent not in (None, holder):
        return Way(())
    way = Way((), filters)
    if holder is not None:
        way = _of_agent(tab, order, holder, way, reader)
    elif filters.department is not None:
        way = _of_department(tab, order, filters.department, way, reader)
    else:
        way = _of_tab(tab, order, way, reader)
    few = FEW_MEMBERS if holder is None else FEWER_MEMBERS
    marked = filters.stored_tag is not None or filters.campaign is not None
    expiring = filters.badge is session.State.EXPIRING and not order.by_opening
    return replace(
        way,
        few_members=few if marked and way.partitions else 0,
        # its session still runs, so that its contact wrote within the length of one
        since=now - session.LENGTH if expiring else None,
    )


def _of_agent(tab: Tab, order: Order, holder: str, way: Way, reader: Reader) -> Way:
    index = Index.AGENT_OPENING if order.by_opening else Index.AGENT_ACTIVITY
    way = replace(
        way, partitions=(Partition(index, holder),), filters=replace(way.filters, agent=None)
    )
    if tab is not Tab.OPEN:
        return way
    if reader.every_department:
        return replace(way, places=frozenset({Placement.BOTH}))
    queues = frozenset(reader.department_ids)
    return replace(way, queues=queues) if queues else Way(())


def _of_department(tab: Tab, order: Order, department: str, way: Way, reader: Reader) -> Way:
    theirs = reader.every_department or department in reader.department_ids
    if tab is Tab.OPEN and not theirs:
        return Way(())
    index = Index.QUEUE_OPENING if order.by_opening else Index.QUEUE_ACTIVITY
    return replace(
        way,
        partitions=(Partition(index, department),),
        filters=replace(way.filters, department=None),
        places=frozenset({Placement.BOTH} if tab is Tab.IN_SERVICE else ()),
    )


def _of_tab(tab: Tab, order: Order, way: Way, reader: Reader) -> Way:
    queues: frozenset[str] = frozenset()
    if tab is Tab.OPEN and not reader.every_department:
        if len(reader.department_ids) <= QUEUES_MERGED:
            return replace(way, partitions=_queues(reader, by_opening=order.by_opening))
        queues = frozenset({NOBODY, *reader.department_ids})
    filters = way.filters if order.by_opening else replace(way.filters, unread=False)
    return replace(
        way,
        partitions=_placements(tab, by_opening=order.by_opening, unread=way.filters.unread),
        filters=filters,
        queues=queues,
    )


def _queues(reader: Reader, *, by_opening: bool) -> tuple[Partition, ...]:
    index = Index.QUEUE_OPENING if by_opening else Index.QUEUE_ACTIVITY
    return tuple(Partition(index, queue) for queue in (NOBODY, *sorted(reader.department_ids)))


def _placements(tab: Tab, *, by_opening: bool, unread: bool) -> tuple[Partition, ...]:
    """The placements of a tab; by activity, read and unread chats lie apart."""
    places = {
        Tab.ALL: tuple(Placement),
        Tab.OPEN: (Placement.NOBODY, Placement.DEPARTMENT, Placement.BOTH),
        Tab.IN_SERVICE: (Placement.AGENT, Placement.BOTH),
    }[tab]
    if by_opening:
        return tuple(Partition(Index.BY_OPENING, place.value) for place in places)
    return tuple(
        Partition(Index.BY_ACTIVITY, feed(place, unread=seen))
        for place in places
        for seen in ((True,) if unread else (True, False))
    )
