"""Agents are told of what happened to their chats: decided once for each, and why (NOTIF).

Bell, sound and push follow from the rows that are written here: what is decided twice is told once.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from chalicelib.commands.attempts import until_settled
from chalicelib.domain import bell as bells_of
from chalicelib.domain import notification
from chalicelib.domain.notification import Decision, Pushed, as_it_stands, concerns, notify
from chalicelib.stores import alerts, bells, connections, people
from chalicelib.stores import chats as store
from chalicelib.stores.chats import commit_rows
from chalicelib.stores.rows import to_occasion

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from chalicelib.domain.access import Agent
    from chalicelib.domain.chat import Chat, Occasion
    from chalicelib.domain.notification import Presence
    from chalicelib.stores.alerts import Alerts
    from chalicelib.world import World


def tell(world: World, told: Mapping[str, Any]) -> None:
    """Decide for each agent whom the occasion concerns, and keep that; once for each.

    Everything is asked now: who holds the chat, who may read it, which pages are open. Of a chat
    that was given to somebody else meanwhile, its former holders hear nothing.
    """
    happened = to_occasion(told)
    chat = store.resolve(str(told["chat_id"]))
    occasion = None if chat is None else as_it_stands(happened, chat)
    if chat is None or occasion is None:
        return
    concerned = [
        agent_id
        for agent_id, one in world.agents().items()
        if one.active and concerns(occasion, one)
    ]
    if occasion.agent_id is not None:
        concerned.append(occasion.agent_id)  # also of one who is new here
    if not concerned:
        return
    presences: dict[str, list[Presence]] = {}
    for socket in connections.ready():
        presences.setdefault(socket.agent_id, []).append(socket.presence)
    # Whoever is remembered: a permission that was taken away a second ago counts.
    agents = people.agents_of(concerned)
    own, pushed = alerts.of_agents((one.agent_id for one in agents), chat.chat_id)
    for agent in agents:
        _decide(
            world,
            occasion,
            chat,
            agent,
            str(told["chat_id"]),
            presences.get(agent.agent_id, []),
            own[agent.agent_id],
            pushed.get(agent.agent_id),
        )


def _decide(
    world: World,
    occasion: Occasion,
    chat: Chat,
    agent: Agent,
    where: str,
    presences: list[Presence],
    own: Alerts,
    pushed: Pushed | None,
) -> None:
    """One agent's decision, and what follows from it, in one transaction.

    What was pushed meanwhile, by another message of the same contact, is read and decided anew.
    """
    known: list[Pushed | None] = [pushed]

    def decide() -> None:
        before = known.pop() if known else alerts.pushed(agent.agent_id, chat.chat_id)
        decision = notify(
            occasion,
            chat,
            agent,
            presences,
            devices=len(own.devices),
            pushed=before,
            muted=own.muted,
            now=world.now(),
        )
        if decision is None:
            return
        # The message lies where it was written, whatever the chat was merged into meanwhile.
        decision = replace(decision, chat_id=where)
        if alerts.decision(agent.agent_id, decision.decision_id) is not None:
            return
        commit_rows(*_writes(world, decision, chat, before))

    until_settled(world, decide)


def _writes(
    world: World, decision: Decision, chat: Chat, before: Pushed | None
) -> list[store.Write]:
    writes = [alerts.decided(decision)]
    if decision.bell == "told":
        writes.append(bells.write(bells_of.told(decision)))
    if decision.push == "told":
        after = notification.pushing(decision, chat, before)
        writes.append(
            alerts.write_pushed(decision.agent_id, chat.chat_id, before, after, world.now())
        )
    return writes
