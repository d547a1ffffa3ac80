"""The lists, paged from the indexes, against the same lists made in Python from every chat."""

from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from random import Random
from types import MappingProxyType
from unittest import mock

import pytest
from botocore.client import BaseClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.commands.receive import receive
from chalicelib.domain import errors, listing, views
from chalicelib.domain.access import Permission, tabs_holding, tabs_of
from chalicelib.domain.chat import OpenAttendance
from chalicelib.domain.instants import sortable
from chalicelib.domain.listing import NO_FILTERS, Filters, Order, Tab
from chalicelib.domain.revision import revised
from chalicelib.queries import chats as queries
from chalicelib.stores import chats as store
from chalicelib.stores import lists
from chalicelib.stores.chats import Change
from chalicelib.stores.members import places
from chalicelib.stores.rows import from_chat, to_chat
from chalicelib.stores.tables import MemberRow, Row
from tests.builders import ACCOUNT, NOON, TABS, agent, arrival, chat, message, put
from tests.conftest import empty_tables, world_of_fakes
from tests.fakes import Clock

MANY = {"sales", *(f"d{number}" for number in range(199))}
AGENTS = {
    "ana": agent("ana", department_ids={"sales", "support"}),
    "bruno": agent("bruno"),
    "carla of all departments": agent("carla", permissions=TABS | {Permission.EVERY_DEPARTMENT}),
    "davi of open only": agent(
        "davi", permissions=frozenset({Permission.TAB_OPEN}), department_ids={"sales"}
    ),
    "eva of 200 departments": agent("eva", department_ids=MANY),
}
FILTERS = {
    "none": NO_FILTERS,
    "unread": Filters(unread=True),
    "tag": Filters(tag="vip"),
    "expiring": Filters(tag="expiring"),
    "expired": Filters(tag="expired"),
    "department": Filters(department="sales"),
    "agent": Filters(agent="bruno"),
    "campaign": Filters(campaign="july"),
    "channel": Filters(channel="instagram"),
    "tag and campaign": Filters(tag="vip", campaign="july"),
    "department, agent and unread": Filters(department="sales", agent="ana", unread=True),
    "expired, department and channel": Filters(
        tag="expired", department="support", channel="whatsapp"
    ),
}


def some_chat(chance, number):
    """Any chat that can be; several share an instant, so that the order must break ties."""
    open_ = chance.random() < 0.7
    active = chance.choice([None, *[NOON - timedelta(seconds=n) for n in range(6)]])
    opened_at = NOON - timedelta(minutes=chance.randrange(6))
    holder = chance.choice([None, None, "ana", "bruno"]) if open_ else None
    department = chance.choice([None, "sales", "support"]) if open_ else None
    served = OpenAttendance(
        "100001",
        opened_at,
        agent_ids=(holder,) if holder else (),
        department_ids=(department,) if department else (),
    )
    ago = chance.choice([1, 1_415, 1_425, 1_439, 1_440, 3_000])
    heard = (active or NOON) - timedelta(minutes=ago)
    tags = [tag for tag in ("vip", "late") if chance.random() < 0.4]
    return chat(
        f"{number:04x}",
        open_=False,
        attendance=served if open_ else None,
        opened_at=opened_at if open_ or chance.random() < 0.5 else None,
        agent_id=holder,
        department_id=department,
        unread=chance.choice([0, 0, 2]),
        last_activity_at=active,
        merged_into="0000" if chance.random() < 0.1 else None,
        name=f"Contato {number}",
        preview="oi" if active else "",
        channel=chance.choice(["whatsapp", "whatsapp", "instagram"]),
        tags=tuple(tags),
        campaigns=("july",) if chance.random() < 0.3 else (),
        last_inbound_at=MappingProxyType(chance.choice([{}, {ACCOUNT: heard}, {ACCOUNT: heard}])),
    )


def place(one, order):
    at = one.opened_at if order.by_opening else one.last_activity_at
    return None if at is None else f"{sortable(at)}#{one.chat_id}"


def passes(filters, one):
    """The six filters, said once more and otherwise."""
    ends_at = one.session.ends_at
    left = None if ends_at is None else (ends_at - NOON).total_seconds()
    has = {
        "expiring": left is not None and 0 < left <= 1_800,
        "expired": left is not None and left <= 0,
    }
    asked = {
        "tag": filters.tag is None or has.get(filters.tag, filters.tag in one.tags),
        "department": filters.department in (None, one.department_id),
        "agent": filters.agent in (None, one.agent_id),
        "campaign": filters.campaign is None or filters.campaign in one.campaigns,
        "channel": filters.channel in (None, one.channel),
        "unread": one.unread > 0 or not filters.unread,
    }
    return all(asked.values())


def expected(chats, who, tab, order, filters=NO_FILTERS):
    """The list, from the rule alone."""
    found = [
        one
        for one in chats
        if tab in tabs_holding(one, who) and place(one, order) and passes(filters, one)
    ]
    found.sort(key=lambda one: place(one, order), reverse=not order.ascending)
    return found


def pages(world, who, tab, order, filters=NO_FILTERS, *, limit=3, between=lambda: None):
    cursor, found = None, []
    while True:
        page = queries.list_page(
            world, who, tab, order, filters=filters, cursor=cursor, limit=limit
        )
        assert len(page["chats"]) <= limit
        found += page["chats"]
        cursor = page["cursor"]
        if cursor is None:
            return found
        between()


def lay(one, before=None):
    """Write a chat with its member rows, without a transaction: moto's take long."""
    after = revised(before, one)
    had, has = set() if before is None else places(before), places(after)
    with Row.batch_write() as batch:
        batch.save(from_chat(after))
        for gone in had - has:
            batch.delete(MemberRow(*gone, chat_id=one.chat_id))
        for new in has - had:
            batch.save(MemberRow(*new, chat_id=one.chat_id))
    return after


@contextmanager
def reading_little(few):
    """What a request reads is bounded by less than there is, and members are few or many."""
    with (
        mock.patch.object(queries, "EXAMINED", 5),
        mock.patch.object(queries, "LOOKED_UP", 4),
        mock.patch.object(listing, "FEW_MEMBERS", few),
        mock.patch.object(listing, "FEWER_MEMBERS", few),
        mock.patch.object(listing, "QUEUES_MERGED", 6),
    ):
        yield


@contextmanager
def asked():
    """The calls to DynamoDB, by name."""
    made = []
    untouched = BaseClient._make_api_call

    def call(client, operation, parameters):
        made.append(operation)
        return untouched(client, operation, parameters)

    with mock.patch.object(BaseClient, "_make_api_call", call):
        yield made


@pytest.fixture
def thirty(desk):
    """Thirty chats in every state, the same each time."""
    chance = Random(7)
    return [lay(some_chat(chance, number)) for number in range(30)]


@pytest.mark.parametrize("few", [0, 200], ids=["members are many", "members are few"])
@pytest.mark.parametrize("who", AGENTS.values(), ids=AGENTS)
def test_every_list_is_what_the_rule_says(world, thirty, who, few):
    """TAB-1 TAB-2 TAB-3 TAB-4 TAB-6 TAB-7 FILT-1 SORT-1 SORT-2 SORT-3 SORT-4"""
    with mock.patch.object(listing, "FEW_MEMBERS", few):
        for tab in tabs_of(who):
            for order in Order:
                for name, filters in FILTERS.items():
                    rows = pages(world, who, tab, order, filters, limit=12)
                    wanted = expected(thirty, who, tab, order, filters)
                    assert rows == [views.row(one) for one in wanted], (tab, order, name)


@pytest.mark.parametrize("who", AGENTS.values(), ids=AGENTS)
def test_every_count_is_what_the_rule_says(thirty, who):
    """TAB-7 TAB-8"""
    counts = queries.counts(who)["counts"]
    wanted = {tab.value: len(expected(thirty, who, tab, Order.NEWEST)) for tab in tabs_of(who)}
    assert counts == wanted


def test_a_tab_that_one_does_not_have_does_not_exist(world, thirty):
    """TAB-7"""
    for tab in (Tab.ALL, Tab.MINE, Tab.IN_SERVICE):
        with pytest.raises(errors.NotFound):
            pages(world, AGENTS["davi of open only"], tab, Order.NEWEST)


SOME_FILTERS = st.builds(
    Filters,
    tag=st.sampled_from([None, None, None, "vip", "expiring", "expired", "nobody-has-it"]),
    department=st.sampled_from([None, None, None, "sales", "support"]),
    agent=st.sampled_from([None, None, None, "ana", "bruno"]),
    campaign=st.sampled_from([None, None, None, "july"]),
    channel=st.sampled_from([None, None, "whatsapp", "instagram"]),
    unread=st.sampled_from([False, False, True]),
)


@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    seed=st.integers(0, 2**32),
    who=st.sampled_from(list(AGENTS.values())),
    tab=st.sampled_from(list(Tab)),
    order=st.sampled_from(list(Order)),
    filters=SOME_FILTERS,
    limit=st.integers(1, 4),
    few=st.sampled_from([0, 3, 200]),
)
def test_paging_neither_skips_nor_repeats_while_chats_move(
    seed, who, tab, order, filters, limit, few
):
    """SORT-4 FILT-1: whatever does not move is shown once, in its place, and nothing else is."""
    if tab not in tabs_of(who):
        return
    chance = Random(seed)
    with empty_tables():
        chats = {number: lay(some_chat(chance, number)) for number in range(14)}
        moved, new = set(), iter(range(100, 400))

        def something_happens():
            for _ in range(chance.randrange(3)):
                if chance.random() < 0.4:
                    number = next(new)
                    lay(some_chat(chance, number))
                    moved.add(f"{number:04x}")
                    continue
                number = chance.choice(list(chats))
                before = chats[number]
                if before.merged_into is not None:
                    continue
                chats[number] = lay(something_else(chance, before), before)
                moved.add(before.chat_id)

        wanted = expected(chats.values(), who, tab, order, filters)
        with reading_little(few):
            world = world_of_fakes(Clock())
            rows = pages(world, who, tab, order, filters, limit=limit, between=something_happens)
        shown = [row["chat_id"] for row in rows if row["chat_id"] not in moved]
        assert shown == [one.chat_id for one in wanted if one.chat_id not in moved]


def something_else(chance, before):
    """The chat after something that may move it: a message, an opening, a tag, a reading."""
    later = NOON + timedelta(seconds=chance.randrange(60))
    marked = replace(
        before,
        last_activity_at=later,
        opened_at=later,
        unread=chance.choice([0, 1]),
        tags=chance.choice([before.tags, ("vip",), ()]),
    )
    if before.attendance is None:
        return marked
    return replace(
        marked,
        attendance=replace(before.attendance, opened_at=later),
        agent_id=chance.choice([before.agent_id, "ana"]),
    )


# --- what a request reads ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tab", "order", "filters", "calls"),
    [
        (Tab.ALL, Order.NEWEST, NO_FILTERS, "Query " * 10),
        (Tab.ALL, Order.NEWEST, Filters(unread=True), "Query " * 5),
        (Tab.ALL, Order.NEWEST, Filters(department="sales"), "Query"),
        (Tab.ALL, Order.OLDEST, Filters(agent="bruno", tag="vip"), "Query BatchGetItem"),
        (Tab.ALL, Order.OLDEST, Filters(agent="bruno", channel="instagram"), "Query"),
        (Tab.ALL, Order.OPENED_OLDEST, Filters(agent="bruno"), "Query BatchGetItem"),
        (Tab.ALL, Order.OPENED_OLDEST, Filters(unread=True), "Query " * 5 + "BatchGetItem"),
        (Tab.ALL, Order.NEWEST, Filters(tag="vip"), "Query BatchGetItem"),
        (Tab.OPEN, Order.OPENED_NEWEST, Filters(campaign="july"), "Query BatchGetItem"),
        (Tab.ALL, Order.NEWEST, Filters(channel="instagram"), "Query " * 10),
        (Tab.OPEN, Order.NEWEST, Filters(department="none-of-mine"), ""),
    ],
)
def test_a_page_asks_once_for_each_partition(world, thirty, tab, order, filters, calls):
    """FILT-1 SORT-4"""
    with asked() as made:
        queries.list_page(world, AGENTS["ana"], tab, order, filters=filters, limit=7)
    assert made == calls.split()


def test_two_hundred_departments_are_six_partitions_and_counted_side_by_side(world, thirty):
    """TAB-2 TAB-8"""
    eva = AGENTS["eva of 200 departments"]
    with asked() as made:
        queries.list_page(world, eva, Tab.OPEN, Order.NEWEST, limit=30)
    assert made == ["Query"] * 6
    with asked() as made:
        queries.counts(replace(eva, permissions=frozenset({Permission.TAB_OPEN})))
    assert made == ["Query"] * 201


def test_a_page_that_finds_nothing_goes_on_from_where_it_stopped(world):
    """FILT-1: a bounded reading may show nothing, and its cursor is not the end."""
    for number in range(12):
        lay(chat(f"{number:04x}", last_activity_at=NOON - timedelta(minutes=number)))
    lay(chat("0fff", channel="facebook", last_activity_at=NOON - timedelta(hours=2)))
    wanted = Filters(channel="facebook")
    with mock.patch.object(queries, "EXAMINED", 4):
        first = queries.list_page(
            world, AGENTS["bruno"], Tab.OPEN, Order.NEWEST, filters=wanted, limit=2
        )
        assert first["chats"] == []
        assert first["cursor"] is not None
        rows = pages(world, AGENTS["bruno"], Tab.OPEN, Order.NEWEST, wanted)
    assert [row["chat_id"] for row in rows] == ["0fff"]


def test_a_filter_with_no_member_is_an_empty_page(world, thirty):
    """FILT-1: one of five thousand tags that nobody has costs one query."""
    with asked() as made:
        page = queries.list_page(
            world, AGENTS["ana"], Tab.ALL, Order.NEWEST, filters=Filters(tag="t4999"), limit=30
        )
    assert page == {"chats": [], "cursor": None}
    assert made == ["Query"]


def test_a_chat_that_is_gone_leaves_the_page_whole(world):
    """SORT-4: its entry may outlive it in an index for a moment."""
    for number in range(3):
        lay(chat(f"{number:04x}"))
    with mock.patch.object(Row, "batch_get", return_value=()):
        page = queries.list_page(world, agent(), Tab.ALL, Order.OPENED_NEWEST, limit=2)
    assert page["chats"] == []
    assert page["cursor"] is not None


@pytest.mark.parametrize("order", [Order.NEWEST, Order.OLDEST])
def test_a_chat_that_changes_its_partition_meanwhile_is_shown_once_and_as_it_is(world, order):
    """SORT-4: read between two queries of one page, it is still among the unread for the first."""
    before = lay(chat("0001", unread=2))
    lay(chat("0002", last_activity_at=NOON))
    read = lists.read

    def reading(way, *given, **more):
        first = read(replace(way, partitions=way.partitions[:1]), *given, **more)
        lay(replace(before, unread=0, unread_from=None), before)
        return first + read(replace(way, partitions=way.partitions[1:]), *given, **more)

    unread_first = listing.Partition(listing.Index.BY_ACTIVITY, "nobody#unread")
    rest = listing.tab_partitions(Tab.ALL, listing.Reader("ana", (), every_department=False))
    way = listing.Way((unread_first, *(one for one in rest if one != unread_first)))
    with (
        mock.patch.object(lists, "read", reading),
        mock.patch.object(listing, "plan", return_value=way),
    ):
        rows = queries.list_page(world, agent(), Tab.ALL, order, limit=5)["chats"]
    shown = {row["chat_id"]: row["unread"] for row in rows}
    assert (len(rows), shown) == (2, {"0001": 0, "0002": 0})


def test_who_waited_since_eight_stays_before_the_hundred_who_came_later(world):
    """SORT-3"""
    morning = NOON.replace(hour=8)
    waits = OpenAttendance("100001", morning)
    first = lay(chat("ffff", attendance=waits, opened_at=morning, last_activity_at=morning))
    for number in range(100):
        at = morning + timedelta(minutes=number + 1)
        served = OpenAttendance(f"{100002 + number}", at)
        lay(chat(f"{number:04x}", attendance=served, opened_at=at, last_activity_at=at))
    lay(replace(first, last_activity_at=NOON, unread=3), first)
    who = agent("bruno")
    rows = pages(world, who, Tab.OPEN, Order.OPENED_OLDEST, limit=30)
    assert [row["chat_id"] for row in rows[:2]] == ["ffff", "0000"]
    assert len(rows) == 101
    newest = pages(world, who, Tab.OPEN, Order.OPENED_NEWEST, limit=30)
    assert newest == rows[::-1]


def test_the_opening_orders_list_only_who_ever_had_a_protocol(world):
    """SORT-2"""
    lay(chat("0001", open_=False, opened_at=None))
    lay(chat("0002", open_=False, opened_at=NOON))
    lay(chat("0003"))
    rows = pages(world, agent(), Tab.ALL, Order.OPENED_NEWEST)
    assert {row["chat_id"] for row in rows} == {"0002", "0003"}
    assert len(pages(world, agent(), Tab.ALL, Order.NEWEST)) == 3


def test_counts_stop_at_ninety_nine(desk):
    """TAB-8"""
    for number in range(103):
        lay(chat(f"{number:04x}", open_=number % 2 == 0, unread=number % 3))
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
            around=None,
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
        lambda: queries.messages(davi, "c1", before=None, after=None, around=None, limit=5),
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
    (row,) = queries.list_page(world, agent(), Tab.ALL, Order.NEWEST, limit=5)["chats"]
    one = store.load(row["chat_id"])
    assert to_chat(from_chat(one)) == one
    assert set(one.learnt_at.values()) == {NOON, NOON + timedelta(minutes=2)}
    assert views.row(one) == row
