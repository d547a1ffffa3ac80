"""What the administration pages show."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chalicelib.domain import events
    from chalicelib.world import World


def users(world: World) -> events.Users:
    """."""
    raise NotImplementedError


def departments() -> events.Departments:
    """."""
    raise NotImplementedError


def settings() -> events.Settings:
    """."""
    raise NotImplementedError
