"""What agents hear of beside their lists: forwarded notes; and sends of which nothing is known."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

import app
from chalicelib import triggers
from chalicelib.commands import note as noting
from chalicelib.commands import run_due
from chalicelib.commands.deliver import deliver
from chalicelib.commands.send import retry
from chalicelib.commands.settle import settle_receipts
from chalicelib.domain.access import Permission
from chalicelib.domain.delivery import AnswerLost, Status, callback_data
from chalicelib.domain.timer import Timer
from chalicelib.stores import bells, notes
from chalicelib.stores import chats as store
from tests.builders import NOON, TABS, agent, chat, client_key, join, message, put, receipt

ANA = agent("ana", permissions=TABS | {Permission.NOTES})
BRUNO = agent("bruno")
KEY = client_key()
MORNING = datetime(2026, 11, 25, 11, tzinfo=UTC)  # eight in São Paulo
LOST = message("olá")
QUARTER = timedelta(minutes=15)


@pytest.fixture(autouse=True)
def _desk(world, monkeypatch):
    monkeypatch.setattr(triggers, "world", lambda: world)
    join(ANA, BRUNO)


@pytest.fixture
def quiet():
    """A chat in which nothing was said."""
    put(chat())


def adds(world, date="2026-11-25", to="bruno", text="Ligar para a Bia"):
    return noting.add(world, ANA, "c1", KEY, text=text, date=date, to_agent_id=to)


def edits(world, date="2026-11-25", to="bruno", text="Ligar para a Bia"):
    return noting.edit(world, ANA, "c1", KEY, text=text, date=date, to_agent_id=to)


def comes(world, at=MORNING):
    run_due.keep(world, Timer("note", "c1", KEY, at))


def rung(agent_id="bruno"):
    return [(one.kind, one.chat_id, one.subject, one.text) for one in bells.load(agent_id)]


# --- notes ------------------------------------------------------------------------------------


@pytest.mark.usefixtures("quiet")
def test_a_note_without_a_day_is_told_at_once(world):
    """INFO-4: and once, however often it is sent."""
    adds(world, date=None)
    adds(world, date=None)
    assert rung() == [("note", "c1", KEY, "Ligar para a Bia")]


@pytest.mark.usefixtures("quiet")
def test_a_note_of_a_day_is_told_in_its_morning(world, clock, stream):
    """INFO-4: armed from the stream; twice is once."""
    adds(world)
    assert rung() == []
    app.dispatch(stream.event(), None)
    clock.at = MORNING
    (due,) = world.schedules.due(clock())
    run_due.keep(world, due)
    run_due.keep(world, due)
    assert rung() == [("note", "c1", KEY, "Ligar para a Bia")]
    assert notes.find(["c1"], KEY).remind_at is None


@pytest.mark.usefixtures("quiet")
def test_a_note_of_today_whose_morning_is_over_is_told_now(world, clock, stream):
    """INFO-4"""
    clock.at = NOON
    adds(world, date="2026-11-24")
    app.dispatch(stream.event(), None)
    (entry,) = world.queues.entries["due"]
    assert entry.delay == timedelta(0)
    comes(world, datetime(2026, 11, 24, 11, tzinfo=UTC))
    assert len(rung()) == 1


@pytest.mark.usefixtures("quiet")
def test_a_note_for_another_day_or_agent_is_told_then_and_to_them(world, clock):
    """INFO-4 INFO-7"""
    adds(world)
    edits(world, date="2026-11-26")
    clock.at = MORNING
    comes(world)
    assert rung() == []
    edits(world, date="2026-11-26", to="ana")
    clock.at = MORNING + timedelta(days=1)
    comes(world, clock.at)
    assert (rung(), len(rung("ana"))) == ([], 1)


@pytest.mark.usefixtures("quiet")
def test_another_text_tells_nobody_again(world, clock):
    """INFO-7"""
    adds(world)
    clock.at = MORNING
    comes(world)
    edits(world, text="Ligar amanhã")
    comes(world)
    assert rung() == [("note", "c1", KEY, "Ligar para a Bia")]


@pytest.mark.usefixtures("quiet")
def test_a_note_that_was_deleted_is_told_to_nobody(world, clock):
    """INFO-4"""
    adds(world)
    noting.remove(world, ANA, "c1", KEY)
    clock.at = MORNING
    comes(world)
    assert rung() == []


@pytest.mark.usefixtures("quiet")
def test_a_note_for_nobody_promises_nothing(world, stream):
    """INFO-4"""
    adds(world, to=None)
    app.dispatch(stream.event(), None)
    assert (world.schedules.armed, world.queues.entries["due"]) == ({}, [])


@pytest.mark.parametrize("date", ["0001-01-01", "9999-12-31"])
@pytest.mark.usefixtures("quiet")
def test_a_note_may_have_any_day_and_no_clock_is_set_for_the_end_of_time(world, stream, date):
    """INFO-4: one long past is told now; who would wait so long is not reminded."""
    adds(world, date=date)
    app.dispatch(stream.event(), None)
    assert world.schedules.armed == {}
    assert len(world.queues.entries["due"]) == (date == "0001-01-01")


# --- a send without news ----------------------------------------------------------------------


@pytest.fixture
def lost(world, graph):
    """A message whose answer was lost on the way."""
    put(chat(agent_id="ana"), LOST)
    graph.outcomes = [AnswerLost()]
    deliver(world, "c1", LOST.key)
    assert store.load_message("c1", LOST.key).status is Status.UNKNOWN


def passes(world, at=NOON + QUARTER):
    run_due.keep(world, Timer("send", "c1", LOST.key, at))


def lines():
    return [
        (one.line["code"], one.line["subject"])
        for one in store.page_of_messages(store.load("c1"), limit=50)
        if one.line is not None and one.line["code"] == "send_unknown"
    ]


def test_a_send_of_which_nothing_is_heard_is_spoken_of_once(world, clock, stream, lost):
    """CHAT-4: a quarter of an hour later."""
    app.dispatch(stream.event(), None)
    clock.forward(minutes=15)
    (due,) = [one for one in world.schedules.due(clock()) if one.what == "send"]
    for _ in range(2):
        run_due.keep(world, due)
    assert lines() == [("send_unknown", LOST.key)]
    assert store.load_message("c1", LOST.key).status is Status.UNKNOWN


def test_one_whose_receipt_comes_is_not_spoken_of(world, clock, lost):
    """CHAT-4"""
    callback = callback_data("c1", LOST.key)
    settle_receipts(world, [receipt("wamid.late", "delivered", callback=callback)])
    clock.forward(minutes=15)
    passes(world)
    assert store.load_message("c1", LOST.key).unknown_at is None
    assert lines() == []


def test_one_that_was_sent_again_is_not_spoken_of(world, clock, lost):
    """CHAT-6"""
    clock.forward(minutes=5)
    retry(world, ANA, "c1", LOST.key, client_key(clock()))
    clock.forward(minutes=10)
    passes(world)
    assert lines() == []


def test_one_that_is_looked_at_late_is_spoken_of(world, clock, lost):
    """SCH-5"""
    clock.forward(hours=5)
    passes(world)
    assert lines() == [("send_unknown", LOST.key)]


def test_a_message_with_news_promises_nothing(world, stream):
    """CHAT-4"""
    put(chat(), replace(LOST, status=Status.SENT))
    app.dispatch(stream.event(), None)
    assert (world.schedules.armed, world.queues.entries["due"]) == ({}, [])
