"""A contact is blocked, or no longer (BLOCK)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chalicelib.domain import events
    from chalicelib.domain.access import Agent
    from chalicelib.world import World


def block(world: World, agent: Agent, chat_id: str) -> events.Changed:
    """."""
    raise NotImplementedError


def unblock(world: World, agent: Agent, chat_id: str) -> events.Changed:
    """."""
    raise NotImplementedError
