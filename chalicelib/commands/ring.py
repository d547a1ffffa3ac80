"""What an agent does with their bell: remove, bring back, look, turn the sound off (NOTIF-2)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from chalicelib.commands.attempts import until_settled
from chalicelib.stores import alerts, bells
from chalicelib.stores.chats import commit_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from chalicelib.domain import events
    from chalicelib.domain.access import Agent
    from chalicelib.stores.alerts import Alerts
    from chalicelib.world import World


def remove(world: World, agent: Agent, bell_id: str) -> events.Done:
    """The bin: one entry goes; one that is not there is fine."""
    bells.remove(agent.agent_id, bell_id, world.now())
    return {"done": True}


def clear(world: World, agent: Agent, through: str) -> events.Removed:
    """The «x»: all entries up to the newest that the agent saw go; which these were."""
    gone = [bell.bell_id for bell in bells.load(agent.agent_id, through=through)]
    for bell_id in gone:
        bells.remove(agent.agent_id, bell_id, world.now())
    return {"ids": gone}


def bring_back(world: World, agent: Agent, bell_ids: Iterable[str]) -> events.Done:
    """Undo: entries that were removed within the last hour are there again."""
    for bell_id in bell_ids:
        bell = bells.find(agent.agent_id, bell_id)
        if bell is not None:
            bells.bring_back(agent.agent_id, bell_id, bell.kept_until)
    return {"done": True}


def look(world: World, agent: Agent, through: str) -> events.Done:
    """The agent has seen the entries up to this one; the dot goes, on every page of theirs."""
    return _changed(world, agent, lambda own: replace(own, seen=max(own.seen, through)))


def mute(world: World, agent: Agent, *, muted: bool) -> events.Done:
    """The sound icon: sounds off, or on, wherever this agent sits."""
    return _changed(world, agent, lambda own: replace(own, muted=muted))


def _changed(world: World, agent: Agent, change: Callable[[Alerts], Alerts]) -> events.Done:
    def decide() -> None:
        before = alerts.load(agent.agent_id)
        after = change(before)
        if after != before:
            commit_rows(alerts.write(before, after))

    until_settled(world, decide)
    return {"done": True}
