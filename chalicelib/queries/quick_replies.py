"""Quick replies, for whoever writes messages (SEND-9)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.domain.labels import same_name
from chalicelib.stores import quick_replies

if TYPE_CHECKING:
    from chalicelib.domain import events
    from chalicelib.world import World


def every(world: World) -> events.QuickReplies:
    """All of them, by name, case and accents aside; files with addresses for some minutes."""
    found = sorted(quick_replies.every(), key=lambda one: (same_name(one.name), one.name))
    return {"quick_replies": [quick_replies.view(one, world.files.shown) for one in found]}
