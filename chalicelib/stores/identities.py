"""Which chat an id of a person leads to, and which ones have a number (INB-7)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.domain.ids import ChatId
from chalicelib.stores import chats
from chalicelib.stores.chats import Write
from chalicelib.stores.members import phone_place
from chalicelib.stores.tables import IdentityRow, MemberRow, Row, identity_pk

MOST_OF_A_NUMBER = 10  # chats; two of one number are merged as soon as an id says so

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chalicelib.domain.chat import Chat
    from chalicelib.domain.contact import Identity


def find(identities: Sequence[Identity], *, consistent: bool = False) -> dict[str, ChatId]:
    """The chat of each id that is known, by the id's own form. One batch read."""
    keys = {identity_pk(str(one)): str(one) for one in identities}
    rows = Row.batch_get([(key, key) for key in keys], consistent_read=consistent)
    return {keys[row.pk]: ChatId(row.chat_id) for row in rows if isinstance(row, IdentityRow)}


def endings(chat: Chat) -> list[Write]:
    """What a transaction must delete so that no id leads to the chat any more."""
    keys = [identity_pk(identity) for identity in chat.identities]
    rows = Row.batch_get([(key, key) for key in keys], consistent_read=True)
    return [
        Write(row, IdentityRow.chat_id == row.chat_id, delete=True)
        for row in rows
        if isinstance(row, IdentityRow) and row.chat_id in chat.partitions
    ]


def with_phone(phone: str, ids: Sequence[Identity]) -> Chat | None:
    """Whose number it is: the oldest chat that shows it, or that one of the ids leads to (NEW-2).

    `phone` is digits, country code first; `ids` are those that the number makes on the accounts.
    Merges are followed. A chat is found the moment it is committed.
    """
    partition, beginning = phone_place(phone, "")
    rows = MemberRow.query(
        partition, MemberRow.sk.startswith(beginning), limit=MOST_OF_A_NUMBER, consistent_read=True
    )
    led_to = [ChatId(row.chat_id) for row in rows]
    led_to += find(ids, consistent=True).values()
    found = (chats.resolve(chat_id) for chat_id in dict.fromkeys(led_to))
    here = [chat for chat in found if chat is not None and not chat.gone]
    return min(here, key=lambda chat: (chat.created_at, chat.chat_id), default=None)
