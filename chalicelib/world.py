"""The clock, chance, and other people's servers: everything a command does not decide."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING

from chalicelib import settings as environment
from chalicelib.gateways.files import Files
from chalicelib.gateways.meta.graph import Graph
from chalicelib.gateways.queues import Queues
from chalicelib.gateways.realtime import Realtime
from chalicelib.gateways.secrets import Secrets
from chalicelib.stores import tables

if TYPE_CHECKING:
    from collections.abc import Callable

    from chalicelib.settings import Settings


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
    )
