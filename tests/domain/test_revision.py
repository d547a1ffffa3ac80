"""How a chat's revisions grow, and that a row's grows only with what a list can see."""

from dataclasses import fields, replace

import pytest

from chalicelib.domain.chat import Chat, Closing, OpenAttendance
from chalicelib.domain.flow_position import Position
from chalicelib.domain.inbound import Failure
from chalicelib.domain.message import key_of
from chalicelib.domain.revision import revised
from tests.builders import NOON, chat

KEY = key_of(NOON, "m")


def at_seven(**facts):
    return chat(rev=7, row_rev=3, touched=("old",), **facts)


def test_a_new_chat_begins_at_one():
    """LIVE-4"""
    first = revised(None, chat(), [KEY])
    assert (first.rev, first.row_rev, first.touched) == (1, 1, (KEY,))


def test_a_revision_grows_by_one_and_names_what_it_touched():
    """LIVE-4"""
    before = at_seven()
    assert revised(before, before, [KEY]).rev == 8
    assert revised(before, before, [KEY]).touched == (KEY,)
    assert revised(before, before).touched == ()


SEEN = {
    "name": "Beatriz",
    "phone": "5511900000000",
    "username": "bia",
    "account": "another",
    "preview": "até logo",
    "preview_kind": "image",
    "preview_author": "agent",
    "last_activity_at": NOON,
    "opened_at": NOON,
    "attendance": None,
    "agent_id": "ana",
    "department_id": "sales",
    "unread": 3,
    "blocked": True,
    "merged_into": "c2",
    "erasing": True,
    "tags": ("vip",),
    "campaigns": ("natal",),
    "last_inbound_at": {},
    "flow": Position("f1", 1, "menu", NOON, "run"),
}
UNSEEN = {
    "given_name": "Beatriz",
    "user_id": "BR.1",
    "learnt_at": {"phone": NOON},
    "portfolio": "another",
    "preview_key": KEY,
    "unread_from": KEY,
    "last_inbound": KEY,
    "profile_rev": 7,
    "receipt_for": KEY,
    "meta_block": "pending",
    "meta_block_failure": Failure(1, "no"),
    "identities": ("an id",),
    "also": ("c2",),
    "created_at": NOON,
    "awaited": ("0123456789ab",),
    "marketing_stopped": True,
    "preference_at": NOON,
    "profile_wanted": True,
    "session_timer": NOON,
    "closing": Closing(NOON, "keep", "ana", "Ana"),
    "opened_by_template_at": NOON,
    "blocked_at": NOON,
    "unblocked_at": NOON,
}
FIXED = {"chat_id", "channel"}
COUNTED = {"rev", "row_rev", "touched", "arming", "holding", "occasions"}


@pytest.mark.parametrize("fact", SEEN)
def test_what_a_row_shows_moves_its_revision(fact):
    """LIVE-4 ROW-1 ROW-2 ROW-4 ROW-7"""
    before = at_seven()
    assert revised(before, replace(before, **{fact: SEEN[fact]})).row_rev == 8


@pytest.mark.parametrize("fact", UNSEEN)
def test_what_a_row_does_not_show_leaves_its_revision(fact):
    """LIVE-4"""
    before = at_seven()
    assert revised(before, replace(before, **{fact: UNSEEN[fact]})).row_rev == 3


def test_a_tick_moves_no_row():
    """LIVE-4 CHAT-4"""
    before = at_seven()
    assert revised(before, before, [KEY]).row_rev == 3


def test_a_second_agent_on_record_moves_no_row():
    """ROW-4: the attendance's own history is not what a row shows."""
    before = at_seven()
    served = OpenAttendance("100001", before.attendance.opened_at, None, ("ana",))
    assert revised(before, replace(before, attendance=served)).row_rev == 3


def test_every_fact_of_a_chat_is_seen_or_unseen():
    """LIVE-4"""
    assert {one.name for one in fields(Chat)} == {*SEEN, *UNSEEN, *FIXED, *COUNTED}
