"""The desk that is measured: tables of its own in the emulator, an agent, contacts, chats."""

from __future__ import annotations

import itertools
import secrets
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import MappingProxyType, SimpleNamespace
from typing import Any, cast

from chalicelib.domain import words
from chalicelib.domain.access import Agent, Permission
from chalicelib.domain.chat import Chat, OpenAttendance
from chalicelib.domain.contact import identities
from chalicelib.domain.delivery import Status
from chalicelib.domain.ids import AgentId, ChatId, DepartmentId
from chalicelib.domain.inbound import Arrival, Person
from chalicelib.domain.message import Message, key_of
from chalicelib.domain.session import LENGTH, WARNING
from chalicelib.settings import Settings
from chalicelib.stores import members, tables
from chalicelib.stores.rows import from_chat
from chalicelib.world import World
from infra.storage import tables as described_tables
from local.stack import CHANNEL, REGION, Stack
from local.stories import FIRST_NAMES, LAST_NAMES

BEGAN_AT = datetime(2026, 11, 24, 12, tzinfo=UTC)
READ_TIMEOUT_SECONDS = 120
CREATED = ("AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes", "BillingMode")
TEXT = "Bom dia! Gostaria de saber se o meu pedido já saiu para entrega, por favor."

FIRST_SEEDED = 100
SOUGHT = 600  # whose number is searched for
PROTOCOL = "100777"
RARE, COMMON = "rare", "common"
RARE_MEMBERS = 20
COMMON_MEMBERS = 1_000  # of those more, no row is ever read, and none is written
AGENT_ID = "0c5e7b1e-6f0b-4a52-9d10-3c6f5b2f9a10"
TOKEN = {"authorizer": {"claims": {"token_use": "id", "sub": AGENT_ID}}}
TABS = frozenset(
    {Permission.TAB_ALL, Permission.TAB_OPEN, Permission.TAB_MINE, Permission.TAB_IN_SERVICE}
)


class Untouched:
    """Stands for a part of the world that the measured commands must not use."""

    def __getattr__(self, name: str) -> Any:
        raise AssertionError(f"a command used {name} of something that is not the table")


def ana() -> Agent:
    """An agent with the four tabs and two departments; ids as long as real ones."""
    return Agent(
        agent_id=AgentId(AGENT_ID),
        name="Ana Souza",
        email="ana@example.com",
        active=True,
        permissions=TABS,
        department_ids=frozenset({DepartmentId("vendas"), DepartmentId("suporte")}),
    )


def make_tables(stack: Stack) -> None:
    """The template's two tables once more, without a stream: nothing consumes what is done here."""
    client = stack.client("dynamodb")
    names = {}
    for name, resource in described_tables().items():
        properties = resource["Properties"]
        names[name] = f"bench-{name}-{secrets.token_hex(4)}"
        client.create_table(
            TableName=names[name],
            **{key: properties[key] for key in CREATED if key in properties},
        )
    # The emulator's time grows with the partition, and calls are what is measured, not seconds.
    tables.Row.Meta.read_timeout_seconds = READ_TIMEOUT_SECONDS
    tables.bind(names["Desk"], names["Connections"], region=REGION, host=stack.emulator)


def world() -> World:
    """The real stores, a clock on which every reading is a second later, and nothing else."""
    seconds = itertools.count()
    return World(
        settings=cast("Settings", SimpleNamespace(time_zone="America/Sao_Paulo")),
        now=lambda: BEGAN_AT + timedelta(seconds=next(seconds)),
        new_id=lambda: secrets.token_hex(8),
        pause=lambda seconds: None,
        queues=cast("Any", Untouched()),
        secrets=cast("Any", Untouched()),
        files=cast("Any", Untouched()),
        realtime=cast("Any", Untouched()),
        graph=cast("Any", Untouched()),
        agents=cast("Any", Untouched()),
        logins=cast("Any", Untouched()),
        schedules=cast("Any", Untouched()),
        push=cast("Any", Untouched()),
    )


def person(number: int) -> Person:
    """Somebody known by number and by business-scoped id, as most contacts are."""
    return Person(
        phone=f"55119{87000000 + number}",
        user_id=f"BR.{10**15 + number}",
        name=f"Beatriz Oliveira {number}",
    )


def arrival(here: World, number: int) -> Arrival:
    """A text of that person's, now."""
    return Arrival(
        channel="whatsapp",
        account=CHANNEL["account"],
        portfolio=CHANNEL["waba_id"],
        provider_id=f"wamid.HBgNNTUxMTk4NzY1NDMyMRUCABIYF{secrets.token_hex(10)}",
        at=here.now(),
        person=person(number),
        kind="text",
        raw_kind=None,
        text=TEXT,
        echo=False,
        from_contact=True,
        quotes=None,
    )


def chat_of(
    number: int,
    *,
    agent: bool = False,
    department: bool = False,
    closed: bool = False,
    unread: bool = False,
) -> Chat:
    """That person's chat, some messages old; the higher the number, the longer ago."""
    at = BEGAN_AT - timedelta(minutes=number)
    someone = person(number)
    last = key_of(at, "seed", str(number))
    holder = (AgentId(AGENT_ID),) if agent else ()
    return Chat(
        chat_id=ChatId(f"{number:016x}"),
        channel="whatsapp",
        account=CHANNEL["account"],
        portfolio=CHANNEL["waba_id"],
        name=str(someone.name),
        created_at=at - timedelta(days=30),
        rev=41,
        row_rev=40,
        touched=(last,),
        given_name=someone.name,
        phone=someone.phone,
        user_id=someone.user_id,
        preview=TEXT,
        preview_kind="text",
        preview_author="contact",
        preview_key=last,
        last_activity_at=at,
        unread=1 if unread else 0,
        unread_from=last if unread else None,
        last_inbound=last,
        attendance=None if closed else OpenAttendance("123456", at, None, holder),
        opened_at=at - timedelta(minutes=5),
        agent_id=holder[0] if holder else None,
        department_id=DepartmentId("vendas") if department else None,
        last_inbound_at=MappingProxyType({CHANNEL["account"]: at}),
        session_timer=at + LENGTH - WARNING,
        identities=tuple(
            str(one)
            for one in identities("whatsapp", CHANNEL["account"], CHANNEL["waba_id"], someone)
        ),
    )


def message(chat: Chat, at: datetime, number: int) -> Message:
    """A line of a conversation, theirs and ours in turns."""
    ours = number % 2 == 0
    return Message(
        chat_id=chat.chat_id,
        key=key_of(at, "seed", str(number)),
        rev=chat.rev,
        kind="text",
        author="agent" if ours else "contact",
        text=TEXT,
        at=at,
        account=chat.account,
        version=3 if ours else 0,
        agent_id=AGENT_ID if ours else None,
        author_name="Ana Souza" if ours else None,
        provider_id=f"wamid.HBgNNTUxMTk4NzY1NDMyMRUCABEYE{number:020x}",
        status=Status.READ if ours else None,
        client_key=f"{number:013d}-{number:016x}" if ours else None,
        attempts=1 if ours else 0,
    )


def client_key(here: World) -> str:
    """What a browser names an answer with."""
    return f"{int(here.now().timestamp() * 1000):013d}-{secrets.token_hex(8)}"


def seed(first: int, end: int) -> None:
    """Chats in all placements, read and unread, marked and named; with the rows that find them.

    Of those rows only the ones that something measured here could read, or few others are written.
    """
    with tables.Row.batch_write() as batch:
        for number in range(first, end):
            place = number % 10
            chat = marked(
                chat_of(
                    number,
                    agent=place in (0, 1, 2, 3),
                    department=place in (2, 3, 4, 5),
                    closed=place in (8, 9),
                    unread=number % 3 == 0,
                ),
                number,
            )
            batch.save(from_chat(chat))
            for at in members.places(chat):
                if at[0] in READ or number < COMMON_MEMBERS:
                    batch.save(tables.MemberRow(*at, chat_id=chat.chat_id))


# The partitions of member rows that are read, but for those of common tags and campaigns.
READ = {
    members.tag_pk(RARE),
    *(members.word_pk(words.plain(word)) for word in ("beatriz", "oliveira")),
    members.phone_pk(words.reversed_phone(str(person(SOUGHT).phone))),
}


def marked(chat: Chat, number: int) -> Chat:
    """The chat with a name that others have too, tags, campaigns and a channel."""
    rare = number % 37 == 0 and number // 37 <= RARE_MEMBERS + FIRST_SEEDED // 37
    tags = ([RARE] if rare else []) + ([COMMON] if number // 10 % 4 == 0 else [])
    first = FIRST_NAMES[number % len(FIRST_NAMES)]
    last = LAST_NAMES[number // len(FIRST_NAMES) % len(LAST_NAMES)]
    return replace(
        chat,
        name=f"{first} {last}",
        given_name=f"{first} {last}",
        tags=tuple(tags),
        campaigns=("july",) if number // 10 % 3 == 0 else (),
        channel="instagram" if number // 10 % 10 == 1 else "whatsapp",
    )
