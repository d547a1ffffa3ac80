"""Users are invited, changed and cut off (ADM-1, PERM-3)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalicelib.domain import events
    from chalicelib.domain.access import Agent
    from chalicelib.world import World


def invite(world: World, agent: Agent, wanted: Mapping[str, Any]) -> events.User:
    """."""
    raise NotImplementedError


def save(world: World, agent: Agent, agent_id: str, wanted: Mapping[str, Any]) -> events.User:
    """."""
    raise NotImplementedError


def invite_again(world: World, agent_id: str) -> events.Done:
    """."""
    raise NotImplementedError
