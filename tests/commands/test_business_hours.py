"""When the agency attends is said, and asked (FLOW-6, ADM-1)."""

from datetime import timedelta

import pytest

from chalicelib.commands.business_hours import save
from chalicelib.domain import errors
from chalicelib.queries.administration import business_hours
from chalicelib.stores import business_hours as store
from tests.builders import NOON, agent, join

ANA = agent("ana")
WEEK = [[{"start": "09:00", "end": "12:00"}, {"start": "13:00", "end": "18:00"}]] * 5 + [[], []]


@pytest.fixture(autouse=True)
def _people(world):
    join(ANA)


def says(world, *, version=0, days=WEEK, holidays=()):
    return save(world, ANA, {"version": version, "days": days, "holidays": list(holidays)})


def test_until_somebody_says_otherwise_it_is_always_open(world):
    """FLOW-6"""
    shown = business_hours(world)
    assert (shown["version"], shown["open_now"]) == (0, True)
    assert shown["days"] == [[{"start": "00:00", "end": "24:00"}]] * 7


def test_what_was_said_holds_in_the_agencys_zone(world):
    """FLOW-6: noon UTC of a Tuesday is nine in São Paulo."""
    shown = says(world, holidays=[{"date": "2026-12-25", "name": "Natal", "yearly": True}])
    assert (shown["version"], shown["days"]) == (1, WEEK)
    assert shown["holidays"] == [{"date": "2026-12-25", "name": "Natal", "yearly": True}]
    zone = world.zone()
    nine = NOON.astimezone(zone).replace(hour=9, minute=0, second=0, microsecond=0)
    assert nine.weekday() < 5
    assert store.open_at(nine, zone)
    assert not store.open_at(nine - timedelta(seconds=1), zone)
    assert not store.open_at(nine.replace(hour=12), zone)
    assert not store.open_at(nine.replace(year=2031, month=12, day=25), zone)


def test_saying_the_same_again_changes_nothing(world):
    """FLOW-6"""
    assert says(world) == says(world) == says(world, version=1)


def test_what_somebody_else_said_meanwhile_is_not_overwritten(world):
    """FLOW-6"""
    says(world)
    with pytest.raises(errors.EditedMeanwhile):
        says(world, days=[[]] * 7)
    assert says(world, version=1, days=[[]] * 7)["open_now"] is False


@pytest.mark.parametrize(
    ("monday", "reason"),
    [
        ([{"start": "18:00", "end": "09:00"}], "order"),
        ([{"start": "09:00", "end": "09:00"}], "order"),
        ([{"start": "24:00", "end": "24:00"}], "order"),
        ([{"start": "09:00", "end": "12:00"}, {"start": "11:59", "end": "13:00"}], "overlap"),
        ([{"start": "09:00", "end": "24:00"}, {"start": "10:00", "end": "11:00"}], "overlap"),
    ],
)
def test_hours_that_cannot_be_are_refused(world, monday, reason):
    """FLOW-6"""
    with pytest.raises(errors.Invalid) as refused:
        says(world, days=[monday, *WEEK[1:]])
    assert refused.value.fields["fields"][0]["reason"] == reason
    assert business_hours(world)["version"] == 0


@pytest.mark.parametrize("day", ["2026-02-30", "2027-02-29", "0000-01-01", "2026-13-01"])
def test_a_day_that_no_calendar_has_is_refused(world, day):
    """FLOW-6"""
    with pytest.raises(errors.Invalid) as refused:
        says(world, holidays=[{"date": day, "name": "Nada", "yearly": True}])
    assert refused.value.fields["fields"] == [{"path": "holidays.0", "reason": "date"}]


def test_spans_come_in_the_order_of_the_day_and_may_touch(world):
    """FLOW-6: until midnight is «24:00»."""
    late = {"start": "12:00", "end": "24:00"}
    early = {"start": "00:00", "end": "12:00"}
    shown = says(world, days=[[late, early], *WEEK[1:]])
    assert shown["days"][0] == [early, late]


def test_two_holidays_on_one_day_are_refused(world):
    """FLOW-6"""
    twice = [{"date": "2026-12-25", "name": name, "yearly": False} for name in ("Natal", "Folga")]
    with pytest.raises(errors.Invalid) as refused:
        says(world, holidays=twice)
    assert refused.value.fields["fields"] == [{"path": "holidays.1", "reason": "repeated"}]
