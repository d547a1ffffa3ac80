"""The four tabs: the whole table of where a chat appears, and that the indexes say the same."""

from itertools import product

import pytest

from chalicelib.domain.access import Permission, tabs_holding
from chalicelib.domain.listing import (
    Index,
    Order,
    Placement,
    Tab,
    holds,
    keys,
    partitions,
    placement,
)
from tests.builders import NOON, TABS, agent, chat

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
    held = list(product((True,), (None, "ana", "bruno"), (None, "sales", "support"), (NOON,)))
    closed = list(product((False,), (None,), (None,), (None, NOON)))
    rest = list(product((0, 2), (NOON, None), (None, "c2")))
    for (open_, holder, department, opened_at), (unread, active, merged) in product(
        held + closed, rest
    ):
        yield chat(
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


@pytest.mark.parametrize("unread_only", [False, True])
@pytest.mark.parametrize("order", list(Order))
@pytest.mark.parametrize("tab", list(Tab))
@pytest.mark.parametrize("viewer", VIEWERS.values(), ids=VIEWERS)
def test_a_tab_is_its_partitions_and_lists_nothing_twice(viewer, tab, order, unread_only):
    """TAB-1 TAB-2 TAB-3 TAB-4 TAB-6 SORT-1 SORT-2"""
    view = {
        "agent_id": viewer.agent_id,
        "department_ids": viewer.department_ids,
        "every_department": viewer.may(Permission.EVERY_DEPARTMENT),
    }
    merged = partitions(tab, order, unread_only=unread_only, **view)
    for one in every_chat():
        places = places_in_indexes(one)
        found = [
            partition
            for partition in merged
            if (partition.index, partition.key) in places
            and not (partition.unread_only and one.unread == 0)
        ]
        ordered_by = one.opened_at if order.by_opening else one.last_activity_at
        wanted = ordered_by is not None and (one.unread > 0 or not unread_only)
        assert len(found) == int(holds(tab, one, **view) and wanted), one


def test_a_merged_chat_is_in_no_list():
    """INB-7"""
    assert places_in_indexes(chat(merged_into="c2", agent_id="ana")) == set()


def test_permission_6_merges_placements_however_many_departments():
    """TAB-6"""
    view = {"agent_id": "ana", "unread_only": False, "department_ids": {f"d{n}" for n in range(50)}}
    assert len(partitions(Tab.OPEN, Order.OPENED_OLDEST, every_department=True, **view)) == 3
    assert len(partitions(Tab.OPEN, Order.OPENED_OLDEST, every_department=False, **view)) == 51
