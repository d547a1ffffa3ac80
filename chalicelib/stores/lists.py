"""The indexes that lists are merged from: bounded queries, each entry with its place."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from operator import and_, or_
from typing import TYPE_CHECKING, Any, TypeVar, cast

from pynamodb.expressions.operand import Path

from chalicelib.domain import listing
from chalicelib.domain.instants import from_ms, iso_or_none, sortable, to_ms
from chalicelib.domain.listing import Index, Placement
from chalicelib.stores.rows import place_at, to_chat
from chalicelib.stores.tables import CHAT_SK, DISCRIMINATOR, ChatRow, Row, chat_pk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime

    from pynamodb.expressions.condition import Condition

    from chalicelib.domain import events
    from chalicelib.domain.chat import Chat
    from chalicelib.domain.listing import Order, Partition, Way

SORT_KEYS = {
    Index.BY_ACTIVITY: "activity",
    Index.AGENT_ACTIVITY: "activity",
    Index.QUEUE_ACTIVITY: "activity",
    Index.BY_OPENING: "opening",
    Index.AGENT_OPENING: "opening",
    Index.QUEUE_OPENING: "opening",
}
ONE_BY_ONE = 12  # partitions: more are read side by side
SIDE_BY_SIDE = 8
IN_LIMIT = 100  # operands of IN
Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Entry:
    """A chat found in an index. `place` is its sort key there."""

    place: str
    row: ChatRow

    @property
    def chat_id(self) -> str:
        """The chat of the entry."""
        return str(self.row.pk.removeprefix("CHAT#"))


@dataclass(frozen=True)
class Reading:
    """What one query found, in order. `reached`: the last place that it examined; None: the end."""

    entries: list[Entry]
    reached: str | None


def read(
    way: Way, order: Order, *, cursor: str | None, examined: int, now: datetime
) -> list[Reading]:
    """What comes after the cursor in each partition of the way: one query each.

    Each examines at most so many chats, and by activity leaves out those that the way does not
    want. By opening none is left out, since those indexes carry keys alone.
    """
    wanted = None if order.by_opening else _wanted(way, now)
    since = None if way.since is None or order.by_opening else sortable(way.since)

    def one(partition: Partition) -> Reading:
        return _read(partition, order, wanted, cursor=cursor, since=since, examined=examined)

    return _each(one, way.partitions)


def count(partitions: Sequence[Partition], *, limit: int) -> int:
    """How many chats these hold together, counting no further than `limit`.

    At most one query for each, and none once the limit is reached.
    """
    if len(partitions) <= ONE_BY_ONE:
        total = 0
        for partition in partitions:
            total += _count(partition, limit - total)
            if total >= limit:
                break
        return total
    total = 0
    for first in range(0, len(partitions), SIDE_BY_SIDE):
        group = partitions[first : first + SIDE_BY_SIDE]
        total += sum(_each(lambda one: _count(one, limit), group, at_least=0))
        if total >= limit:
            return limit
    return total


def fetch(chat_ids: Iterable[str]) -> dict[str, Chat]:
    """These chats as they stand, by id; one that is gone is left out. A hundred in one call."""
    keys = [(chat_pk(chat_id), CHAT_SK) for chat_id in chat_ids]
    if not keys:
        return {}
    found = (to_chat(row) for row in Row.batch_get(keys) if isinstance(row, ChatRow))
    return {chat.chat_id: chat for chat in found}


def _each(
    ask: Callable[[Partition], Answer],
    partitions: Sequence[Partition],
    *,
    at_least: int = ONE_BY_ONE,
) -> list[Answer]:
    """Ask each partition; so many take too long one after the other."""
    if len(partitions) <= max(at_least, 1):
        return [ask(one) for one in partitions]
    from concurrent.futures import ThreadPoolExecutor  # few users are in so many departments

    Row._get_connection()  # opened once, and not by each thread
    with ThreadPoolExecutor(SIDE_BY_SIDE) as threads:
        return list(threads.map(ask, partitions))


def _read(
    partition: Partition,
    order: Order,
    wanted: Condition | None,
    *,
    cursor: str | None,
    since: str | None,
    examined: int,
) -> Reading:
    sort_key = SORT_KEYS[partition.index]
    attribute = getattr(ChatRow, sort_key)
    condition = None
    if order.ascending:
        first = max(cursor or "", since or "")
        condition = attribute > first if first else None
    elif since is not None and cursor is not None:
        if cursor <= since:
            return Reading([], None)
        condition = attribute.between(since, cursor)  # inclusive, so that it is dropped below
    elif cursor is not None:
        condition = attribute < cursor
    elif since is not None:
        condition = attribute > since
    found = getattr(Row, partition.index.value).query(
        partition.key,
        range_key_condition=condition,
        filter_condition=wanted,
        scan_index_forward=order.ascending,
        page_size=examined,
    )
    page = next(found.page_iter)
    last = page.get("LastEvaluatedKey")
    rows = [cast("ChatRow", Row.from_raw_data(row)) for row in page["Items"]]
    entries = [Entry(getattr(row, sort_key), row) for row in rows]
    return Reading(
        [entry for entry in entries if entry.place != cursor],
        None if last is None else last[sort_key]["S"],
    )


def _wanted(way: Way, now: datetime) -> Condition | None:
    """What an index by activity is asked to leave out: `listing.matches` and the rest of the tab,

    in the words of DynamoDB.
    """
    filters = way.filters
    conditions: list[Any] = []
    if filters.badge is not None:
        after, until = listing.session_ends(filters.badge, now)
        conditions.append(ChatRow.session_ms <= to_ms(until))
        if after is not None:
            conditions.append(ChatRow.session_ms > to_ms(after))
    if filters.stored_tag is not None:
        conditions.append(Path("tags").contains(filters.stored_tag))
    if filters.campaign is not None:
        conditions.append(Path("campaigns").contains(filters.campaign))
    if filters.department is not None:
        conditions.append(ChatRow.queue == filters.department)
    if filters.channel is not None:
        conditions.append(ChatRow.channel == filters.channel)
    if filters.unread:
        conditions.append(ChatRow.unread > 0)
    if way.places:
        conditions.append(ChatRow.placement.is_in(*sorted(place.value for place in way.places)))
    if way.queues:
        queues = sorted(way.queues)
        parts = [queues[first : first + IN_LIMIT] for first in range(0, len(queues), IN_LIMIT)]
        conditions.append(reduce(or_, (ChatRow.queue.is_in(*part) for part in parts)))
    return reduce(and_, conditions) if conditions else None


def _count(partition: Partition, limit: int) -> int:
    # pynamodb's `count` takes `limit` for a page's size and reads the whole partition:
    # https://github.com/pynamodb/PynamoDB/issues/1056
    index = getattr(Row, partition.index.value)
    found = index.query(partition.key, limit=limit, attributes_to_get=[DISCRIMINATOR])
    return sum(1 for _ in found)


def row(row: ChatRow) -> events.ChatRow:
    """The same shape as `views.row`, from what an index by activity carries."""
    return {
        "chat_id": row.pk.removeprefix("CHAT#"),
        "row_rev": int(row.row_rev),
        "channel": cast("Any", row.channel),
        "account": row.account,
        "name": row.name,
        "phone": row.phone,
        "username": row.username,
        "preview": row.preview or "",
        "preview_kind": cast("Any", row.preview_kind),
        "preview_author": cast("Any", row.preview_author),
        "last_activity_at": iso_or_none(place_at(row.activity)),
        "opened_at": iso_or_none(place_at(row.opening)),
        "closed": row.placement == Placement.CLOSED.value,
        "agent_id": row.held_by,
        "department_id": listing.department_of(row.queue),
        "unread": int(row.unread),
        "blocked": bool(row.blocked),
        "tags": list(row.tags or ()),
        "campaigns": list(row.campaigns or ()),
        "session_ends_at": iso_or_none(
            None if row.session_ms is None else from_ms(int(row.session_ms))
        ),
        "waiting_since": iso_or_none(
            None if row.waiting_ms is None else from_ms(int(row.waiting_ms))
        ),
    }
