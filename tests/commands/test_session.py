"""A session's time comes: what is looked at, said and closed, once, whatever is delivered."""

import json
from dataclasses import replace
from datetime import timedelta
from types import MappingProxyType

import pytest

import app
from chalicelib import triggers
from chalicelib.commands import run_due, settings
from chalicelib.commands.edit_contact import edit
from chalicelib.commands.receive import receive
from chalicelib.domain.delivery import Status
from chalicelib.domain.session import State
from chalicelib.domain.timer import Timer, of_chat
from chalicelib.stores import attendances as records
from chalicelib.stores import chats as store
from chalicelib.stores import counters, timers
from tests.builders import ACCOUNT, NOON, agent, arrival, chat, join, put
from tests.fakes import sqs_event

ANA = agent("ana")
PHONE = f"whatsapp#{ACCOUNT}#phone#5511987654321"
DAY = timedelta(hours=24)


@pytest.fixture(autouse=True)
def _desk(world, monkeypatch):
    monkeypatch.setattr(triggers, "world", lambda: world)
    join(ANA)
    assert counters.next_protocol() == "100001"


def lasting(**left):
    """A chat whose session ends so long after noon, and is looked at 30 minutes before."""
    heard = NOON + timedelta(**left) - DAY
    return chat(
        last_inbound_at=MappingProxyType({ACCOUNT: heard}),
        last_activity_at=heard,
        session_timer=heard + DAY - timedelta(minutes=30),
        agent_id="ana",
    )


def wants(world, **wanted):
    settings.save(world, ANA, wanted)
    world.settings_read = None


def said():
    return store.page_of_messages(store.load("c1"), limit=50)


def lines():
    return [one.line["code"] for one in said() if one.line]


def arms(stream):
    """The table's stream reaches dispatch."""
    app.dispatch(stream.event(), None)


def looks(world, at):
    """The promise of that time is brought."""
    run_due.keep(world, Timer("session", "c1", "", at))


# --- one timer for a session ------------------------------------------------------------------


def test_the_first_message_promises_a_look_and_further_ones_do_not(world, stream, clock):
    """SES-2: one timer per chat, not one per message."""
    receive(world, arrival("oi"))
    arms(stream)
    for number in range(5):
        clock.forward(minutes=10)
        receive(world, arrival(f"e {number}", at=clock()))
        arms(stream)
    assert world.schedules.calls == 1
    (armed,) = world.schedules.armed.values()
    assert armed.what == "session"
    assert armed.at == NOON + timedelta(hours=23, minutes=30)


def test_a_session_takes_three_calls_and_a_prolonged_one_four(world, stream, clock):
    """SES-2: a session's whole life is at most four calls, however many messages."""
    receive(world, arrival("oi"))
    arms(stream)
    clock.forward(hours=10)
    for number in range(20):
        receive(world, arrival(f"e {number}", at=clock()))
    arms(stream)
    ended_at = clock() + DAY
    while clock() < ended_at:
        clock.at = min(one.at for one in world.schedules.armed.values())
        for timer in world.schedules.due(clock()):
            run_due.keep(world, timer)
        arms(stream)
    assert store.load(store.find_by_provider_id("wamid.oi").chat_id).session_timer is None
    assert world.schedules.armed == {}
    assert world.schedules.calls == 4


@pytest.mark.parametrize("late", [timedelta(0), timedelta(minutes=25), timedelta(hours=1)])
def test_each_look_follows_the_time_as_it_is(world, clock, late):
    """SES-2: however late it is delivered."""
    put(lasting(minutes=30))
    clock.at = NOON + late
    looks(world, NOON)
    after = store.load("c1")
    promised = {
        timedelta(0): NOON + timedelta(minutes=20),
        timedelta(minutes=25): NOON + timedelta(minutes=30),
        timedelta(hours=1): None,
    }
    assert after.session_timer == promised[late]
    assert after.attendance is not None  # nobody wanted it closed


def test_a_look_before_its_time_waits_in_the_queue(world):
    """SES-2"""
    put(lasting(minutes=31))
    looks(world, NOON + timedelta(minutes=1))
    (entry,) = world.queues.entries["due"]
    assert entry.delay == timedelta(minutes=1)
    assert store.load("c1").rev == 1


def test_a_promise_that_is_not_made_any_more_does_nothing(world, clock):
    """SES-2: twice, or after the row said something else."""
    put(lasting(minutes=30))
    looks(world, NOON)
    before = store.load("c1")
    looks(world, NOON)
    looks(world, NOON - timedelta(minutes=5))
    assert store.load("c1") == before


def test_a_reply_in_time_prolongs_the_session(world, clock):
    """SES-1 SES-4: whoever was first, nothing is closed."""
    wants(world, auto_close=True)
    put(replace(lasting(minutes=0), identities=(PHONE,)))
    receive(world, arrival("espere", at=NOON - timedelta(seconds=1)))
    looks(world, NOON - timedelta(minutes=30))
    after = store.load("c1")
    assert after.attendance is not None
    assert after.session.state(NOON) is State.OPEN


# --- closed with the session ------------------------------------------------------------------


def test_the_attendance_is_closed_with_its_session(world):
    """SES-4: agent and department removed, a line, no farewell, and its record says by what."""
    wants(world, auto_close=True)
    put(replace(lasting(minutes=0), department_id="finance"))
    for _ in range(2):
        looks(world, NOON - timedelta(minutes=30))
    after = store.load("c1")
    assert (after.attendance, after.agent_id, after.department_id) == (None, None, None)
    assert lines() == ["closed_with_session"]
    kept = records.load(("c1",), "100001")
    assert (kept.closed_by, kept.closed_at, kept.farewell) == ("session", NOON, "")


def test_without_the_setting_nothing_is_closed(world):
    """SES-4"""
    put(lasting(minutes=0))
    looks(world, NOON - timedelta(minutes=30))
    assert store.load("c1").attendance is not None
    assert said() == []


@pytest.mark.parametrize("own", ["", "Volte sempre, {nome}"])
def test_with_ten_minutes_left_the_closing_message_goes_once(world, clock, own):
    """SES-4: the contact's wins over the general one; nobody is assigned by it."""
    wants(world, auto_close=True, session_farewell="Até logo, {nome}")
    put(replace(lasting(minutes=10), session_timer=NOON))
    if own:
        edit(world, ANA, "c1", {"session_farewell": own})
    for _ in range(2):
        looks(world, NOON)
    (goodbye,) = [one for one in said() if one.line is None]
    assert goodbye.text == (own or "Até logo, {nome}").replace("{nome}", "Bia")
    assert (goodbye.source, goodbye.agent_id, goodbye.status) == ("session", None, Status.QUEUED)
    after = store.load("c1")
    assert after.session_timer == NOON + timedelta(minutes=10)
    assert after.attendance is not None
    assert after.preview == goodbye.text


@pytest.mark.parametrize(
    "facts",
    [
        {"attendance": None, "agent_id": None},  # not in attendance
        {"blocked": True},
        {"preview_key": "k", "last_activity_at": NOON - timedelta(minutes=59)},
    ],
)
def test_the_closing_message_has_its_conditions(world, facts):
    """SES-4: in attendance, nothing exchanged in the last hour; BLOCK-2."""
    wants(world, auto_close=True, session_farewell="Até logo")
    put(replace(lasting(minutes=10), session_timer=NOON, **facts))
    looks(world, NOON)
    assert said() == []


def test_an_empty_variable_is_told_and_the_attendance_closes_all_the_same(world, clock):
    """SEND-3 SES-4"""
    wants(world, auto_close=True, session_farewell="Até logo, {email}")
    put(replace(lasting(minutes=10), session_timer=NOON))
    looks(world, NOON)
    assert lines() == ["session_farewell_not_sent"]
    assert said()[0].line["subject_name"] == "email"
    clock.forward(minutes=10)
    looks(world, clock())
    assert store.load("c1").attendance is None


# --- armed ------------------------------------------------------------------------------------


def test_what_is_due_within_a_minute_is_never_scheduled(world, stream):
    """SCH-7: it goes straight onto the queue, and waits there."""
    put(lasting(minutes=31))
    arms(stream)
    (entry,) = world.queues.entries["due"]
    assert entry.delay == timedelta(minutes=1)
    assert world.schedules.armed == {}


def test_a_row_that_went_aside_is_armed_from_what_it_is_now(world):
    """SCH-7: redo derives the promise from the row."""
    put(lasting(hours=5))
    (promise,) = of_chat(store.load("c1"))
    app.redo(sqs_event(json.dumps({"pk": "CHAT#c1", "sk": "CHAT"})), None)
    assert list(world.schedules.armed) == [promise.name]
    assert world.schedules.armed[promise.name] == promise


def test_late_promises_are_found(world):
    """SCH-7: what no schedule brought."""
    put(replace(lasting(minutes=0), session_timer=NOON - timedelta(minutes=30)))
    put(replace(chat("c2"), session_timer=NOON))
    found = list(timers.late(NOON - timedelta(minutes=2), limit=10))
    assert found == [Timer("session", "c1", "", NOON - timedelta(minutes=30))]
