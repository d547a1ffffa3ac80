"""The clock, chance, and other people's servers: everything a command does not decide."""

from __future__ import annotations

import secrets as chance
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING

from chalicelib import settings as environment
from chalicelib.domain.outgoing import Sender
from chalicelib.gateways.files import Files
from chalicelib.gateways.logins import Logins
from chalicelib.gateways.meta.graph import Graph
from chalicelib.gateways.push import Push
from chalicelib.gateways.queues import Queues
from chalicelib.gateways.realtime import Realtime
from chalicelib.gateways.schedules import Schedules
from chalicelib.gateways.secrets import Secrets
from chalicelib.stores import channels, people, preferences, tables

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import date, tzinfo

    from chalicelib.domain import events
    from chalicelib.domain.access import Agent
    from chalicelib.domain.chat import Chat
    from chalicelib.domain.ids import ChatId
    from chalicelib.settings import Settings


AGENTS_AGE = timedelta(seconds=4)


class RecentAgents:
    """All agents by id, read again once they are four seconds old, or told of a change.

    For what is asked at every stream batch; doors read their own agent anew (PERM-2, PERM-3).
    """

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._read_at: datetime | None = None
        self._known: dict[str, Agent] = {}

    def __call__(self) -> Mapping[str, Agent]:
        """All of them, at most four seconds old."""
        if self._read_at is None or self._now() - self._read_at > AGENTS_AGE:
            self._read(consistent=False)
        return self._known

    def at_least(self, versions: Iterable[tuple[str, int]]) -> Mapping[str, Agent]:
        """All of them, these agents as of these versions or later."""
        known = self()
        if any(one not in known or known[one].version < version for one, version in versions):
            self._read(consistent=True)
        return self._known

    def _read(self, *, consistent: bool) -> None:
        self._read_at = self._now()
        for one in people.agents(consistent=consistent):
            self.learn(one)

    def learn(self, one: Agent) -> None:
        """An agent as a row says, unless a later one was seen: reads and streams may come late."""
        known = self._known.get(one.agent_id)
        if known is None or one.version >= known.version:
            self._known[one.agent_id] = one


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
    agents: RecentAgents
    logins: Logins
    schedules: Schedules
    push: Push
    led_to: dict[str, ChatId] = field(default_factory=dict)  # ids lately seen, and their chats
    settings_read: tuple[datetime, events.Settings] | None = None
    # by channel and account, when a webhook of it was last noted
    heard: dict[tuple[str, str], datetime] = field(default_factory=dict)
    instagram: Callable[[str], Graph] | None = None  # by token, of accounts without a page
    # by channel and account, when it was read
    senders_read: dict[tuple[str, str], tuple[datetime, Sender]] = field(default_factory=dict)

    def preferences(self) -> events.Settings:
        """The general settings, at most four seconds old."""
        now = self.now()
        if self.settings_read is None or now - self.settings_read[0] > AGENTS_AGE:
            self.settings_read = (now, preferences.load())
        return self.settings_read[1]

    def sender(self, channel: str, account: str) -> Sender:
        """What sending from an account needs to know, at most four seconds old.

        The general settings are read with it. An account that is not connected is one without a
        token: it is delivery that says so.
        """
        now = self.now()
        read_at, known = self.senders_read.get((channel, account), (None, Sender(channel, account)))
        if read_at is None or now - read_at > AGENTS_AGE:
            known, settings = channels.sender_and_settings(channel, account)
            self.senders_read[channel, account] = (now, known)
            self.settings_read = (now, settings)
        return known

    def may_answer_as_human(self, chat: Chat) -> bool:
        """SEND-14: whether what a human types may go out after the session, to this chat.

        The agency wants it, and the account has Meta's permission; never on WhatsApp.
        """
        return (
            chat.channel != "whatsapp"
            and self.preferences()["human_agent"]
            and self.sender(chat.channel, chat.account).human_agent
        )

    def today(self) -> date:
        """The day that it is in the agency's zone."""
        return self.now().astimezone(self.zone()).date()

    def zone(self) -> tzinfo | None:
        """The agency's zone, for where the system knows none."""
        from dateutil.tz import gettz  # type: ignore[import-untyped]  # it brings its own

        zone: tzinfo | None = gettz(self.settings.time_zone)
        return zone


def now() -> datetime:
    """The clock of the desk: aware, UTC, whole milliseconds."""
    at = datetime.now(UTC)
    return at.replace(microsecond=at.microsecond // 1000 * 1000)


def new_id() -> str:
    """Sixteen characters that no one can guess and that never come again."""
    return chance.token_hex(8)


def pause(seconds: float) -> None:
    """Wait a random part of so long, so that those who met do not meet again."""
    import time

    time.sleep(seconds * (0.5 + chance.randbelow(1000) / 2000))


@cache
def world() -> World:
    """The world of this function, built at its first event."""
    settings = environment.from_environment()
    tables.bind(settings.desk_table, settings.connections_table, region=settings.region)

    @cache
    def graph(token: str) -> Graph:
        return Graph(settings.graph_url, settings.graph_version, token)

    @cache
    def instagram(token: str) -> Graph:
        return Graph(settings.instagram_url, settings.graph_version, token)

    secrets = Secrets(settings.parameters)
    return World(
        settings=settings,
        now=now,
        new_id=new_id,
        pause=pause,
        queues=Queues(settings.region),
        secrets=secrets,
        files=Files(settings.media_bucket, settings.region),
        realtime=Realtime(settings.live_endpoint, settings.region),
        graph=graph,
        agents=RecentAgents(now),
        logins=Logins(settings.user_pool, settings.region),
        schedules=Schedules(
            settings.schedule_group, settings.schedule_role, settings.due_arn, settings.region
        ),
        # Services take nobody without https to write to; only a page on one's own machine has none.
        push=Push(
            secrets.push_key,
            settings.web_origin.replace("http://", "https://", 1),
            settings.push_hosts,
        ),
        instagram=instagram,
    )
