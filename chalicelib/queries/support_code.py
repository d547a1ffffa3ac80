"""The agency's support code (CODE-1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chalicelib.domain import events
    from chalicelib.world import World


def current(world: World) -> events.SupportCode:
    """."""
    raise NotImplementedError
