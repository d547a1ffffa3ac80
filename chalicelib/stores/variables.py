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
    agent: Agent,
    *,
    protocol: str | None,
    wanted: Collection[str] | None = None,
) -> dict[str, Value]:
    """Every variable of the chat for what this agent writes in it.

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
        agent_name=agent.name,
        department_name=_department(chat) if "departamento" in asked else None,
        protocol=protocol,
        masked=not agent.may(Permission.CONTACTS),
    )


def _department(chat: Chat) -> str | None:
    if chat.department_id is None:
        return None
    found = people.department_row(chat.department_id)
    return None if found is None else str(found.name)
