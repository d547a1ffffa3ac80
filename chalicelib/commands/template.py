"""Templates follow Meta, and are bound to variables."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalicelib.domain import events
    from chalicelib.domain.access import Agent
    from chalicelib.world import World


def sync_now(world: World) -> events.TemplateList:
    """."""
    raise NotImplementedError


def bind(
    world: World, agent: Agent, template_id: str, bindings: Mapping[str, str]
) -> events.PortfolioTemplate:
    """."""
    raise NotImplementedError
