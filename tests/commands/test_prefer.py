"""Whether a contact wants marketing messages is what they said last, whatever came last."""

from datetime import timedelta
from itertools import permutations

import pytest

from chalicelib.commands.prefer import prefer
from chalicelib.commands.receive import receive
from chalicelib.domain import chat as domain
from chalicelib.domain.inbound import Person, Preference
from chalicelib.stores.rows import to_chat, to_message
from chalicelib.stores.tables import AttendanceRow, ChatRow, MessageRow, Row
from tests.builders import ACCOUNT, NOON, PORTFOLIO, arrival, chat
from tests.conftest import empty_tables, world_of_fakes
from tests.fakes import Clock

BIA = Person(phone="5511987654321", user_id="BR.1")
LATER = timedelta(minutes=1)


def said(*, wants, after=0):
    return Preference("whatsapp", ACCOUNT, PORTFOLIO, BIA, wants, NOON + after * LATER)


def rows(kind):
    return [row for row in Row.scan() if isinstance(row, kind)]


def the_chat():
    (one,) = [to_chat(row) for row in rows(ChatRow)]
    return one


def lines():
    found = sorted((to_message(row) for row in rows(MessageRow)), key=lambda one: one.key)
    return [one.line["code"] for one in found if one.line]


def test_a_contact_who_stops_them_is_known_to(world):
    """CHAT-3 INFO-3"""
    receive(world, arrival("oi"))
    prefer(world, said(wants=False, after=1))
    one = the_chat()
    assert (one.marketing_stopped, one.preference_at) == (True, NOON + LATER)
    assert lines() == ["marketing_stopped"]
    assert (one.unread, one.preview, one.last_activity_at) == (1, "oi", NOON)


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_the_last_word_stands_in_any_order(order):
    """INB-3 INB-4"""
    news = [said(wants=False, after=1), said(wants=True, after=2), said(wants=False, after=3)]
    with empty_tables():
        world = world_of_fakes(Clock(NOON + 9 * LATER))
        for number in (*order, *order):
            prefer(world, news[number])
        assert the_chat().marketing_stopped is True
        assert lines() == ["marketing_stopped", "marketing_resumed", "marketing_stopped"]


def test_of_a_stranger_it_is_kept_and_opens_nothing(world):
    """INB-4 TAB-5"""
    prefer(world, said(wants=False))
    one = the_chat()
    assert (one.marketing_stopped, one.attendance, one.unread) == (True, None, 0)
    assert rows(AttendanceRow) == []
    receive(world, arrival("oi", at=NOON + LATER))
    assert the_chat().marketing_stopped is True


@pytest.mark.parametrize("turned", [False, True])
def test_of_two_chats_that_become_one_the_last_word_stands(turned):
    """INB-7"""
    stopped = domain.preferring(chat("c1"), marketing=False, at=NOON)
    resumed = domain.preferring(chat("c2"), marketing=True, at=NOON + LATER)
    both = (resumed, stopped) if turned else (stopped, resumed)
    kept, gone = domain.merge(*both)
    assert (kept.marketing_stopped, kept.preference_at) == (False, NOON + LATER)
    assert gone.merged_into == kept.chat_id
