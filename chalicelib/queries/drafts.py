"""What was typed and not sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.domain.access import may_read
from chalicelib.stores import chats as store
from chalicelib.stores import drafts, lists

if TYPE_CHECKING:
    from chalicelib.domain import events
    from chalicelib.domain.access import Agent


def of_agent(agent: Agent) -> events.Drafts:
    """The agent's drafts in the chats that they may read now (TAB-7), the latest first.

    What was typed in a chat that was merged since is a draft of the one that it became, unless
    something later was typed there.
    """
    kept = drafts.of_agent(agent.agent_id)
    chats = lists.fetch(one["chat_id"] for one in kept)
    found: dict[str, events.Draft] = {}
    for draft in sorted(kept, key=lambda one: one["at"]):
        chat = chats.get(draft["chat_id"])
        if chat is not None and chat.merged_into is not None:
            chat = store.resolve(chat.merged_into)
        if chat is not None and not chat.gone and may_read(chat, agent):
            found[chat.chat_id] = {**draft, "chat_id": chat.chat_id}
    return {"drafts": sorted(found.values(), key=lambda one: one["at"], reverse=True)}
