"""The 24-hour window: its edges, and what may be written within it."""

from datetime import timedelta

import pytest

from chalicelib.domain.session import Session, State
from tests.builders import ACCOUNT, NOON, chat


def hours(number):
    return timedelta(hours=number)


def minutes(number):
    return timedelta(minutes=number)


def seconds(number):
    return timedelta(seconds=number)


A_MOMENT = timedelta(milliseconds=1)


@pytest.mark.parametrize(
    ("left", "state", "free_text"),
    [
        (hours(24), State.OPEN, True),
        (minutes(31), State.OPEN, True),
        (minutes(30) + A_MOMENT, State.OPEN, True),
        (minutes(30), State.EXPIRING, True),
        (minutes(10), State.EXPIRING, True),
        (A_MOMENT, State.EXPIRING, True),
        (seconds(0), State.EXPIRED, False),
        (-A_MOMENT, State.EXPIRED, False),
        (-hours(24 * 365), State.EXPIRED, False),
    ],
)
def test_a_session_expires_a_day_after_the_contact_wrote(left, state, free_text):
    """SES-1 SES-2 SEND-1"""
    session = Session(last_inbound_at=NOON)
    now = NOON + hours(24) - left
    assert session.state(now) is state
    assert session.may_write_freely(now) is free_text


def test_a_contact_who_never_wrote_has_no_session():
    """SES-1"""
    session = Session(None)
    assert session.ends_at is None
    assert session.state(NOON) is State.NONE
    assert not session.may_write_freely(NOON)


def test_a_message_of_the_future_keeps_the_session_open():
    """SES-2: the provider's clock may run ahead of ours."""
    assert Session(NOON + seconds(5)).state(NOON) is State.OPEN


def test_each_account_has_a_session_of_its_own():
    """SES-1"""
    two_accounts = {ACCOUNT: NOON - hours(30), "another": NOON - hours(1)}
    by_first = chat(last_inbound_at=two_accounts)
    by_second = chat(last_inbound_at=two_accounts, account="another")
    assert by_first.session.state(NOON) is State.EXPIRED
    assert by_second.session.state(NOON) is State.OPEN
    assert chat(account="a third").session.state(NOON) is State.NONE


@pytest.mark.parametrize(
    ("ago", "may"),
    [
        (timedelta(hours=1), True),
        (timedelta(days=7), True),
        (timedelta(days=7, seconds=1), False),
        (None, False),
    ],
)
def test_a_human_may_answer_for_seven_days(ago, may):
    """SEND-14"""
    session = Session(None if ago is None else NOON - ago)
    assert session.may_a_human_write(NOON) is may
    assert session.human_until == (None if ago is None else NOON - ago + timedelta(days=7))
