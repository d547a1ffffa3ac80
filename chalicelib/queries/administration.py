"""What the administration pages show."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from chalicelib.domain import people as views
from chalicelib.domain.labels import same_name
from chalicelib.stores import business_hours as hours
from chalicelib.stores import people, preferences

if TYPE_CHECKING:
    from chalicelib.domain import events
    from chalicelib.world import World


def users(world: World) -> events.Users:
    """Every user by name, with what they hold: a bounded query for each (ADM-1, PERM-3)."""
    logins = world.logins.every()
    agents = sorted(people.agents(), key=lambda one: same_name(one.name))
    return {
        "users": [
            views.user(
                one,
                invited=one.agent_id in logins and logins[one.agent_id].invited,
                holds=people.chats_held(one.agent_id),
            )
            for one in agents
        ]
    }


def departments() -> events.Departments:
    """Every department by name, with its users and open chats: a bounded query for each."""
    members = Counter(one for agent in people.agents() for one in agent.department_ids)
    rows = sorted(people.department_rows(), key=lambda row: same_name(row.name))
    return {
        "departments": [
            {
                "department_id": row.sk,
                "name": row.name,
                "active": bool(row.active),
                "to_last_agent": bool(row.to_last_agent),
                "agents": members[row.sk],  # type: ignore[index]
                "chats": people.chats_in(row.sk),
            }
            for row in rows
        ]
    }


def settings() -> events.Settings:
    """General settings."""
    return preferences.load()


def business_hours(world: World) -> events.BusinessHours:
    """When the agency attends, and whether it does now."""
    return hours.shown(world.now(), world.zone())
