"""Where a chat stands in the four tabs and their orders (TAB-1 to TAB-6, SORT)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from chalicelib.domain.instants import sortable

if TYPE_CHECKING:
    from collections.abc import Collection

    from chalicelib.domain.chat import Chat

NOBODY = "-"


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
    """One partition of one index: what a list merges. `unread_only` asks for a filter on it."""

    index: Index
    key: str
    unread_only: bool = False


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
    if chat.merged_into is not None:
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
    """The chat's index keys; a merged chat is in no list."""
    if chat.merged_into is not None:
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


def partitions(
    tab: Tab,
    order: Order,
    *,
    unread_only: bool,
    agent_id: str,
    department_ids: Collection[str],
    every_department: bool,
) -> tuple[Partition, ...]:
    """What to merge for a list page: the fewest partitions that together are the tab.

    A user of many departments merges one partition each; a holder of permission 6 merges the
    placements of `open` instead, however many departments there are.
    """
    if tab is Tab.MINE:
        index = Index.AGENT_OPENING if order.by_opening else Index.AGENT_ACTIVITY
        return (Partition(index, agent_id, unread_only),)
    if tab is Tab.OPEN and not every_department:
        index = Index.QUEUE_OPENING if order.by_opening else Index.QUEUE_ACTIVITY
        queues = (NOBODY, *sorted(department_ids))
        return tuple(Partition(index, queue, unread_only) for queue in queues)
    places = {
        Tab.ALL: tuple(Placement),
        Tab.OPEN: (Placement.NOBODY, Placement.DEPARTMENT, Placement.BOTH),
        Tab.IN_SERVICE: (Placement.AGENT, Placement.BOTH),
    }[tab]
    if order.by_opening:
        return tuple(Partition(Index.BY_OPENING, place.value, unread_only) for place in places)
    seen = (True,) if unread_only else (True, False)
    return tuple(
        Partition(Index.BY_ACTIVITY, feed(place, unread=unread))
        for place in places
        for unread in seen
    )
