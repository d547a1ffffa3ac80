"""The channels page: numbers, pages and Instagram accounts, and their secrets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.api.blueprint import Doors
from chalicelib.commands import channel as connecting
from chalicelib.domain.access import Permission
from chalicelib.queries import channels

if TYPE_CHECKING:
    from chalicelib.api import requests
    from chalicelib.domain import events
    from chalicelib.domain.access import Agent
    from chalicelib.world import World

api = Doors(__name__)


@api.get("/channels", may=Permission.SETTINGS)
def get_channels(world: World, agent: Agent) -> events.ChannelList:
    """Every channel account, never with a secret (ADM-1, OPS-3)."""
    return channels.every(world)


@api.post("/channels", may=Permission.SETTINGS)
def post_channel(world: World, agent: Agent, body: requests.AddChannel) -> events.ChannelDetails:
    """Connect an account."""
    return connecting.add(world, agent, body.model_dump())


@api.put("/channels/{channel_id}", may=Permission.SETTINGS)
def put_channel(
    world: World, agent: Agent, channel_id: str, body: requests.SaveChannel
) -> events.ChannelDetails:
    """Change an account, or paste its new token (CHAT-5, INB-10)."""
    return connecting.save(world, agent, channel_id, body.model_dump())


@api.post("/channels/{channel_id}/test", may=Permission.SETTINGS)
def post_channel_test(world: World, agent: Agent, channel_id: str) -> events.ChannelTest:
    """Ask Meta about the account with its token."""
    return connecting.test(world, agent, channel_id)


@api.delete("/channels/{channel_id}", may=Permission.SETTINGS)
def delete_channel(world: World, agent: Agent, channel_id: str) -> events.Done:
    """Remove an account in which no chat lies; its secrets go with it."""
    return connecting.remove(world, agent, channel_id)
