"""The contacts page (ADM-3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chalicelib.domain import events
    from chalicelib.domain.access import Agent


def page(agent: Agent, q: str, *, blocked: bool, cursor: str | None) -> events.ContactPage:
    """."""
    raise NotImplementedError
