"""The templates that may be sent (SEND-2)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from chalicelib.domain import template as templates
from chalicelib.gateways.meta.templates import sendable
from chalicelib.stores import channels

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalicelib.domain import events
    from chalicelib.domain.access import Agent
    from chalicelib.domain.template import Template
    from chalicelib.stores.channels import Account
    from chalicelib.world import World

AGE = timedelta(minutes=1)  # whoever sends one asks Meta for it again


def every(world: World) -> events.TemplateList:
    """."""
    raise NotImplementedError


def listed(world: World, agent: Agent, asked: Mapping[str, Any]) -> events.Templates:
    """What may be sent from an account, or from the agency's first: by name, then by language.

    As Meta had it in the last minute. Raises NotFound for an unknown account, ChannelUnavailable
    when there is none or Meta does not let us use it, and Unavailable when Meta does not answer.
    """
    chosen = channels.chosen(channels.whatsapp_accounts(), asked["account"])
    return {
        "account": chosen.account,
        "templates": [templates.view(one) for one in _recent(world, chosen)],
    }


def _recent(world: World, account: Account) -> list[Template]:
    now = world.now()
    read_at, known = world.templates.get(account.portfolio, (None, []))
    if read_at is None or now - read_at >= AGE:
        found = sendable(world.secrets, world.graph, account.account, account.portfolio)
        known = sorted(found, key=lambda one: (one.name, one.language))
        world.templates[account.portfolio] = now, known
    return known
