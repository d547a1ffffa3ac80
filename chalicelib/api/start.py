"""«Novo chat», and the deep link to a contact."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.api.blueprint import SIGNED_IN, Doors
from chalicelib.commands import start_chat as starting
from chalicelib.queries import lookup

if TYPE_CHECKING:
    from chalicelib.api import requests
    from chalicelib.domain import events
    from chalicelib.domain.access import Agent
    from chalicelib.world import World

api = Doors(__name__)


@api.post("/chats", may=SIGNED_IN)
def post_chat(world: World, agent: Agent, body: requests.StartChat) -> events.Started:
    """Send a template to somebody who is not registered (NEW-1, NEW-2, NEW-3)."""
    return starting.start(world, agent, body.model_dump())


@api.get("/lookup", may=SIGNED_IN)
def get_lookup(world: World, agent: Agent, query: requests.LookupQuery) -> events.Lookup:
    """Whose number it is (NEW-4)."""
    return lookup.by_phone(agent, query.phone)
