"""An attendance that closes by itself: promised, replaced, cancelled, and closed on time."""

from dataclasses import replace
from datetime import timedelta

import pytest

import app
from chalicelib import triggers
from chalicelib.commands import run_due
from chalicelib.commands.assign import to_agent
from chalicelib.commands.close import cancel, close
from chalicelib.commands.receive import receive
from chalicelib.commands.send import send
from chalicelib.domain import errors
from chalicelib.domain.timer import Timer
from chalicelib.stores import attendances as records
from chalicelib.stores import chats as store
from chalicelib.stores import counters, labels, people, profiles
from tests.builders import ACCOUNT, NOON, agent, arrival, chat, client_key, join, put

ANA = agent("ana")
BRUNO = agent("bruno")
PHONE = f"whatsapp#{ACCOUNT}#phone#5511987654321"
IN_TEN = NOON + timedelta(minutes=10)


@pytest.fixture(autouse=True)
def _desk(world, monkeypatch):
    monkeypatch.setattr(triggers, "world", lambda: world)
    join(ANA, BRUNO)
    assert counters.next_protocol() == "100001"
    put(replace(chat(agent_id="ana"), identities=(PHONE,)))


def promises(world, *, minutes=10, on_reply="keep", farewell="Até logo", who=ANA, **fields):
    return close(
        world,
        who,
        "c1",
        "100001",
        farewell=farewell,
        fields=fields,
        minutes=minutes,
        on_reply=on_reply,
    )


def fires(world, at=IN_TEN, protocol="100001"):
    run_due.keep(world, Timer("closing", "c1", protocol, at))


def now():
    return store.load("c1")


def codes():
    return [
        one.line["code"] for one in store.page_of_messages(now(), limit=50) if one.line is not None
    ]


def said():
    return [one.text for one in store.page_of_messages(now(), limit=50) if one.farewell_of]


def test_it_closes_by_itself_with_what_its_window_gave(world, stream, clock):
    """CLOSE-2 CLOSE-4: the farewell goes in the same transaction, and opens nothing."""
    answer = promises(world)
    assert answer["chat"]["closing"] == {
        "at": "2026-11-24T12:10:00.000Z",
        "on_reply": "keep",
        "by": "ana",
        "by_name": "Ana",
    }
    assert now().attendance is not None
    assert said() == []
    app.dispatch(stream.event(), None)
    (timer,) = world.schedules.armed.values()
    assert timer == Timer("closing", "c1", "100001", IN_TEN)
    clock.at = IN_TEN
    for _ in range(2):
        run_due.keep(world, timer)
    assert (now().attendance, now().agent_id, now().closing) == (None, None, None)
    assert said() == ["Até logo"]
    assert codes() == ["closing_scheduled", "closed_on_time"]
    kept = records.load(("c1",), "100001")
    assert (kept.closed_by, kept.farewell, kept.farewell_fate) == ("ana", "Até logo", "queued")
    assert counters.last_protocol() == 100_001


@pytest.mark.parametrize("late", [timedelta(0), timedelta(hours=1)])
def test_not_cancel_closes_whatever_the_contact_writes(world, clock, late):
    """CLOSE-2"""
    promises(world, on_reply="keep")
    clock.forward(minutes=5)
    receive(world, arrival("espere", at=clock()))
    assert now().closing is not None
    clock.at = IN_TEN + late
    fires(world)
    assert now().attendance is None


def test_cancel_is_cancelled_by_the_contacts_message(world, clock):
    """CLOSE-2: in the message's own transaction, with a line that says so."""
    promises(world, on_reply="cancel")
    clock.forward(minutes=5)
    receive(world, arrival("espere", at=clock()))
    assert now().closing is None
    assert codes() == ["closing_scheduled", "closing_cancelled"]
    clock.at = IN_TEN
    fires(world)
    assert now().attendance is not None


def test_an_agents_message_never_cancels_it(world, clock):
    """CLOSE-2"""
    promises(world, on_reply="cancel")
    send(world, ANA, "c1", {"client_key": client_key(NOON), "text": "um momento"})
    assert now().closing is not None
    clock.at = IN_TEN
    fires(world)
    assert now().attendance is None


def test_a_click_cancels_it_once(world, clock):
    """CLOSE-3"""
    promises(world)
    clock.forward(seconds=1)
    for _ in range(2):
        assert cancel(world, ANA, "c1", "100001")["chat"]["closing"] is None
    assert codes() == ["closing_scheduled", "closing_cancelled"]
    clock.at = IN_TEN
    fires(world)
    assert now().attendance is not None


def test_a_new_one_replaces_it(world, clock):
    """CLOSE-8: at most one each; the old promise does nothing."""
    promises(world, farewell="Até logo")
    promises(world, minutes=20, farewell="Até breve")
    clock.at = IN_TEN
    fires(world)
    assert now().attendance is not None
    clock.at = NOON + timedelta(minutes=20)
    fires(world, clock())
    assert now().attendance is None
    assert said() == ["Até breve"]


def test_a_double_click_promises_once(world, clock):
    """CLOSE-8"""
    promises(world)
    clock.forward(seconds=1)
    promises(world)
    assert codes() == ["closing_scheduled"]
    assert now().closing.at == IN_TEN


def test_it_dies_with_its_attendance_and_never_touches_a_later_one(world, clock):
    """CLOSE-8"""
    promises(world)
    close(world, ANA, "c1", "100001", farewell="", fields={})
    assert now().closing is None
    to_agent(world, ANA, "c1", "bruno", {"agent_id": None, "department_id": None, "protocol": None})
    protocol = now().attendance.protocol
    clock.at = IN_TEN
    fires(world)
    fires(world, protocol=protocol)
    assert now().attendance.protocol == protocol


def test_before_its_time_it_waits(world):
    """CLOSE-2: whatever delivers it early."""
    promises(world)
    fires(world)
    assert now().attendance is not None
    (entry,) = world.queues.entries["due"]
    assert entry.delay == timedelta(minutes=10)


def test_fields_are_asked_when_it_is_promised_and_kept_when_it_closes(world, clock):
    """CLOSE-6"""
    field = {
        "field_id": "motivo",
        "slug": "motivo",
        "name": "Motivo",
        "kind": "text",
        "options": [],
        "at_closing": "required",
        "active": True,
    }
    labels.save_field(field)
    with pytest.raises(errors.Invalid):
        promises(world)
    promises(world, motivo="venda")
    assert profiles.load("c1").values == {}
    clock.at = IN_TEN
    fires(world)
    assert profiles.load("c1").values == {"motivo": "venda"}
    (value,) = records.load(("c1",), "100001").values
    assert value["value"] == "venda"


def test_with_the_session_shut_it_closes_and_says_that_nothing_was_sent(world, clock):
    """CLOSE-4"""
    promises(world, minutes=24 * 60)
    clock.forward(hours=24)
    fires(world, clock())
    kept = records.load(("c1",), "100001")
    assert (kept.closed_at, kept.farewell_fate) == (clock(), "session_closed")
    assert said() == []


def test_who_promised_it_may_be_gone(world, clock):
    """CLOSE-8 PERM-3: a closing still closes."""
    promises(world)
    people.save_agent(replace(ANA, active=False))
    clock.at = IN_TEN
    fires(world)
    assert records.load(("c1",), "100001").closed_by == "ana"


def test_what_is_not_the_screens_attendance_is_refused(world):
    """CLOSE-3: with the chat as it is."""
    promises(world)
    with pytest.raises(errors.MovedOn):
        cancel(world, ANA, "c1", "99")
    with pytest.raises(errors.NotFound):
        cancel(world, agent("eva", permissions=frozenset()), "c1", "100001")
    assert now().closing is not None
