"""Under which words, digits, tags and campaigns a chat is found: the keys of member rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.domain import words
from chalicelib.domain.instants import sortable

if TYPE_CHECKING:
    from chalicelib.domain.chat import Chat

Place = tuple[str, str]  # partition key, sort key
CONTACTS = "CONTACT"
BLOCKED = "BLOCKED"
PHONE_KEY_DIGITS = 4


def places(chat: Chat) -> set[Place]:
    """Every member row that the chat has; a merged chat has none (FIND-1, FILT-1)."""
    if chat.merged_into is not None:
        return set()
    named = {word_place(word, chat.chat_id) for word in names_of(chat)}
    phones = {phone_place(chat.phone, chat.chat_id)} if chat.phone else set()
    tags = {(f"TAG#{tag}", f"CHAT#{chat.chat_id}") for tag in chat.tags}
    campaigns = {(f"CAMPAIGN#{one}", f"CHAT#{chat.chat_id}") for one in chat.campaigns}
    listed = {contact_place(chat)} | ({blocked_place(chat)} if chat.blocked else set())
    return named | phones | tags | campaigns | listed


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
    return f"WORD#{word[0]}", f"{word}#{chat_id}"


def phone_place(phone: str, chat_id: str) -> Place:
    """Where a chat stands under its number."""
    digits = words.reversed_phone(phone)
    return f"PHONE#{digits[:PHONE_KEY_DIGITS]}", f"{digits}#{chat_id}"


def protocol_place(protocol: str) -> Place:
    """The one row of a protocol."""
    return f"PROTO#{protocol}", f"PROTO#{protocol}"


def value_place(field_id: str, chat_id: str) -> Place:
    """Where a contact stands under a custom field that it has a value in."""
    return f"VALUE#{field_id}", f"CHAT#{chat_id}"
