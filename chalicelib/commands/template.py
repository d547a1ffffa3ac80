"""Templates follow Meta, and are bound to variables (SEND-2, SEND-3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.commands import sync_templates as syncing
from chalicelib.commands.attempts import until_settled
from chalicelib.domain import errors
from chalicelib.domain import template as templates
from chalicelib.stores import audit
from chalicelib.stores import templates as store
from chalicelib.stores.chats import commit_rows

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalicelib.domain import events
    from chalicelib.domain.access import Agent
    from chalicelib.world import World


def sync_now(world: World) -> events.TemplateList:
    """Ask Meta for all templates now; the list as it then is, with what went wrong.

    Raises ChannelUnavailable when there is no WhatsApp account.
    """
    portfolios = syncing.portfolios()
    if not portfolios:
        raise errors.ChannelUnavailable(problem="missing")
    for portfolio in portfolios:
        try:
            syncing.sync_one(world, portfolio)
        except (errors.ChannelUnavailable, errors.Unavailable):
            continue  # it is told in the list
    return store.shown()


def bind(
    world: World, agent: Agent, template_id: str, bindings: Mapping[str, str]
) -> events.PortfolioTemplate:
    """What each variable of a template is filled with unless something else is typed; audited.

    Raises NotFound, or Invalid with `bindings.<variable>` for what the template does not have.
    """

    def decide() -> events.PortfolioTemplate:
        row = next(
            (one for one in store.every(consistent=True) if one.template_id == template_id), None
        )
        template = None if row is None else store.to_template(row)
        if row is None or template is None:
            raise errors.NotFound()
        kept = templates.check_bindings(template, bindings)
        if kept != store.bindings_of(row):
            changed = audit.entry(
                "template_bound",
                agent,
                template_id,
                world.now(),
                world.new_id(),
                variables=sorted(kept),
            )
            commit_rows(*store.bound(row, kept), changed)
        bound = store.shown_one(row, store.accounts_by_portfolio())
        assert bound is not None  # it was understood above
        return bound

    return until_settled(world, decide)
