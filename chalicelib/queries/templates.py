"""The templates that may be sent, and all of them for their page (SEND-2, ADM-1)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalicelib.domain import errors, prices
from chalicelib.domain import template as templates
from chalicelib.domain.phone import dialled
from chalicelib.queries.chats import readable
from chalicelib.stores import channels
from chalicelib.stores import templates as store

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalicelib.domain import events
    from chalicelib.domain.access import Agent
    from chalicelib.world import World

HOME = "BR"  # whose prices are shown while nobody is named


def listed(world: World, agent: Agent, asked: Mapping[str, Any]) -> events.Templates:
    """What may be sent from an account: by name, then by language, with what each would cost.

    `asked` is api.requests.TemplatesQuery: of the account, or of the chat's, or of the agency's
    first; prices are those of the chat's country, or of the phone's, or of Brazil. As Meta last
    told. Raises NotFound for an unknown account or a chat that is not the agent's to read,
    ChannelUnavailable when there is no account.
    """
    account, country = asked["account"], HOME
    if asked["chat_id"] is not None:
        chat = readable(agent, asked["chat_id"])
        if chat.channel != "whatsapp":
            raise errors.NotOnThisChannel()
        account = account or chat.account
        country = prices.country_of(chat.phone, chat.user_id) or ""
    elif asked["phone"]:
        country = _country_typed(asked["phone"])
    chosen = channels.chosen(channels.whatsapp_accounts(), account)
    found = []
    for row in store.of_portfolio(chosen.portfolio):
        template = store.to_template(row)
        if template is not None and template.sendable:
            price = prices.price(template.category, country, world.now())
            found.append(
                templates.view(
                    template, row.template_id, bindings=store.bindings_of(row), price=price
                )
            )
    found.sort(key=lambda one: (one["name"], one["language"]))
    return {"account": chosen.account, "templates": found}


def every(world: World) -> events.TemplateList:
    """Every template of the agency, whatever its status, as of the last synchronisation."""
    return store.shown()


def _country_typed(phone: str) -> str:
    """Whose number is being typed; of half a number, Brazil's."""
    try:
        return prices.country_of(dialled(phone, foreign=False), None) or ""
    except errors.Invalid:
        try:
            return prices.country_of(dialled(phone, foreign=True), None) or ""
        except errors.Invalid:
            return HOME
