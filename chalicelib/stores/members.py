"""Under which words, digits, tags and campaigns a chat is found: the keys of member rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.domain import words

if TYPE_CHECKING:
    from chalicelib.domain.chat import Chat

Place = tuple[str, str]  # partition key, sort key
PHONE_KEY_DIGITS = 4


def places(chat: Chat) -> set[Place]:
    """Every member row that the chat has; a merged chat has none (FIND-1, FILT-1)."""
    if chat.merged_into is not None:
        return set()
    named = {word_place(word, chat.chat_id) for word in names_of(chat)}
    phones = {phone_place(chat.phone, chat.chat_id)} if chat.phone else set()
    tags = {(f"TAG#{tag}", f"CHAT#{chat.chat_id}") for tag in chat.tags}
    campaigns = {(f"CAMPAIGN#{one}", f"CHAT#{chat.chat_id}") for one in chat.campaigns}
    return named | phones | tags | campaigns


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
