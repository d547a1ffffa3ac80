"""Tags and custom fields are made, changed and deleted (ADM-1)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalicelib.domain import events
    from chalicelib.domain.access import Agent
    from chalicelib.world import World


def add_tag(world: World, agent: Agent, name: str, color: str) -> events.Tag:
    """."""
    raise NotImplementedError


def save_tag(world: World, agent: Agent, tag_id: str, name: str, color: str) -> events.Tag:
    """."""
    raise NotImplementedError


def remove_tag(world: World, agent: Agent, tag_id: str) -> events.Done:
    """."""
    raise NotImplementedError


def add_field(world: World, agent: Agent, wanted: Mapping[str, Any]) -> events.Field:
    """."""
    raise NotImplementedError


def save_field(
    world: World, agent: Agent, field_id: str, wanted: Mapping[str, Any]
) -> events.Field:
    """."""
    raise NotImplementedError


def remove_field(world: World, agent: Agent, field_id: str) -> events.Done:
    """."""
    raise NotImplementedError
