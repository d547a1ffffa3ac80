"""A template goes to somebody who is not registered (NEW)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalicelib.domain import events
    from chalicelib.domain.access import Agent
    from chalicelib.world import World


def start(world: World, agent: Agent, asked: Mapping[str, Any]) -> events.Started:
    """."""
    raise NotImplementedError
