"""What variables stand for in a chat (INFO-9)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chalicelib.domain import events
    from chalicelib.domain.access import Agent
    from chalicelib.world import World


def of_chat(world: World, agent: Agent, chat_id: str) -> events.Variables:
    """."""
    raise NotImplementedError
