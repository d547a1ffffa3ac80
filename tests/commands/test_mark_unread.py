"""«Marcar como não lido»: for everyone, and once."""

from datetime import timedelta

import pytest

from chalicelib.commands.mark_read import mark_read, mark_unread
from chalicelib.commands.receive import receive
from chalicelib.domain import errors
from chalicelib.domain.access import Permission
from chalicelib.domain.listing import Filters, Order, Tab
from chalicelib.queries import chats as queries
from chalicelib.stores import chats as store
from tests.builders import NOON, agent, arrival, chat, put

ANA = agent()


@pytest.fixture
def heard(world):
    """A chat of two messages, read by somebody."""
    receive(world, arrival("um"))
    receive(world, arrival("dois", at=NOON + timedelta(seconds=1)))
    (row,) = queries.list_page(world, ANA, Tab.ALL, Order.NEWEST, limit=5)["chats"]
    return mark_read(world, ANA, row["chat_id"], "9")


def test_a_read_chat_is_unread_again_from_its_last_message(world, heard):
    """READ-2"""
    after = mark_unread(world, ANA, heard.chat_id)
    assert (after.unread, after.unread_from) == (1, after.last_inbound)
    assert after.last_activity_at == heard.last_activity_at
    assert store.load(heard.chat_id) == after
    page = queries.list_page(
        world, agent("bruno"), Tab.ALL, Order.NEWEST, filters=Filters(unread=True), limit=5
    )
    assert [row["chat_id"] for row in page["chats"]] == [heard.chat_id]


def test_what_is_unread_stays_as_it_is(world, heard):
    """READ-2"""
    once = mark_unread(world, ANA, heard.chat_id)
    assert mark_unread(world, agent("bruno"), heard.chat_id) == once
    receive(world, arrival("três", at=NOON + timedelta(seconds=2)))
    told = store.load(heard.chat_id)
    assert told.unread == 2
    assert mark_unread(world, ANA, heard.chat_id) == told


def test_it_is_read_when_it_is_entered_again(world, heard):
    """READ-1 READ-2"""
    mark_unread(world, ANA, heard.chat_id)
    after = mark_read(world, ANA, heard.chat_id, heard.last_inbound)
    assert (after.unread, after.unread_from) == (0, None)


def test_a_contact_who_never_wrote_can_be_unread_too(world):
    """READ-2"""
    put(chat(last_inbound=None))
    after = mark_unread(world, ANA, "c1")
    assert (after.unread, after.unread_from) == (1, None)
    assert mark_read(world, ANA, "c1", "9").unread == 0


def test_what_one_may_not_see_is_not_marked(world):
    """PERM-2 READ-2"""
    put(chat(agent_id="bruno"))
    with pytest.raises(errors.NotFound):
        mark_unread(world, agent(permissions=frozenset({Permission.TAB_MINE})), "c1")
    with pytest.raises(errors.NotFound):
        mark_unread(world, ANA, "nobody")
