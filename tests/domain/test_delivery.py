"""What becomes of a message we send."""

from datetime import timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.delivery import (
    PATIENCE,
    POLICIES,
    UNREACHABLE,
    Fail,
    Refused,
    RetryIn,
    Status,
    advance,
    after_not_sent,
    after_refusal,
    callback_data,
    from_provider,
    policy,
    policy_of,
    reaction_callback,
    read_callback,
    read_reaction_callback,
)
from chalicelib.domain.inbound import Failure

WORDS = ["sent", "delivered", "read", "played", "failed", "deleted", "teleported"]


def seconds(number):
    return timedelta(seconds=number)


def refused(code, *, retry_after=None, transient=False):
    return Refused(Failure(code, "said so"), retry_after, transient=transient)


def hear(status, words):
    for word in words:
        incoming = from_provider(word)
        if incoming is not None:
            status = advance(status, incoming)
    return status


@pytest.mark.parametrize(
    ("start", "words", "end"),
    [
        ("sending", ["sent", "delivered", "read"], "read"),
        ("sending", ["read", "delivered", "sent"], "read"),
        ("sending", ["read"], "read"),
        ("sending", ["delivered", "played"], "read"),
        ("sent", ["failed"], "failed"),
        ("failed", ["sent"], "failed"),
        ("delivered", ["failed"], "delivered"),
        ("failed", ["delivered"], "delivered"),
        ("read", ["failed", "sent"], "read"),
        ("unknown", ["sent"], "sent"),
        ("unknown", ["delivered"], "delivered"),
        ("unknown", ["read"], "read"),
        ("unknown", ["failed"], "failed"),
        ("queued", ["sent"], "sent"),
        ("sending", ["failed"], "failed"),
        ("sent", ["teleported", "deleted", "warning", "", "SENT"], "sent"),
    ],
)
def test_statuses_never_go_back(start, words, end):
    """CHAT-4"""
    assert hear(Status(start), words) == end


@pytest.mark.parametrize("start", list(Status))
def test_a_lost_answer_is_unknown_only_until_something_is_known(start):
    """CHAT-4"""
    expected = Status.UNKNOWN if start in ("queued", "sending", "unknown") else start
    assert advance(start, Status.UNKNOWN) is expected


@given(start=st.sampled_from(list(Status)), words=st.lists(st.sampled_from(WORDS), max_size=5))
def test_any_order_of_statuses_ends_the_same(start, words):
    """INB-4"""
    assert len({hear(start, order) for order in permutations(words)}) == 1


@given(st.sampled_from(list(Status)), st.sampled_from(list(Status)), st.sampled_from(list(Status)))
def test_statuses_form_a_lattice(one, other, third):
    """INB-4"""
    assert advance(one, other) is advance(other, one)
    assert advance(one, one) is one
    assert advance(advance(one, other), third) is advance(one, advance(other, third))


@pytest.mark.parametrize(
    ("code", "action", "problem"),
    [
        (0, "stop", "token_invalid"),
        (190, "stop", "token_invalid"),
        (1, "retry", None),
        (2, "retry", None),
        (3, "stop", "permission"),
        (4, "wait", None),
        (10, "stop", "permission"),
        (33, "stop", None),
        (100, "stop", None),
        (199, "stop", None),
        (200, "stop", "permission"),
        (299, "stop", "permission"),
        (300, "stop", None),
        (368, "stop", "restricted"),
        (613, "wait", None),
        (80007, "wait", None),
        (130403, "stop", None),
        (130429, "retry", None),
        (131000, "retry", None),
        (131005, "stop", "permission"),
        (131016, "retry", None),
        (131026, "stop", None),
        (131031, "stop", "restricted"),
        (131042, "stop", "billing"),
        (131047, "stop", None),
        (131048, "wait", "restricted"),
        (131049, "stop", None),
        (131056, "retry", None),
        (131057, "wait", None),
        (132001, "stop", None),
        (133004, "retry", None),
        (-1, "stop", None),
        (987654321, "stop", None),
    ],
)
def test_what_each_code_asks_for(code, action, problem):
    """META.md §10"""
    assert (policy(code).action, policy(code).channel_problem) == (action, problem)


def test_the_pair_limit_is_tried_again_after_powers_of_four():
    waits = [after_refusal(refused(131056), attempt) for attempt in range(1, 7)]
    assert waits[:5] == [RetryIn(seconds(4**n)) for n in range(5)]
    assert isinstance(waits[5], Fail)


def test_throughput_is_tried_again_ever_more_slowly():
    waits = [after_refusal(refused(130429), attempt) for attempt in range(1, 9)]
    assert waits[:7] == [RetryIn(seconds(2**n)) for n in range(7)]
    assert isinstance(waits[7], Fail)


@pytest.mark.parametrize("code", sorted(POLICIES))
def test_no_code_holds_a_chat_for_long(code):
    chosen = policy(code)
    assert sum(chosen.delays, timedelta(0)) <= PATIENCE
    assert (chosen.action == "stop") == (chosen.attempts == 1)
    assert isinstance(after_refusal(refused(code), chosen.attempts), Fail)
    assert isinstance(after_refusal(refused(code), chosen.attempts + 50), Fail)


def test_a_refusal_that_stops_keeps_its_reason():
    """CHAT-5"""
    reason = Failure(131047, "Re-engagement message", "more than 24 hours")
    assert after_refusal(Refused(reason), 1) == Fail(reason)


def test_what_the_provider_calls_transient_is_tried_again_unless_we_know_better():
    assert after_refusal(refused(424242, transient=True), 1) == RetryIn(seconds(1))
    assert isinstance(after_refusal(refused(424242), 1), Fail)
    assert isinstance(after_refusal(refused(131047, transient=True), 1), Fail)


@pytest.mark.parametrize(
    ("asked", "attempt", "answer"),
    [(5, 1, RetryIn(seconds(5))), (0, 1, RetryIn(seconds(1))), (5, 5, RetryIn(seconds(16)))],
)
def test_a_wait_that_the_provider_asks_for_is_kept(asked, attempt, answer):
    assert after_refusal(refused(130429, retry_after=seconds(asked)), attempt) == answer


@pytest.mark.parametrize(("asked", "attempt"), [(3600, 1), (300, 3)])
def test_a_wait_beyond_patience_fails_at_once(asked, attempt):
    assert isinstance(after_refusal(refused(4, retry_after=seconds(asked)), attempt), Fail)


def test_what_did_not_leave_is_tried_again_and_then_fails():
    assert after_not_sent(1) == RetryIn(seconds(1))
    assert after_not_sent(7) == RetryIn(seconds(64))
    assert after_not_sent(8) == Fail(UNREACHABLE)


def test_errors_show_the_code_only():
    assert str(Refused(Failure(131047, "secret title", "secret details"))) == "131047"


def test_callback_data_comes_back():
    attached = callback_data("0a1b2c3d4e5f6071", "1790000001000-0123456789abcdef")
    assert len(attached) <= 512
    assert read_callback(attached) == ("0a1b2c3d4e5f6071", "1790000001000-0123456789abcdef")


@given(st.text(max_size=600), st.text(max_size=600))
def test_callback_data_comes_back_or_is_refused(chat_id, key):
    try:
        attached = callback_data(chat_id, key)
    except ValueError:
        return
    assert len(attached) <= 512
    assert read_callback(attached) == (chat_id, key)


@pytest.mark.parametrize(
    "foreign",
    [None, "", "a1", "a1/", "a1//", "a1/x", "a1/x/y/z", "a2/x/y", "a1/x/y\n", "order-77", "a1/ /y"],
)
def test_callback_data_of_others_is_not_ours(foreign):
    assert read_callback(foreign) is None


@given(st.text(max_size=600))
def test_any_text_is_ours_or_not(text):
    found = read_callback(text)
    assert found is None or callback_data(*found) == text


# --- Messenger and Instagram ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "subcode", "action", "problem"),
    [
        (10, 2018278, "stop", None),  # the window, not the permission
        (10, 2534022, "stop", None),
        (10, None, "stop", "permission"),
        (10, 999, "stop", "permission"),
        (10, 1893063, "stop", "restricted"),
        (10, 2018300, "stop", None),
        (100, 2534037, "stop", None),
        (551, 1545041, "stop", None),
        (200, 1545041, "stop", None),
        (200, 2534041, "stop", "permission"),
        (100, 2018001, "stop", None),
        (613, 2534040, "wait", None),
        (613, None, "wait", None),
        (9000001, None, "stop", None),
        (2, None, "retry", None),
    ],
)
def test_a_second_code_tells_reasons_apart(code, subcode, action, problem):
    """CHAT-5 META.md §8"""
    found = policy(code, subcode)
    assert (found.action, found.channel_problem) == (action, problem)
    assert policy_of(Failure(code, "x", None, subcode)) is found


def test_what_comes_back_of_a_reaction_is_not_of_its_message():
    """CHAT-7"""
    attached = reaction_callback("c1", "1795521600000-0123456789abcdef")
    assert read_callback(attached) is None
    assert read_reaction_callback(attached) == ("c1", "1795521600000-0123456789abcdef")
    for other in (None, "", "r1/", callback_data("c1", "k")):
        assert read_reaction_callback(other) is None
