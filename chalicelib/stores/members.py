"""Under which words, digits, tags and campaigns a chat is found: member rows and their keys."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chalicelib.domain import words
from chalicelib.domain.instants import sortable
from chalicelib.stores.tables import MemberRow

if TYPE_CHECKING:
    from chalicelib.domain.chat import Chat

Place = tuple[str, str]  # partition key, sort key
CONTACTS = "CONTACT"
BLOCKED = "BLOCKED"
PHONE_KEY_DIGITS = 4


def places(chat: Chat) -> set[Place]:
    """Every member row that the chat has; one that is gone has none (FIND-1, FILT-1).

    Of a contact that is being erased those are left which say nothing of the person.
    """
    if chat.gone:
        return set()
    tags = {(tag_pk(tag), f"CHAT#{chat.chat_id}") for tag in chat.tags}
    campaigns = {(campaign_pk(one), f"CHAT#{chat.chat_id}") for one in chat.campaigns}
    if chat.erasing:
        return tags | campaigns
    named = {word_place(word, chat.chat_id) for word in names_of(chat)}
    phones = {phone_place(chat.phone, chat.chat_id)} if chat.phone else set()
    listed = {contact_place(chat)} | ({blocked_place(chat)} if chat.blocked else set())
    return named | phones | tags | campaigns | listed


def tag_pk(tag_id: str) -> str:
    """Where the chats of a stored tag are."""
    return f"TAG#{tag_id}"


def campaign_pk(campaign_id: str) -> str:
    """Where the chats are whose contacts received a campaign."""
    return f"CAMPAIGN#{campaign_id}"


def contact_place(chat: Chat) -> Place:
    """Where a contact stands on the contacts page, by when they became one."""
    return CONTACTS, f"{sortable(chat.created_at)}#{chat.chat_id}"


def blocked_place(chat: Chat) -> Place:
    """Where a blocked contact stands on the contacts page (BLOCK-2)."""
    return BLOCKED, f"{sortable(chat.created_at)}#{chat.chat_id}"


def names_of(chat: Chat) -> tuple[str, ...]:
    """Every word by which people may know the contact: edited, given and user name."""
    names = " ".join(name for name in (chat.name, chat.given_name, chat.username) if name)
    return words.words(names)


def word_place(word: str, chat_id: str) -> Place:
    """Where a chat stands under a word of its name."""
    return word_pk(word), f"{word}#{chat_id}"


def word_pk(word: str) -> str:
    """Where the words are that begin as this one does."""
    return f"WORD#{word[0]}"


def phone_place(phone: str, chat_id: str) -> Place:
    """Where a chat stands under its number."""
    digits = words.reversed_phone(phone)
    return phone_pk(digits), f"{digits}#{chat_id}"


def phone_pk(reversed_digits: str) -> str:
    """Where the numbers are that end as this one does."""
    return f"PHONE#{reversed_digits[:PHONE_KEY_DIGITS]}"


def protocol_place(protocol: str) -> Place:
    """The one row of a protocol."""
    return f"PROTO#{protocol}", f"PROTO#{protocol}"


def value_place(field_id: str, chat_id: str) -> Place:
    """Where a contact stands under a custom field that it has a value in."""
    return f"VALUE#{field_id}", f"CHAT#{chat_id}"


@dataclass(frozen=True)
class Member:
    """A chat in one of these partitions. `under`: the word, digits or number before its id."""

    under: str
    chat_id: str


def read(partition: str, prefix: str = "", *, limit: int) -> tuple[list[Member], bool]:
    """At most so many members under the prefix, and whether there are no others. One query."""
    # Read as they come: a thousand rows made into models take longer than their query.
    found = MemberRow.query(
        partition, MemberRow.sk.startswith(prefix) if prefix else None, page_size=limit
    )
    page = next(found.page_iter)
    members = [
        Member(row["sk"]["S"].rpartition("#")[0], row["chat_id"]["S"]) for row in page["Items"]
    ]
    return members, "LastEvaluatedKey" not in page


def holder(protocol: str) -> str | None:
    """The chat to which the attendance of this protocol belongs, as it was then, or None."""
    try:
        return str(MemberRow.get(*protocol_place(protocol)).chat_id)
    except MemberRow.DoesNotExist:
        return None
