"""Whose number it is (NEW-4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chalicelib.domain import events
    from chalicelib.domain.access import Agent


def by_phone(agent: Agent, phone: str) -> events.Lookup:
    """."""
    raise NotImplementedError
