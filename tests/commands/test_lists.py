"""The lists, paged from the indexes, against the same lists made in Python from every chat."""

from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest

from chalicelib.commands.receive import receive
from chalicelib.domain import errors, views
from chalicelib.domain.access import Permission, tabs_holding, tabs_of
from chalicelib.domain.chat import OpenAttendance
from chalicelib.domain.instants import sortable
from chalicelib.domain.listing import Order, Tab
from chalicelib.domain.revision import revised
from chalicelib.queries import chats as queries
from chalicelib.stores import chats as store
from chalicelib.stores.chats import Change
from chalicelib.stores.rows import from_chat, to_chat
from tests.builders import NOON, TABS, agent, arrival, chat, message, put

AGENTS = {
    "ana": agent("ana", department_ids={"sales", "support"}),
    "bruno": agent("bruno"),
    "carla of all departments": agent("carla", permissions=TABS | {Permission.EVERY_DEPARTMENT}),
    "davi of open only": agent(
        "davi", permissions=frozenset({Permission.TAB_OPEN}), department_ids={"sales"}
    ),
}


def some_chat(chance, number):
    """Any chat that can be; several share an instant, so that the order must break ties."""
    open_ = chance.random() < 0.7
    active = chance.choice([None, *[NOON - timedelta(seconds=n) for n in range(6)]])
    opened_at = NOON - timedelta(minutes=chance.randrange(6))
    holder = chance.choice([None, None, "ana", "bruno"]) if open_ else None
    served = OpenAttendance("100001", opened_at, agent_ids=(holder,) if holder else ())
    return chat(
        f"{number:04x}",
        open_=False,
        attendance=served if open_ else None,
        opened_at=opened_at if open_ or chance.random() < 0.5 else None,
        agent_id=holder,
        department_id=chance.choice([None, "sales", "support"]) if open_ else None,
        unread=chance.choice([0, 0, 2]),
        last_activity_at=active,
        merged_into="0000" if chance.random() < 0.1 else None,
        name=f"Contato {number}",
        preview="oi" if active else "",
    )


def place(one, order):
    at = one.opened_at if order.by_opening else one.last_activity_at
    return None if at is None else f"{sortable(at)}#{one.chat_id}"


def expected(chats, who, tab, order, *, unread_only):
    """The list, from the rule alone."""
    found = [
        one
        for one in chats
        if tab in tabs_holding(one, who) and place(one, order) and (one.unread or not unread_only)
    ]
    found.sort(key=lambda one: place(one, order), reverse=not order.ascending)
    return found


def pages(who, tab, order, *, unread_only=False, limit=3, between=lambda: None):
    cursor, found = None, []
    while True:
        page = queries.list_page(
            who, tab, order, unread_only=unread_only, cursor=cursor, limit=limit
        )
        assert len(page["chats"]) <= limit
        found += page["chats"]
        cursor = page["cursor"]
        if cursor is None:
            return found
        between()


@pytest.fixture
def thirty(desk):
    """Thirty chats in every state, the same each time."""
    chance = Random(7)
    return [put(some_chat(chance, number)) for number in range(30)]


@pytest.mark.parametrize("who", AGENTS.values(), ids=AGENTS)
def test_every_list_is_what_the_rule_says(thirty, who):
    """TAB-1 TAB-2 TAB-3 TAB-4 TAB-6 TAB-7 SORT-1 SORT-2 SORT-3 SORT-4"""
    for tab in tabs_of(who):
        for order in Order:
            for unread_only in (False, True):
                rows = pages(who, tab, order, unread_only=unread_only, limit=7)
                wanted = expected(thirty, who, tab, order, unread_only=unread_only)
                assert rows == [views.row(one) for one in wanted], (tab, order, unread_only)


@pytest.mark.parametrize("who", AGENTS.values(), ids=AGENTS)
def test_every_count_is_what_the_rule_says(thirty, who):
    """TAB-7 TAB-8"""
    counts = queries.counts(who)["counts"]
    wanted = {
        tab.value: len(expected(thirty, who, tab, Order.NEWEST, unread_only=False))
        for tab in tabs_of(who)
    }
    assert counts == wanted


def test_a_tab_that_one_does_not_have_does_not_exist(thirty):
    """TAB-7"""
    for tab in (Tab.ALL, Tab.MINE, Tab.IN_SERVICE):
        with pytest.raises(errors.NotFound):
            pages(AGENTS["davi of open only"], tab, Order.NEWEST)


@pytest.mark.parametrize("seed", range(6))
def test_paging_neither_skips_nor_repeats_while_chats_move(desk, seed):
    """SORT-4"""
    chance = Random(seed)
    who = AGENTS["ana"]
    chats = {number: put(some_chat(chance, number)) for number in range(14)}
    tab, order = chance.choice(list(Tab)), chance.choice(list(Order))
    unread_only = chance.random() < 0.3
    moved, new = set(), iter(range(100, 200))

    def something_happens():
        for _ in range(chance.randrange(3)):
            if chance.random() < 0.4:
                number = next(new)
                put(some_chat(chance, number))
                moved.add(f"{number:04x}")
                continue
            number = chance.choice(list(chats))
            before = chats[number]
            if before.merged_into is not None:
                continue
            later = NOON + timedelta(seconds=chance.randrange(60))
            after = revised(
                before,
                replace(before, last_activity_at=later, opened_at=later, unread=1)
                if before.attendance is None
                else replace(
                    before,
                    last_activity_at=later,
                    opened_at=later,
                    attendance=replace(before.attendance, opened_at=later),
                    agent_id=chance.choice([before.agent_id, "ana"]),
                    unread=chance.choice([0, 1]),
                ),
            )
            store.commit(Change(before=before, after=after))
            chats[number] = after
            moved.add(before.chat_id)

    wanted = expected(chats.values(), who, tab, order, unread_only=unread_only)
    rows = pages(who, tab, order, unread_only=unread_only, limit=2, between=something_happens)
    shown = [row["chat_id"] for row in rows if row["chat_id"] not in moved]
    assert shown == [one.chat_id for one in wanted if one.chat_id not in moved]


def test_counts_stop_at_ninety_nine(desk):
    """TAB-8"""
    for number in range(103):
        put(chat(f"{number:04x}", open_=number % 2 == 0, unread=number % 3))
    counts = queries.counts(agent("ana"))["counts"]
    assert counts == {"all": 100, "open": 52, "mine": 0, "in_service": 0}


# --- one chat ---------------------------------------------------------------------------------


def some_messages(chat_id, numbers):
    return [
        message(
            f"m{number}", chat_id=chat_id, at=NOON + timedelta(seconds=number), author="contact"
        )
        for number in numbers
    ]


def test_a_chat_opens_with_its_newest_messages(world):
    """CHAT-1"""
    put(chat(), *some_messages("c1", range(30)))
    before = store.load("c1")
    rest = tuple(some_messages("c1", range(30, 60)))
    store.commit(Change(before=before, after=revised(before, before), new=rest))
    shown = queries.opened_chat(world, agent("ana"), "c1")
    texts = [one["text"] for one in shown["page"]["messages"]]
    assert texts == [f"m{number}" for number in range(10, 60)]
    assert shown["page"]["before"] == shown["page"]["messages"][0]["key"]
    assert shown["page"]["after"] is None


def walk(who, chat_id, *, forwards, limit):
    found = []
    first = "0000000000000-0000000000000000"
    last = "9999999999999-ffffffffffffffff"
    cursor = first if forwards else last
    while cursor is not None:
        page = queries.messages(
            who,
            chat_id,
            before=None if forwards else cursor,
            after=cursor if forwards else None,
            limit=limit,
        )
        texts = [one["text"] for one in page["messages"]]
        found = found + texts if forwards else texts + found
        cursor = page["after"] if forwards else page["before"]
    return found


@pytest.mark.parametrize("forwards", [True, False])
@pytest.mark.parametrize("limit", [1, 3, 4, 100])
def test_paging_a_chat_shows_every_message_once_oldest_first(world, forwards, limit):
    """CHAT-1 INB-7: those of a merged chat among them."""
    put(chat("c1", also=("c2",)), *some_messages("c1", range(0, 12, 2)))
    put(chat("c2", merged_into="c1"), *some_messages("c2", range(1, 12, 2)))
    found = walk(agent("ana"), "c1", forwards=forwards, limit=limit)
    assert found == [f"m{number}" for number in range(12)]


def test_a_chat_that_may_not_be_read_has_no_messages(world):
    """TAB-7 PERM-2"""
    put(chat(agent_id="ana"), *some_messages("c1", range(2)))
    davi = AGENTS["davi of open only"]
    for ask in (
        lambda: queries.opened_chat(world, davi, "c1"),
        lambda: queries.messages(davi, "c1", before=None, after=None, limit=5),
    ):
        with pytest.raises(errors.NotFound):
            ask()


# --- rows -------------------------------------------------------------------------------------


def test_a_chat_comes_back_from_its_row_as_it_went(thirty):
    """LIVE-4: the stream and the table tell the same chat."""
    for one in thirty:
        if one.merged_into is None:
            assert store.load(one.chat_id) == one


def test_a_chat_that_was_written_to_comes_back_whole(world):
    """INB-4"""
    for number in range(3):
        receive(world, arrival(f"m{number}", at=NOON + timedelta(minutes=number)))
    (row,) = queries.list_page(
        agent(), Tab.ALL, Order.NEWEST, unread_only=False, cursor=None, limit=5
    )["chats"]
    one = store.load(row["chat_id"])
    assert to_chat(from_chat(one)) == one
    assert set(one.learnt_at.values()) == {NOON, NOON + timedelta(minutes=2)}
    assert views.row(one) == row
