"""Words in one chat (FIND-2)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from chalicelib.domain import message_words as words
from chalicelib.domain.instants import from_ms, iso
from chalicelib.queries.chats import readable
from chalicelib.stores import message_search as store

if TYPE_CHECKING:
    import re

    from chalicelib.domain import events
    from chalicelib.domain.access import Agent
    from chalicelib.stores.message_search import Found

LOOKED_AT = 2000  # messages of one request, or as many as a megabyte holds
HITS = 100  # of one request


def search(agent: Agent, chat_id: str, wanted: str, cursor: str | None) -> events.MessageHits:
    """Where these words stand in a chat's messages, newest first; part of it at each request.

    In texts, captions, templates, cards, places and files' names, internal messages too; what was
    deleted is found by nobody. The cursor is the key of the last message that was looked at.
    Raises NotFound.
    """
    chat = readable(agent, chat_id)
    sought = words.pattern(wanted)
    if sought is None:
        return {"hits": [], "cursor": None, "looked_at": 0, "reached_at": None}
    stretch = store.before(chat, cursor, LOOKED_AT)
    hits: list[events.MessageHit] = []
    looked_at = 0
    last: Found | None = None
    for one in stretch.messages:
        if len(hits) >= HITS:
            break
        looked_at, last = looked_at + 1, one
        hit = _hit(one, sought)
        if hit is not None:
            hits.append(hit)
    whole = stretch.whole and looked_at == len(stretch.messages)
    return {
        "hits": hits,
        "cursor": None if whole else last.key if last is not None else cursor,
        "looked_at": looked_at,
        "reached_at": None if last is None else iso(from_ms(last.at_ms)),
    }


def _hit(one: Found, sought: re.Pattern[str]) -> events.MessageHit | None:
    if one.deleted or one.kind == "system":
        return None
    for text in words.texts(one.text, one.details, one.names):
        excerpt = words.excerpt(text, sought)
        if excerpt is not None:
            return {
                "key": one.key,
                "at": iso(from_ms(one.at_ms)),
                "author": cast("Any", one.author),
                "author_name": one.author_name,
                "kind": cast("Any", one.kind),
                "text": excerpt,
                "internal": one.internal,
                "source": cast("Any", one.source),
            }
    return None
