"""Contacts and the stored tags that they are marked with."""

import pytest

from chalicelib.commands import tag as tagging
from chalicelib.domain import errors
from chalicelib.domain.access import Permission
from chalicelib.queries import contact as panel
from chalicelib.stores import chats as store
from chalicelib.stores import labels
from chalicelib.stores.tables import MemberRow
from tests.builders import agent, chat, put

ANA = agent("ana")
CLERK = agent("caio", permissions=frozenset({Permission.CONTACTS}))
STRANGER = agent("bruno", permissions=frozenset({Permission.TAB_MINE}))


@pytest.fixture(autouse=True)
def tags(desk):
    for name in ("vip", "novo", "atacado"):
        labels.save_tag({"tag_id": name, "name": name.upper(), "color": "blue"})


def marked(tag_id):
    return [row.chat_id for row in MemberRow.query(f"TAG#{tag_id}")]


def test_tags_stand_in_the_order_in_which_they_were_added(world):
    """INFO-5 ROW-6"""
    put(chat())
    tagging.add(world, ANA, "c1", "vip")
    tagging.add(world, ANA, "c1", "atacado")
    assert tagging.add(world, ANA, "c1", "novo") == {"tags": ["vip", "atacado", "novo"]}
    assert tagging.remove(world, ANA, "c1", "atacado") == {"tags": ["vip", "novo"]}
    assert panel.contact(world, ANA, "c1")["tags"] == ["vip", "novo"]
    assert (marked("vip"), marked("atacado")) == (["c1"], [])


def test_twice_is_as_good_as_once(world):
    """INFO-5"""
    put(chat())
    tagging.add(world, ANA, "c1", "vip")
    one = store.load("c1")
    assert tagging.add(world, ANA, "c1", "vip") == {"tags": ["vip"]}
    assert tagging.remove(world, ANA, "c1", "novo") == {"tags": ["vip"]}
    assert store.load("c1") == one


def test_rows_and_panels_hear_of_a_tag(world):
    """ROW-6 LIVE-1"""
    put(chat())
    tagging.add(world, ANA, "c1", "vip")
    one = store.load("c1")
    assert (one.rev, one.row_rev, one.profile_rev) == (2, 2, 2)


def test_a_tag_that_does_not_exist_marks_nobody_and_a_deleted_one_can_be_taken_away(world):
    """INFO-5"""
    put(chat(tags=("gone",)))
    with pytest.raises(errors.NotFound):
        tagging.add(world, ANA, "c1", "nothing")
    assert tagging.remove(world, ANA, "c1", "gone") == {"tags": []}
    assert marked("gone") == []


def test_a_contact_has_thirty_tags_and_no_more(world):
    """INFO-5"""
    put(chat(tags=tuple(f"t{number}" for number in range(tagging.TAGS_LIMIT))))
    with pytest.raises(errors.TooMany):
        tagging.add(world, ANA, "c1", "vip")


def test_who_sees_the_contact_marks_them_and_nobody_else(world):
    """PERM-2"""
    put(chat())
    assert tagging.add(world, CLERK, "c1", "vip") == {"tags": ["vip"]}
    for act in (tagging.add, tagging.remove):
        with pytest.raises(errors.NotFound):
            act(world, STRANGER, "c1", "vip")
