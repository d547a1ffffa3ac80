"""What was typed and not sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chalicelib.domain import events
    from chalicelib.domain.access import Agent


def of_agent(agent: Agent) -> events.Drafts:
    """."""
    raise NotImplementedError
