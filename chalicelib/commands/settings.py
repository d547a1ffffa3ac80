"""The general settings are changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from chalicelib.commands.attempts import until_settled
from chalicelib.domain import errors, flow_position
from chalicelib.stores import audit, flows
from chalicelib.stores import preferences as store
from chalicelib.stores.chats import commit_rows

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalicelib.domain import events
    from chalicelib.domain.access import Agent
    from chalicelib.world import World


FLOWS = ("main_flow_id", "closing_flow_id")


def save(world: World, agent: Agent, wanted: Mapping[str, Any]) -> events.Settings:
    """Change the settings that are named, and answer with all; what changed is audited.

    An empty id of a flow chooses none. Raises Invalid for one that is not there (`unknown`), or
    that never was published (`unpublished`).
    """

    def decide() -> events.Settings:
        before = store.load(consistent=True)
        told = {name: one or None if name in FLOWS else one for name, one in wanted.items()}
        after = cast("events.Settings", {**before, **told})
        _check_flows(before, after)
        after["chatbot_since"] = flow_position.on_since(before, after, world.now())
        changed = {name: value for name, value in after.items() if value != before.get(name)}
        if changed:
            written = audit.entry(
                "settings_changed", agent, "settings", world.now(), world.new_id(), **changed
            )
            commit_rows(store.changed(before, after), written)
        return after

    return until_settled(world, decide)


def _check_flows(before: events.Settings, after: events.Settings) -> None:
    wrong = []
    for name in FLOWS:
        flow_id = after[name]  # type: ignore[literal-required]
        if flow_id is None or flow_id == before[name]:  # type: ignore[literal-required]
            continue
        kept = flows.one(flow_id)
        if kept is None:
            wrong.append({"path": name, "reason": "unknown"})
        elif kept.published is None:
            wrong.append({"path": name, "reason": "unpublished"})
    if wrong:
        raise errors.Invalid(fields=wrong)
