"""What variables stand for in a chat (INFO-9)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.domain import errors, variables
from chalicelib.domain.access import may_read
from chalicelib.domain.fields import is_picture_of
from chalicelib.stores import chats as store
from chalicelib.stores import variables as values

if TYPE_CHECKING:
    from chalicelib.domain import events
    from chalicelib.domain.access import Agent
    from chalicelib.domain.chat import Chat
    from chalicelib.domain.variables import Value
    from chalicelib.world import World

TO_COME = "…"


def of_chat(world: World, agent: Agent, chat_id: str) -> events.Variables:
    """Every variable, with what it stands for when this agent writes it now (INFO-9).

    Of a chat without an open attendance, `protocolo` is «…»: an answer opens one, and only then is
    its number drawn. CPF and RG are `hidden` from who may not see contacts' records. Raises
    NotFound.
    """
    chat = store.resolve(chat_id)
    if chat is None or not may_read(chat, agent):
        raise errors.NotFound()
    protocol = chat.attendance.protocol if chat.attendance else TO_COME
    known = values.known(chat, agent, protocol=protocol)
    return {
        "variables": [variables.view(one, _address(world, chat, one)) for one in known.values()]
    }


def _address(world: World, chat: Chat, value: Value) -> str | None:
    """Where a picture is, if it is this contact's own."""
    own = value.kind == "image" and is_picture_of(value.told or "", chat.partitions)
    return world.files.address(value.told or "") if own else None
