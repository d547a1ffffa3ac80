"""Notes about a contact (INFO-4, INFO-7)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chalicelib.domain import events
    from chalicelib.domain.access import Agent
    from chalicelib.world import World


def add(
    world: World,
    agent: Agent,
    chat_id: str,
    client_key: str,
    *,
    text: str,
    date: str | None,
    to_agent_id: str | None,
) -> events.Note:
    """."""
    raise NotImplementedError


def edit(
    world: World,
    agent: Agent,
    chat_id: str,
    note_id: str,
    *,
    text: str,
    date: str | None,
    to_agent_id: str | None,
) -> events.Note:
    """."""
    raise NotImplementedError


def remove(world: World, agent: Agent, chat_id: str, note_id: str) -> events.Done:
    """."""
    raise NotImplementedError
