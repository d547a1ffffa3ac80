"""Channel accounts are connected."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalicelib.domain import events
    from chalicelib.domain.access import Agent
    from chalicelib.world import World


def add(world: World, agent: Agent, wanted: Mapping[str, Any]) -> events.ChannelDetails:
    """."""
    raise NotImplementedError


def save(
    world: World, agent: Agent, channel_id: str, wanted: Mapping[str, Any]
) -> events.ChannelDetails:
    """."""
    raise NotImplementedError


def test(world: World, agent: Agent, channel_id: str) -> events.ChannelTest:
    """."""
    raise NotImplementedError


def remove(world: World, agent: Agent, channel_id: str) -> events.Done:
    """."""
    raise NotImplementedError
