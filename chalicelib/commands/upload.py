"""A file is on its way to be sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalicelib.domain import events
    from chalicelib.domain.access import Agent
    from chalicelib.world import World


def upload(world: World, agent: Agent, asked: Mapping[str, Any]) -> events.Upload:
    """."""
    raise NotImplementedError
