"""Flows: their page, and what the chatbot and choosers need of them (FLOW-9)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.api.blueprint import SIGNED_IN, Doors
from chalicelib.commands import flow as designing
from chalicelib.domain.access import Permission
from chalicelib.queries import flows
from chalicelib.stores import flow_details

if TYPE_CHECKING:
    from chalicelib.api import requests
    from chalicelib.domain import events
    from chalicelib.domain.access import Agent
    from chalicelib.world import World

api = Doors(__name__)


@api.get("/flows", may=SIGNED_IN)
def get_flows(world: World, agent: Agent) -> events.Flows:
    """Every flow and folder, without what they say."""
    return flows.flows()


@api.get("/flows/{flow_id}", may=Permission.FLOWS)
def get_flow(world: World, agent: Agent, flow_id: str) -> events.FlowDetails:
    """One flow with its draft, and what is wrong with it."""
    return flow_details.details(flow_id)


@api.post("/flows", may=Permission.FLOWS)
def post_flow(world: World, agent: Agent, body: requests.AddFlow) -> events.FlowDetails:
    """A new flow, empty or from a file (FLOW-9)."""
    return designing.add(world, agent, body.model_dump())


@api.put("/flows/{flow_id}", may=Permission.FLOWS)
def put_flow_draft(
    world: World, agent: Agent, flow_id: str, body: requests.SaveFlow
) -> events.FlowDetails:
    """«Atualizar fluxo»: its draft; what runs is untouched."""
    return designing.save(world, agent, flow_id, body.model_dump())


@api.post("/flows/{flow_id}/publication", may=Permission.FLOWS)
def post_publication(
    world: World, agent: Agent, flow_id: str, body: requests.PublishFlow
) -> events.FlowDetails:
    """The draft runs from now on (FLOW-11)."""
    return designing.publish(world, agent, flow_id, body.version)


@api.delete("/flows/{flow_id}", may=Permission.FLOWS)
def delete_flow(world: World, agent: Agent, flow_id: str) -> events.Done:
    """Delete a flow that nothing uses."""
    return designing.remove(world, agent, flow_id)


@api.post("/flow-checks", may=Permission.FLOWS)
def post_flow_check(world: World, agent: Agent, body: requests.CheckFlow) -> events.FlowCheck:
    """What is wrong with a document, kept nowhere."""
    return designing.check(body.model_dump())


@api.post("/flow-files", may=Permission.FLOWS)
def post_flow_file(world: World, agent: Agent, body: requests.AddFlowFile) -> events.FlowFile:
    """An upload becomes a file that flows may send (FLOW-4)."""
    return designing.add_file(world, agent, body.model_dump()["file"])


@api.post("/flow-categories", may=Permission.FLOWS)
def post_flow_category(
    world: World, agent: Agent, body: requests.SaveFlowCategory
) -> events.FlowCategory:
    """«Adicionar categoria»."""
    return designing.add_category(world, body.name)


@api.put("/flow-categories/{category_id}", may=Permission.FLOWS)
def put_flow_category(
    world: World, agent: Agent, category_id: str, body: requests.SaveFlowCategory
) -> events.FlowCategory:
    """Rename a folder."""
    return designing.save_category(world, category_id, body.name)


@api.delete("/flow-categories/{category_id}", may=Permission.FLOWS)
def delete_flow_category(world: World, agent: Agent, category_id: str) -> events.Done:
    """Delete a folder without flows."""
    return designing.remove_category(world, category_id)
