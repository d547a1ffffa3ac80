"""What is typed is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalicelib.domain import events
    from chalicelib.domain.access import Agent
    from chalicelib.world import World


def save(world: World, agent: Agent, chat_id: str, typed: Mapping[str, Any]) -> events.Done:
    """."""
    raise NotImplementedError
