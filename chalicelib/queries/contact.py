"""What is known of one contact, narrowed by access (INFO)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chalicelib.domain import events
    from chalicelib.domain.access import Agent
    from chalicelib.world import World


def contact(world: World, agent: Agent, chat_id: str) -> events.Contact:
    """."""
    raise NotImplementedError


def export(world: World, agent: Agent, chat_id: str, *, cursor: str | None) -> events.ContactExport:
    """."""
    raise NotImplementedError
