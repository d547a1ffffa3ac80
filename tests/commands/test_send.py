"""An agent answers: once for each key, and the chat finds its holder."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.commands.dispatch import Written, dispatch
from chalicelib.commands.mark_read import mark_read
from chalicelib.commands.receive import receive
from chalicelib.commands.send import retry
from chalicelib.domain import errors
from chalicelib.domain.access import Permission
from chalicelib.domain.delivery import Status
from chalicelib.domain.inbound import Failure
from chalicelib.domain.listing import Placement, placement
from chalicelib.domain.message import key_of, line
from chalicelib.stores import chats as store
from chalicelib.stores.rows import to_message
from chalicelib.stores.tables import AttendanceRow, MessageRow, Row
from tests.builders import ACCOUNT, NOON, agent, arrival, chat, client_key, message, put, says

ANA, BRUNO = agent("ana"), agent("bruno")


def messages(*, lines: bool = False):
    rows = [row for row in Row.scan() if isinstance(row, MessageRow)]
    found = sorted((to_message(row) for row in rows), key=lambda one: one.key)
    return [one for one in found if (one.line is not None) is lines]


@pytest.mark.parametrize(
    ("before", "place"),
    [
        ({}, Placement.AGENT),  # ROUTE-4
        ({"open_": False}, Placement.AGENT),  # ROUTE-4: it opens an attendance
        ({"department_id": "sales"}, Placement.BOTH),  # ROUTE-5
    ],
)
def test_the_first_who_answers_holds_the_chat(world, before, place):
    """ROUTE-4 ROUTE-5"""
    put(chat(**before))
    sent = says(world, ANA, "c1", client_key(), "olá")
    after = store.load("c1")
    assert (after.agent_id, placement(after)) == ("ana", place)
    assert after.attendance.agent_ids == ("ana",)
    assert (after.preview, after.preview_author, after.last_activity_at) == ("olá", "agent", NOON)
    (took,) = messages(lines=True)
    assert (after.rev, after.touched) == (2, (sent.key, took.key))
    assert took.line == line("took", ANA, "ana", "Ana")
    assert (sent.status, sent.rev, sent.author_name) == (Status.QUEUED, 2, "Ana")


@pytest.mark.parametrize("department_id", [None, "sales"])
def test_a_second_agent_replaces_nobody(world, department_id):
    """ROUTE-6"""
    put(chat(department_id=department_id))
    says(world, ANA, "c1", client_key(number=1), "olá")
    says(world, BRUNO, "c1", client_key(number=2), "oi")
    assert store.load("c1").agent_id == "ana"
    assert {one.agent_id for one in messages()} == {"ana", "bruno"}
    assert [one.line["by"] for one in messages(lines=True)] == ["ana"]


def test_answering_a_closed_chat_opens_an_attendance_with_a_protocol(world):
    """ROUTE-4 SORT-1"""
    put(chat(open_=False))
    says(world, ANA, "c1", client_key(), "olá")
    after = store.load("c1")
    assert (after.attendance.protocol, after.attendance.opened_by) == ("100001", "ana")
    assert after.opened_at == NOON
    (record,) = [row for row in Row.scan() if isinstance(row, AttendanceRow)]
    assert (record.protocol, record.agent_ids) == ("100001", ["ana"])


@pytest.mark.parametrize("times", [2, 10])
def test_the_same_key_again_is_the_same_message(world, clock, times):
    """SEND-12"""
    put(chat())
    first = says(world, ANA, "c1", client_key(), "olá")
    for _ in range(times):
        clock.forward(seconds=30)
        assert says(world, ANA, "c1", client_key(), "olá") == first
    assert messages() == [first]
    assert store.load("c1").rev == 2


def test_the_same_key_still_answers_when_the_chat_has_gone_on(world):
    """SEND-12"""
    put(chat())
    first = says(world, ANA, "c1", client_key(), "olá")
    now = store.load("c1")
    store.commit(store.Change(before=now, after=replace(now, rev=now.rev + 1, blocked=True)))
    assert says(world, ANA, "c1", client_key(), "olá").key == first.key
    with pytest.raises(errors.ContactBlocked):
        says(world, ANA, "c1", client_key(number=2), "olá")


def test_a_key_names_one_text(world):
    """SEND-12"""
    put(chat())
    says(world, ANA, "c1", client_key(), "olá")
    with pytest.raises(errors.ClientKeyReused):
        says(world, ANA, "c1", client_key(), "outro texto")
    assert len(messages()) == 1


def test_two_agents_may_draw_the_same_key(world):
    """SEND-12"""
    put(chat())
    says(world, ANA, "c1", client_key(), "olá")
    says(world, BRUNO, "c1", client_key(), "oi")
    assert len(messages()) == 2


def test_free_text_needs_a_valid_session(world, clock):
    """SEND-1 SES-1"""
    put(chat(open_=False, last_inbound_at={ACCOUNT: NOON}))
    clock.forward(hours=24)
    with pytest.raises(errors.SessionClosed):
        says(world, ANA, "c1", client_key(clock()), "olá")
    assert messages() == []
    assert store.load("c1").attendance is None, "a refusal opens and assigns nothing"


def test_a_repeat_answers_also_after_the_session_ended(world, clock):
    """SEND-12"""
    put(chat())
    first = says(world, ANA, "c1", client_key(), "olá")
    clock.forward(hours=23, minutes=30)
    assert says(world, ANA, "c1", client_key(), "olá") == first


def test_what_one_may_not_read_one_may_not_answer(world):
    """TAB-7 PERM-2"""
    put(chat(agent_id="bruno"))
    only_open = agent("ana", permissions=frozenset({Permission.TAB_OPEN}))
    for chat_id in ("c1", "c9"):
        with pytest.raises(errors.NotFound):
            says(world, only_open, chat_id, client_key(), "olá")
        with pytest.raises(errors.NotFound):
            mark_read(world, only_open, chat_id, client_key())
        with pytest.raises(errors.NotFound):
            retry(world, only_open, chat_id, key_of(NOON, "m"), client_key())
    assert messages() == []


def test_an_answer_may_hide_the_chat_from_who_gave_none(world):
    """TAB-7"""
    put(chat())
    only_open = agent("eva", permissions=frozenset({Permission.TAB_OPEN}))
    says(world, ANA, "c1", client_key(), "olá")
    with pytest.raises(errors.NotFound):
        says(world, only_open, "c1", client_key(), "oi")


def test_an_answer_to_a_merged_chat_reaches_the_winner(world):
    """INB-7"""
    put(chat("c2"))
    put(chat("c1", merged_into="c2"))
    assert says(world, ANA, "c1", client_key(), "olá").chat_id == "c2"


# --- sending again ----------------------------------------------------------------------------

LOST = message("olá", status=Status.FAILED, failure=Failure(131026, "Undeliverable"))


@pytest.mark.parametrize("status", [Status.FAILED, Status.UNKNOWN])
def test_a_failed_message_is_sent_again_as_a_new_attempt(world, status):
    """CHAT-6"""
    put(chat(), replace(LOST, status=status))
    again = retry(world, ANA, "c1", LOST.key, client_key())
    old, new = sorted(messages(), key=lambda one: one.retry_of is not None)
    assert (new.text, new.status, new.retry_of) == ("olá", Status.QUEUED, old.key)
    assert (old.status, old.retried_by, old.rev) == (status, new.key, 2)
    (took,) = messages(lines=True)
    assert set(store.load("c1").touched) == {old.key, new.key, took.key}
    assert retry(world, ANA, "c1", LOST.key, client_key()) == again, "SEND-12"
    assert len(messages()) == 2


def test_a_message_is_sent_again_once(world):
    """CHAT-6"""
    put(chat(), LOST)
    retry(world, ANA, "c1", LOST.key, client_key(number=1))
    with pytest.raises(errors.NotFailed):
        retry(world, BRUNO, "c1", LOST.key, client_key(number=2))


@pytest.mark.parametrize(
    "status", [Status.QUEUED, Status.SENDING, Status.SENT, Status.DELIVERED, Status.READ]
)
def test_what_did_not_fail_is_not_sent_again(world, status):
    """CHAT-6"""
    put(chat(), replace(LOST, status=status))
    with pytest.raises(errors.NotFailed):
        retry(world, ANA, "c1", LOST.key, client_key())


def test_only_what_an_agent_wrote_is_sent_again(world):
    """CHAT-6"""
    put(chat(), message("oi", author="contact", agent_id=None, status=None))
    with pytest.raises(errors.NotFound):
        retry(world, ANA, "c1", message("oi").key, client_key())


def test_sending_again_obeys_the_session(world, clock):
    """CHAT-6 SEND-1"""
    put(chat(), LOST)
    clock.forward(hours=25)
    with pytest.raises(errors.SessionClosed):
        retry(world, ANA, "c1", LOST.key, client_key(clock()))


# --- read -------------------------------------------------------------------------------------


def test_reading_is_for_everyone(world):
    """READ-1"""
    came = receive(world, arrival("oi"))
    after = mark_read(world, ANA, came.chat_id, came.key)
    assert (after.unread, after.unread_from, after.rev) == (0, None, 2)
    assert store.load(came.chat_id) == after


def test_reading_twice_writes_once(world):
    """READ-1"""
    came = receive(world, arrival("oi"))
    for _ in range(2):
        mark_read(world, ANA, came.chat_id, came.key)
    assert store.load(came.chat_id).rev == 2


def test_a_message_that_the_reader_has_not_seen_stays_unread(world):
    """READ-1"""
    seen = receive(world, arrival("um"))
    receive(world, arrival("dois", at=NOON + timedelta(minutes=1)))
    assert mark_read(world, ANA, seen.chat_id, seen.key).unread == 2
    answered = says(world, ANA, seen.chat_id, client_key(NOON + timedelta(seconds=5)), "olá")
    assert mark_read(world, ANA, seen.chat_id, answered.key).unread == 2


# --- to the lane ------------------------------------------------------------------------------


def test_what_was_queued_is_put_on_the_lane_of_its_chat(world):
    """SEND-12: however often, under one name."""
    put(chat())
    sent = says(world, ANA, "c1", client_key(), "olá")
    for _ in range(2):
        heard = message("oi", author="contact", status=None)
        dispatch(world, [Written(None, sent), Written(None, heard)])
    first, second = world.queues.entries["outbound"]
    assert first == second
    assert first.group == "c1"
    assert len(first.deduplication) <= 128
    assert "olá" not in first.body


def test_what_was_already_sent_is_not_put_on_the_lane(world):
    settled = (message(status=Status.SENT), message(status=Status.FAILED))
    dispatch(world, [Written(None, one) for one in settled])
    assert world.queues.entries == {}
