"""The agency's support code (CODE-1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.domain import support_code
from chalicelib.domain.instants import iso

if TYPE_CHECKING:
    from chalicelib.domain import events
    from chalicelib.world import World


def current(world: World) -> events.SupportCode:
    """The code of this hour, and when the next one comes. Raises Unavailable without a secret."""
    now = world.now()
    return {
        "code": support_code.code(world.secrets.support(), now),
        "valid_until": iso(support_code.changes_at(now)),
    }
