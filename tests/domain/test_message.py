"""A message's key, its text, and the client's key that makes a repeat the same message."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain import errors
from chalicelib.domain.delivery import Status
from chalicelib.domain.inbound import Failure
from chalicelib.domain.instants import from_ms
from chalicelib.domain.message import (
    CLIENT_KEY,
    arrival_key,
    from_arrival,
    key_of,
    preview,
    written_at,
)
from tests.builders import NOON, arrival, client_key, message

A_MOMENT = timedelta(milliseconds=1)


@pytest.mark.parametrize(
    "at",
    [
        NOON,
        NOON + timedelta(seconds=10),
        NOON - timedelta(hours=24),
        NOON - timedelta(hours=3),
    ],
)
def test_a_key_is_also_the_time_it_is_ordered_by(at):
    """SEND-12"""
    assert written_at(client_key(at), NOON) == at


@pytest.mark.parametrize(
    ("at", "refusal"),
    [
        (NOON + timedelta(seconds=10) + A_MOMENT, errors.ClockSkew),
        (NOON + timedelta(days=365), errors.ClockSkew),
        (NOON - timedelta(hours=24) - A_MOMENT, errors.ClientKeyExpired),
        (NOON - timedelta(days=20_000), errors.ClientKeyExpired),
    ],
)
def test_a_key_from_the_future_or_from_long_ago_is_refused(at, refusal):
    """SEND-12"""
    with pytest.raises(refusal):
        written_at(client_key(at), NOON)


def test_a_key_from_the_future_learns_the_servers_clock():
    """SEND-12"""
    with pytest.raises(errors.ClockSkew) as refused:
        written_at(client_key(NOON + timedelta(minutes=1)), NOON)
    assert refused.value.fields == {"server_now": "2026-11-24T12:00:00.000Z"}


@pytest.mark.parametrize(
    "malformed",
    [
        "",
        "1",
        "1790000001000",
        "1790000001000-",
        "1790000001000-0123456789ABCDEF",
        "1790000001000-0123456789abcde",
        "1790000001000-0123456789abcdef0",
        "-790000001000-0123456789abcdef",
        "1790000001000-0123456789abcdef\n",
        "١790000001000-0123456789abcdef",
    ],
)
def test_a_malformed_key_is_refused(malformed):
    """SEND-12"""
    with pytest.raises(errors.Invalid) as refused:
        written_at(malformed, NOON)
    assert refused.value.fields == {"fields": [{"path": "client_key", "reason": "pattern"}]}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("oi", "oi"),
        ("", ""),
        ("  duas\n\nlinhas\t ", "duas linhas"),
        ("a" * 80, "a" * 80),
        ("a" * 81, "a" * 79 + "…"),
        ("😀" * 200, "😀" * 79 + "…"),
    ],
)
def test_a_preview_is_one_short_line(text, shown):
    """ROW-1"""
    assert preview(text) == shown


@given(st.text(max_size=300))
def test_no_preview_is_longer_than_80_characters(text):
    """ROW-1"""
    assert len(preview(text)) <= 80
    assert "\n" not in preview(text)


UNTIL_2286 = st.integers(0, 9_999_999_999_999).map(from_ms)


@given(st.lists(UNTIL_2286, min_size=2, max_size=5))
def test_keys_sort_as_time_does(instants):
    """CHAT-1"""
    assert sorted(instants, key=lambda at: key_of(at, "any")) == sorted(instants)


def test_the_same_arrival_has_the_same_key_however_it_comes():
    """INB-3"""
    once, again = arrival(), arrival(text="another text", person=arrival().person)
    assert arrival_key(once) == arrival_key(arrival())
    assert arrival_key(once) != arrival_key(again)
    assert CLIENT_KEY.fullmatch(arrival_key(once)), "keys of every origin have one shape"


def test_an_echo_is_ours_and_went_out():
    """INB-8"""
    echo = from_arrival(arrival(echo=True, from_contact=False), "c1", 1)
    heard = from_arrival(arrival(), "c1", 1)
    assert (echo.author, echo.status) == ("device", Status.SENT)
    assert (heard.author, heard.status) == ("contact", None)


@pytest.mark.parametrize("status", list(Status))
@pytest.mark.parametrize("retried_by", [None, "another"])
def test_what_failed_or_may_be_lost_can_be_sent_again_once(status, retried_by):
    """CHAT-6"""
    lost = status in (Status.FAILED, Status.UNKNOWN)
    one = message(status=status, retried_by=retried_by)
    assert one.may_be_retried() is (lost and retried_by is None)


def test_the_reason_stays_only_while_it_has_failed():
    """CHAT-4 CHAT-5"""
    reason = Failure(131026, "Message undeliverable")
    failed = message(status=Status.SENT).advanced(Status.FAILED, failure=reason)
    assert failed.failure == reason
    arrived = failed.advanced(Status.DELIVERED, failure=reason, provider_id="wamid.1")
    assert (arrived.failure, arrived.provider_id) == (None, "wamid.1")
