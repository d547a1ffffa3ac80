"""Contacts are added by hand or from a list, whoever else adds the same ones."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.commands.add_contact import add, add_all
from chalicelib.commands.receive import receive
from chalicelib.domain import errors
from chalicelib.domain.access import Permission
from chalicelib.domain.inbound import Person
from chalicelib.domain.instants import iso
from chalicelib.domain.listing import Order, Tab
from chalicelib.domain.session import State
from chalicelib.queries.chats import list_page
from chalicelib.stores import channels
from chalicelib.stores import chats as store
from chalicelib.stores.tables import ChatRow, MemberRow, Row
from tests.builders import ACCOUNT, NOON, PORTFOLIO, agent, arrival

ANA = agent("ana")
DAVI = agent("davi", permissions=frozenset({Permission.CONTACTS, Permission.TAB_MINE}))
PHONE = "5511987654321"
SECOND = "206540352242922"


@pytest.fixture
def here(world):
    """A desk with one WhatsApp number."""
    channels.save("whatsapp", ACCOUNT, display="+55 11 4000-1234", portfolio=PORTFOLIO)
    return world


def added(world, name="Bia", phone="11987654321", *, foreign=False, account=None, by=ANA):
    return add(world, by, name, phone, foreign=foreign, account=account)


def imported(world, *lines, account=None):
    """What became of lines given as (name, phone), by their numbers from 1."""
    numbered = [(number, *line) for number, line in enumerate(lines, 1)]
    outcome = add_all(world, ANA, numbered, account=account)["lines"]
    assert [one["line"] for one in outcome] == list(range(1, len(lines) + 1))
    return outcome


def outcomes(world, *lines):
    return [one["outcome"] for one in imported(world, *lines)]


def chats():
    return [row for row in Row.scan() if isinstance(row, ChatRow)]


# --- one --------------------------------------------------------------------------------------


def test_an_added_contact_has_a_closed_chat_without_messages(here):
    """ADM-3"""
    summary = added(here)
    assert summary == {
        "chat_id": summary["chat_id"],
        "name": "Bia",
        "channel": "whatsapp",
        "account": ACCOUNT,
        "phone": PHONE,
        "username": None,
        "created_at": iso(NOON),
        "blocked": False,
        "tags": [],
        "readable": True,
    }
    chat = store.load(summary["chat_id"])
    assert (chat.attendance, chat.agent_id, chat.unread) == (None, None, 0)
    assert chat.session.state(NOON) is State.NONE
    assert store.page_of_messages(chat, limit=5) == []


def test_it_is_listed_among_all_by_when_it_was_added(here):
    """ADM-3 TAB-1"""
    chat_id = added(here)["chat_id"]
    [row] = list_page(here, ANA, Tab.ALL, Order.NEWEST, limit=9)["chats"]
    assert (row["chat_id"], row["last_activity_at"], row["preview"]) == (chat_id, iso(NOON), "")


def test_it_is_found_by_name_and_number(here):
    """FIND-1"""
    added(here, "Bia da Silva")
    kept = {(row.pk, row.sk.partition("#")[0]) for row in Row.scan() if isinstance(row, MemberRow)}
    assert kept >= {("WORD#b", "bia"), ("WORD#s", "silva"), ("PHONE#1234", PHONE[::-1])}


def test_the_typed_name_stays_when_the_contact_writes(here, clock):
    """INFO-1 INB-7"""
    chat_id = added(here, "Bia da Silva")["chat_id"]
    clock.forward(minutes=5)
    person = Person(phone="551187654321", user_id="BR.7", name="bia")
    assert receive(here, arrival("oi", at=clock.at, person=person)).chat_id == chat_id
    chat = store.load(chat_id)
    assert (chat.name, chat.given_name, chat.unread) == ("Bia da Silva", "bia", 1)
    assert chat.attendance is not None


def test_whoever_may_not_read_the_chat_adds_it_all_the_same(here):
    """PERM-1"""
    assert added(here, by=DAVI)["readable"] is False


def test_a_known_number_is_refused_and_named(here):
    """ADM-3 NEW-2: the caller may see every record."""
    chat_id = added(here)["chat_id"]
    for typed in ("1187654321", "+55 11 98765-4321"):
        with pytest.raises(errors.ChatExists) as caught:
            added(here, "Outra", typed, by=DAVI)
        assert caught.value.fields == {"chat_id": chat_id, "name": "Bia"}


@pytest.mark.parametrize(
    ("phone", "foreign", "reason"),
    [
        ("98765-4321", False, "phone_invalid"),
        ("912 345 678", True, "phone_needs_country"),
    ],
)
def test_the_number_rules_are_those_of_a_new_chat(here, phone, foreign, reason):
    """ADM-3 NEW-1"""
    with pytest.raises(errors.Invalid) as caught:
        added(here, phone=phone, foreign=foreign)
    assert caught.value.fields["fields"][0]["reason"] == reason
    assert added(here, phone="+351 912 345 678", foreign=True)["phone"] == "351912345678"


def test_the_account_is_the_agencys_own(here):
    """PERM-2 NEW-1"""
    channels.save("whatsapp", SECOND, display="+55 11 4000-9999", portfolio=PORTFOLIO)
    assert added(here, account=SECOND)["account"] == SECOND
    with pytest.raises(errors.NotFound):
        added(here, phone="11987650000", account="1")


def test_without_a_whatsapp_number_nobody_is_added(world):
    """ADM-3"""
    for act in (lambda: added(world), lambda: imported(world, ("Bia", "11987654321"))):
        with pytest.raises(errors.ChannelUnavailable):
            act()


def test_a_contact_known_on_any_account_is_one_contact(here):
    """INB-7: added on one of the agency's numbers, they may write to another."""
    channels.save("whatsapp", SECOND, display="+55 11 4000-9999", portfolio=PORTFOLIO)
    chat_id = added(here, account=ACCOUNT)["chat_id"]
    message = receive(here, arrival("oi", account=SECOND))
    assert message.chat_id == chat_id
    assert store.load(chat_id).account == SECOND


def test_of_two_who_add_the_same_one_is_late(here, monkeypatch):
    """ADM-3"""
    commit, first = store.commit, []

    def overtaken(change):
        monkeypatch.setattr(store, "commit", commit)
        first.append(added(here, "Bia"))
        commit(change)

    monkeypatch.setattr(store, "commit", overtaken)
    with pytest.raises(errors.ChatExists) as caught:
        added(here, "Beatriz")
    assert caught.value.fields == {"chat_id": first[0]["chat_id"], "name": "Bia"}
    assert len(chats()) == 1


# --- a list -----------------------------------------------------------------------------------


def test_each_line_has_its_outcome(here):
    """ADM-3"""
    known = added(here, "Caio", "21987654321")["chat_id"]
    found = imported(
        here,
        ("Bia", "(11) 98765-4321"),
        ("Beatriz", "+55 11 8765-4321"),
        ("", "11987650001"),
        (" \t ", "11987650002"),
        ("x" * 301, "11987650003"),
        ("Duda", "98765-4321"),
        ("Duda", ""),
        ("Duda", "fone: 11"),
        ("Caio", "21 98765-4321"),
        ("Zé", "+351 912 345 678"),
        ("Zé", "00351 912 345 678"),
        ("Ana", "912 345 678"),
        ("x" * 300, "11 4000-1234"),
    )
    assert [one["outcome"] for one in found] == [
        "added",
        "repeated",
        "name_empty",
        "name_empty",
        "name_too_long",
        "phone_invalid",
        "phone_invalid",
        "phone_invalid",
        "exists",
        "added",
        "repeated",
        "phone_invalid",
        "added",
    ]
    assert found[1]["chat_id"] == found[0]["chat_id"] is not None
    assert found[8]["chat_id"] == known
    assert [one["chat_id"] for one in found[2:8]] == [None] * 6
    assert len(chats()) == 4
    assert store.load(found[0]["chat_id"]).name == "Bia"


def test_the_whole_list_again_changes_nothing(here):
    """ADM-3"""
    lines = (("Bia", "11987654321"), ("Caio", "21987654321"), ("Bia", "11987654321"))
    first = imported(here, *lines)
    again = imported(here, *lines)
    assert [one["outcome"] for one in first] == ["added", "added", "repeated"]
    assert [one["outcome"] for one in again] == ["exists", "exists", "repeated"]
    assert [one["chat_id"] for one in again] == [one["chat_id"] for one in first]
    assert len(chats()) == 2


def test_twenty_five_lines_are_one_request(here):
    """ADM-3"""
    lines = [(f"Contato {number}", f"119{80000000 + number}") for number in range(25)]
    assert outcomes(here, *lines) == ["added"] * 25
    assert len(chats()) == 25


LINES = st.lists(
    st.tuples(
        st.one_of(st.sampled_from(["Bia", "", " ", "x" * 301]), st.text(max_size=8)),
        st.one_of(st.sampled_from(["11987654321", "1187654321", "x"]), st.text(max_size=14)),
    ),
    max_size=6,
)


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(lines=LINES)
def test_no_line_spoils_another(here, lines):
    """ADM-3: whatever stands in it, and a second time nothing more is added."""
    outcomes(here, *lines)
    before = len(chats())
    assert "added" not in outcomes(here, *lines)
    assert len(chats()) == before
