"""Incoming webhooks: their page, and the door at which other systems call (FLOW-10)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalice.app import Response

from chalicelib.api.blueprint import ID, Doors, raw_body
from chalicelib.commands import hook as hooking
from chalicelib.commands import take_call
from chalicelib.domain import errors
from chalicelib.domain.access import Permission
from chalicelib.queries import hooks

if TYPE_CHECKING:
    from chalicelib.api import requests
    from chalicelib.domain import events
    from chalicelib.domain.access import Agent
    from chalicelib.world import World

api = Doors(__name__)

ANYTHING = ["*/*"]  # whatever a caller says that it is; what is no JSON is told so


@api.get("/incoming-webhooks", may=Permission.FLOWS)
def get_incoming_webhooks(world: World, agent: Agent) -> events.IncomingWebhooks:
    """Every webhook with its address and what came lately."""
    return hooks.hooks()


@api.post("/incoming-webhooks", may=Permission.FLOWS)
def post_incoming_webhook(
    world: World, agent: Agent, body: requests.SaveIncomingWebhook
) -> events.IncomingWebhook:
    """A new webhook, at an address of its own."""
    return hooking.add(world, agent, body.model_dump())


@api.put("/incoming-webhooks/{webhook_id}", may=Permission.FLOWS)
def put_incoming_webhook(
    world: World, agent: Agent, webhook_id: str, body: requests.SaveIncomingWebhook
) -> events.IncomingWebhook:
    """Change a webhook; its address stays."""
    return hooking.save(world, agent, webhook_id, body.model_dump())


@api.delete("/incoming-webhooks/{webhook_id}", may=Permission.FLOWS)
def delete_incoming_webhook(world: World, agent: Agent, webhook_id: str) -> events.Done:
    """Delete a webhook, and its address."""
    return hooking.remove(world, agent, webhook_id)


@api.hook("POST", "/hooks/{webhook_id}", content_types=ANYTHING)
def post_hook(world: World, request: Any, webhook_id: str) -> Response:
    """204 once what was told is done; 400 for what cannot be, 404 where no webhook is."""
    if not ID.fullmatch(webhook_id):
        raise errors.NotFound()
    take_call.take(world, webhook_id, raw_body(request))
    return Response("", status_code=204, headers={"Cache-Control": "no-store"})
