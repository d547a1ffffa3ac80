"""Channel accounts, as their page shows them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.stores import channel_details, channels

if TYPE_CHECKING:
    from chalicelib.domain import events
    from chalicelib.world import World


def every(world: World) -> events.ChannelList:
    """Every account, by channel and id; never with a secret (ADM-1, OPS-3)."""
    rows = channels.rows()
    return {"channels": channel_details.every(rows, world.secrets.kept, world.settings.web_origin)}
