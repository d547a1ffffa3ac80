"""A whole desk in one process: the real functions and gateways, on moto, with services by hand.

A story lets somebody run any command with `desk.do(lambda world: close.close(world, ANA, …))`.
The function that runs it is called «do» in the story's `calls`, or as `function=` says; killed, it
starts anew with a world that remembers nothing and does the same again, as a person would. So
whatever the person chose once (a client key: `desk.key()`) is chosen before the lambda.
"""

from __future__ import annotations

import hmac
import itertools
import json
import os
import re
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, replace
from functools import cache
from hashlib import sha256
from typing import IO, TYPE_CHECKING, Any, TypeVar
from unittest.mock import patch

import boto3
from botocore.client import BaseClient
from chalice.app import WebsocketEvent
from moto import mock_aws
from moto.core import DEFAULT_ACCOUNT_ID
from moto.core.model_instances import reset_model_data
from moto.dynamodb.models import dynamodb_backends
from moto.dynamodb.models.utilities import dynamo_json_dump

from chalicelib import triggers
from chalicelib.commands import accept, connect, mark_read, send
from chalicelib.domain.access import Permission
from chalicelib.domain.listing import Tab
from chalicelib.gateways.files import Files
from chalicelib.gateways.meta import media
from chalicelib.gateways.meta.graph import Sent
from chalicelib.gateways.queues import Queues
from chalicelib.gateways.realtime import Realtime
from chalicelib.gateways.secrets import Secrets
from chalicelib.stores import channels, flows, people, tables
from chalicelib.world import RecentAgents, World
from infra.storage import tables as described_tables
from tests.builders import ACCOUNT, PORTFOLIO, agent, client_key, says
from tests.conftest import REGION, settings
from tests.fakes import Clock, FakeGraph, FakeLogins, FakePush, FakeSchedules, summary
from tests.faults.calls import Calls, Kill, Killed
from tests.faults.screens import Screen
from tests.faults.service import Habits, Service

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from chalicelib.domain.access import Agent
    from chalicelib.domain.events import ChannelName
    from chalicelib.domain.push import Subscription

Answer = TypeVar("Answer")

CREATED = (
    "AttributeDefinitions",
    "KeySchema",
    "GlobalSecondaryIndexes",
    "BillingMode",
)
DRAWN = re.compile(r"\bd0{9}[0-9a-f]{6}\b")  # ids that `new_id` of this desk gives
LOGIN_DOORS = ("invite", "invite_again", "find", "every", "open", "shut", "rename")
APP_SECRET = "app-secret"
SECRETS = {"token": "token", "app_secret": APP_SECRET, "verify_token": "verify"}
AGENTS = (
    agent("ana", permissions=frozenset({Permission.TAB_OPEN, Permission.TAB_MINE})),
    agent("beto", permissions=frozenset({Permission.TAB_IN_SERVICE})),
    agent("caio", permissions=frozenset({Permission.TAB_ALL})),
)


@dataclass(frozen=True)
class Ending:
    """Where a story leads: all that anybody could look at afterwards, with drawn names told apart
    by what they name.
    """

    rows: list[Any]
    files: list[str]
    sent: list[Any]
    phones: list[Any]  # what lies in the trays
    told: list[str]  # whom Meta blocks, and of which messages it said that they were read
    screens: list[Any]


class CountedGraph(FakeGraph):
    """Meta, whose door is one more call that a process may not survive."""

    calls: Calls

    def send(self, account: str, content: Mapping[str, Any]) -> Sent:
        """Accept it under an id that does not depend on what else went out, or refuse it."""
        accept_or_refuse = super().send
        self.calls.through("graph", lambda: accept_or_refuse(account, content))
        return Sent(provider_id=f"wamid.out.{named(content)}")

    def tell(self, account: str, content: Mapping[str, Any]) -> None:
        """Another call."""
        do_or_refuse = super().tell
        self.calls.through("graph", lambda: do_or_refuse(account, content))

    def upload(self, account: str, content: IO[bytes], *, size: int, mime_type: str) -> str:
        """Keep it under an id that does not depend on how often it was tried."""
        keep_or_refuse = super().upload
        self.calls.through(
            "upload", lambda: keep_or_refuse(account, content, size=size, mime_type=mime_type)
        )
        return f"media.of.{sha256(self.uploads[-1][1]).hexdigest()[:8]}"

    def request(self, method: str, path: str, **given: Any) -> dict[str, Any]:
        """What it knows of a file or a person; asking is a call, too."""
        tell = super().request
        return self.calls.through("graph", lambda: tell(method, path, **given))

    def block_user(self, account: str, person: Any, *, blocked: bool) -> None:
        """Another call."""
        do_or_refuse = super().block_user
        self.calls.through("graph", lambda: do_or_refuse(account, person, blocked=blocked))

    def templates(self, portfolio: str) -> list[dict[str, Any]]:
        """Those that it has; asking is a call, too."""
        tell = super().templates
        return self.calls.through("graph", lambda: tell(portfolio))


def named(content: Mapping[str, Any]) -> str:
    """What tells one message from another, however often and late it is sent."""
    told = summary(content)
    if "text" in told:
        return str(told["text"])
    return str(told.get("template") or sha256(json.dumps(told).encode()).hexdigest()[:8])


class CountedLogins(FakeLogins):
    """The user pool, each of whose doors is one more call that a process may not survive."""

    calls: Calls

    def __getattribute__(self, name: str) -> Any:
        """Its doors, counted."""
        found = super().__getattribute__(name)
        if name not in LOGIN_DOORS:
            return found
        return lambda *given: self.calls.through(f"login.{name}", lambda: found(*given))


class CountedPush(FakePush):
    """Push services, of which each is one more call that a process may not survive."""

    calls: Calls

    def send(self, subscription: Subscription, payload: bytes, **more: Any) -> Any:
        """Show it on the phone, or fail as planned."""
        show_or_fail = super().send
        return self.calls.through("push", lambda: show_or_fail(subscription, payload, **more))


class Desk:
    """Agents, contacts and Meta act here; whoever is killed in acting does the same again."""

    known: Any = None  # what whoever began the story wants to remember

    def __init__(self) -> None:
        self.calls = Calls()
        self.clock = Clock()
        self.graph = CountedGraph()
        self.graph.calls = self.calls
        self.logins = CountedLogins()
        self.logins.calls = self.calls
        self.schedules = FakeSchedules()
        self.phones = CountedPush()
        self.phones.calls = self.calls
        self.screens: list[Screen] = []
        self.at_meta: dict[str, bytes] = {}  # files that contacts sent, by their address
        self.there_from = self.clock.at  # before that Meta does not find them
        self._numbers = itertools.count(1)
        self._connections = itertools.count(1)
        self._keys = itertools.count(1)
        self._inboxes: dict[str, Screen] = {}
        secrets = {
            f"/atendente/test/{channel}/{ACCOUNT}/{name}": value
            for name, value in SECRETS.items()
            for channel in ("whatsapp", "facebook")
        }
        self.service = Service(self.clock, self.calls, secrets, _records_after, self.restart)
        self.restart()

    def furnish(self) -> None:
        """The agents and the channel."""
        for one in AGENTS:
            people.save_agent(one)
        channels.save("whatsapp", ACCOUNT, display="+55 11 4000-1234", portfolio=PORTFOLIO)
        self.until_quiet()

    def restart(self) -> None:
        """Processes that remember nothing."""
        flows.version.cache_clear()
        queues, files, realtime = _gateways()
        self.world = World(
            settings=settings(),
            now=self.clock,
            new_id=lambda: f"d{next(self._numbers):015x}",
            pause=lambda seconds: None,
            queues=queues,
            secrets=Secrets("/atendente/test"),
            files=files,
            realtime=realtime,
            graph=lambda token: self.graph,  # type: ignore[arg-type,return-value]
            agents=RecentAgents(self.clock),
            logins=self.logins,  # type: ignore[arg-type]
            schedules=self.schedules,  # type: ignore[arg-type]
            push=self.phones,  # type: ignore[arg-type]
        )

    # --- what people and Meta do --------------------------------------------------------------

    def meta_posts(self, body: dict[str, Any], channel: ChannelName = "whatsapp") -> None:
        """A signed webhook, posted until it is acknowledged."""
        raw = json.dumps(body).encode()
        signature = "sha256=" + hmac.new(APP_SECRET.encode(), raw, sha256).hexdigest()
        self._insist("accept", lambda: accept.accept(self.world, channel, raw, signature))

    def answers(self, one: Agent, chat_id: str, text: str) -> str:
        """An agent's message; its key."""
        key = self.key()
        return self._insist("send", lambda: says(self.world, one, chat_id, key, text)).key

    def retries(self, one: Agent, chat_id: str, message_key: Any) -> str:
        """A failed message sent again; the new one's key."""
        key = self.key()
        return self._insist(
            "send", lambda: send.retry(self.world, one, chat_id, message_key, key)
        ).key

    def reads(self, one: Agent, chat_id: str, up_to: str) -> None:
        """An agent has the chat on screen, up to that message."""
        self._insist("mark_read", lambda: mark_read.mark_read(self.world, one, chat_id, up_to))

    def opens(self, one: Agent, tab: Tab, chat_id: str | None = None) -> Screen:
        """A page opens: a socket with a ticket of its own for each try, hello, and the fetch."""
        hello = json.dumps({"action": "hello", "tab": tab.value, "chat_id": chat_id})
        while True:
            connection_id = f"socket{next(self._connections):02d}"
            self.service.inboxes[connection_id] = []
            ticket = connect.give_ticket(self.world, one)["ticket"]
            query = {"queryStringParameters": {"ticket": ticket}}
            headers = {"headers": {"Origin": self.world.settings.web_origin}}
            try:
                self._socket("connect", connection_id, **query, **headers)
            except Killed:
                del self.service.inboxes[connection_id]
                continue
            break
        while True:
            try:
                self._socket("hear", connection_id, body=hello)
            except Killed:
                continue
            break
        screen = Screen(self, one, tab, chat_id)
        self._inboxes[connection_id] = screen
        self.screens.append(screen)
        return screen

    def loses(self, screen: Screen) -> None:
        """A page is gone, and its socket did not say so."""
        self.screens.remove(screen)
        gone = next(one for one, page in self._inboxes.items() if page is screen)
        del self._inboxes[gone], self.service.inboxes[gone]

    def cuts_off(self, one: Agent) -> None:
        """An agent is no longer one."""
        people.save_agent(replace(one, active=False))
        self.screens = [screen for screen in self.screens if screen.agent != one]
        self.clock.forward(seconds=3)  # more than what is remembered of agents lasts

    def _socket(self, function: str, connection_id: str, **more: Any) -> None:
        place = {"domainName": "live", "stage": "api", "connectionId": connection_id}
        event = WebsocketEvent({"requestContext": place, **more}, None)
        try:
            with self.calls.of(function):
                answer = getattr(triggers, function)(event)
        except Killed:
            self.restart()
            raise
        assert answer == {"statusCode": 200}

    def downloads(self, url: str, into: IO[bytes], **_: Any) -> media.Taken:
        """A file of Meta's, which is one more call that a process may not survive."""

        def given() -> media.Taken:
            if url not in self.at_meta or self.clock.at < self.there_from:
                raise media.NotFetched("gone", for_good=url not in self.at_meta)
            return media.Taken(into.write(self.at_meta[url]), None)

        return self.calls.through("download", given)

    def _insist(self, function: str, act: Callable[[], Answer]) -> Answer:
        while True:
            try:
                with self.calls.of(function):
                    return act()
            except Killed:
                self.restart()

    def do(self, act: Callable[[World], Answer], *, function: str = "do") -> Answer:
        """Any command, done again until its doer lives to see the answer."""
        return self._insist(function, lambda: act(self.world))

    def key(self) -> str:
        """A client key that nobody has used yet."""
        return client_key(self.clock(), next(self._keys))

    def until_quiet(self) -> None:
        """Everything that follows from what was done, up to the last frame on the last screen."""
        self.service.until_quiet()
        for connection_id, screen in self._inboxes.items():
            frames = self.service.inboxes.get(connection_id, [])
            while frames:
                screen.take(frames.pop(0))
            screen.catch_up()

    # --- what there is to see -----------------------------------------------------------------

    def chat_of(self, phone_or_id: str) -> str:
        """The chat that an id of a contact leads to."""
        return next(
            str(row["chat_id"]["S"])
            for row in _rows("Desk")
            if row["pk"]["S"].startswith("IDENT#") and row["pk"]["S"].endswith(phone_or_id)
        )

    def fresh_screens(self) -> list[Any]:
        """What the same pages would show if they were opened now."""
        fresh = [Screen(self, one.agent, one.tab, one.chat_id) for one in self.screens]
        return [screen.state() for screen in fresh]

    def ending(self) -> Ending:
        """The table, what was sent, and the screens, once all is quiet."""
        self.until_quiet()
        passing = (tables.COUNTERS, tables.CHANNELS_HEARD)  # gaps, and when a webhook last came
        rows = [row for row in _rows("Desk") if row["pk"]["S"] not in passing]
        rows = [row for row in rows if row.get("cls", {}).get("S") != "hook_call"]  # each that came
        rows += [row for row in _rows("Connections") if "ready" in row]
        told = {
            "rows": rows,
            "files": sorted(self.service.files),
            "sent": self.graph.sent,
            "phones": sorted([endpoint, told] for (endpoint, _), told in self.phones.trays.items()),
            "told": sorted(map(str, (*self.graph.blocked, *self.graph.read))),
            "screens": [screen.state() for screen in self.screens],
        }
        text = json.dumps(told, sort_keys=True)
        for drawn, name in _names(rows):
            text = text.replace(drawn, name)
        for place, drawn in enumerate(sorted(set(DRAWN.findall(text)))):
            text = text.replace(drawn, f"drawn {place}")
        told = json.loads(text)
        told["rows"].sort(key=lambda row: json.dumps([row["pk"], row["sk"]]))
        return Ending(**told)


@dataclass(frozen=True)
class Begun:
    """A desk at rest, to be continued more than once."""

    desk: Desk
    tables: Any


def begin(before: Callable[[Desk], Any]) -> Begun:
    """A new desk on which this happened, and went well; no process outlives it."""
    desk = Desk()
    with _around(desk):
        _create_tables()
        desk.furnish()
        desk.known = before(desk)
        desk.until_quiet()
        desk.calls.made.clear()
        desk.service.trim_stream()
        _moto().tables["Desk"].stream_shard.items.clear()
        return Begun(desk, deepcopy(_moto().tables))


@contextmanager
def continued(
    begun: Begun,
    kill: Kill | None = None,
    habits: Habits = Habits(),  # noqa: B008  immutable
) -> Iterator[Desk]:
    """The desk as it was then: nothing of what others made of it is seen."""
    calls = Calls(kill)
    desk = deepcopy(begun.desk, {id(begun.desk.calls): calls, id(begun.desk.world): None})
    desk.service.habits = habits
    desk.restart()
    with _around(desk):
        reset_model_data()  # moto keeps hold of every copy that is ever made
        _moto().tables = deepcopy(begun.tables)
        yield desk


@contextmanager
def _around(desk: Desk) -> Iterator[None]:
    """Whatever is called now is called at this desk."""
    environment = {
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": REGION,
    }
    original = BaseClient._make_api_call

    def made(client: BaseClient, operation: str, parameters: dict[str, Any]) -> Any:
        def call() -> Any:
            answer = desk.service.answers(client, operation, parameters)
            return original(client, operation, parameters) if answer is None else answer

        return desk.calls.through(operation, call)

    with (
        patch.dict(os.environ, environment),
        mock_aws(config={"core": {"service_whitelist": ["dynamodb"]}}),
        patch.object(BaseClient, "_make_api_call", made),
        patch.object(triggers, "world", lambda: desk.world),
        patch.object(media, "download", desk.downloads),
    ):
        tables.bind("Desk", "Connections", region=REGION)
        yield


@cache
def _gateways() -> tuple[Queues, Files, Realtime]:
    here = settings()
    return (
        Queues(here.region),
        Files(here.media_bucket, here.region),
        Realtime(here.live_endpoint, here.region),
    )


def _moto() -> Any:
    return dynamodb_backends[DEFAULT_ACCOUNT_ID][REGION]


def _create_tables() -> None:
    client = boto3.client("dynamodb", region_name=REGION)
    for name, resource in described_tables().items():
        properties = resource["Properties"]
        client.create_table(
            TableName=name,
            **{key: properties[key] for key in CREATED if key in properties},
            **_stream(properties),
        )


def _stream(properties: dict[str, Any]) -> dict[str, Any]:
    if "StreamSpecification" not in properties:
        return {}
    return {"StreamSpecification": {"StreamEnabled": True, **properties["StreamSpecification"]}}


def _records_after(sequence_number: str | None) -> list[dict[str, Any]]:
    """What moto keeps of the stream of `Desk`; asking it over its own wire takes too long."""
    after = int(sequence_number or 0)
    records = [record.to_json() for record in _moto().tables["Desk"].stream_shard.items]
    return _plain(
        [
            {**record, "dynamodb": {**record["dynamodb"], "ApproximateCreationDateTime": 0}}
            for record in records
            if int(record["dynamodb"]["SequenceNumber"]) > after
        ]
    )


def _rows(table: str) -> list[dict[str, Any]]:
    items = _moto().tables[table].all_items()
    return [row["Attributes"] for row in _plain([item.to_json() for item in items])]


def _plain(kept: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A copy as it goes over the wire."""
    plain: list[dict[str, Any]] = json.loads(dynamo_json_dump(kept))
    return plain


def _names(rows: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """Drawn ids, protocols and sockets, which a second try draws anew, and names for them.

    A chat is named after the first id of its person, the others by their place among all.
    """
    chats = [row for row in rows if row.get("cls", {}).get("S") == "chat"]
    named = [
        (row["pk"]["S"].removeprefix("CHAT#"), f"chat of {row['identities']['L'][0]['S']}")
        for row in chats
        if row["identities"]["L"]
    ]
    protocols = sorted(
        {row["protocol"]["S"] for row in rows if row.get("cls", {}).get("S") == "attendance"}
    )
    sockets = sorted(row["sk"]["S"] for row in rows if row["pk"]["S"] == tables.LIVE)
    return [
        *named,
        *((drawn, f"protocol {place}") for place, drawn in enumerate(protocols)),
        *((drawn, f"page {place}") for place, drawn in enumerate(sockets)),
    ]
