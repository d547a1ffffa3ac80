"""What the variables of a chat stand for, read from where it is kept (INFO-9)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.domain import variables
from chalicelib.domain.access import Permission
from chalicelib.domain.profile import Profile
from chalicelib.stores import labels, people, profiles

if TYPE_CHECKING:
    from collections.abc import Collection

    from chalicelib.domain.access import Agent
    from chalicelib.domain.chat import Chat
    from chalicelib.domain.variables import Value


def known(
    chat: Chat,
    agent: Agent | None,
    *,
    protocol: str | None,
    wanted: Collection[str] | None = None,
) -> dict[str, Value]:
    """Every variable of the chat for what this agent, or else the desk itself, writes in it.

    What nobody writes is signed by who holds the chat, and has CPF and RG in the clear: it goes to
    the person themselves.

    With `wanted`, at least those, and nothing is read that they do not need. `protocol` is the
    number that the message's attendance has, or gets by it.
    """
    asked = set(variables.NAMES if wanted is None else wanted)
    custom = wanted is None or bool(asked - set(variables.NAMES))
    of_profile = custom or bool(asked & variables.SYSTEM.keys())
    return variables.values(
        chat,
        profiles.load(*chat.partitions) if of_profile else Profile(chat.chat_id),
        labels.fields() if custom else [],
        agent_name=agent.name if agent else _holder(chat, asked),
        department_name=_department(chat) if "departamento" in asked else None,
        protocol=protocol,
        masked=agent is not None and not agent.may(Permission.CONTACTS),
    )


def _holder(chat: Chat, asked: Collection[str]) -> str | None:
    if chat.agent_id is None or "agente" not in asked:
        return None
    found = people.agent(chat.agent_id)
    return None if found is None else found.name


def _department(chat: Chat) -> str | None:
    if chat.department_id is None:
        return None
    found = people.department_row(chat.department_id)
    return None if found is None else str(found.name)
