"""What users change of themselves (ADM-4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chalicelib.domain import events
    from chalicelib.domain.access import Agent
    from chalicelib.world import World


def edit(world: World, agent: Agent, name: str, farewell: str) -> events.AgentSelf:
    """."""
    raise NotImplementedError


def upload(world: World, agent: Agent, content_type: str, size: int) -> events.Upload:
    """."""
    raise NotImplementedError


def save_picture(world: World, agent: Agent, key: str | None) -> events.AgentSelf:
    """."""
    raise NotImplementedError
