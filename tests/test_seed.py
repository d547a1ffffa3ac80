"""The demonstration keeps the desk's own rules, and everybody in it can be found."""

from collections import Counter
from datetime import timedelta
from random import Random

import pytest

from chalicelib.domain import fields, labels
from chalicelib.domain.session import State
from chalicelib.stores.counters import FIRST_PROTOCOL
from chalicelib.stores.members import places, protocol_place
from chalicelib.stores.tables import MemberRow
from local import marks, seed
from tests.builders import NOON, agent


@pytest.fixture(scope="module")
def stories():
    agents = [agent(name) for name in ("ana", "bruno", "carla", "davi", "elisa", "fabio")]
    found = list(seed._stories(agents, NOON, Random(1)))
    seed._number(found)
    return found


@pytest.fixture(scope="module")
def rows(stories):
    return [row for story in stories for row in seed._rows(story)]


def test_no_two_rows_share_a_key(rows):
    """OPS-1"""
    assert not [
        key for key, count in Counter((row.pk, row.sk) for row in rows).items() if count > 1
    ]


def test_everybody_is_found_by_name_phone_tag_and_protocol(stories, rows):
    """FIND-1 FILT-1"""
    members = {(row.pk, row.sk) for row in rows if isinstance(row, MemberRow)}
    for story in stories:
        assert places(story.chat) <= members
        assert {protocol_place(record.protocol) for record in story.records} <= members


def test_protocols_are_given_in_the_order_of_opening(stories):
    """CHAT-8 CLOSE-7"""
    records = [record for story in stories for record in story.records]
    records.sort(key=lambda record: int(record.protocol))
    numbers = [int(record.protocol) for record in records]
    assert numbers == list(range(FIRST_PROTOCOL + 1, FIRST_PROTOCOL + 1 + len(records)))
    assert records == sorted(records, key=lambda record: record.opened_at)
    for story in stories:
        if story.chat.attendance is not None:
            assert story.chat.attendance.protocol in {one.protocol for one in story.records}


def test_it_shows_every_mark(stories):
    """FILT-1 ROW-3 ROW-6 BLOCK-2"""
    chats = [story.chat for story in stories]
    states = {chat.session.state(NOON + timedelta(minutes=2)) for chat in chats}
    assert states == {State.OPEN, State.EXPIRING, State.EXPIRED}
    assert {tag for chat in chats for tag in chat.tags} == {tag["tag_id"] for tag in marks.TAGS}
    assert {tag["color"] for tag in marks.TAGS} <= set(labels.COLORS)
    assert len({campaign for chat in chats for campaign in chat.campaigns}) == 2
    assert any(chat.blocked for chat in chats)
    assert any(len(story.records) > 2 for story in stories)


@pytest.mark.parametrize("number", range(0, 3000, 271))
def test_a_made_up_cpf_has_right_check_digits(number):
    """INFO-2"""
    cpf = marks.cpf(number)
    kept = fields.system_value("cpf", cpf, path="cpf", today=NOON.date())
    assert kept == cpf
