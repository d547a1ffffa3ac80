"""The general settings are changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from chalicelib.commands.attempts import until_settled
from chalicelib.stores import audit
from chalicelib.stores import preferences as store
from chalicelib.stores.chats import commit_rows

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalicelib.domain import events
    from chalicelib.domain.access import Agent
    from chalicelib.world import World


def save(world: World, agent: Agent, wanted: Mapping[str, Any]) -> events.Settings:
    """Change the settings that are named, and answer with all; what changed is audited."""

    def decide() -> events.Settings:
        before = store.load(consistent=True)
        after = cast("events.Settings", {**before, **wanted})
        changed = {name: value for name, value in after.items() if value != before.get(name)}
        if changed:
            written = audit.entry(
                "settings_changed", agent, "settings", world.now(), world.new_id(), **changed
            )
            commit_rows(store.changed(before, after), written)
        return after

    return until_settled(world, decide)
