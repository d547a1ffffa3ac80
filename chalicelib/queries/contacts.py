"""The contacts page (ADM-3, BLOCK-2): records of every contact, whoever may read their chats."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.domain import views
from chalicelib.domain.access import may_read
from chalicelib.queries import search
from chalicelib.stores import contacts

if TYPE_CHECKING:
    from chalicelib.domain import events
    from chalicelib.domain.access import Agent
    from chalicelib.domain.chat import Chat

PAGE = 30


def page(agent: Agent, q: str, *, blocked: bool, cursor: str | None) -> events.ContactPage:
    """The newest contacts after the cursor; with `q`, the best that a search finds, of all.

    `blocked` narrows both to blocked ones. The caller holds the permission for contacts: nothing
    is hidden from them but messages, and `readable` tells whose chat they may open.
    """

    def wanted(chat: Chat) -> bool:
        return not chat.gone and (chat.blocked or not blocked)

    if q.strip():
        found, more = search.candidates(q.strip(), keep=wanted, limit=PAGE)
        return {"contacts": _summaries(agent, found), "cursor": None, "more": more}
    listed, following = contacts.newest(blocked=blocked, cursor=cursor, limit=PAGE)
    return {
        "contacts": _summaries(agent, [chat for chat in listed if wanted(chat)]),
        "cursor": following,
        "more": False,
    }


def _summaries(agent: Agent, found: list[Chat]) -> list[events.ContactSummary]:
    return [views.contact_summary(chat, readable=may_read(chat, agent)) for chat in found]
