"""What no schedule brought is found, of every kind of row, and brought once more."""

import json
from datetime import timedelta

import pytest

from chalicelib.commands import appointment as booking
from chalicelib.commands import note as noting
from chalicelib.commands import run_due, sweep
from chalicelib.commands import schedule as scheduling
from chalicelib.commands.close import close
from chalicelib.commands.deliver import deliver
from chalicelib.commands.sync_templates import sync
from chalicelib.domain.access import Permission
from chalicelib.domain.delivery import AnswerLost
from chalicelib.domain.instants import iso
from chalicelib.stores import bells, channels, counters, notes, schedules
from chalicelib.stores import chats as store
from tests.builders import (
    ACCOUNT,
    NOON,
    PORTFOLIO,
    TABS,
    agent,
    chat,
    client_key,
    join,
    message,
    put,
)

ANA = agent("ana", permissions=TABS | {Permission.SCHEDULES, Permission.NOTES})
KEY = client_key()
IN_AN_HOUR = NOON + timedelta(hours=1)
TEMPLATE = {
    "name": "lembrete",
    "language": "pt_BR",
    "category": "UTILITY",
    "status": "APPROVED",
    "components": [{"type": "BODY", "text": "Até já"}],
}
ASKED = {
    "due_at": iso(IN_AN_HOUR),
    "template": {"name": "lembrete", "language": "pt_BR", "values": {}},
    "opens": False,
    "flow_id": None,
}
LOST = message("olá")


@pytest.fixture(autouse=True)
def _desk(world, graph):
    join(ANA)
    channels.save("whatsapp", ACCOUNT, display="+55", portfolio=PORTFOLIO)
    graph.told = [TEMPLATE]
    sync(world, PORTFOLIO, 1)
    assert counters.next_protocol() == "100001"


def schedules_one(world, chat_id="c1"):
    scheduling.add(world, ANA, chat_id, KEY, ASKED)


def swept(world):
    """What a sweep brings, by what it is; and whether it will look again."""
    world.queues.entries.clear()
    run_due.run(world, {"what": "sweep"})
    told = [json.loads(entry.body) for entry in world.queues.entries["due"]]
    return [one for one in told if one["what"] != "sweep"], any(
        one["what"] == "sweep" for one in told
    )


def test_every_kind_of_promise_is_found_when_it_is_late_and_kept_once(world, clock, graph):
    """SCH-7 SCH-5 CLOSE-2 INFO-4 INFO-8: no schedule ever fired here."""
    put(chat(agent_id="ana"), LOST)
    graph.outcomes = [AnswerLost()]
    deliver(world, "c1", LOST.key)
    schedules_one(world)
    booking.book(world, ANA, "c1", KEY, title="Visita", at=iso(IN_AN_HOUR), agent_id="ana")
    noting.add(world, ANA, "c1", KEY, text="Ligar", date="2026-11-24", to_agent_id="ana")
    close(world, ANA, "c1", "100001", farewell="", fields={}, minutes=10)
    clock.at = IN_AN_HOUR + timedelta(minutes=2, milliseconds=1)
    late, _ = swept(world)
    kinds = {"schedule", "appointment", "note", "closing", "send"}
    assert {one["what"] for one in late} == kinds
    for one in late + late:
        run_due.run(world, one)
    assert schedules.find(["c1"], KEY).state == "done"
    assert store.load("c1").attendance is None
    assert notes.find(["c1"], KEY).remind_at is None
    assert {one.kind for one in bells.load("ana")} == {"note", "appointment"}
    assert len(bells.load("ana")) == 2
    codes = [
        one.line["code"] for one in store.page_of_messages(store.load("c1"), limit=50) if one.line
    ]
    assert (codes.count("send_unknown"), codes.count("closed_on_time")) == (1, 1)
    assert swept(world) == ([], False)


def test_what_is_hardly_late_is_left_to_its_schedule(world, clock):
    """SCH-7"""
    put(chat(agent_id="ana"))
    schedules_one(world)
    clock.at = IN_AN_HOUR + timedelta(minutes=2)
    assert swept(world) == ([], False)


def test_more_than_one_look_takes_is_looked_for_again_soon(world, clock, monkeypatch):
    """SCH-7: bounded, and nothing is left behind."""
    monkeypatch.setattr(sweep, "AT_ONCE", 2)
    for number in range(3):
        put(chat(f"c{number}", open_=False, phone=f"551198765432{number}"))
        schedules_one(world, f"c{number}")
    clock.at = IN_AN_HOUR + timedelta(hours=1)
    first, again = swept(world)
    assert (sorted(one["chat_id"] for one in first), again) == (["c0", "c1"], True)
    for one in first:
        run_due.run(world, one)
    rest, again = swept(world)
    assert ([one["chat_id"] for one in rest], again) == (["c2"], False)


def test_one_that_cannot_be_kept_hinders_no_other(world, clock, monkeypatch):
    """SCH-7: each is a message of the queue for itself."""
    for number in range(2):
        put(chat(f"c{number}", open_=False, phone=f"551198765432{number}"))
        schedules_one(world, f"c{number}")
    clock.at = IN_AN_HOUR + timedelta(hours=1)
    late, _ = swept(world)
    assert len(late) == 2
    assert len(world.queues.entries["due"]) == 2
