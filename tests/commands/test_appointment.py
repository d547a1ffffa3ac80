"""Dates with contacts: booked, changed, taken away, listed, and reminded of once."""

from dataclasses import replace
from datetime import timedelta

import pytest

import app
from chalicelib import triggers
from chalicelib.commands import appointment as booking
from chalicelib.commands import run_due
from chalicelib.commands.erase_contact import erase, go_on
from chalicelib.domain import errors
from chalicelib.domain.access import Permission
from chalicelib.domain.instants import iso
from chalicelib.domain.timer import Timer
from chalicelib.queries import schedules as listing
from chalicelib.stores import appointments, bells
from chalicelib.stores import chats as store
from chalicelib.stores.chats import Change
from tests.builders import NOON, TABS, agent, chat, client_key, join, put

MAY = TABS | {Permission.SCHEDULES, Permission.CONTACTS}
ANA = agent("ana", permissions=MAY)
BRUNO = agent("bruno", permissions=MAY)
TOMORROW = NOON + timedelta(days=1)
QUARTER = timedelta(minutes=15)
KEY = client_key()


@pytest.fixture(autouse=True)
def _desk(world, monkeypatch):
    monkeypatch.setattr(triggers, "world", lambda: world)
    join(ANA, BRUNO, agent("gone", active=False))
    put(chat(agent_id="ana"))


def books(world, key=KEY, who=ANA, at=TOMORROW, title="Visita", agent_id=None):
    return booking.book(world, who, "c1", key, title=title, at=iso(at), agent_id=agent_id)


def edits(world, version=1, at=TOMORROW, title="Visita", agent_id=None):
    facts = {"version": version, "title": title, "at": iso(at), "agent_id": agent_id}
    return booking.edit(world, ANA, "c1", KEY, **facts)


def reminds(world, at=TOMORROW - QUARTER, key=KEY):
    run_due.keep(world, Timer("appointment", "c1", key, at))


def kept(key=KEY):
    return appointments.find(["c1"], key)


def rung(agent_id):
    return [(one.kind, one.chat_id, one.subject, one.text) for one in bells.load(agent_id)]


def lines():
    return [
        (one.line["code"], one.line["subject"], one.line["subject_name"])
        for one in store.page_of_messages(store.load("c1"), limit=50)
        if one.line is not None
    ]


def test_it_is_booked_once_and_said_in_the_chat(world):
    """INFO-6 INFO-8 SEND-12"""
    shown = books(world, agent_id="bruno")
    assert (shown["title"], shown["at"], shown["agent_id"]) == ("Visita", iso(TOMORROW), "bruno")
    assert (shown["by_name"], shown["contact_name"], shown["readable"]) == ("Ana", "Bia", True)
    assert books(world, agent_id="bruno") == shown
    assert lines() == [("appointment_booked", iso(TOMORROW), "Visita")]
    assert store.load("c1").profile_rev == store.load("c1").rev
    with pytest.raises(errors.ClientKeyReused):
        books(world, title="Outra")


@pytest.mark.parametrize(
    ("at", "reason"),
    [(NOON, "past"), (NOON - timedelta(days=1), "past"), (NOON + timedelta(days=2000), "too_far")],
)
def test_only_what_is_to_come_is_booked(world, at, reason):
    """INFO-8"""
    with pytest.raises(errors.Invalid) as refused:
        books(world, at=at)
    assert refused.value.fields["fields"] == [{"path": "at", "reason": reason}]


@pytest.mark.parametrize("agent_id", ["gone", "nobody"])
def test_it_is_for_somebody_who_is_there(world, agent_id):
    """INFO-8 PERM-3"""
    with pytest.raises(errors.AgentUnavailable):
        books(world, agent_id=agent_id)


def test_so_many_and_no_more(world, monkeypatch):
    """INFO-8"""
    monkeypatch.setattr("chalicelib.domain.appointment.MOST_TO_COME", 1)
    books(world)
    with pytest.raises(errors.TooMany):
        books(world, key=client_key(number=2))


def test_nobody_books_with_a_contact_whom_they_may_not_know(world):
    """PERM-2"""
    stranger = join(agent("eva", permissions=frozenset({Permission.SCHEDULES})))
    books(world)
    for attempt in (
        lambda: books(world, who=stranger, key=client_key(number=2)),
        lambda: booking.remove(world, stranger, "c1", KEY),
        lambda: listing.appointments_of_chat(world, stranger, "c1"),
    ):
        with pytest.raises(errors.NotFound):
            attempt()
    assert kept() is not None


# --- reminded ---------------------------------------------------------------------------------


def test_its_agent_is_reminded_a_quarter_of_an_hour_before(world, clock, stream):
    """INFO-8: armed from the stream; once, however often it is brought."""
    books(world, agent_id="bruno")
    app.dispatch(stream.event(), None)
    clock.at = TOMORROW - QUARTER
    (due,) = [one for one in world.schedules.due(clock()) if one.what == "appointment"]
    run_due.keep(world, due)
    run_due.keep(world, due)
    assert rung("bruno") == [("appointment", "c1", KEY, "Visita")]
    assert rung("ana") == []
    app.dispatch(stream.event(), None)
    assert world.schedules.armed == {}


@pytest.mark.parametrize("late", [timedelta(hours=1), timedelta(days=1)])
def test_a_late_reminder_still_comes(world, clock, late):
    """INFO-8"""
    books(world)
    clock.at = TOMORROW + late
    reminds(world)
    assert rung("ana") == [("appointment", "c1", KEY, "Visita")]


def test_without_an_agent_who_booked_it_is_reminded(world, clock):
    """INFO-8"""
    books(world, who=BRUNO)
    clock.at = TOMORROW - QUARTER
    reminds(world)
    assert (len(rung("bruno")), rung("ana")) == (1, [])


def test_what_a_flow_booked_reminds_who_holds_the_chat(world, clock):
    """INFO-8 FLOW-5"""
    write = appointments.booked(store.load("c1"), "k1", "Retorno", TOMORROW, None, NOON)
    before = store.load("c1")
    after = replace(before, rev=before.rev + 1)
    store.commit(Change(before=before, after=after, beside=(write,)))
    clock.at = TOMORROW - QUARTER
    reminds(world, key="k1")
    assert rung("ana") == [("appointment", "c1", "k1", "Retorno")]
    (shown,) = listing.appointments_of_chat(world, ANA, "c1")["appointments"]
    assert (shown["by"], shown["title"]) == (None, "Retorno")


def test_one_that_was_put_off_is_reminded_of_at_its_new_time_only(world, clock):
    """INFO-8: also after the first reminder."""
    books(world)
    later = TOMORROW + timedelta(hours=2)
    edits(world, at=later)
    clock.at = TOMORROW - QUARTER
    reminds(world)
    assert rung("ana") == []
    clock.at = later - QUARTER
    reminds(world, later - QUARTER)
    again = later + timedelta(hours=2)
    edits(world, version=3, at=again)
    clock.at = again - QUARTER
    reminds(world, again - QUARTER)
    assert len(rung("ana")) == 2


def test_a_new_title_reminds_nobody_again(world, clock):
    """INFO-8"""
    books(world)
    clock.at = TOMORROW - QUARTER
    reminds(world)
    edits(world, version=2, title="Reunião")
    reminds(world)
    assert rung("ana") == [("appointment", "c1", KEY, "Visita")]


def test_what_was_taken_away_reminds_nobody(world, clock):
    """INFO-8"""
    books(world)
    assert booking.remove(world, BRUNO, "c1", KEY) == {"done": True}
    assert booking.remove(world, BRUNO, "c1", KEY) == {"done": True}
    clock.at = TOMORROW - QUARTER
    reminds(world)
    assert (rung("ana"), kept()) == ([], None)


def test_an_edit_of_what_others_changed_is_refused(world):
    """INFO-8: what is so already is answered as done."""
    books(world)
    changed = edits(world, title="Reunião")
    assert (changed["version"], edits(world, title="Reunião")) == (2, changed)
    with pytest.raises(errors.MovedOn):
        edits(world, title="Almoço")
    with pytest.raises(errors.Invalid):
        edits(world, version=2, at=NOON)


def test_an_erased_contact_leaves_no_appointment_and_no_bell(world, clock):
    """LGPD"""
    books(world)
    books(world, key=client_key(number=2), at=TOMORROW + timedelta(hours=1))
    clock.at = TOMORROW - QUARTER
    reminds(world)
    assert len(rung("ana")) == 1
    erase(world, ANA, "c1")
    reminds(world, TOMORROW + timedelta(minutes=45), client_key(number=2))
    for _ in range(3):
        go_on(world, "c1")
    assert (rung("ana"), kept()) == ([], None)


# --- listed -----------------------------------------------------------------------------------


def test_the_panel_lists_what_is_to_come_and_the_latest_before(world, clock, monkeypatch):
    """INFO-6"""
    monkeypatch.setattr(listing, "LATEST", 1)
    keys = [client_key(number=number) for number in (1, 2, 3)]
    for hours, key in zip((3, 1, 2), keys, strict=True):
        books(world, key=key, at=NOON + timedelta(hours=hours))
    clock.at = NOON + timedelta(hours=2)
    told = listing.appointments_of_chat(world, ANA, "c1")["appointments"]
    assert [one["appointment_id"] for one in told] == [keys[2], keys[0]]


def agenda(world, who=ANA, since="2026-11-25", until="2026-11-25", of_agent=None):
    told = listing.agenda(world, who, since=since, until=until, of_agent=of_agent)
    return [one["appointment_id"] for one in told["appointments"]]


def test_the_agenda_has_the_days_of_the_agency_whether_reminded_or_not(world, clock):
    """INFO-8: 02:59 UTC is the day before in São Paulo; the last minute of a day is in it."""
    keys = [client_key(number=number) for number in range(4)]
    midnight = NOON + timedelta(hours=15)  # of the 25th, there
    times = (midnight - timedelta(minutes=1), midnight, midnight + timedelta(hours=23, minutes=59))
    for key, at in zip(keys, (*times, midnight + timedelta(days=1)), strict=True):
        books(world, key=key, at=at)
    assert agenda(world) == keys[1:3]
    clock.at = midnight
    reminds(world, midnight - QUARTER, keys[1])
    assert kept(keys[1]).reminded
    assert agenda(world) == keys[1:3]
    assert agenda(world, until="2026-11-26") == keys[1:]


def test_the_agenda_narrows_to_an_agent(world):
    """INFO-8"""
    books(world, agent_id="bruno")
    books(world, key=client_key(number=2))
    assert agenda(world, of_agent="bruno") == [KEY]


def test_the_agenda_shows_nobody_what_they_may_not_know(world):
    """PERM-1 PERM-2: but what is one's own."""
    eva = join(agent("eva", permissions=frozenset({Permission.SCHEDULES})))
    books(world)
    books(world, key=client_key(number=2), agent_id="eva")
    assert agenda(world, who=eva) == [client_key(number=2)]
    told = listing.agenda(world, eva, since="2026-11-25", until="2026-11-25", of_agent=None)
    assert told["appointments"][0]["readable"] is False


@pytest.mark.parametrize(
    ("since", "until"),
    [
        ("2026-11-25", "2026-11-24"),
        ("2026-11-01", "2027-01-02"),
        ("2026-02-31", "2026-03-01"),
    ],
)
def test_an_agenda_of_no_days_or_too_many_is_refused(world, since, until):
    """INFO-8"""
    with pytest.raises(errors.Invalid):
        agenda(world, since=since, until=until)
    assert agenda(world, since="2026-11-01", until="2027-01-01") == []
