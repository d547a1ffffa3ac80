"""What is known of a contact is changed (INFO)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalicelib.domain import events
    from chalicelib.domain.access import Agent
    from chalicelib.world import World


def edit(world: World, agent: Agent, chat_id: str, changes: Mapping[str, Any]) -> events.Contact:
    """."""
    raise NotImplementedError


def picture(
    world: World, agent: Agent, chat_id: str, content_type: str, size: int
) -> events.Upload:
    """."""
    raise NotImplementedError
