"""Templates and quick replies: what is prepared to be sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.api.blueprint import SIGNED_IN, Doors
from chalicelib.commands import quick_reply as preparing
from chalicelib.commands import template as binding
from chalicelib.domain.access import Permission
from chalicelib.queries import quick_replies, templates

if TYPE_CHECKING:
    from chalicelib.api import requests
    from chalicelib.domain import events
    from chalicelib.domain.access import Agent
    from chalicelib.world import World

api = Doors(__name__)


@api.get("/templates", may=SIGNED_IN)
def get_templates(world: World, agent: Agent, query: requests.TemplatesQuery) -> events.Templates:
    """The templates that may be sent from an account, with prices (SEND-2)."""
    return templates.listed(world, agent, query.model_dump())


@api.get("/template-list", may=Permission.TEMPLATES)
def get_template_list(world: World, agent: Agent) -> events.TemplateList:
    """Every template, whatever its status (ADM-1)."""
    return templates.every(world)


@api.post("/template-syncs", may=Permission.TEMPLATES)
def post_template_sync(world: World, agent: Agent) -> events.TemplateList:
    """Ask Meta for all templates now."""
    return binding.sync_now(world)


@api.put("/template-list/{template_id}/bindings", may=Permission.TEMPLATES)
def put_bindings(
    world: World, agent: Agent, template_id: str, body: requests.SaveBindings
) -> events.PortfolioTemplate:
    """What a template's variables are filled with by themselves."""
    return binding.bind(world, agent, template_id, body.bindings)


@api.get("/quick-replies", may=SIGNED_IN)
def get_quick_replies(world: World, agent: Agent) -> events.QuickReplies:
    """All quick replies (SEND-9)."""
    return quick_replies.every(world)


@api.post("/quick-replies", may=Permission.SETTINGS)
def post_quick_reply(
    world: World, agent: Agent, body: requests.SaveQuickReply
) -> events.QuickReply:
    """Make a quick reply."""
    return preparing.add(world, agent, body.model_dump())


@api.put("/quick-replies/{quick_reply_id}", may=Permission.SETTINGS)
def put_quick_reply(
    world: World, agent: Agent, quick_reply_id: str, body: requests.SaveQuickReply
) -> events.QuickReply:
    """Change a quick reply."""
    return preparing.save(world, agent, quick_reply_id, body.model_dump())


@api.delete("/quick-replies/{quick_reply_id}", may=Permission.SETTINGS)
def delete_quick_reply(world: World, agent: Agent, quick_reply_id: str) -> events.Done:
    """Delete a quick reply."""
    return preparing.remove(world, agent, quick_reply_id)
