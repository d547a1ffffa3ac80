"""A chat given to an agent or a department: what changes, who may, what a stale screen hears."""

from dataclasses import replace

import pytest

from chalicelib.commands.assign import to_agent, to_department
from chalicelib.domain import errors
from chalicelib.domain.access import Permission
from chalicelib.domain.chat import OpenAttendance
from chalicelib.domain.listing import Placement, placement
from chalicelib.domain.message import key_of
from chalicelib.stores import attendances as records
from chalicelib.stores import chats as store
from chalicelib.stores import people
from chalicelib.stores.chats import Change, Stale, commit_rows
from tests.builders import NOON, TABS, agent, chat, join, message, put

ANA = agent("ana")
BRUNO = agent("bruno")
CHIEF = agent("chief", permissions=TABS | {Permission.CHANGE_AGENT})
SELLER = agent("seller", permissions=frozenset({Permission.TAB_MINE}))
GONE = agent("gone", active=False)
OPEN = {"agent_id": None, "department_id": None, "protocol": "100001"}
CLOSED = {"agent_id": None, "department_id": None, "protocol": None}


@pytest.fixture(autouse=True)
def _people(world):
    join(ANA, BRUNO, CHIEF, SELLER, GONE)
    people.save_department("sales", "Vendas", active=True)
    people.save_department("old", "Antigo", active=False)


def seen(**facts):
    return OPEN | facts


def lines(chat_id="c1"):
    found = store.page_of_messages(store.load(chat_id), limit=50)
    return [one.line for one in found if one.line is not None]


def said(code, by, subject, name):
    return {
        "code": code,
        "by": by.agent_id,
        "by_name": by.name,
        "subject": subject,
        "subject_name": name,
    }


@pytest.mark.parametrize(
    "before", [{}, {"department_id": "sales"}, {"agent_id": "ana"}, {"open_": False}]
)
def test_an_agent_gets_the_chat_and_the_department_goes(world, before):
    """ROUTE-1 ROUTE-3 CHAT-3"""
    put(chat(**before))
    shown = {
        "agent_id": before.get("agent_id"),
        "department_id": before.get("department_id"),
        "protocol": "100001" if before.get("open_", True) else None,
    }
    answer = to_agent(world, ANA, "c1", "bruno", shown)
    after = store.load("c1")
    assert (after.agent_id, after.department_id) == ("bruno", None)
    assert placement(after) is Placement.AGENT
    assert answer["chat"]["row"]["agent_id"] == "bruno"
    assert lines() == [said("assigned_to_agent", ANA, "bruno", "Bruno")]


@pytest.mark.parametrize("before", [{}, {"agent_id": "ana"}, {"department_id": "support"}])
def test_a_department_gets_the_chat_and_the_agent_goes(world, before):
    """ROUTE-2 CHAT-3"""
    put(chat(**before))
    to_department(world, ANA, "c1", "sales", seen(**before))
    after = store.load("c1")
    assert (after.agent_id, after.department_id) == (None, "sales")
    assert lines() == [said("assigned_to_department", ANA, "sales", "Vendas")]


def test_either_opens_an_attendance_with_a_protocol(world):
    """ROUTE-3 CHAT-8"""
    put(chat(open_=False))
    answer = to_department(world, ANA, "c1", "sales", CLOSED)
    after = store.load("c1")
    assert after.attendance == OpenAttendance("100001", NOON, "ana", (), ("sales",))
    assert after.opened_at == NOON
    assert answer["chat"]["protocol"] == "100001"
    assert records.load(["c1"], "100001").department_ids == ("sales",)


def test_the_record_names_all_who_held_it_in_order(world):
    """CLOSE-7"""
    put(chat())
    to_department(world, CHIEF, "c1", "sales", OPEN)
    to_agent(world, CHIEF, "c1", "ana", seen(department_id="sales"))
    to_agent(world, CHIEF, "c1", "bruno", seen(agent_id="ana"))
    to_agent(world, CHIEF, "c1", "ana", seen(agent_id="bruno"))
    kept = records.load(["c1"], "100001")
    assert (kept.agent_ids, kept.department_ids) == (("ana", "bruno"), ("sales",))


def test_nothing_else_moves(world):
    """SORT-1 READ-1: a system line is no exchanged message and marks nothing unread."""
    before = put(chat(unread=2, preview="oi", last_inbound=key_of(NOON, "oi")))
    to_agent(world, ANA, "c1", "bruno", OPEN)
    after = store.load("c1")
    for fact in ("unread", "preview", "preview_key", "last_activity_at", "opened_at", "session"):
        assert getattr(after, fact) == getattr(before, fact), fact


@pytest.mark.parametrize("give", ["agent", "department"])
def test_taking_it_from_somebody_else_needs_permission_five(world, give):
    """PERM-1 ROUTE-1 ROUTE-2"""
    put(chat(agent_id="bruno"))
    command, target = (to_agent, "ana") if give == "agent" else (to_department, "sales")
    with pytest.raises(errors.Forbidden):
        command(world, ANA, "c1", target, seen(agent_id="bruno"))
    assert store.load("c1").rev == 1
    command(world, CHIEF, "c1", target, seen(agent_id="bruno"))
    assert store.load("c1").agent_id == ("ana" if give == "agent" else None)


def test_ones_own_chat_is_given_away_without_permission_five(world):
    """PERM-1"""
    put(chat(agent_id="ana"))
    to_agent(world, ANA, "c1", "bruno", seen(agent_id="ana"))
    assert store.load("c1").agent_id == "bruno"


@pytest.mark.parametrize("agent_id", ["gone", "nobody"])
def test_only_an_active_agent_gets_a_chat(world, agent_id):
    """PERM-3"""
    put(chat())
    with pytest.raises(errors.AgentUnavailable):
        to_agent(world, ANA, "c1", agent_id, OPEN)
    assert store.load("c1").rev == 1


@pytest.mark.parametrize("department_id", ["old", "nowhere"])
def test_only_an_active_department_gets_a_chat(world, department_id):
    """ADM-1"""
    put(chat())
    with pytest.raises(errors.DepartmentUnavailable):
        to_department(world, ANA, "c1", department_id, OPEN)
    assert store.load("c1").rev == 1


def test_a_deactivation_at_the_same_moment_is_not_overtaken(world, monkeypatch):
    """PERM-3: read as active, deactivated before the commit: the chat goes to nobody."""
    put(chat())
    read = people.agent

    def deactivated_meanwhile(agent_id, *, consistent=False):
        found = read(agent_id, consistent=consistent)
        people.save_agent(replace(BRUNO, active=False))
        return found

    monkeypatch.setattr(people, "agent", deactivated_meanwhile)
    with pytest.raises(errors.AgentUnavailable):
        to_agent(world, ANA, "c1", "bruno", OPEN)
    assert store.load("c1").agent_id is None


@pytest.mark.parametrize(
    ("is_so", "wrong"),
    [
        ({"agent_id": "bruno"}, OPEN),  # somebody took it
        ({}, seen(agent_id="bruno")),
        ({"department_id": "sales"}, OPEN),
        ({"open_": False}, OPEN),  # somebody closed it
        ({}, seen(protocol="100000")),  # closed, and opened again
        ({}, CLOSED),
    ],
)
def test_a_stale_screen_is_told_how_it_is(world, is_so, wrong):
    """ROUTE-1"""
    put(chat(**is_so))
    with pytest.raises(errors.MovedOn) as refusal:
        to_agent(world, CHIEF, "c1", "ana", wrong)
    told = refusal.value.fields["chat"]
    assert told["row"]["agent_id"] == is_so.get("agent_id")
    assert told["rev"] == store.load("c1").rev == 1


def test_a_double_click_writes_one_line(world):
    """ROUTE-1 CHAT-3: what is so already is a success, whatever the screen showed."""
    put(chat(open_=False))
    first = to_agent(world, ANA, "c1", "bruno", CLOSED)
    assert to_agent(world, ANA, "c1", "bruno", CLOSED) == first
    assert len(lines()) == 1


def test_who_gave_it_out_of_their_own_sight_hears_so_again(world):
    """TAB-7: of a lost answer; others still hear that there is no such chat."""
    put(chat(agent_id="seller"))
    shown = seen(agent_id="seller")
    assert to_agent(world, SELLER, "c1", "ana", shown) == {"chat": None}
    assert to_agent(world, SELLER, "c1", "ana", shown) == {"chat": None}
    other = agent("other", permissions=frozenset({Permission.TAB_MINE}))
    with pytest.raises(errors.NotFound):
        to_agent(world, other, "c1", "ana", shown)
    with pytest.raises(errors.NotFound):
        to_agent(world, SELLER, "c1", "bruno", shown)
    assert len(lines()) == 1


@pytest.mark.parametrize("chat_id", ["c1", "unknown"])
def test_a_chat_that_may_not_be_read_is_not_there(world, chat_id):
    """PERM-2"""
    put(chat())
    with pytest.raises(errors.NotFound):
        to_agent(world, SELLER, chat_id, "seller", OPEN)


def test_a_chat_goes_to_its_winner(world):
    """INB-7"""
    put(chat("c2"))
    put(chat("c1", merged_into="c2"))
    to_agent(world, ANA, "c1", "bruno", OPEN)
    assert store.load("c2").agent_id == "bruno"


def test_a_message_in_between_is_no_contradiction(world, monkeypatch):
    """ROUTE-8: it decides again on the chat as it is."""
    put(chat())
    real, tries = store.commit, []

    def late(change):
        if not tries:
            tries.append(1)
            now = store.load("c1")
            real(Change(before=now, after=replace(now, rev=2), new=(message(author="contact"),)))
        real(change)

    monkeypatch.setattr(store, "commit", late)
    to_agent(world, ANA, "c1", "bruno", OPEN)
    assert (store.load("c1").agent_id, store.load("c1").rev, len(lines())) == ("bruno", 3, 1)


def test_a_blocked_contacts_chat_is_still_routed(world):
    """BLOCK-2"""
    put(chat(blocked=True))
    to_department(world, ANA, "c1", "sales", OPEN)
    assert store.load("c1").department_id == "sales"


def test_a_check_alone_holds_or_is_stale(world):
    """What an assignment relies on."""
    commit_rows(people.active_agent("ana"))
    with pytest.raises(Stale):
        commit_rows(people.active_agent("gone"))
    with pytest.raises(Stale):
        commit_rows(people.active_department("old"))


def test_two_clicks_in_the_same_millisecond_assign_once(world, monkeypatch):
    """ROUTE-1 CHAT-3: the second finds the chat moved, although its line is there, too."""
    put(chat())
    commit, clicks = store.commit, []

    def second_click_meanwhile(change):
        if not clicks:
            clicks.append(change)
            to_agent(world, ANA, "c1", "bruno", seen())
        commit(change)

    monkeypatch.setattr(store, "commit", second_click_meanwhile)
    to_agent(world, ANA, "c1", "bruno", seen())
    assert store.load("c1").agent_id == "bruno"
    assert len(lines()) == 1
