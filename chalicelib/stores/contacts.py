"""Contacts in the order in which they became one, for the contacts page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.stores.members import BLOCKED, CONTACTS
from chalicelib.stores.rows import to_chat
from chalicelib.stores.tables import CHAT_SK, ChatRow, MemberRow, Row, chat_pk

if TYPE_CHECKING:
    from chalicelib.domain.chat import Chat


def newest(*, blocked: bool, cursor: str | None, limit: int) -> tuple[list[Chat], str | None]:
    """At most `limit` chats of contacts, or of blocked ones, newest first, and the next cursor.

    One query and one batch read. The cursor is the last one's place, so that pages neither skip
    nor repeat a contact while others are added.
    """
    found = list(
        MemberRow.query(
            BLOCKED if blocked else CONTACTS,
            None if cursor is None else MemberRow.sk < cursor,
            scan_index_forward=False,
            limit=limit + 1,
        )
    )
    shown = found[:limit]
    keys = [(chat_pk(row.chat_id), CHAT_SK) for row in shown]
    rows = {row.pk: row for row in Row.batch_get(keys) if isinstance(row, ChatRow)}
    chats = [to_chat(rows[pk]) for pk, _ in keys if pk in rows]
    return chats, shown[-1].sk if len(found) > limit else None
