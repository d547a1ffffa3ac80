"""Incoming webhooks as their page has them (FLOW-10)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.stores import hooks as store

if TYPE_CHECKING:
    from chalicelib.domain import events


def hooks() -> events.IncomingWebhooks:
    """Every webhook, by name, with what came to it lately. One query for each."""
    every = sorted(store.every(consistent=True), key=lambda one: one.name.casefold())
    return {"webhooks": [store.shown(one, store.calls(one.webhook_id)) for one in every]}
