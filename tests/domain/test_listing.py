"""The four tabs: the whole table of where a chat appears, and that the indexes say the same."""

from datetime import timedelta
from functools import cache
from itertools import product
from types import MappingProxyType

import pytest

from chalicelib.domain.access import Permission, tabs_holding
from chalicelib.domain.instants import sortable
from chalicelib.domain.listing import (
    NO_FILTERS,
    Filters,
    Index,
    Order,
    Partition,
    Placement,
    Reader,
    Tab,
    Way,
    holds,
    keys,
    matches,
    place,
    placement,
    plan,
    session_ends,
    tab_partitions,
)
from chalicelib.domain.session import State
from tests.builders import ACCOUNT, NOON, TABS, agent, chat

CHATS = {
    "closed": chat(open_=False),
    "never opened": chat(open_=False, opened_at=None),
    "department": chat(department_id="sales"),
    "nobody": chat(),
    "ana": chat(agent_id="ana"),
    "ana and department": chat(agent_id="ana", department_id="sales"),
}

VIEWERS = {
    "ana": agent("ana"),
    "bruno": agent("bruno"),
    "carla of sales": agent("carla", department_ids={"sales"}),
    "davi of support": agent("davi", department_ids={"support"}),
    "eva of both": agent("eva", department_ids={"sales", "support"}),
    "fabio with permission 6": agent(
        "fabio", permissions=TABS | {Permission.EVERY_DEPARTMENT}, department_ids={"support"}
    ),
}

TABLE = """
closed             | ana                     | all
closed             | bruno                   | all
closed             | carla of sales          | all
closed             | davi of support         | all
closed             | eva of both             | all
closed             | fabio with permission 6 | all
never opened       | ana                     | all
never opened       | bruno                   | all
never opened       | carla of sales          | all
never opened       | davi of support         | all
never opened       | eva of both             | all
never opened       | fabio with permission 6 | all
department         | ana                     | all
department         | bruno                   | all
department         | carla of sales          | all open
department         | davi of support         | all
department         | eva of both             | all open
department         | fabio with permission 6 | all open
nobody             | ana                     | all open
nobody             | bruno                   | all open
nobody             | carla of sales          | all open
nobody             | davi of support         | all open
nobody             | eva of both             | all open
nobody             | fabio with permission 6 | all open
ana                | ana                     | all mine in_service
ana                | bruno                   | all in_service
ana                | carla of sales          | all in_service
ana                | davi of support         | all in_service
ana                | eva of both             | all in_service
ana                | fabio with permission 6 | all in_service
ana and department | ana                     | all mine in_service
ana and department | bruno                   | all in_service
ana and department | carla of sales          | all open in_service
ana and department | davi of support         | all in_service
ana and department | eva of both             | all open in_service
ana and department | fabio with permission 6 | all open in_service
"""
ROWS = [[cell.strip() for cell in line.split("|")] for line in TABLE.strip().splitlines()]


@pytest.mark.parametrize(("state", "viewer", "tabs"), ROWS)
def test_where_a_chat_appears(state, viewer, tabs):
    """TAB-1 TAB-2 TAB-3 TAB-4 TAB-5 TAB-6"""
    held = [tab.value for tab in tabs_holding(CHATS[state], VIEWERS[viewer])]
    assert " ".join(held) == tabs


def test_the_table_is_whole():
    """TAB-5"""
    assert {(state, viewer) for state, viewer, _ in ROWS} == set(product(CHATS, VIEWERS))


@pytest.mark.parametrize(
    ("state", "place"),
    [
        ("closed", Placement.CLOSED),
        ("never opened", Placement.CLOSED),
        ("department", Placement.DEPARTMENT),
        ("nobody", Placement.NOBODY),
        ("ana", Placement.AGENT),
        ("ana and department", Placement.BOTH),
    ],
)
def test_each_row_of_the_table_is_a_placement(state, place):
    """TAB-5"""
    assert placement(CHATS[state]) is place


def every_chat():
    """Each state a chat can be in, as far as lists care. A closed chat has neither (ROUTE-7)."""
    served = list(product((True,), (None, "ana", "bruno"), (None, "sales", "support"), (NOON,)))
    closed = list(product((False,), (None,), (None,), (None, NOON)))
    rest = list(product((0, 2), (NOON, None), (None, "c2"), ((), ("vip",)), (1, 1425, 1441)))
    for (open_, holder, department, opened_at), (unread, active, merged, tags, ago) in product(
        served + closed, rest
    ):
        yield chat(
            tags=tags,
            campaigns=("july",) if tags else (),
            last_inbound_at=MappingProxyType({ACCOUNT: NOON - timedelta(minutes=ago)}),
            open_=open_,
            agent_id=holder,
            department_id=department,
            opened_at=opened_at,
            unread=unread,
            last_activity_at=active,
            merged_into=merged,
        )


def places_in_indexes(one):
    """The partitions in which DynamoDB would keep the chat: those whose both keys are there."""
    found = keys(one)
    by_index = {
        Index.BY_ACTIVITY: (found.feed, found.activity),
        Index.BY_OPENING: (found.placement, found.opening),
        Index.AGENT_ACTIVITY: (found.held_by, found.activity),
        Index.AGENT_OPENING: (found.held_by, found.opening),
        Index.QUEUE_ACTIVITY: (found.queue, found.activity),
        Index.QUEUE_OPENING: (found.queue, found.opening),
    }
    return {
        (index, partition)
        for index, (partition, place) in by_index.items()
        if partition is not None and place is not None
    }


@cache
def placed_chats():
    """Every chat with its places."""
    return [(one, places_in_indexes(one)) for one in every_chat()]


def reader(viewer):
    return Reader(viewer.agent_id, viewer.department_ids, viewer.may(Permission.EVERY_DEPARTMENT))


def held(tab, one, who):
    return holds(
        tab,
        one,
        agent_id=who.agent_id,
        department_ids=who.department_ids,
        every_department=who.every_department,
    )


def admits(way, one, order):
    """What a way says of a chat that one of its partitions holds."""
    return (
        matches(way.filters, one, NOON)
        and (not way.places or placement(one) in way.places)
        and (not way.queues or keys(one).queue in way.queues)
        and (way.since is None or place(order, one) > sortable(way.since))
    )


FILTERS = {
    "none": NO_FILTERS,
    "unread": Filters(unread=True),
    "department": Filters(department="sales"),
    "department and unread": Filters(department="sales", unread=True),
    "agent": Filters(agent="ana"),
    "agent and department": Filters(agent="ana", department="sales"),
    "agent and unread": Filters(agent="bruno", unread=True),
    "all that the chat has": Filters(
        tag="vip", department="sales", agent="ana", campaign="july", channel="whatsapp", unread=True
    ),
    "nobody has it": Filters(tag="other"),
    "another channel": Filters(channel="instagram"),
    "badge": Filters(tag="expired"),
    "expiring": Filters(tag="expiring"),
}
MANY = frozenset({"sales", *(f"d{number}" for number in range(200))})
READERS = {
    **{name: reader(viewer) for name, viewer in VIEWERS.items()},
    "gil of 201 departments": Reader("gil", MANY, every_department=False),
}


@pytest.mark.parametrize("filters", FILTERS.values(), ids=FILTERS)
@pytest.mark.parametrize("order", list(Order))
@pytest.mark.parametrize("tab", list(Tab))
@pytest.mark.parametrize("who", READERS.values(), ids=READERS)
def test_a_way_leads_to_the_chats_of_the_tab_and_finds_none_twice(who, tab, order, filters):
    """TAB-1 TAB-2 TAB-3 TAB-4 TAB-6 FILT-1 SORT-1 SORT-2"""
    way = plan(tab, order, filters, who, NOON)
    for one, places in placed_chats():
        found = [
            partition
            for partition in way.partitions
            if (partition.index, partition.key) in places and admits(way, one, order)
        ]
        wanted = (
            held(tab, one, who) and matches(filters, one, NOON) and place(order, one) is not None
        )
        # By opening, what is found is looked up and asked again: keys alone say less.
        if order.by_opening:
            found = [partition for partition in found if held(tab, one, who)]
        assert len(found) == int(wanted), one


@pytest.mark.parametrize("tab", list(Tab))
@pytest.mark.parametrize("who", READERS.values(), ids=READERS)
def test_what_is_counted_is_the_tab_and_nothing_twice(who, tab):
    """TAB-8"""
    counted = tab_partitions(tab, who)
    for one, places in placed_chats():
        found = [each for each in counted if (each.index, each.key) in places]
        assert len(found) == int(held(tab, one, who) and one.last_activity_at is not None)


ANA = Reader("ana", frozenset({"sales"}), every_department=False)
CARLA = Reader("carla", frozenset(), every_department=True)


@pytest.mark.parametrize(
    ("tab", "filters", "who", "indexes", "few"),
    [
        (Tab.ALL, NO_FILTERS, ANA, {Index.BY_ACTIVITY}, 0),
        (Tab.ALL, Filters(agent="bruno"), ANA, {Index.AGENT_ACTIVITY}, 0),
        (Tab.ALL, Filters(agent="bruno", tag="vip"), ANA, {Index.AGENT_ACTIVITY}, 40),
        (Tab.ALL, Filters(department="sales"), ANA, {Index.QUEUE_ACTIVITY}, 0),
        (Tab.ALL, Filters(tag="vip"), ANA, {Index.BY_ACTIVITY}, 200),
        (Tab.ALL, Filters(tag="expired"), ANA, {Index.BY_ACTIVITY}, 0),
        (Tab.ALL, Filters(campaign="july"), ANA, {Index.BY_ACTIVITY}, 200),
        (Tab.ALL, Filters(channel="facebook"), ANA, {Index.BY_ACTIVITY}, 0),
        (Tab.OPEN, Filters(tag="vip", department="sales"), ANA, {Index.QUEUE_ACTIVITY}, 200),
        (Tab.OPEN, Filters(department="support"), ANA, set(), 0),
        (Tab.OPEN, Filters(department="support"), CARLA, {Index.QUEUE_ACTIVITY}, 0),
        (Tab.OPEN, Filters(agent="bruno"), CARLA, {Index.AGENT_ACTIVITY}, 0),
        (Tab.MINE, Filters(agent="bruno"), ANA, set(), 0),
        (Tab.MINE, Filters(agent="ana"), ANA, {Index.AGENT_ACTIVITY}, 0),
        (Tab.IN_SERVICE, Filters(department="sales"), ANA, {Index.QUEUE_ACTIVITY}, 0),
    ],
)
def test_the_narrowest_way_is_taken(tab, filters, who, indexes, few):
    """FILT-1"""
    way = plan(tab, Order.NEWEST, filters, who, NOON)
    assert {one.index for one in way.partitions} == indexes
    assert way.few_members == few


def test_nothing_is_filtered_that_a_partition_says():
    """FILT-1"""
    for filters in (NO_FILTERS, Filters(unread=True), Filters(department="sales")):
        assert not plan(Tab.ALL, Order.NEWEST, filters, ANA, NOON).narrowed
    assert plan(Tab.ALL, Order.OPENED_NEWEST, Filters(unread=True), ANA, NOON).narrowed
    assert plan(Tab.ALL, Order.NEWEST, Filters(channel="facebook"), ANA, NOON).narrowed


def test_what_nobody_can_see_is_not_looked_for():
    """TAB-2 TAB-3 FILT-1"""
    alone = Reader("ana", frozenset(), every_department=False)
    assert plan(Tab.OPEN, Order.NEWEST, Filters(agent="bruno"), alone, NOON) == Way(())


@pytest.mark.parametrize("seconds", [-86_400, -1, 0, 1, 1_799, 1_800, 1_801, 86_400])
@pytest.mark.parametrize("badge", [State.EXPIRING, State.EXPIRED])
def test_a_badge_is_the_same_by_bounds_as_by_state(badge, seconds):
    """FILT-1 ROW-3"""
    ends_at = NOON + timedelta(seconds=seconds)
    heard = ends_at - timedelta(hours=24)
    one = chat(last_inbound_at=MappingProxyType({ACCOUNT: heard}))
    after, until = session_ends(badge, NOON)
    bounded = ends_at <= until and (after is None or ends_at > after)
    assert matches(Filters(tag=badge.value), one, NOON) is bounded


def test_who_never_wrote_has_no_badge():
    """FILT-1 ROW-3"""
    silent = chat(last_inbound_at=MappingProxyType({}))
    assert not any(matches(Filters(tag=badge), silent, NOON) for badge in ("expiring", "expired"))


@pytest.mark.parametrize(
    ("filters", "facts"),
    [
        (Filters(tag="vip"), {"tags": ("new", "vip")}),
        (Filters(department="sales"), {"department_id": "sales"}),
        (Filters(agent="ana"), {"agent_id": "ana"}),
        (Filters(campaign="july"), {"campaigns": ("june", "july")}),
        (Filters(channel="instagram"), {"channel": "instagram"}),
        (Filters(unread=True), {"unread": 1}),
    ],
)
def test_a_filter_asks_for_its_fact(filters, facts):
    """FILT-1"""
    assert matches(filters, chat(**facts), NOON)
    assert not matches(filters, chat(), NOON)


def test_a_merged_chat_is_in_no_list():
    """INB-7"""
    assert places_in_indexes(chat(merged_into="c2", agent_id="ana")) == set()


def test_few_partitions_are_merged_however_many_departments():
    """TAB-6 TAB-8"""

    def merged(count, *, every_department):
        who = Reader("ana", {f"d{number}" for number in range(count)}, every_department)
        return len(plan(Tab.OPEN, Order.OPENED_OLDEST, NO_FILTERS, who, NOON).partitions)

    assert merged(200, every_department=True) == 3
    assert merged(200, every_department=False) == 3
    assert merged(20, every_department=False) == 21


def test_first_come_first_served_reads_the_queue_by_opening():
    """SORT-3"""
    way = plan(Tab.OPEN, Order.OPENED_OLDEST, Filters(department="sales"), ANA, NOON)
    assert way.partitions == (Partition(Index.QUEUE_OPENING, "sales"),)
