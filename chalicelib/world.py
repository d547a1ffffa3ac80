"""The clock, chance, and other people's servers: everything a command does not decide."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING

from chalicelib import settings as environment
from chalicelib.gateways.files import Files
from chalicelib.gateways.meta.graph import Graph
from chalicelib.gateways.queues import Queues
from chalicelib.gateways.realtime import Realtime
from chalicelib.gateways.secrets import Secrets
from chalicelib.stores import people, tables

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from chalicelib.domain.access import Agent
    from chalicelib.domain.ids import ChatId
    from chalicelib.settings import Settings


AGENTS_AGE = timedelta(seconds=4)


@dataclass
class World:
    """What a command needs from outside. Tests build their own, with a fixed clock."""

    settings: Settings
    now: Callable[[], datetime]
    new_id: Callable[[], str]
    pause: Callable[[float], None]
    queues: Queues
    secrets: Secrets
    files: Files
    realtime: Realtime
    graph: Callable[[str], Graph]  # by token
    agents: Callable[[], Mapping[str, Agent]]  # at most four seconds old
    led_to: dict[str, ChatId] = field(default_factory=dict)  # ids lately seen, and their chats


def now() -> datetime:
    """The clock of the desk: aware, UTC, whole milliseconds."""
    at = datetime.now(UTC)
    return at.replace(microsecond=at.microsecond // 1000 * 1000)


def new_id() -> str:
    """Sixteen characters that no one can guess and that never come again."""
    return secrets.token_hex(8)


def pause(seconds: float) -> None:
    """Wait a random part of so long, so that those who met do not meet again."""
    import time

    time.sleep(seconds * (0.5 + secrets.randbelow(1000) / 2000))


def recent_agents(now: Callable[[], datetime]) -> Callable[[], Mapping[str, Agent]]:
    """All agents by id, read again once they are four seconds old.

    For what is asked at every stream batch; doors read their own agent anew (PERM-2, PERM-3).
    """
    read_at: datetime | None = None
    known: Mapping[str, Agent] = {}

    def agents() -> Mapping[str, Agent]:
        nonlocal read_at, known
        if read_at is None or now() - read_at > AGENTS_AGE:
            read_at, known = now(), {one.agent_id: one for one in people.agents()}
        return known

    return agents


@cache
def world() -> World:
    """The world of this function, built at its first event."""
    settings = environment.from_environment()
    tables.bind(settings.desk_table, settings.connections_table, region=settings.region)

    @cache
    def graph(token: str) -> Graph:
        return Graph(settings.graph_url, settings.graph_version, token)

    return World(
        settings=settings,
        now=now,
        new_id=new_id,
        pause=pause,
        queues=Queues(settings.region),
        secrets=Secrets(settings.parameters),
        files=Files(settings.media_bucket, settings.region),
        realtime=Realtime(settings.live_endpoint, settings.region),
        graph=graph,
        agents=recent_agents(now),
    )
