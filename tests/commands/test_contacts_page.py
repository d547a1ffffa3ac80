"""The contacts page: every contact's record, page by page, and none of their messages."""

from datetime import timedelta

import pytest

from chalicelib.commands.add_contact import add
from chalicelib.domain.access import Permission
from chalicelib.queries import contacts
from chalicelib.queries.contacts import page
from chalicelib.stores import channels
from chalicelib.stores import chats as store
from tests.builders import ACCOUNT, NOON, PORTFOLIO, agent, chat, put

ANA = agent("ana")
CLERK = agent("clerk", permissions=frozenset({Permission.CONTACTS}))
HIS = agent("davi", permissions=frozenset({Permission.CONTACTS, Permission.TAB_MINE}))
PAGE = 4


@pytest.fixture(autouse=True)
def _short_pages(monkeypatch):
    """Few contacts are several pages."""
    monkeypatch.setattr(contacts, "PAGE", PAGE)


def contact(number, **facts):
    """Somebody who became a contact so many minutes before noon."""
    given = {
        "name": f"Contato {number}",
        "phone": f"55119{80000000 + number}",
        "created_at": NOON - timedelta(minutes=number),
    }
    return put(chat(f"{number:016x}", **(given | facts)))


def shown(who=CLERK, q="", *, blocked=False, cursor=None):
    return page(who, q, blocked=blocked, cursor=cursor)


def names(found):
    return [one["name"] for one in found["contacts"]]


def test_all_are_listed_newest_first_page_by_page(desk):
    """ADM-3"""
    for number in range(PAGE * 2 + 3):
        contact(number)
    first = shown()
    second = shown(cursor=first["cursor"])
    third = shown(cursor=second["cursor"])
    assert [len(one["contacts"]) for one in (first, second, third)] == [PAGE, PAGE, 3]
    assert third["cursor"] is None
    listed = names(first) + names(second) + names(third)
    assert listed == [f"Contato {number}" for number in range(PAGE * 2 + 3)]


def test_a_full_last_page_has_no_cursor(desk):
    """ADM-3"""
    for number in range(PAGE):
        contact(number)
    assert shown()["cursor"] is None
    assert len(shown()["contacts"]) == PAGE


def test_nobody_at_all_is_an_empty_page(desk):
    assert shown() == {"contacts": [], "cursor": None, "more": False}


def test_pages_neither_skip_nor_repeat_while_contacts_are_added(desk):
    """SORT-4"""
    for number in range(PAGE + 3):
        contact(number)
    first = shown()
    contact(-5)
    second = shown(cursor=first["cursor"])
    assert names(second) == [f"Contato {PAGE + number}" for number in range(3)]


def test_a_cursor_from_nowhere_is_only_a_place(desk):
    contact(1)
    assert shown(cursor="?") == shown(cursor="9" * 20)


def test_a_record_says_nothing_of_messages(desk):
    """PERM-1"""
    contact(1, preview="segredo", tags=("t1",), blocked=True, username="bia")
    [one] = shown()["contacts"]
    assert one == {
        "chat_id": f"{1:016x}",
        "name": "Contato 1",
        "channel": "whatsapp",
        "account": ACCOUNT,
        "phone": "5511980000001",
        "username": "bia",
        "created_at": "2026-11-24T11:59:00.000Z",
        "blocked": True,
        "tags": ["t1"],
        "readable": False,
    }


def test_each_viewer_is_told_whose_chat_they_may_open(desk):
    """TAB-7 PERM-2"""
    contact(1)
    contact(2, agent_id="davi")
    contact(3, open_=False)
    readable = {
        who.agent_id: [one["readable"] for one in shown(who)["contacts"]]
        for who in (ANA, HIS, CLERK)
    }
    assert readable == {
        "ana": [True, True, True],
        "davi": [False, True, False],
        "clerk": [False, False, False],
    }


def test_the_filter_shows_blocked_ones_only(desk):
    """BLOCK-2"""
    for number in range(PAGE + 2):
        contact(number, blocked=number % 2 == 0)
    found = shown(blocked=True)
    assert names(found) == [f"Contato {number}" for number in range(0, PAGE + 2, 2)]
    assert all(one["blocked"] for one in found["contacts"])
    assert found["cursor"] is None
    assert contacts.page(CLERK, "", blocked=False, cursor=None)["cursor"] is not None


def test_contacts_without_a_phone_are_contacts(desk):
    """INB-7 ADM-3"""
    contact(1, phone=None, user_id="BR.1", username="semfone")
    contact(2, phone=None, channel="instagram", account="ig")
    assert [(one["phone"], one["channel"]) for one in shown()["contacts"]] == [
        (None, "whatsapp"),
        (None, "instagram"),
    ]
    assert names(shown(q="semfone")) == ["Contato 1"]


def test_merged_contacts_are_one(desk):
    """INB-7"""
    contact(1)
    contact(2, merged_into=f"{1:016x}", open_=False)
    assert names(shown()) == ["Contato 1"]


def test_added_ones_are_there_at_once(world):
    """ADM-3"""
    channels.save("whatsapp", ACCOUNT, display="+55", portfolio=PORTFOLIO)
    add(world, CLERK, "Bia da Silva", "11987654321", foreign=False, account=None)
    assert names(shown()) == ["Bia da Silva"]
    for q in ("silva", "BIA", "987654321", "1187654321", "5511987654321"):
        assert names(shown(q=q)) == ["Bia da Silva"], q


@pytest.mark.parametrize("viewer", [ANA, CLERK], ids=lambda one: one.agent_id)
def test_a_search_looks_at_every_record(desk, viewer):
    """FIND-1 PERM-1: whoever may read their chats."""
    contact(1, name="João Ávila", agent_id="bruno")
    contact(2, name="Joana Prado", blocked=True)
    contact(3, name="Outra")
    assert set(names(shown(viewer, "joa"))) == {"João Ávila", "Joana Prado"}
    assert names(shown(viewer, "avila")) == ["João Ávila"]
    assert names(shown(viewer, "joa", blocked=True)) == ["Joana Prado"]
    assert names(shown(viewer, "980000003")) == ["Outra"]
    assert names(shown(viewer, "  ")) == ["João Ávila", "Joana Prado", "Outra"]
    assert shown(viewer, "ninguém")["contacts"] == []


def test_a_search_that_finds_too_many_says_so(desk):
    """FIND-1"""
    for number in range(PAGE + 1):
        contact(number)
    found = shown(q="contato")
    assert (len(found["contacts"]), found["more"], found["cursor"]) == (PAGE, True, None)


def test_a_row_without_its_chat_is_passed_over(desk):
    """LGPD: read between the two."""
    contact(1)
    contact(2)
    store.ChatRow(f"CHAT#{1:016x}", "CHAT").delete()
    assert names(shown()) == ["Contato 2"]
