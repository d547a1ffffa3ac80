"""Quick replies: names, texts and where their files lie (SEND-9)."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from chalicelib.domain.labels import same_name
from chalicelib.stores.chats import Write
from chalicelib.stores.names import moved
from chalicelib.stores.tables import QUICK_REPLIES, QuickReplyRow

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from chalicelib.domain import events

MOST = 1000
KIND = "quick_reply"


@dataclass(frozen=True)
class Kept:
    """The attachment of a quick reply, in its own place."""

    key: str
    name: str
    mime_type: str
    size: int


@dataclass(frozen=True)
class QuickReply:
    """A quick reply as it is kept. `version` grows with every write."""

    quick_reply_id: str
    name: str
    text: str
    file: Kept | None
    version: int = 0


def every(*, consistent: bool = False) -> list[QuickReply]:
    """All of them: one partition, read whole."""
    rows = QuickReplyRow.query(QUICK_REPLIES, consistent_read=consistent)
    return [to_quick_reply(row) for row in rows]


def one(quick_reply_id: str) -> QuickReply | None:
    """One of them, or None."""
    try:
        row = QuickReplyRow.get(QUICK_REPLIES, quick_reply_id, consistent_read=True)
    except QuickReplyRow.DoesNotExist:
        return None
    return to_quick_reply(row)


def saved(before: QuickReply | None, after: QuickReply) -> Iterable[Write]:
    """The reply's row and its name's, as long as it is still the one that was read."""
    row = QuickReplyRow(
        QUICK_REPLIES,
        after.quick_reply_id,
        name=after.name,
        text=after.text or None,
        file=None if after.file is None else json.dumps(asdict(after.file), ensure_ascii=False),
        version=1 if before is None else before.version + 1,
    )
    same = (
        QuickReplyRow.pk.does_not_exist()
        if before is None
        else QuickReplyRow.version == before.version
    )
    yield Write(row, same)
    had = None if before is None else same_name(before.name)
    yield from moved(KIND, after.quick_reply_id, before=had, after=same_name(after.name))


def removed(before: QuickReply) -> Iterable[Write]:
    """The reply's row and its name's go."""
    row = QuickReplyRow(QUICK_REPLIES, before.quick_reply_id)
    yield Write(row, QuickReplyRow.version == before.version, delete=True)
    yield from moved(KIND, before.quick_reply_id, before=same_name(before.name), after=None)


def to_quick_reply(row: QuickReplyRow) -> QuickReply:
    """The reply of a row."""
    return QuickReply(
        row.sk,
        row.name,
        row.text or "",
        Kept(**json.loads(row.file)) if row.file else None,
        int(row.version),
    )


def view(one: QuickReply, address: Callable[[str, str], str]) -> events.QuickReply:
    """As pages have it. `address` says where a file is fetched from, by its key and type."""
    file = one.file
    return {
        "quick_reply_id": one.quick_reply_id,
        "name": one.name,
        "text": one.text,
        "file": None
        if file is None
        else {
            "key": file.key,
            "name": file.name,
            "mime_type": file.mime_type,
            "size": file.size,
            "url": address(file.key, file.mime_type),
        },
    }
