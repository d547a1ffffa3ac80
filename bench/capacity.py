"""DynamoDB calls and capacity of what the desk does, beside the budgets of docs/performance.md."""

from __future__ import annotations

import itertools
import os
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from types import SimpleNamespace
from typing import Any, cast

from bench.desk import (
    AGENT_ID,
    BEGAN_AT,
    COMMON,
    FIRST_SEEDED,
    PROTOCOL,
    RARE,
    RARE_MEMBERS,
    SOUGHT,
    TEXT,
    TOKEN,
    ana,
    arrival,
    chat_of,
    client_key,
    make_tables,
    message,
    person,
    seed,
    world,
)
from bench.meter import metered
from chalicelib.api.blueprint import SIGNED_IN, signed_in
from chalicelib.commands import (
    assign,
    block,
    close,
    mark_read,
    notify,
    receive,
    send,
    settings,
    settle,
)
from chalicelib.commands import push as pushing
from chalicelib.domain import flow_format, listing
from chalicelib.domain.access import TAB_PERMISSIONS, Permission
from chalicelib.domain.chat import Chat
from chalicelib.domain.delivery import callback_data
from chalicelib.domain.ids import AgentId
from chalicelib.domain.inbound import Receipt
from chalicelib.domain.listing import NO_FILTERS, Filters, Order, Reader, Tab
from chalicelib.domain.message import Message, key_of
from chalicelib.gateways.push import Outcome, State
from chalicelib.queries import chats as queries
from chalicelib.queries import message_search as searching
from chalicelib.queries import notifications
from chalicelib.queries import search as finding
from chalicelib.stores import alerts, flows, members, people, tables
from chalicelib.stores import chats as store
from chalicelib.stores.chats import commit_rows
from chalicelib.stores.rows import from_chat, from_message, occasion_told
from chalicelib.world import RecentAgents, World
from local.stack import CHANNEL, CREDENTIALS, REGION, Stack

PAGE = 30
SMALL = 1_000
LARGE = 20_000  # by default: a hundred thousand take the emulator long to write
LONG_CHAT = 10_000
LONGEST_CHAT = 100_000
NEEDLE = "orçamento"


@dataclass(frozen=True)
class Operation:
    """What one operation asked of DynamoDB, and what it may ask."""

    name: str
    calls: list[str]
    write_units: float
    read_units: float
    most_calls: int | None = None
    most_write_units: float | None = None
    most_read_units: float | None = None

    @property
    def verdict(self) -> str:
        """`ok`, `over`, or nothing where there is no budget."""
        held = [
            (len(self.calls), self.most_calls),
            (self.write_units, self.most_write_units),
            (self.read_units, self.most_read_units),
        ]
        budgets = [(value, most) for value, most in held if most is not None]
        if not budgets:
            return ""
        return "ok" if all(value <= most for value, most in budgets) else "over"

    def row(self) -> list[str]:
        """Its line in a table."""

        def beside(value: float, most: float | None) -> str:
            return f"{value:g}" if most is None else f"{value:g} (≤ {most:g})"

        return [
            self.name,
            beside(len(self.calls), self.most_calls),
            beside(self.write_units, self.most_write_units),
            beside(self.read_units, self.most_read_units),
            self.verdict,
        ]

    def described(self) -> dict[str, Any]:
        """The operation as .local/bench.json keeps it."""
        return {**asdict(self), "verdict": self.verdict}


OPERATION_COLUMNS = ["", "calls", "WRU", "RRU", ""]


def measure(stack: Stack, say: Callable[[str], None], large: int = LARGE) -> list[Operation]:
    """Run every operation once, in this process, on tables of their own in the stack's emulator.

    Lists and searches twice: with a thousand chats, and with so many as `large`.
    """
    os.environ.update(
        AWS_ACCESS_KEY_ID=CREDENTIALS["aws_access_key_id"],
        AWS_SECRET_ACCESS_KEY=CREDENTIALS["aws_secret_access_key"],
        AWS_DEFAULT_REGION=REGION,
    )
    make_tables(stack)
    people.save_agent(ana())
    here = world()
    found = [
        *conversation(here),
        *opening(here),
        *routing(here),
        *stepping(here),
        *telling(here),
        *histories(here, say),
    ]
    first = FIRST_SEEDED
    for chats in (SMALL, large):
        began = time.monotonic()
        seed(first, FIRST_SEEDED + chats)
        first = FIRST_SEEDED + chats
        say(f"capacity: {chats:,} chats after {time.monotonic() - began:.0f} s")
        began = time.monotonic()
        found += [*lists(here, chats), *filtered(here, chats), *searches(chats)]
        say(f"capacity: their lists after {time.monotonic() - began:.0f} s")
    return found


def charged(name: str, act: Callable[[], Any], **most: float) -> Operation:
    """Run it, and keep its bill."""
    with metered() as bill:
        act()
    return Operation(name, bill.calls, bill.write_units, bill.read_units, **cast("Any", most))


# --- what is measured -------------------------------------------------------------------------


READER = Reader(AGENT_ID, frozenset({"vendas", "suporte"}), every_department=False)
FILTERED = {
    "unread": Filters(unread=True),
    "a department": Filters(department="vendas"),
    "an agent": Filters(agent=AGENT_ID),
    "a tag of few": Filters(tag=RARE),
    "a tag of a quarter": Filters(tag=COMMON),
    "a campaign of a third": Filters(campaign="july"),
    "a channel of a tenth": Filters(channel="instagram"),
    "«Expirado»": Filters(tag="expired"),
    "«Expirando»": Filters(tag="expiring"),
    "all six": Filters(
        tag=COMMON,
        department="vendas",
        agent=AGENT_ID,
        campaign="july",
        channel="whatsapp",
        unread=True,
    ),
}

FLOW_ID = "boas-vindas"
MENU = {
    "format": flow_format.FORMAT,
    "name": "Boas-vindas",
    "category": None,
    "start": "menu",
    "nodes": {
        "menu": {
            "type": "menu",
            "text": "Com o que podemos ajudar?",
            "options": [
                {"id": "horas", "title": "Horários", "next": "horas"},
                {"id": "lugar", "title": "Endereço", "next": "lugar"},
            ],
            "fallback": {"text": "Não entendi.", "tries": 2, "exit": None},
            "limit": {"minutes": 30, "exit": None},
        },
        "horas": {"type": "text", "text": "De segunda a sexta, das 9h às 18h.", "next": "menu"},
        "lugar": {"type": "text", "text": "Rua das Flores, 100.", "next": "menu"},
    },
}


def conversation(here: World) -> Iterator[Operation]:
    """A contact writes, an agent answers, the phone confirms."""
    agent = ana()
    yield charged("every door: its agent", lambda: signed_in(TOKEN, SIGNED_IN))

    def begun(number: int, **facts: Any) -> Chat:
        chat = chat_of(number, **facts)
        with tables.Row.batch_write() as batch:
            batch.save(from_chat(chat))
            for identity in chat.identities:
                key = tables.identity_pk(identity)
                batch.save(tables.IdentityRow(key, key, chat_id=chat.chat_id))
        return chat

    held = begun(1, agent=True)
    yield charged(
        "inbound text, held by an agent",
        lambda: receive.receive(here, arrival(here, 1)),
        most_calls=3,
        most_write_units=9,
        most_read_units=2,
    )
    yield charged(
        "inbound text, the next one",
        lambda: receive.receive(here, arrival(here, 1)),
        most_calls=3,
        most_write_units=9,
        most_read_units=2,
    )
    begun(2, agent=True, department=True)
    yield charged(
        "inbound text, held by agent + department",
        lambda: receive.receive(here, arrival(here, 2)),
        most_calls=3,
        most_write_units=11,
        most_read_units=2,
    )
    begun(3, closed=True)
    yield charged(
        "inbound text that opens an attendance", lambda: receive.receive(here, arrival(here, 3))
    )
    yield charged("inbound text of a new contact", lambda: receive.receive(here, arrival(here, 4)))
    yield charged(
        "mark read",
        lambda: mark_read.mark_read(here, agent, held.chat_id, "9"),
    )
    sent: list[Message] = []

    def answer(chat: Chat) -> None:
        wish = {"client_key": client_key(here), "text": TEXT}
        sent.extend(send.send(here, agent, chat.chat_id, wish))

    yield charged("agent's further answer", lambda: answer(held), most_calls=3, most_write_units=8)
    nobody = begun(5)
    yield charged("answer that assigns", lambda: answer(nobody), most_calls=4, most_write_units=18)
    closed = begun(6, closed=True)
    yield charged(
        "answer that opens and assigns",
        lambda: answer(closed),
        most_calls=4,
        most_write_units=18,
    )
    first = sent[0]
    for word in ("sent", "delivered", "read"):
        receipt = Receipt(
            channel="whatsapp",
            account=CHANNEL["account"],
            provider_id="wamid.HBgNNTUxMTk4NzY1NDMyMRUCABEYEjRGQjA4QzQ5RDA5RTY1MzE0RQA=",
            status=word,
            at=here.now(),
            callback=callback_data(first.chat_id, first.key),
        )
        if word == "sent":  # as `deliver` does at once, when the channel has answered
            settle.settle_receipts(here, [receipt])
            continue
        yield charged(
            f"status: {word}",
            partial(settle.settle_receipts, here, [receipt]),
            most_calls=2,
            most_write_units=4,
        )


def telling(here: World) -> Iterator[Operation]:
    """A contact writes to a chat that somebody holds, and agents are told of it."""
    push_services = SimpleNamespace(
        accepts=lambda _: True, send=lambda *_, **__: Outcome(State.SENT)
    )
    here = replace(here, agents=RecentAgents(here.now), push=cast("Any", push_services))
    pushing.subscribe(here, ana(), "https://push.example/a", "B" * 87, "a" * 22, "Celular")
    here.agents()

    def told(number: int, **facts: Any) -> Mapping[str, Any]:
        chat = chat_of(number, **facts)
        with tables.Row.batch_write() as batch:
            batch.save(from_chat(chat))
            for identity in chat.identities:
                key = tables.identity_pk(identity)
                batch.save(tables.IdentityRow(key, key, chat_id=chat.chat_id))
        receive.receive(here, arrival(here, number))
        after = store.load(chat.chat_id)
        assert after is not None
        (occasion,) = after.occasions
        return {"chat_id": after.chat_id, **occasion_told(occasion)}

    first, again = told(80, agent=True), told(80, agent=True)
    yield charged(
        "who is told of a message: its agent, bell and push", lambda: notify.tell(here, first)
    )
    yield charged("the same of the next message: bell alone", lambda: notify.tell(here, again))
    yield charged("the same told twice", lambda: notify.tell(here, again))
    newest = alerts.decisions(AGENT_ID, before=None, limit=9)
    pushed = next(one for one in newest if one.push == "told")
    entry = {"agent_id": AGENT_ID, "decision": pushed.decision_id}
    yield charged("a push to one phone", lambda: pushing.send(here, entry, 1))
    for number in range(81, 111):
        notify.tell(here, told(number, agent=True))
    yield charged("the bell, of thirty chats", lambda: notifications.at_bell(here, ana()))
    yield charged("thirty reasons", lambda: notifications.why(here, ana(), None))


def opening(here: World) -> Iterator[Operation]:
    """Enter a chat with a long history."""
    chat = chat_of(7, agent=True)
    now = here.now()
    with tables.Row.batch_write() as batch:
        batch.save(from_chat(chat))
        for number in range(120):
            batch.save(from_message(message(chat, now - timedelta(minutes=number), number)))
    yield charged(
        "opening a chat",
        lambda: queries.opened_chat(here, ana(), chat.chat_id),
        most_calls=2,
        most_read_units=8,
    )
    before = key_of(now - timedelta(minutes=49), "none")
    yield charged(
        "50 older messages",
        partial(
            queries.messages, ana(), chat.chat_id, before=before, after=None, around=None, limit=50
        ),
        most_calls=2,
        most_read_units=8,
    )


def histories(here: World, say: Callable[[str], None]) -> Iterator[Operation]:
    """A long chat is entered, and searched: what a request costs does not follow its length.

    A search reads a megabyte of messages at most for each request, at half a unit for 4 KB; the
    first of them has the newest hits.
    """
    for number, length in ((70, LONG_CHAT), (71, LONGEST_CHAT)):
        chat = chat_of(number, agent=True)
        began = time.monotonic()
        history(chat, here.now(), length)
        say(f"capacity: a chat of {length:,} messages after {time.monotonic() - began:.0f} s")
        yield charged(
            f"opening a chat of {length:,}",
            partial(queries.opened_chat, here, ana(), chat.chat_id),
            most_calls=2,
            most_read_units=8,
        )
        around = key_of(here.now() - timedelta(minutes=length // 2), "bench", str(length // 2))
        yield charged(
            f"a hit of {length:,} with its surroundings",
            partial(
                queries.messages,
                ana(),
                chat.chat_id,
                before=None,
                after=None,
                around=around,
                limit=50,
            ),
            most_calls=3,
            most_read_units=16,
        )
        found: list[Any] = []

        def first(chat: Chat = chat, found: list[Any] = found) -> None:
            found.append(searching.search(ana(), chat.chat_id, NEEDLE, None))

        yield charged(
            f"first hits among {length:,} messages", first, most_calls=2, most_read_units=130
        )
        assert found[0]["hits"], "the newest hit is in the first request's answer"
        requests, cursor = 1, found[0]["cursor"]
        while cursor is not None:
            page = searching.search(ana(), chat.chat_id, NEEDLE, cursor)
            requests, cursor = requests + 1, page["cursor"]
        say(f"capacity: {length:,} messages are searched in {requests} requests")


def history(chat: Chat, now: datetime, length: int) -> None:
    """So many messages, one a minute; one in a thousand has the words that are looked for."""
    with tables.Row.batch_write() as batch:
        batch.save(from_chat(chat))
        for number in range(length):
            at = now - timedelta(minutes=number)
            one = message(chat, at, number)
            text = f"{TEXT} {NEEDLE} {number}" if number % 1000 == 500 else one.text
            key = key_of(at, "bench", str(number))
            batch.save(from_message(replace(one, key=key, text=text)))


def routing(here: World) -> Iterator[Operation]:
    """A chat is passed on, closed with a farewell, and its contact blocked."""
    agent = ana()
    people.save_department("sales", "Vendas", active=True)

    def begun(number: int) -> Chat:
        chat = chat_of(number, agent=True)
        from_chat(chat).save()
        return chat

    def seen(chat: Chat) -> dict[str, str | None]:
        protocol = chat.attendance.protocol if chat.attendance else None
        return {
            "agent_id": chat.agent_id,
            "department_id": chat.department_id,
            "protocol": protocol,
        }

    given, closed, blocked = begun(8), begun(9), begun(10)
    yield charged(
        "assigned to a department",
        lambda: assign.to_department(here, agent, given.chat_id, "sales", seen(given)),
    )
    protocol = str(seen(closed)["protocol"])
    yield charged(
        "closed with a farewell",
        lambda: close.close(here, agent, closed.chat_id, protocol, farewell="Até logo!", fields={}),
    )
    yield charged("blocked", lambda: block.block(here, agent, blocked.chat_id))


def stepping(here: World) -> Iterator[Operation]:
    """A contact's answer makes a flow go on, which says two things and waits again (FLOW-4).

    The process has the flow's version already: it never changes.
    """
    kept = flows.Kept(FLOW_ID, "Boas-vindas", None, None, False, 0, 3, BEGAN_AT, None)
    commit_rows(*flows.saved(None, kept, MENU))
    before = replace(kept, version=1)
    commit_rows(*flows.publishes(before, replace(before, published=1), 1, MENU))
    settings.save(here, ana(), {"chatbot": True, "main_flow_id": FLOW_ID})
    here.settings_read = None

    def written(number: int, title: str) -> Callable[[], object]:
        given = arrival(here, number)
        return lambda: receive.receive(here, replace(given, text=title))

    for number in (11, 12):
        chat = chat_of(number, closed=True)
        from_chat(chat).save()
        for identity in chat.identities:
            key = tables.identity_pk(identity)
            tables.IdentityRow(key, key, chat_id=chat.chat_id).save()
    written(11, "oi")()
    yield charged("inbound text that begins the main flow", written(12, "oi"))
    for name in ("the flow goes on, two answers", "the flow goes on once more"):
        here.settings_read = None  # as in an invocation of its own
        yield charged(name, written(11, "Horários"), most_calls=4, most_write_units=20)


def lists(here: World, chats: int) -> Iterator[Operation]:
    """One page of every tab in every order, and the counts, for an agent of two departments.

    A page's budget is three units for each merged partition; the orders by opening also fetch their
    rows by key, which cannot cost less than half a unit each.
    """
    agent = ana()
    for tab in Tab:
        for order in Order:
            merged = merged_for(tab, order, NO_FILTERS)
            fetched = 1 if order.by_opening else 0
            yield charged(
                f"{chats:>7,} chats: {tab.value}, {order.value}",
                partial(queries.list_page, here, agent, tab, order, limit=PAGE),
                most_calls=merged + fetched,
                most_read_units=3 * merged + fetched * PAGE / 2,
            )
    for tab, permission in TAB_PERMISSIONS.items():
        yield charged(
            f"{chats:>7,} chats: count of {tab.value}",
            partial(queries.counts, replace(agent, permissions=frozenset({permission}))),
            most_calls=len(listing.tab_partitions(tab, READER)),
        )


def filtered(here: World, chats: int) -> Iterator[Operation]:
    """A page of each filter, in each tab and order.

    Few members of a tag are fetched at half a unit each, after one query. Otherwise a page by
    activity examines at most so many rows of 0.7 KB, and by opening fetches so many by key.
    """
    agent = ana()
    for (name, filters), tab, order in itertools.product(FILTERED.items(), Tab, Order):
        merged = merged_for(tab, order, filters)
        bound = queries.LOOKED_UP / 2 if order.by_opening else queries.EXAMINED * 0.7 / 8
        rare = filters.stored_tag == RARE
        yield charged(
            f"{chats:>7,} chats: {name}, {tab.value}, {order.value}",
            partial(queries.list_page, here, agent, tab, order, filters=filters, limit=PAGE),
            most_calls=2
            if rare
            else merged + order.by_opening + bool(filters.stored_tag) + bool(filters.campaign),
            most_read_units=1 + RARE_MEMBERS / 2 if rare else bound + 3 * merged,
        )


def searches(contacts: int) -> Iterator[Operation]:
    """By words that ever more people have, by number, by protocol; two look-ups and the chats.

    Of each look-up at most a thousand rows are read, and at most a hundred chats are fetched.
    """
    place = members.protocol_place(PROTOCOL)
    tables.MemberRow(*place, chat_id=f"{FIRST_SEEDED:016x}").save()
    someone = person(SOUGHT)
    for name, q, agent in (
        ("one name", "oliveira", ana()),
        ("its beginning", "oli", ana()),
        ("first and last name", "beatriz oliveira", ana()),
        (
            "a name, of whom little is readable",
            "oliveira",
            replace(ana(), agent_id=AgentId("x"), permissions=frozenset({Permission.TAB_MINE})),
        ),
        ("whole phone", str(someone.phone), ana()),
        ("phone without country and ninth digit", f"11{str(someone.phone)[5:]}", ana()),
        ("protocol", PROTOCOL, ana()),
        ("nobody", "zzz", ana()),
    ):
        yield charged(
            f"{contacts:>7,} contacts: search by {name}",
            partial(finding.search, agent, q),
            most_calls=3,
            most_read_units=20 + finding.FETCHED / 2,
        )


def merged_for(tab: Tab, order: Order, filters: Filters) -> int:
    """How many partitions a page of Ana's merges."""
    return len(listing.plan(tab, order, filters, READER, BEGAN_AT).partitions)
