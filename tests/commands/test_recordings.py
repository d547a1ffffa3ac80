"""Old screen + events = fresh load: proved here, and recorded for the page's own reducer.

`RECORD=1` writes tests/recordings anew; without it, what is written there must still be true.
"""

import json
import os
import random
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

import app
from chalicelib import triggers
from chalicelib.commands.assign import to_agent, to_department
from chalicelib.commands.block import block, unblock
from chalicelib.commands.close import close
from chalicelib.commands.deliver import deliver
from chalicelib.commands.mark import mark as do_mark
from chalicelib.commands.mark_read import mark_read
from chalicelib.commands.receive import receive
from chalicelib.commands.send import retry
from chalicelib.commands.settle import settle, settle_receipts
from chalicelib.commands.tell_channel import tell_block
from chalicelib.domain import errors
from chalicelib.domain.access import Permission, tabs_of
from chalicelib.domain.delivery import AnswerLost, Refused, callback_data
from chalicelib.domain.inbound import Attachment, Failure, Person
from chalicelib.domain.listing import Order, Tab
from chalicelib.queries import chats as queries
from chalicelib.stores import connections, people
from tests.builders import (
    ACCOUNT,
    AT_CHAT,
    NOON,
    agent,
    arrival,
    chat,
    client_key,
    join,
    mark,
    put,
    receipt,
    says,
)
from tests.commands.screen import Screen
from tests.conftest import empty_tables, world_of_fakes
from tests.fakes import Clock, TableStream

RECORDINGS = Path(__file__).parents[1] / "recordings"
BIA = Person(phone="5511987654321", name="Bia")
CAIO = Person(phone="5521976543210", name="Caio")
DORA = Person(phone="5531965432109", name="Dora", user_id="BR.3")
ANA = agent("ana")
BRUNO = agent("bruno")
CARLA = agent("carla", department_ids={"sales"})
ONLY_OPEN = agent("eva", permissions=frozenset({Permission.TAB_OPEN}))
ONLY_MINE = agent("fabio", permissions=frozenset({Permission.TAB_MINE}))
AGENTS = (ANA, BRUNO, CARLA, ONLY_OPEN, ONLY_MINE)


class Desk:
    """A desk on which things happen, and one socket that watches."""

    def __init__(self, monkeypatch) -> None:
        self.clock = Clock(NOON)
        self.world = world_of_fakes(self.clock)
        self.graph = self.world.graph("token")
        self.stream = TableStream()
        self.sent = 0
        monkeypatch.setattr(triggers, "world", lambda: self.world)
        join(*AGENTS)
        people.save_department("sales", "Vendas", active=True)

    def chat_of(self, person: Person) -> str:
        """The contact's chat, by the order in which contacts came."""
        rows = queries.list_page(self.world, ANA, Tab.ALL, Order.NEWEST, limit=50)["chats"]
        return next(row["chat_id"] for row in rows if row["phone"] == person.phone)

    def hears(self, person: Person, text: str, **facts: Any) -> None:
        self.clock.forward(seconds=1)
        receive(self.world, arrival(text, person=person, at=self.clock(), **facts))

    def answers(self, who, person: Person, text: str):
        self.clock.forward(seconds=1)
        self.sent += 1
        key = client_key(self.clock(), self.sent)
        return says(self.world, who, self.chat_of(person), key, text)

    def notes(self, who, person: Person, text: str) -> None:
        """An internal message (SEND-7)."""
        self.clock.forward(seconds=1)
        self.sent += 1
        key = client_key(self.clock(), self.sent)
        says(self.world, who, self.chat_of(person), key, text, internal=True)

    def marks(self, person: Person, what: str, target: str, **facts: Any) -> None:
        """The contact does something to an earlier message of theirs."""
        self.clock.forward(seconds=1)
        done = mark(what, f"wamid.{target}", person=person, at=self.clock(), **facts)
        do_mark(self.world, done)

    def fetches(self, person: Person) -> None:
        """The file of the contact's last message is stored."""
        chat_id = self.chat_of(person)
        page = queries.opened_chat(self.world, ANA, chat_id)["page"]

        def stored(now):
            ready = {"state": "ready", "key": f"media/{chat_id}/a", "size": 2048, "width": 640}
            return replace(now, files=tuple(replace(one, **ready) for one in now.files))

        settle(self.world, chat_id, {page["messages"][-1]["key"]: stored})

    def says_again(self, who, failed):
        self.clock.forward(seconds=1)
        self.sent += 1
        key = client_key(self.clock(), self.sent)
        return retry(self.world, who, failed.chat_id, failed.key, key)

    def delivers(self, message) -> None:
        deliver(self.world, message.chat_id, message.key)

    def ticks(self, message, word: str, **facts: Any) -> None:
        callback = callback_data(message.chat_id, message.key)
        settle_receipts(self.world, [receipt("wamid.x", word, callback=callback, **facts)])

    def reads(self, who, person: Person) -> None:
        chat_id = self.chat_of(person)
        page = queries.opened_chat(self.world, ANA, chat_id)["page"]
        mark_read(self.world, who, chat_id, page["messages"][-1]["key"])

    def gives(self, who, person: Person, *, agent_id: str = "", department_id: str = "") -> None:
        chat_id, shown = self.chat_of(person), self.shown(person)
        if agent_id:
            to_agent(self.world, who, chat_id, agent_id, shown)
        else:
            to_department(self.world, who, chat_id, department_id, shown)

    def closes(self, who, person: Person, farewell: str = "") -> None:
        protocol = self.shown(person)["protocol"] or "1"
        close(self.world, who, self.chat_of(person), protocol, farewell=farewell, fields={})

    def blocks(self, who, person: Person, *, blocked: bool = True) -> None:
        (block if blocked else unblock)(self.world, who, self.chat_of(person))

    def tells(self, person: Person) -> None:
        """The lane comes to the call about a block."""
        tell_block(self.world, self.chat_of(person), 1)

    def shown(self, person: Person) -> dict[str, str | None]:
        """What a screen that is up to date shows of who holds the chat."""
        told = queries.opened_chat(self.world, ANA, self.chat_of(person))["chat"]
        row = told["row"]
        return {
            "agent_id": row["agent_id"],
            "department_id": row["department_id"],
            "protocol": told["protocol"],
        }

    def loads(self, who, tab: str, order: str, chat_id: str | None) -> dict[str, Any]:
        """What a fresh page of this viewer would show."""
        opened = None
        if chat_id is not None:
            try:
                opened = queries.opened_chat(self.world, who, chat_id)
            except errors.NotFound:
                opened = None
        return {
            "list": queries.list_page(self.world, who, Tab(tab), Order(order), limit=50),
            "counts": queries.counts(who)["counts"],
            "chat": opened,
        }

    def publishes(self, *, backwards: bool = False) -> None:
        """What the stream has to tell, as Lambda hands it to the function."""
        records = self.stream.records()
        app.publish({"Records": records[::-1] if backwards else records}, None)

    def frames(self, socket: str) -> list[dict[str, Any]]:
        return [json.loads(text) for text in self.world.realtime.frames.get(socket, ())]


@dataclass(frozen=True)
class Scenario:
    """What happens before the page is loaded, and after: each `yield` publishes what happened."""

    name: str
    happens: Callable[[Desk], Iterator[None]]
    viewer: Any = ANA
    tab: str = "all"
    order: str = "newest"
    opened: Person | None = None
    backwards: bool = False


SCENARIOS: list[Scenario] = []


def scenario(name: str, **how: Any):
    def add(happens):
        SCENARIOS.append(Scenario(name, happens, **how))
        return happens

    return add


@scenario("the-contact-writes-in-the-open-chat", opened=BIA)
def _(desk):
    desk.hears(BIA, "oi")
    yield
    desk.hears(BIA, "tudo bem?")
    yield


@scenario("the-contact-writes-in-another-chat", opened=BIA)
def _(desk):
    desk.hears(CAIO, "bom dia")
    desk.hears(BIA, "oi")
    yield
    desk.hears(CAIO, "alguém aí?")
    yield


@scenario("a-row-goes-to-the-end-of-the-oldest-first", order="oldest")
def _(desk):
    desk.hears(BIA, "oi")
    desk.hears(CAIO, "bom dia")
    desk.hears(DORA, "olá")
    yield
    desk.hears(BIA, "ainda aqui")
    yield


@scenario("a-new-contact-appears", tab="open")
def _(desk):
    desk.hears(BIA, "oi")
    yield
    desk.hears(CAIO, "bom dia")
    yield


@scenario("an-answer-assigns-and-the-row-leaves-the-tab-of-another", viewer=BRUNO, tab="open")
def _(desk):
    desk.hears(BIA, "oi")
    desk.hears(CAIO, "bom dia")
    yield
    desk.answers(ANA, BIA, "Olá, Bia! <b>Como posso ajudar?</b>")
    yield


@scenario("my-answer-makes-the-chat-mine", tab="mine", opened=BIA)
def _(desk):
    desk.hears(BIA, "oi")
    yield
    desk.answers(ANA, BIA, "Olá!")
    yield
    desk.answers(ANA, BIA, "Como posso ajudar?")
    yield


@scenario("a-colleague-answers-in-the-chat-i-have-open", viewer=BRUNO, opened=BIA)
def _(desk):
    desk.hears(BIA, "oi")
    desk.answers(ANA, BIA, "Olá!")
    yield
    desk.answers(CARLA, BIA, "Eu ajudo")
    yield


@scenario("an-answer-opens-a-closed-chat", order="opened_newest", opened=CAIO)
def _(desk):
    for number, (name, phone) in enumerate([("Caio", CAIO.phone), ("Bia", BIA.phone)]):
        put(
            chat(
                f"{number:016x}",
                open_=number == 1,
                name=name,
                given_name=name,
                phone=phone,
                identities=(f"whatsapp#{ACCOUNT}#phone#{phone}",),
            )
        )
    yield
    desk.answers(ANA, CAIO, "Ainda precisa de ajuda?")
    yield


@scenario("the-chat-is-read-by-a-colleague", opened=BIA)
def _(desk):
    desk.hears(BIA, "um")
    desk.hears(BIA, "dois")
    yield
    desk.reads(BRUNO, BIA)
    yield


@scenario("ticks-go-up-to-read", opened=BIA)
def _(desk):
    desk.hears(BIA, "oi")
    sent = desk.answers(ANA, BIA, "Olá!")
    yield
    desk.delivers(sent)
    yield
    desk.ticks(sent, "delivered")
    yield
    desk.ticks(sent, "read")
    desk.ticks(sent, "sent")
    yield


@scenario("ticks-touch-no-list", viewer=BRUNO)
def _(desk):
    desk.hears(BIA, "oi")
    sent = desk.answers(ANA, BIA, "Olá!")
    yield
    desk.delivers(sent)
    desk.ticks(sent, "read")
    yield


@scenario("a-message-fails-and-is-sent-again", opened=BIA)
def _(desk):
    desk.hears(BIA, "oi")
    failed = desk.answers(ANA, BIA, "Olá!")
    yield
    desk.graph.outcomes = [Refused(Failure(131026, "Message undeliverable", "Não tem WhatsApp"))]
    desk.delivers(failed)
    yield
    again = desk.says_again(BRUNO, failed)
    yield
    desk.delivers(again)
    yield


@scenario("a-lost-answer-is-unknown-until-a-receipt", opened=BIA)
def _(desk):
    desk.hears(BIA, "oi")
    sent = desk.answers(ANA, BIA, "Olá!")
    yield
    desk.graph.outcomes = [AnswerLost("ReadTimeout")]
    desk.delivers(sent)
    yield
    desk.ticks(sent, "delivered")
    yield


@scenario("the-open-chat-is-taken-away", viewer=ONLY_OPEN, tab="open", opened=BIA)
def _(desk):
    desk.hears(BIA, "oi")
    desk.hears(CAIO, "bom dia")
    yield
    desk.answers(ANA, BIA, "Olá!")
    yield
    desk.hears(BIA, "segredo")
    yield


@scenario("two-messages-in-one-batch", opened=BIA)
def _(desk):
    desk.hears(BIA, "oi")
    yield
    desk.hears(BIA, "um")
    desk.hears(BIA, "dois")
    yield


@scenario("messages-come-before-their-chat", opened=BIA, backwards=True)
def _(desk):
    desk.hears(BIA, "oi")
    yield
    desk.hears(BIA, "um")
    yield
    desk.answers(ANA, BIA, "Olá!")
    yield


@scenario("an-older-message-comes-late", opened=BIA)
def _(desk):
    desk.hears(BIA, "agora")
    yield
    receive(desk.world, arrival("antes", person=BIA, at=desk.clock() - timedelta(minutes=5)))
    yield


@scenario("who-may-not-see-hears-nothing", viewer=ONLY_MINE, tab="mine", opened=BIA)
def _(desk):
    desk.hears(BIA, "oi")
    yield
    desk.hears(BIA, "segredo")
    desk.answers(ANA, BIA, "segredo também")
    yield


@scenario("a-department-keeps-seeing-its-chat", viewer=CARLA, tab="open", opened=BIA)
def _(desk):
    put(
        chat(
            "00000000000000aa",
            given_name="Bia",
            department_id="sales",
            identities=(f"whatsapp#{ACCOUNT}#phone#{BIA.phone}",),
        )
    )
    yield
    desk.answers(ANA, BIA, "Olá!")
    yield


@scenario("two-chats-become-one", viewer=BRUNO)
def _(desk):
    desk.hears(replace(DORA, user_id=None), "pelo número")
    desk.hears(replace(DORA, phone=None), "pelo id")
    desk.hears(BIA, "oi")
    yield
    desk.hears(DORA, "pelos dois")
    yield


@scenario("hostile-text-is-only-text", opened=BIA)
def _(desk):
    desk.hears(BIA, "oi")
    yield
    desk.hears(BIA, "<script>alert('x')</script> \u202emoc.live //:sptth\u202c 😀")
    yield


@scenario("a-chat-is-given-to-me", viewer=BRUNO, tab="mine", opened=BIA)
def _(desk):
    desk.hears(BIA, "oi")
    yield
    desk.gives(ANA, BIA, agent_id="bruno")
    yield


@scenario("a-chat-goes-on-to-a-department", viewer=CARLA, tab="open", opened=BIA)
def _(desk):
    desk.hears(BIA, "oi")
    desk.hears(CAIO, "bom dia")
    desk.answers(ANA, BIA, "Olá!")
    yield
    desk.gives(ANA, BIA, department_id="sales")
    yield
    desk.answers(CARLA, BIA, "Vendas, bom dia!")
    yield


@scenario("my-chat-is-given-away", viewer=ONLY_OPEN, tab="open", opened=BIA)
def _(desk):
    desk.hears(BIA, "oi")
    desk.hears(CAIO, "bom dia")
    yield
    desk.gives(ANA, BIA, department_id="sales")
    yield


@scenario("an-assignment-opens-a-closed-chat", tab="in_service", order="opened_newest", opened=BIA)
def _(desk):
    desk.hears(CAIO, "bom dia")
    desk.answers(ANA, CAIO, "Olá!")
    desk.hears(BIA, "oi")
    desk.closes(ANA, BIA)
    yield
    desk.gives(ANA, BIA, agent_id="carla")
    yield


@scenario("an-attendance-is-closed-with-a-farewell", viewer=BRUNO, opened=BIA)
def _(desk):
    desk.hears(BIA, "oi")
    desk.answers(ANA, BIA, "Olá!")
    yield
    desk.closes(ANA, BIA, "Até logo!")
    yield
    desk.hears(BIA, "mais uma coisa")
    yield


@scenario("a-closed-chat-leaves-the-list", viewer=ONLY_OPEN, tab="open", opened=BIA)
def _(desk):
    desk.hears(BIA, "oi")
    desk.hears(CAIO, "bom dia")
    yield
    desk.closes(ANA, BIA)
    yield


@scenario("a-contact-is-blocked-and-heard-again", opened=BIA)
def _(desk):
    desk.hears(BIA, "oi")
    yield
    desk.blocks(BRUNO, BIA)
    yield
    desk.tells(BIA)
    desk.hears(BIA, "alguém aí?")
    yield
    desk.blocks(BRUNO, BIA, blocked=False)
    yield
    desk.tells(BIA)
    desk.hears(BIA, "voltei")
    yield


@scenario("meta-does-not-block", viewer=BRUNO, opened=BIA)
def _(desk):
    desk.hears(BIA, "oi")
    yield
    desk.blocks(ANA, BIA)
    yield
    desk.graph.outcomes = [Refused(Failure(139101, "The blocklist is full"))]
    desk.tells(BIA)
    yield


@scenario("a-reaction-comes-and-goes", opened=BIA)
def _(desk):
    desk.hears(BIA, "oi")
    yield
    desk.marks(BIA, "reaction", "oi", emoji="👍")
    yield
    desk.marks(BIA, "reaction", "oi", emoji="❤")
    desk.marks(BIA, "reaction", "oi")
    yield


@scenario("a-message-is-edited", opened=BIA)
def _(desk):
    desk.hears(BIA, "oi")
    yield
    desk.marks(BIA, "edit", "oi", text="oi, tudo bem?")
    yield


@scenario("a-message-is-deleted", opened=BIA)
def _(desk):
    desk.hears(BIA, "oi")
    desk.hears(BIA, "engano", details={"link": "https://example.com"})
    yield
    desk.marks(BIA, "deletion", "engano")
    yield
    desk.hears(BIA, "desculpe")
    yield


@scenario("an-earlier-message-is-deleted-in-another-chat", opened=CAIO)
def _(desk):
    desk.hears(CAIO, "bom dia")
    desk.hears(BIA, "engano")
    desk.hears(BIA, "oi")
    yield
    desk.marks(BIA, "deletion", "engano")
    desk.marks(BIA, "edit", "oi", text="oi!")
    yield


@scenario("a-message-is-answered-by-a-quote", opened=BIA)
def _(desk):
    desk.hears(BIA, "oi")
    yield
    desk.hears(BIA, "como eu dizia", quotes="wamid.oi", forwarded=True)
    desk.hears(BIA, "e isto?", quotes="wamid.elsewhere")
    yield


@scenario("a-file-becomes-ready", opened=BIA)
def _(desk):
    desk.hears(BIA, "oi")
    yield
    picture = Attachment("image", mime_type="image/jpeg", provider_id="1")
    desk.hears(BIA, "veja", kind="image", files=(picture,))
    yield
    desk.fetches(BIA)
    yield


@scenario("an-internal-note-is-written", viewer=BRUNO, opened=BIA)
def _(desk):
    desk.hears(BIA, "oi")
    yield
    desk.notes(ANA, BIA, "cliente antiga, {cuidado}")
    yield


def record(one: Scenario, monkeypatch) -> dict[str, Any]:
    """Let it happen, and write down what the viewer saw."""
    with empty_tables():
        desk = Desk(monkeypatch)
        steps = one.happens(desk)
        next(steps)
        desk.publishes()
        chat_id = None if one.opened is None else desk.chat_of(one.opened)
        connections.save_pending("socket", one.viewer.agent_id, NOON + timedelta(hours=3))
        connections.say_hello("socket", Tab(one.tab), chat_id, AT_CHAT)
        before = desk.loads(one.viewer, one.tab, one.order, chat_id)
        for _ in steps:
            desk.publishes(backwards=one.backwards)
        return {
            "name": one.name,
            "viewer": {"agent_id": one.viewer.agent_id},
            "tab": one.tab,
            "order": one.order,
            "chat_id": chat_id,
            "before": before,
            "frames": desk.frames("socket"),
            "after": desk.loads(one.viewer, one.tab, one.order, chat_id),
        }


@pytest.mark.parametrize("one", SCENARIOS, ids=lambda one: one.name)
def test_old_screen_and_events_are_the_fresh_load(one, monkeypatch):
    """LIVE-1 LIVE-4 PERM-2"""
    recorded = record(one, monkeypatch)
    screen = Screen(one.tab, one.order, recorded["before"])
    for frame in recorded["frames"]:
        screen.apply(frame)
    assert screen.shows() == recorded["after"]
    assert not screen.must_fetch
    assert not screen.missing, "every message that a chat event names was told"
    if one.viewer is ONLY_MINE:
        assert recorded["frames"] == []
    else:
        assert recorded["before"] != recorded["after"] or "list" in one.name
    assert "segredo" not in json.dumps(recorded)
    file = RECORDINGS / f"{one.name}.json"
    text = json.dumps(recorded, ensure_ascii=False, indent=1) + "\n"
    if os.environ.get("RECORD"):
        RECORDINGS.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")
    assert file.read_text(encoding="utf-8") == text, "RECORD=1 writes it anew"


def test_every_recording_has_its_scenario():
    """LIVE-4"""
    assert {file.stem for file in RECORDINGS.glob("*.json")} == {one.name for one in SCENARIOS}


WHAT = (
    "hears", "hears", "answers", "answers", "reads", "delivers", "ticks", "gives", "closes",
    "blocks", "marks", "marks", "notes",
)  # fmt: skip
VIEWERS = {
    "ana all": (ANA, "all", "newest"),
    "bruno open": (BRUNO, "open", "opened_oldest"),
    "carla in service": (CARLA, "in_service", "oldest"),
    "eva open": (ONLY_OPEN, "open", "newest"),
    "fabio mine": (ONLY_MINE, "mine", "opened_newest"),
}


@pytest.mark.parametrize("seed", range(3))
def test_whatever_happens_every_screen_equals_its_fresh_load(seed, monkeypatch):
    """LIVE-1 LIVE-4 TAB-7"""
    chance = random.Random(seed)
    with empty_tables():
        desk = Desk(monkeypatch)
        for person in (BIA, CAIO, DORA):
            desk.hears(person, f"sou {person.name}")
        opened = desk.chat_of(BIA)
        desk.publishes()
        screens = {}
        for name, (who, tab, order) in VIEWERS.items():
            connections.save_pending(name, who.agent_id, NOON + timedelta(hours=3))
            connections.say_hello(name, Tab(tab), opened, AT_CHAT)
            screens[name] = Screen(tab, order, desk.loads(who, tab, order, opened))
        sent = []
        for step in range(20):
            person = chance.choice((BIA, BIA, CAIO, DORA))
            what = chance.choice(WHAT)
            if what == "hears":
                desk.hears(person, f"passo {step}")
            elif what == "answers":
                who = chance.choice((ANA, BRUNO, CARLA))
                with suppress(errors.ContactBlocked):
                    sent.append(desk.answers(who, person, f"passo {step}"))
            elif what == "reads":
                desk.reads(ANA, person)
            elif what == "gives":
                given = chance.choice(({"agent_id": "bruno"}, {"department_id": "sales"}))
                with suppress(errors.Forbidden):
                    desk.gives(ANA, person, **given)
            elif what == "closes":
                with suppress(errors.MovedOn):
                    desk.closes(chance.choice((ANA, BRUNO)), person, "tchau")
            elif what == "blocks":
                desk.blocks(ANA, person, blocked=chance.random() < 0.5)
                desk.tells(person)
            elif what == "notes":
                desk.notes(chance.choice((ANA, CARLA)), person, f"nota {step}")
            elif what == "marks":
                done = chance.choice(("reaction", "edit", "deletion"))
                target = chance.choice((f"sou {person.name}", f"passo {chance.randrange(20)}"))
                desk.marks(person, done, target, emoji="👍", text=f"editado {step}")
            elif sent and what == "delivers":
                desk.delivers(chance.choice(sent))
            elif sent:
                desk.ticks(chance.choice(sent), chance.choice(("sent", "delivered", "read")))
            if chance.random() < 0.5:
                desk.publishes(backwards=chance.random() < 0.3)
        desk.publishes()
        for name, (who, tab, order) in VIEWERS.items():
            for frame in desk.frames(name):
                screens[name].apply(frame)
            assert screens[name].shows() == desk.loads(who, tab, order, opened), name
            assert set(desk.loads(who, tab, order, opened)["counts"]) == set(tabs_of(who))
