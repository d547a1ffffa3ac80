"""The indexes that lists are merged from: bounded queries, each entry with its place."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, cast

from chalicelib.domain import listing, views
from chalicelib.domain.instants import from_ms, iso_or_none
from chalicelib.domain.listing import Index, Placement
from chalicelib.stores.rows import place_at, to_chat
from chalicelib.stores.tables import CHAT_SK, DISCRIMINATOR, ChatRow, Row

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from chalicelib.domain import events
    from chalicelib.domain.listing import Order, Partition

SORT_KEYS = {
    Index.BY_ACTIVITY: "activity",
    Index.AGENT_ACTIVITY: "activity",
    Index.QUEUE_ACTIVITY: "activity",
    Index.BY_OPENING: "opening",
    Index.AGENT_OPENING: "opening",
    Index.QUEUE_OPENING: "opening",
}


@dataclass(frozen=True)
class Entry:
    """A chat found in an index. `place` is its sort key there, and the list's cursor."""

    place: str
    row: ChatRow


def page(partition: Partition, order: Order, *, cursor: str | None, limit: int) -> list[Entry]:
    """At most `limit` entries after the cursor. One query, but for a filter on unread.

    With `unread_only` the partition mixes read and unread chats: it is read in pages of a bounded
    size until enough were found or it ends.
    """
    index = getattr(Row, partition.index.value)
    sort_key = SORT_KEYS[partition.index]
    attribute = getattr(ChatRow, sort_key)
    condition = None
    if cursor is not None:
        condition = attribute > cursor if order.ascending else attribute < cursor
    carries_unread = not order.by_opening
    size = limit * 4
    rows: Iterable[ChatRow] = index.query(
        partition.key,
        range_key_condition=condition,
        filter_condition=ChatRow.unread > 0 if partition.unread_only and carries_unread else None,
        scan_index_forward=order.ascending,
        limit=None if partition.unread_only else limit,
        page_size=size if partition.unread_only else None,
    )
    if partition.unread_only and not carries_unread:
        rows = _unread(rows, size)
    found: list[Entry] = []
    for row in rows:
        found.append(Entry(getattr(row, sort_key), row))
        if len(found) == limit:
            break
    return found


def _unread(rows: Iterable[ChatRow], size: int) -> Iterator[ChatRow]:
    """Those whose chat is unread: looked up, since an index by opening does not carry it."""
    rest = iter(rows)
    while chunk := list(islice(rest, size)):
        found = Row.batch_get([(row.pk, CHAT_SK) for row in chunk])
        unread = {row.pk for row in found if isinstance(row, ChatRow) and row.unread}
        yield from (row for row in chunk if row.pk in unread)


def count(partition: Partition, *, limit: int) -> int:
    """How many chats the partition holds, counting no further than `limit`. One query."""
    # pynamodb's `count` takes `limit` for a page's size and reads the whole partition:
    # https://github.com/pynamodb/PynamoDB/issues/1056
    index = getattr(Row, partition.index.value)
    return sum(
        1 for _ in index.query(partition.key, limit=limit, attributes_to_get=[DISCRIMINATOR])
    )


def rows(entries: Sequence[Entry], order: Order) -> list[events.ChatRow]:
    """The rows that a list shows: from the index itself, or fetched for the opening orders."""
    if not order.by_opening:
        return [_row(entry.row) for entry in entries]
    found = {
        row.pk: row
        for row in Row.batch_get([(entry.row.pk, CHAT_SK) for entry in entries])
        if isinstance(row, ChatRow)
    }
    return [views.row(to_chat(found[entry.row.pk])) for entry in entries]


def _row(row: ChatRow) -> events.ChatRow:
    """The same shape as `views.row`, from what the index carries."""
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
    }
