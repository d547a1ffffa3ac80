"""An agent reacts to a message (CHAT-7)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chalicelib.domain.access import Agent
    from chalicelib.domain.ids import MessageKey
    from chalicelib.domain.message import Message
    from chalicelib.world import World


def react(world: World, agent: Agent, chat_id: str, key: MessageKey, emoji: str | None) -> Message:
    """."""
    raise NotImplementedError
