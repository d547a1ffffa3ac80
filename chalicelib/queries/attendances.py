"""Attendances of one chat, and of the agency (CLOSE-7)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from chalicelib.domain import events
    from chalicelib.domain.access import Agent
    from chalicelib.world import World


def of_chat(agent: Agent, chat_id: str, *, cursor: str | None) -> events.AttendancePage:
    """."""
    raise NotImplementedError


def page(world: World, agent: Agent, **asked: Any) -> events.AttendancePage:
    """."""
    raise NotImplementedError


def export(world: World, agent: Agent, **asked: Any) -> events.CsvPage:
    """."""
    raise NotImplementedError
