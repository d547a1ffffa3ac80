"""A queued message goes to its channel: at most once, and what nobody knows is called unknown."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.commands.deliver import TAKEN, deliver
from chalicelib.commands.settle import settle_receipts
from chalicelib.domain.delivery import AnswerLost, NotSent, Refused, Status, callback_data
from chalicelib.domain.inbound import Failure
from chalicelib.domain.message import LEASE
from chalicelib.gateways.secrets import ChannelSecrets
from chalicelib.stores import channels
from chalicelib.stores import chats as store
from chalicelib.stores.chats import Stale
from tests.builders import ACCOUNT, chat, message, put, receipt

QUEUED = message("olá")
KEY = QUEUED.key


@pytest.fixture
def queued(world):
    """One message on its way, on a healthy channel."""
    channels.save("whatsapp", ACCOUNT, display="+55", portfolio="p")
    put(chat(), QUEUED)
    return world


def now():
    return store.load_message("c1", KEY)


def refused(code, **more):
    return Refused(Failure(code, "said so"), **more)


def seconds(number):
    return timedelta(seconds=number)


def test_a_message_is_sent_with_the_address_its_receipts_bring_back(queued, graph):
    """CHAT-4"""
    assert deliver(queued, "c1", KEY) is None
    assert graph.sent == [
        {"to": "5511987654321", "text": "olá", "callback": callback_data("c1", KEY)}
    ]
    assert (now().status, now().provider_id, now().attempts) == (Status.SENT, "wamid.out1", 1)
    assert now().leased_until is None
    assert store.load("c1").touched == (KEY,)


def test_delivered_twice_it_is_sent_once(queued, graph):
    """SEND-12"""
    for _ in range(3):
        assert deliver(queued, "c1", KEY) is None
    assert len(graph.sent) == 1


def test_what_is_not_there_or_not_ours_is_let_go(queued, graph):
    assert deliver(queued, "c1", "1795521600000-0123456789abcdef") is None
    assert deliver(queued, "c9", KEY) is None
    assert graph.sent == []


def test_a_refusal_that_will_pass_waits_and_is_tried_again(queued, graph):
    """SEND-12 CHAT-4"""
    graph.outcomes = [refused(131056), refused(131056), None]
    assert deliver(queued, "c1", KEY) == seconds(1)
    assert (now().status, now().attempts, now().leased_until) == (Status.QUEUED, 1, None)
    assert deliver(queued, "c1", KEY) == seconds(4)
    assert deliver(queued, "c1", KEY) is None
    assert (now().status, now().attempts) == (Status.SENT, 3)
    assert len(graph.sent) == 1


def test_waiting_moves_no_revision(queued, graph):
    """LIVE-4: queued and sending look the same on screen."""
    graph.outcomes = [refused(131056)]
    deliver(queued, "c1", KEY)
    assert store.load("c1").rev == 1


def test_a_refusal_that_stops_is_shown_with_its_code(queued, graph):
    """CHAT-5"""
    graph.outcomes = [refused(131047)]
    assert deliver(queued, "c1", KEY) is None
    assert (now().status, now().failure) == (Status.FAILED, Failure(131047, "said so"))
    assert now().rev == store.load("c1").rev == 2
    assert channels.problem("whatsapp", ACCOUNT) is None


def test_patience_ends_in_a_failure(queued, graph):
    """CHAT-5"""
    graph.outcomes = [refused(131056)] * 6
    waits = [deliver(queued, "c1", KEY) for _ in range(6)]
    assert waits[-1] is None
    assert now().status is Status.FAILED


def test_what_never_left_is_tried_again(queued, graph):
    """CHAT-4"""
    graph.outcomes = [NotSent("ConnectError")]
    assert deliver(queued, "c1", KEY) == seconds(1)
    assert now().status is Status.QUEUED
    assert deliver(queued, "c1", KEY) is None
    assert now().status is Status.SENT


def test_a_lost_answer_is_unknown_and_never_sent_twice(queued, graph):
    """CHAT-4"""
    graph.outcomes = [AnswerLost("ReadTimeout")]
    assert deliver(queued, "c1", KEY) is None
    assert now().status is Status.UNKNOWN
    for _ in range(3):
        assert deliver(queued, "c1", KEY) is None
    assert graph.sent == []
    assert store.load("c1").touched == (KEY,), "the screen is told"


def test_a_lost_answer_is_settled_by_a_receipt(queued, graph):
    """CHAT-4"""
    graph.outcomes = [AnswerLost("ReadTimeout")]
    deliver(queued, "c1", KEY)
    told = receipt("wamid.late", "delivered", callback=callback_data("c1", KEY))
    settle_receipts(queued, [told])
    assert (now().status, now().provider_id) == (Status.DELIVERED, "wamid.late")


def test_a_lease_left_behind_becomes_unknown_once_it_is_over(queued, graph, clock):
    """CHAT-4: whoever held it may have sent it."""
    store.save_message(
        replace(now(), status=Status.SENDING, attempts=1, leased_until=clock() + LEASE, version=1)
    )
    assert deliver(queued, "c1", KEY) == LEASE
    clock.forward(seconds=20)
    assert deliver(queued, "c1", KEY) == LEASE - seconds(20)
    clock.forward(seconds=LEASE.total_seconds() - 20)
    assert deliver(queued, "c1", KEY) is None
    assert now().status is Status.UNKNOWN
    assert graph.sent == []


def test_who_finds_the_lease_taken_comes_back(queued, graph, monkeypatch):
    """SEND-12"""

    def taken(_):
        raise Stale

    monkeypatch.setattr(store, "save_message", taken)
    assert deliver(queued, "c1", KEY) == TAKEN
    assert graph.sent == []


def test_a_receipt_faster_than_the_answer_is_not_undone(queued, graph):
    """CHAT-4"""

    def send(*_, **__):
        told = receipt("wamid.fast", "delivered", callback=callback_data("c1", KEY))
        settle_receipts(queued, [told])
        raise refused(131056)

    graph.send = send
    assert deliver(queued, "c1", KEY) is None
    assert (now().status, now().provider_id) == (Status.DELIVERED, "wamid.fast")


def test_a_dead_token_fails_and_says_so_on_the_channel_until_the_next_success(queued, graph):
    """INB-10 CHAT-5"""
    graph.outcomes = [refused(190)]
    deliver(queued, "c1", KEY)
    assert (now().status, now().failure.code) == (Status.FAILED, 190)
    assert channels.problem("whatsapp", ACCOUNT) == "token_invalid"
    put(chat("c2"), message("de novo", chat_id="c2"))
    deliver(queued, "c2", message("de novo").key)
    assert channels.problem("whatsapp", ACCOUNT) is None


@pytest.mark.parametrize("accounts", [{}, {ACCOUNT: ChannelSecrets("", "secret", "verify")}])
def test_without_a_token_nothing_is_tried(queued, graph, accounts):
    """INB-10"""
    queued.secrets.accounts = accounts
    assert deliver(queued, "c1", KEY) is None
    assert (now().status, now().failure.code) == (Status.FAILED, 190)
    assert channels.problem("whatsapp", ACCOUNT) == "token_invalid"
    assert graph.sent == []


def test_nothing_goes_out_to_a_blocked_contact(queued, graph):
    """BLOCK-2"""
    before = store.load("c1")
    store.commit(store.Change(before=before, after=replace(before, rev=2, blocked=True)))
    deliver(queued, "c1", KEY)
    assert (now().status, now().failure.code) == (Status.FAILED, 130403)
    assert graph.sent == []


def test_a_merged_chats_message_goes_to_the_person_of_the_winner(world, graph):
    """INB-7"""
    put(chat("c2", phone="5511900000000"))
    put(chat("c1", merged_into="c2"), QUEUED)
    deliver(world, "c1", KEY)
    assert graph.sent[0]["to"] == "5511900000000"
    assert now().status is Status.SENT
    assert store.load("c2").touched == (KEY,)
