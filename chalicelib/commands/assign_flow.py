"""A chat is forwarded to a flow (FLOW-2)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalicelib.commands.attempts import until_settled
from chalicelib.commands.step_flow import Stepping, commit
from chalicelib.domain import attendance as attendances
from chalicelib.domain import errors, views
from chalicelib.domain.access import Permission, may_read
from chalicelib.domain.message import key_of, written_at
from chalicelib.stores import chats as store
from chalicelib.stores.chats import AlreadyThere

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalicelib.domain import events
    from chalicelib.domain.access import Agent
    from chalicelib.domain.chat import Chat
    from chalicelib.world import World


def to_flow(world: World, agent: Agent, chat_id: str, asked: Mapping[str, Any]) -> events.Changed:
    """Close the attendance, if any, without a window, farewell or fields, and fire the flow.

    `asked` is api.requests.AssignFlow; its key makes a repeat the same firing. Raises NotFound (the
    chat, or the flow), MovedOn, Forbidden (somebody else holds the chat, and the asker may not
    change that: permission 5), ContactBlocked, ChatbotOff, Invalid, ClockSkew, ClientKeyExpired or
    Contended; then nothing was changed.
    """
    client_key = asked["client_key"]
    fired = key_of(written_at(client_key, world.now()), "line", "flow_started", client_key)
    stepping = Stepping(world)

    def decide() -> events.Changed:
        before = store.resolve(chat_id)
        if before is None or not may_read(before, agent):
            raise errors.NotFound()
        if store.holds_message(before.partitions, fired):
            return {"chat": _shown(world, before)}
        if attendances.moved_on(before, asked["seen"]):
            raise errors.MovedOn(chat=_shown(world, before))
        if before.agent_id not in (None, agent.agent_id) and not agent.may(Permission.CHANGE_AGENT):
            raise errors.Forbidden()
        if before.blocked:
            raise errors.ContactBlocked()
        if world.preferences()["chatbot_since"] is None:
            raise errors.ChatbotOff()
        stepped = stepping.begin(
            before, asked["flow_id"], world.now(), by=agent, client_key=client_key
        )
        if stepped is None:
            raise errors.NotFound()
        after = commit(before, stepped)
        return {"chat": _shown(world, after) if may_read(after, agent) else None}

    try:
        return until_settled(world, decide)
    except AlreadyThere:  # the same key, at the same instant
        return until_settled(world, decide)


def _shown(world: World, chat: Chat) -> events.Chat:
    return views.chat(chat, world.now(), human=world.may_answer_as_human(chat))
