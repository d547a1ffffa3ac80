"""Channel accounts, as their page shows them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chalicelib.domain import events
    from chalicelib.world import World


def every(world: World) -> events.ChannelList:
    """."""
    raise NotImplementedError
