"""Marks that came before their message, kept in its chat until it comes (INB-4, CHAT-7)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from chalicelib.domain.inbound import Mark, Person
from chalicelib.domain.instants import from_ms, to_ms
from chalicelib.domain.marks import author_of
from chalicelib.stores.chats import Write
from chalicelib.stores.tables import MarkRow, chat_pk, mark_sk

if TYPE_CHECKING:
    from chalicelib.domain.chat import Chat

EVERY = 10  # of one message there are six at most


def parked(chat: Chat, provider_id: str) -> tuple[list[Mark], list[Write]]:
    """What lies ready for the message that the provider calls so, and how a transaction ends that.

    One bounded query for each partition of the chat.
    """
    beginning = mark_sk(provider_id, "", "").removesuffix("#")
    rows = [
        row
        for chat_id in chat.partitions
        for row in MarkRow.query(
            chat_pk(chat_id), MarkRow.sk.startswith(beginning), limit=EVERY, consistent_read=True
        )
        if row.target == provider_id
    ]
    return [_to_mark(chat, row) for row in rows], [Write(row, delete=True) for row in rows]


def parking(chat: Chat, mark: Mark) -> Write:
    """The row of a mark whose message is not here: in the place of the last of its kind and side.

    Whoever writes it has seen that the mark is newer, at the chat's revision.
    """
    row = MarkRow(
        chat_pk(chat.chat_id),
        mark_sk(mark.target, mark.what, author_of(mark)),
        what=mark.what,
        target=mark.target,
        at_ms=to_ms(mark.at),
        echo=True if mark.echo else None,
        emoji=mark.emoji or None,
        text=mark.text or None,
    )
    return Write(row)


def _to_mark(chat: Chat, row: Any) -> Mark:
    return Mark(
        chat.channel,
        chat.account,
        chat.portfolio,
        Person(chat.phone, chat.user_id),
        cast("Any", row.what),
        row.target,
        from_ms(int(row.at_ms)),
        echo=bool(row.echo),
        emoji=row.emoji or "",
        text=row.text or "",
    )
