"""Flows for tests of commands: published as the desk publishes them, with the chatbot on."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from chalicelib.commands import settings
from chalicelib.domain import flow_format
from chalicelib.stores import flows
from chalicelib.stores.chats import commit_rows
from tests.builders import NOON, agent

if TYPE_CHECKING:
    from chalicelib.world import World


def document(
    nodes: dict[str, Any], *, start: str | None = None, name: str = "Menu"
) -> dict[str, Any]:
    """A flow's JSON; it begins at the first node unless another is named."""
    return {
        "format": flow_format.FORMAT,
        "name": name,
        "category": None,
        "start": start or next(iter(nodes)),
        "nodes": nodes,
    }


def publish(flow_id: str, nodes: dict[str, Any], **more: Any) -> dict[str, Any]:
    """The flow's next version runs from now on; its document."""
    told = document(nodes, **more)
    before = flows.one(flow_id)
    if before is None:
        kept = flows.Kept(flow_id, told["name"], None, None, False, 0, len(nodes), NOON, None)
        commit_rows(*flows.saved(None, kept, told))
        before = flows.one(flow_id)
    assert before is not None
    number = (before.published or 0) + 1
    commit_rows(*flows.publishes(before, replace(before, published=number), number, told))
    return told


def chatbot(world: World, **wanted: Any) -> None:
    """The chatbot is on, with that main flow."""
    settings.save(world, agent("ana"), {"chatbot": True, "main_flow_id": "f1", **wanted})
    world.settings_read = None
