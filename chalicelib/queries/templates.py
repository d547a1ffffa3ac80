"""The templates that may be sent (SEND-2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chalicelib.domain import events
    from chalicelib.world import World


def listed(world: World, account: str | None) -> events.Templates:
    """."""
    raise NotImplementedError
