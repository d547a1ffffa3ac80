"""A chat is given to an agent or a department (ROUTE)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalicelib.domain import events
    from chalicelib.domain.access import Agent
    from chalicelib.world import World


def to_agent(
    world: World, agent: Agent, chat_id: str, agent_id: str, seen: Mapping[str, str | None]
) -> events.Changed:
    """."""
    raise NotImplementedError


def to_department(
    world: World, agent: Agent, chat_id: str, department_id: str, seen: Mapping[str, str | None]
) -> events.Changed:
    """."""
    raise NotImplementedError
