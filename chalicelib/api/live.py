"""The way to the live updates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.api.blueprint import SIGNED_IN, Doors
from chalicelib.commands import connect

if TYPE_CHECKING:
    from chalicelib.domain import events
    from chalicelib.domain.access import Agent
    from chalicelib.world import World

api = Doors(__name__)


@api.post("/live/ticket", may=SIGNED_IN)
def post_ticket(world: World, agent: Agent) -> events.Ticket:
    """A single-use ticket of 30 seconds for the WebSocket (LIVE-1)."""
    return connect.give_ticket(world, agent)
