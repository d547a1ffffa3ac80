"""Who holds a chat after an answer."""

import pytest

from chalicelib.domain.attendance import answered, must_open, opened, record
from chalicelib.domain.chat import OpenAttendance
from tests.builders import NOON, chat


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
    closed = chat(open_=False)
    assert must_open(closed)
    assert answered(closed, "ana") is closed
    assert record(closed) == ()


def test_opening_gives_a_protocol_and_the_time_that_lists_go_by():
    """ROUTE-4 SORT-1"""
    after = opened(chat(open_=False), "100077", NOON, by="ana")
    assert not must_open(after)
    assert after.attendance == OpenAttendance("100077", NOON, "ana")
    assert after.opened_at == NOON
    assert after.agent_id is None
