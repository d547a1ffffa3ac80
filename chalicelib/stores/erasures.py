"""What lies in the partitions of an erased contact, deleted part by part (LGPD)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pynamodb.exceptions import DeleteError

from chalicelib.stores.members import places, protocol_place, value_place
from chalicelib.stores.profiles import to_profile
from chalicelib.stores.tables import (
    CHAT_SK,
    AttendanceRow,
    ChatRow,
    MemberRow,
    ProfileRow,
    Row,
    chat_pk,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chalicelib.domain.chat import Chat
    from chalicelib.stores.members import Place

ROWS_AT_ONCE = 200


def rows(chat_ids: Iterable[str]) -> bool:
    """Delete some hundreds of rows of these partitions, but the chats' own; whether all are gone.

    What leads to a row from elsewhere goes before it, so that a killed step finds it again.
    """
    left = ROWS_AT_ONCE
    for chat_id in chat_ids:
        # The chat's own row is among them: one more.
        found = list(Row.query(chat_pk(chat_id), limit=left + 1, consistent_read=True))
        doomed = [row for row in found if row.sk != CHAT_SK][:left]
        _delete(MemberRow(*place) for row in doomed for place in _leading_to(row, chat_id))
        _delete(doomed)
        left -= len(doomed)
        if left <= 0:
            return False
    return True


def members(chat: Chat) -> None:
    """Delete the member rows that an erased chat still has: those of its tags and campaigns."""
    _delete(MemberRow(*place) for place in sorted(places(chat)))


def end(chat: Chat) -> None:
    """Delete the rows of the chat and of those merged into it: the last that was kept of it."""
    for chat_id in reversed(chat.partitions):
        row = ChatRow(chat_pk(chat_id), CHAT_SK)
        gone = ChatRow.erasing.exists() | ChatRow.merged_into.exists()
        try:
            row.delete(condition=ChatRow.pk.does_not_exist() | gone)
        except DeleteError as error:
            if error.cause_response_code != "ConditionalCheckFailedException":
                raise


def _leading_to(row: Row, chat_id: str) -> Iterable[Place]:
    if isinstance(row, AttendanceRow):
        yield protocol_place(row.protocol)
    elif isinstance(row, ProfileRow):
        for field_id in to_profile(row).values:
            yield value_place(field_id, chat_id)


def _delete(doomed: Iterable[Row]) -> None:
    with Row.batch_write() as batch:
        for row in doomed:
            batch.delete(row)
