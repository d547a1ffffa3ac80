"""Who is looking."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.api.blueprint import SIGNED_IN, Doors
from chalicelib.queries import me as query

if TYPE_CHECKING:
    from chalicelib.domain import events
    from chalicelib.domain.access import Agent
    from chalicelib.world import World

api = Doors(__name__)


@api.get("/me", may=SIGNED_IN)
def get_me(world: World, agent: Agent) -> events.Me:
    """The viewer, their tabs, and the names behind the ids."""
    return query.me(world, agent)
