"""An agency's first administrator as the desk knows them: an agent with every permission."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.domain.access import Agent, AgentId, Permission
from chalicelib.stores import people, tables

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from infra.deploy import Place


def write_agent(place: Place, stack: Mapping[str, str]) -> Callable[[str, str, str], None]:
    """What writes the row of `(sub, email, name)`; one that is there already stays as it is."""
    tables.bind(
        stack["DeskTable"], stack["ConnectionsTable"], region=place.region, host=place.endpoint
    )

    def write(sub: str, email: str, name: str) -> None:
        if people.agent(sub) is None:
            people.save_agent(
                Agent(AgentId(sub), name, email, True, frozenset(Permission), frozenset())
            )

    return write
