"""A contact is marked with a stored tag, or no longer (INFO-5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chalicelib.domain import events
    from chalicelib.domain.access import Agent
    from chalicelib.world import World


def add(world: World, agent: Agent, chat_id: str, tag_id: str) -> events.Tagged:
    """."""
    raise NotImplementedError


def remove(world: World, agent: Agent, chat_id: str, tag_id: str) -> events.Tagged:
    """."""
    raise NotImplementedError
