"""When the agency attends is said (FLOW-6, ADM-1)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalicelib.commands.attempts import until_settled
from chalicelib.domain import business_hours as rules
from chalicelib.domain import errors
from chalicelib.stores import audit
from chalicelib.stores import business_hours as store
from chalicelib.stores.chats import commit_rows

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalicelib.domain import events
    from chalicelib.domain.access import Agent
    from chalicelib.world import World


def save(world: World, agent: Agent, wanted: Mapping[str, Any]) -> events.BusinessHours:
    """The hours and holidays as they should be, in the agency's zone; audited.

    `wanted` is api.requests.SaveBusinessHours. Saying the same again changes nothing. Raises
    Invalid or EditedMeanwhile.
    """
    after = rules.read(wanted)

    def decide() -> events.BusinessHours:
        before, version = store.load(consistent=True)
        if (before, min(version, 1)) == (after, 1):
            return store.shown(world.now(), world.zone())
        if version != wanted["version"]:
            raise errors.EditedMeanwhile(by=None)
        told = audit.entry(
            "business_hours_saved", agent, "business_hours", world.now(), world.new_id()
        )
        commit_rows(store.saved(after, version), told)
        return store.shown(world.now(), world.zone())

    return until_settled(world, decide)
