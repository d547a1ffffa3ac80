"""Flows as lists, choosers and their own page have them (FLOW-9)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.stores import flows as store
from chalicelib.stores import preferences
from chalicelib.stores.flow_details import summary

if TYPE_CHECKING:
    from chalicelib.domain import events


def flows() -> events.Flows:
    """Every flow and folder, by name, and which of them the chatbot uses."""
    settings = preferences.load(consistent=True)
    return {
        "flows": sorted(
            (summary(one) for one in store.every(consistent=True)),
            key=lambda one: one["name"].casefold(),
        ),
        "categories": sorted(
            store.categories(consistent=True), key=lambda one: one["name"].casefold()
        ),
        "main_flow_id": settings["main_flow_id"],
        "closing_flow_id": settings["closing_flow_id"],
        "chatbot": settings["chatbot"],
    }
