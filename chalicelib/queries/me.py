"""What a page needs before its first list: who is looking, and the names behind the ids."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.domain import media
from chalicelib.domain.access import tabs_of
from chalicelib.domain.instants import iso
from chalicelib.domain.people import agent_name, agent_self
from chalicelib.stores import channels, people, preferences

if TYPE_CHECKING:
    from chalicelib.domain import events
    from chalicelib.domain.access import Agent
    from chalicelib.world import World


def me(world: World, agent: Agent) -> events.Me:
    """The viewer, their tabs, and the directory of agents, departments and channels."""

    def picture(one: Agent) -> str | None:
        return None if one.picture is None else world.files.address(one.picture)

    settings = preferences.load(consistent=True)
    return {
        "agent": agent_self(agent, picture(agent)),
        "tabs": [tab.value for tab in tabs_of(agent)],
        "agency": {"name": world.settings.agency_name, "time_zone": world.settings.time_zone},
        "agents": [
            agent_name(one, picture(one))
            for one in sorted(people.agents(consistent=True), key=lambda one: one.name.casefold())
        ],
        "departments": sorted(
            people.departments(consistent=True), key=lambda one: one["name"].casefold()
        ),
        "channels": channels.channels(),
        "rules": media.RULES,
        "settings": {
            "audio_confirmation": settings["audio_confirmation"],
            "name_prefix": settings["name_prefix"],
            "human_agent": settings["human_agent"],
            "chatbot_since": settings["chatbot_since"],
        },
        "server_now": iso(world.now()),
    }
