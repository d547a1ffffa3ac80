"""What is typed is kept, for the same agent on another device."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from chalicelib.domain import errors
from chalicelib.domain.access import may_read
from chalicelib.stores import chats as store
from chalicelib.stores import drafts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalicelib.domain import events
    from chalicelib.domain.access import Agent
    from chalicelib.world import World


def save(world: World, agent: Agent, chat_id: str, typed: Mapping[str, Any]) -> events.Done:
    """Keep what the agent typed in a chat; the later `at` wins, an empty text removes it.

    `typed` is api.requests.SaveDraft. A time of the future is now. Of more than two hundred drafts
    the oldest go. Raises NotFound for a chat that the agent may not read, Invalid for no time.
    """
    chat = store.resolve(chat_id)
    if chat is None or not may_read(chat, agent):
        raise errors.NotFound()
    at = min(_at(typed["at"]), world.now())
    drafts.put(
        agent.agent_id,
        {
            "chat_id": chat.chat_id,
            "text": typed["text"] if typed["text"].strip() else "",
            "internal": typed["internal"],
            "quotes": typed["quotes"],
            "at": typed["at"],
        },
        at,
    )
    return {"done": True}


def _at(written: str) -> datetime:
    try:
        return datetime.strptime(written, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)
    except ValueError:
        raise errors.Invalid(fields=[{"path": "at", "reason": "not_a_date"}]) from None
