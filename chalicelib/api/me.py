"""Who is looking."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.api.blueprint import SIGNED_IN, Doors
from chalicelib.commands import profile
from chalicelib.queries import me as query

if TYPE_CHECKING:
    from chalicelib.api import requests
    from chalicelib.domain import events
    from chalicelib.domain.access import Agent
    from chalicelib.world import World

api = Doors(__name__)


@api.get("/me", may=SIGNED_IN)
def get_me(world: World, agent: Agent) -> events.Me:
    """The viewer, their tabs, and the names behind the ids."""
    return query.me(world, agent)


@api.put("/me", may=SIGNED_IN)
def put_me(world: World, agent: Agent, body: requests.EditProfile) -> events.AgentSelf:
    """Change one's own name and farewell (ADM-4)."""
    return profile.edit(world, agent, body.name, body.farewell)


@api.post("/me/picture", may=SIGNED_IN)
def post_my_picture(world: World, agent: Agent, body: requests.UploadPicture) -> events.Upload:
    """Where to send one's own picture (ADM-4)."""
    return profile.upload(world, agent, body.content_type, body.size)


@api.put("/me/picture", may=SIGNED_IN)
def put_my_picture(world: World, agent: Agent, body: requests.SavePicture) -> events.AgentSelf:
    """Show the picture that was sent, or none (ADM-4)."""
    return profile.save_picture(world, agent, body.key)
