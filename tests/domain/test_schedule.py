"""When something scheduled may go out, by the contact's block alone."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain import schedule as rules
from chalicelib.domain import timer as timers
from chalicelib.domain.schedule import Schedule
from tests.builders import NOON, chat

DUE = Schedule(
    chat_id="c1",
    schedule_id="s1",
    kind="message",
    due_at=NOON,
    name="lembrete",
    by="ana",
    by_name="Ana",
    created_at=NOON - timedelta(days=1),
    look_at=NOON,
)
HELD = rules.held(DUE)


def after(**length):
    return NOON + timedelta(**length)


def blocked(at):
    return chat(blocked=True, blocked_at=at)


def freed(since, until):
    return chat(blocked=False, blocked_at=since, unblocked_at=until)


@pytest.mark.parametrize(
    ("one", "contact", "now", "gate"),
    [
        # Never blocked, however late.
        (DUE, chat(), NOON, "go"),
        (DUE, chat(), after(hours=1), "go"),
        # Blocked when due: it waits for half an hour, and no longer.
        (DUE, blocked(after(days=-1)), NOON, "hold"),
        (DUE, blocked(NOON), NOON, "hold"),
        (DUE, blocked(after(days=-1)), after(minutes=30), "hold"),
        (DUE, blocked(after(days=-1)), after(minutes=30, milliseconds=1), "refuse"),
        (HELD, blocked(after(days=-1)), after(minutes=30, milliseconds=1), "refuse"),
        # Unblocked within it: at once, also if that is found out late.
        (HELD, freed(after(days=-1), after(minutes=29, seconds=59)), after(minutes=30), "go"),
        (HELD, freed(after(days=-1), after(minutes=30)), after(minutes=30), "go"),
        (HELD, freed(after(days=-1), after(minutes=30, seconds=1)), after(hours=1), "refuse"),
        # A late timer decides as one in time would have, from what the chat remembers.
        (DUE, freed(after(days=-1), after(minutes=29, seconds=59)), after(hours=1), "go"),
        (DUE, freed(after(days=-1), after(minutes=30)), after(hours=1), "go"),
        (DUE, freed(after(days=-1), after(minutes=30, seconds=1)), after(hours=1), "refuse"),
        # Blocked before or after, but not when it was due.
        (DUE, freed(after(days=-1), after(minutes=-1)), NOON, "go"),
        (DUE, freed(after(days=-1), NOON), NOON, "go"),
        (DUE, freed(after(minutes=1), after(minutes=50)), after(hours=1), "go"),
        # Blocked since, while it was late: nothing goes out to the blocked.
        (DUE, blocked(after(minutes=1)), after(minutes=2), "hold"),
        (DUE, blocked(after(minutes=1)), after(hours=1), "refuse"),
        # Blocked before this was remembered.
        (DUE, chat(blocked=True), NOON, "hold"),
    ],
)
def test_a_block_holds_what_is_due_for_half_an_hour(one, contact, now, gate):
    """SCH-4 BLOCK-2"""
    assert rules.gate(one, contact, now) == gate


def test_what_is_held_is_looked_at_when_the_half_hour_is_over():
    """SCH-4: a moment after its last moment, so that nobody is given up too early."""
    (promise,) = timers.of_schedule(HELD)
    assert promise.at == after(minutes=30, milliseconds=1)
    assert rules.gate(HELD, chat(blocked=True), promise.at) == "refuse"


@pytest.mark.parametrize(
    ("one", "now", "may"),
    [
        (HELD, after(minutes=30), True),
        (HELD, after(minutes=30, milliseconds=1), False),
        (DUE, after(minutes=1), False),
        (rules.not_sent(HELD, NOON, "contact_blocked"), NOON, False),
    ],
)
def test_who_is_unblocked_in_time_gets_it_at_once(one, now, may):
    """SCH-4"""
    assert rules.may_be_freed(one, now) is may


@pytest.mark.parametrize(
    ("due_at", "wrong"),
    [
        (NOON, "past"),
        (after(seconds=1), None),
        (after(days=366), None),
        (after(days=366, seconds=1), "too_far"),
    ],
)
def test_only_the_year_to_come_is_scheduled(due_at, wrong):
    """SCH-1"""
    assert rules.too_soon_or_late(due_at, NOON) == wrong


@pytest.mark.parametrize(
    ("one", "now", "may"),
    [
        (DUE, after(seconds=-1), True),
        (DUE, NOON, False),
        (replace(HELD, due_at=after(hours=1)), NOON, False),
        (rules.done(DUE, NOON), after(seconds=-1), False),
    ],
)
def test_it_may_be_edited_until_it_is_due(one, now, may):
    """SCH-5"""
    assert one.may_be_edited(now) is may


@pytest.mark.parametrize(
    "ended",
    [
        rules.done(DUE, NOON),
        rules.not_sent(DUE, NOON, "template_gone"),
        rules.removed(DUE, NOON),
    ],
)
def test_what_is_over_promises_nothing(ended):
    """SCH-5"""
    assert timers.of_schedule(DUE)
    assert timers.of_schedule(ended) == frozenset()
    assert ended.version == DUE.version + 1


def test_only_removed_flows_come_back_and_only_for_a_while():
    """SCH-3"""
    flow = rules.removed(replace(DUE, kind="flow"), NOON)
    assert rules.may_be_restored(flow, after(minutes=30))
    assert not rules.may_be_restored(flow, after(minutes=30, seconds=1))
    assert not rules.may_be_restored(rules.removed(DUE, NOON), NOON)
    assert not rules.may_be_restored(replace(DUE, kind="flow"), NOON)
    assert timers.of_schedule(rules.restored(flow)) == timers.of_schedule(replace(DUE, kind="flow"))
