"""Who holds a chat after an answer, an assignment, a closing; and what is kept of it."""

from datetime import timedelta
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.attendance import (
    answered,
    asked_at_closing,
    closed,
    closing_values,
    ended,
    farewell_fate,
    given_to_agent,
    given_to_department,
    moved_on,
    must_open,
    opened,
    record,
)
from chalicelib.domain.chat import OpenAttendance
from chalicelib.domain.listing import Placement, placement
from chalicelib.stores.rows import from_attendance, from_chat, to_attendance, to_chat
from tests.builders import ACCOUNT, NOON, chat


@pytest.mark.parametrize(
    ("holder", "department", "held_by"),
    [
        (None, None, "ana"),  # ROUTE-4
        (None, "sales", "ana"),  # ROUTE-5
        ("bruno", None, "bruno"),  # ROUTE-6
        ("bruno", "sales", "bruno"),  # ROUTE-6
        ("ana", None, "ana"),
    ],
)
def test_the_first_who_answers_holds_the_chat(holder, department, held_by):
    """ROUTE-4 ROUTE-5 ROUTE-6"""
    after = answered(chat(agent_id=holder, department_id=department), "ana")
    assert (after.agent_id, after.department_id) == (held_by, department)


def test_an_attendance_remembers_who_came_to_hold_it():
    """ROUTE-4 CLOSE-7"""
    after = answered(answered(chat(), "ana"), "bruno")
    (kept,) = record(after)
    assert (kept.protocol, kept.agent_ids, kept.closed_at) == ("100001", ("ana",), None)


def test_an_answer_without_an_attendance_holds_nothing():
    """TAB-5: nobody holds a closed chat."""
    shut = chat(open_=False)
    assert must_open(shut)
    assert answered(shut, "ana") is shut
    assert record(shut) == ()


def test_opening_gives_a_protocol_and_the_time_that_lists_go_by():
    """ROUTE-4 SORT-1"""
    after = opened(chat(open_=False), "100077", NOON, by="ana")
    assert not must_open(after)
    assert after.attendance == OpenAttendance("100077", NOON, "ana")
    assert after.opened_at == NOON
    assert after.agent_id is None


@pytest.mark.parametrize("agent", [None, "ana", "bruno"])
@pytest.mark.parametrize("department", [None, "sales", "support"])
def test_a_chat_is_with_whom_it_was_given_to(agent, department):
    """ROUTE-1 ROUTE-2: from every beginning; the two do not stay together by this path."""
    before = chat(agent_id=agent, department_id=department)
    to_agent, to_department = (
        given_to_agent(before, "ana", NOON),
        given_to_department(before, "sales", NOON),
    )
    assert (to_agent.agent_id, to_agent.department_id) == ("ana", None)
    assert (to_department.agent_id, to_department.department_id) == (None, "sales")


@pytest.mark.parametrize(
    ("agent", "department", "place"),
    [
        (None, None, Placement.NOBODY),
        ("ana", None, Placement.AGENT),
        (None, "sales", Placement.DEPARTMENT),
        ("ana", "sales", Placement.BOTH),
    ],
)
def test_closing_takes_it_out_of_every_placement(agent, department, place):
    """ROUTE-7 TAB-5"""
    before = chat(agent_id=agent, department_id=department)
    assert placement(before) is place
    after = closed(before)
    assert placement(after) is Placement.CLOSED
    assert (after.agent_id, after.department_id, after.opened_at) == (None, None, before.opened_at)


def test_holders_are_remembered_once_each_in_order():
    """CLOSE-7"""
    held = chat()
    for give, who in [
        (given_to_department, "sales"),
        (answered, "ana"),
        (given_to_agent, "bruno"),
        (given_to_department, "support"),
        (given_to_agent, "ana"),
        (given_to_department, "sales"),
    ]:
        held = give(held, who) if give is answered else give(held, who, NOON)
    (kept,) = record(held)
    assert kept.agent_ids == ("ana", "bruno")
    assert kept.department_ids == ("sales", "support")


def test_a_row_keeps_who_held_it():
    """CLOSE-7: also where the row says no more than who holds it now."""
    for history in ([], ["ana"], ["ana", "bruno"]):
        held = chat()
        for who in history:
            held = given_to_agent(held, who, NOON)
        held = given_to_department(held, "sales", NOON)
        for one in (held, given_to_agent(held, "bruno", NOON), answered(held, "ana")):
            assert to_chat(from_chat(one)).attendance == one.attendance


@pytest.mark.parametrize(
    ("shown", "moved"),
    [
        ({}, False),
        ({"agent_id": None}, True),
        ({"department_id": "sales"}, True),
        ({"protocol": None}, True),
        ({"protocol": "100002"}, True),
    ],
)
def test_a_screen_is_stale_when_it_shows_another_holder_or_attendance(shown, moved):
    """ROUTE-1"""
    seen = {"agent_id": "ana", "department_id": None, "protocol": "100001"} | shown
    assert moved_on(chat(agent_id="ana"), seen) is moved


DAY = timedelta(hours=24)


@pytest.mark.parametrize(
    ("farewell", "blocked", "ago", "fate"),
    [
        ("tchau", False, timedelta(hours=1), "queued"),
        ("tchau", False, DAY - timedelta(seconds=1), "queued"),
        ("tchau", False, DAY, "session_closed"),
        ("tchau", True, timedelta(hours=1), "contact_blocked"),
        ("tchau", True, DAY, "contact_blocked"),
        ("", False, timedelta(hours=1), "none"),
        ("", True, DAY, "none"),
    ],
)
def test_what_becomes_of_a_farewell(farewell, blocked, ago, fate):
    """CLOSE-4"""
    one = chat(blocked=blocked, last_inbound_at=MappingProxyType({ACCOUNT: NOON - ago}))
    assert farewell_fate(one, farewell, NOON) == fate


def test_the_record_of_a_closed_attendance():
    """CLOSE-7"""
    asked = [{"field_id": "a", "name": "Motivo"}, {"field_id": "b", "name": "Nota"}]
    values = closing_values(asked, {"a": "troca", "z": "outro"})
    held = given_to_agent(chat(), "ana", NOON)
    kept = ended(held, NOON, "ana", farewell="tchau", fate="queued", values=values)
    assert (kept.protocol, kept.agent_ids) == ("100001", ("ana",))
    assert (kept.closed_at, kept.closed_by, kept.farewell) == (NOON, "ana", "tchau")
    assert [(one["name"], one["value"]) for one in kept.values] == [
        ("Motivo", "troca"),
        ("Nota", None),
    ]
    assert to_attendance(from_attendance(kept)) == kept


def test_the_window_asks_active_fields_that_say_so():
    """CLOSE-6"""
    fields = [
        {"field_id": f"{asked} {active}", "at_closing": asked, "active": active}
        for asked in ("no", "optional", "required")
        for active in (True, False)
    ]
    assert [one["field_id"] for one in asked_at_closing(fields)] == [
        "optional True",
        "required True",
    ]


STEPS = st.one_of(
    st.tuples(st.just("answer"), st.sampled_from(["ana", "bruno"])),
    st.tuples(st.just("agent"), st.sampled_from(["ana", "bruno"])),
    st.tuples(st.just("department"), st.sampled_from(["sales", "support"])),
    st.tuples(st.just("close"), st.just("")),
    st.tuples(st.just("write"), st.just("")),
)


@given(st.lists(STEPS, max_size=20))
def test_whatever_happens_a_chat_is_on_one_row_of_the_table(steps):
    """TAB-5: nobody holds what is closed; whoever holds it is in its record; rows keep it all."""
    one = chat(open_=False)
    for number, (what, who) in enumerate(steps):
        if what == "close":
            one = closed(one)
            assert (one.attendance, one.agent_id, one.department_id) == (None, None, None)
            continue
        if must_open(one):
            one = opened(one, str(100_001 + number), NOON)
        before = one
        if what == "answer":
            one = answered(one, who)
            assert one.agent_id == (before.agent_id or who)
            assert one.department_id == before.department_id
        elif what == "agent":
            one = given_to_agent(one, who, NOON)
            assert (one.agent_id, one.department_id) == (who, None)
        elif what == "department":
            one = given_to_department(one, who, NOON)
            assert (one.agent_id, one.department_id) == (None, who)
        (kept,) = record(one)
        assert one.agent_id in (None, *kept.agent_ids)
        assert one.department_id in (None, *kept.department_ids)
        assert len({*kept.agent_ids}) == len(kept.agent_ids)
        assert to_chat(from_chat(one)).attendance == one.attendance
