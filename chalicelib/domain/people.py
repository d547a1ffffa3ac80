"""Users: how they are shown, how they differ, and that somebody always manages them (ADM-1)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from chalicelib.domain import errors
from chalicelib.domain.access import Permission

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chalicelib.domain import events
    from chalicelib.domain.access import Agent


def successor(agents: Iterable[Agent], before: Agent, after: Agent) -> Agent | None:
    """Who goes on managing users when this change takes that away from somebody.

    None: nothing is taken away. Raises LastAdministrator when nobody would be left.
    """
    if not before.may(Permission.USERS) or after.may(Permission.USERS):
        return None
    for one in agents:
        if one.agent_id != before.agent_id and one.may(Permission.USERS):
            return one
    raise errors.LastAdministrator()


def difference(before: Agent | None, after: Agent) -> dict[str, Any]:
    """What a change gave and took, for the audit: permissions, departments, being active.

    A changed name is told as such, not in its words. Empty: nothing that an audit asks about.
    """
    had = frozenset() if before is None else before.permissions
    was_in = frozenset() if before is None else before.department_ids
    found: dict[str, Any] = {
        "given": sorted(after.permissions - had),
        "taken": sorted(had - after.permissions),
        "departments_joined": sorted(after.department_ids - was_in),
        "departments_left": sorted(was_in - after.department_ids),
    }
    found = {name: ids for name, ids in found.items() if ids}
    if before is not None and before.active is not after.active:
        found["active"] = after.active
    if before is not None and before.name != after.name:
        found["renamed"] = True
    return found


def is_picture_of(key: str, agent_id: str) -> bool:
    """Whether a file key is one that this user was told to send their picture to."""
    own = rf"pictures/user/{re.escape(agent_id)}/[0-9a-f]{{16}}\.(jpg|png|webp)"
    return re.fullmatch(own, key, re.ASCII) is not None


def user(one: Agent, *, invited: bool, holds: int) -> events.User:
    """A user as the users page shows them."""
    return {
        "agent_id": one.agent_id,
        "name": one.name,
        "email": one.email,
        "active": one.active,
        "permissions": sorted(permission.value for permission in one.permissions),
        "department_ids": sorted(one.department_ids),
        "invited": invited,
        "holds": holds,
    }


def agent_self(one: Agent, picture: str | None) -> events.AgentSelf:
    """A user as they see themselves. `picture`: the address to show theirs from."""
    return {
        "agent_id": one.agent_id,
        "name": one.name,
        "email": one.email,
        "permissions": sorted(permission.value for permission in one.permissions),
        "department_ids": sorted(one.department_ids),
        "farewell": one.farewell,
        "picture": picture,
    }


def agent_name(one: Agent, picture: str | None) -> events.AgentName:
    """A user as other users see them."""
    return {
        "agent_id": one.agent_id,
        "name": one.name,
        "active": one.active,
        "picture": picture,
    }
