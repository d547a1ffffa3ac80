"""A contact is erased, with all that is kept of them (LGPD)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chalicelib.domain import events
    from chalicelib.domain.access import Agent
    from chalicelib.world import World


def erase(world: World, agent: Agent, chat_id: str) -> events.Done:
    """."""
    raise NotImplementedError
