"""Sockets: one ticket opens one, and only a page of ours."""

import pytest

from chalicelib.commands.connect import connect, disconnect, give_ticket, hello
from chalicelib.domain import errors
from chalicelib.domain.listing import Tab
from chalicelib.stores import connections
from tests.builders import agent, join

ORIGIN = "http://desk.invalid"


@pytest.fixture
def ticket(world):
    """Ana's ticket."""
    return give_ticket(world, join(agent("ana")))["ticket"]


def test_a_ticket_says_where_and_until_when(world):
    """LIVE-1"""
    given = give_ticket(world, agent("ana"))
    assert given["url"] == "ws://live.invalid"
    assert given["expires_at"] == "2026-11-24T12:00:30.000Z"
    assert give_ticket(world, agent("ana"))["ticket"] != given["ticket"]


def test_a_ticket_opens_one_socket_which_waits_for_its_hello(world, ticket):
    """LIVE-1"""
    connect(world, "s1", ticket, ORIGIN)
    assert connections.ready() == []
    assert hello(world, "s1", Tab.OPEN, "c1")
    (socket,) = connections.ready()
    assert (socket.connection_id, socket.agent_id, socket.tab, socket.chat_id) == (
        "s1",
        "ana",
        Tab.OPEN,
        "c1",
    )
    with pytest.raises(errors.Unauthenticated):
        connect(world, "s2", ticket, ORIGIN)


def test_a_hello_may_change_tab_and_close_the_chat(world, ticket):
    """LIVE-1"""
    connect(world, "s1", ticket, ORIGIN)
    hello(world, "s1", Tab.OPEN, "c1")
    hello(world, "s1", Tab.MINE, None)
    (socket,) = connections.ready()
    assert (socket.tab, socket.chat_id) == (Tab.MINE, None)


@pytest.mark.parametrize(("seconds", "opens"), [(0, True), (29, True), (30, False), (3600, False)])
def test_a_ticket_lives_thirty_seconds(world, ticket, clock, seconds, opens):
    """LIVE-1"""
    clock.forward(seconds=seconds)
    if opens:
        connect(world, "s1", ticket, ORIGIN)
        return
    with pytest.raises(errors.Unauthenticated):
        connect(world, "s1", ticket, ORIGIN)


@pytest.mark.parametrize(
    "origin", ["", "http://evil.invalid", "https://desk.invalid", ORIGIN + "/"]
)
def test_another_origins_page_opens_nothing_and_spends_no_ticket(world, ticket, origin):
    """LIVE-1"""
    with pytest.raises(errors.Forbidden):
        connect(world, "s1", ticket, origin)
    connect(world, "s1", ticket, ORIGIN)


@pytest.mark.parametrize("wrong", ["", "0", "0" * 32, "x" * 2000])
def test_a_made_up_ticket_opens_nothing(world, wrong):
    """LIVE-1"""
    with pytest.raises(errors.Unauthenticated):
        connect(world, "s1", wrong, ORIGIN)


def test_somebody_cut_off_meanwhile_is_not_let_in(world, ticket):
    """PERM-3"""
    join(agent("ana", active=False))
    with pytest.raises(errors.AgentInactive):
        connect(world, "s1", ticket, ORIGIN)


def test_a_socket_nobody_knows_is_told_so(world):
    """LIVE-3"""
    assert not hello(world, "s9", Tab.ALL, None)
    assert connections.ready() == []


def test_a_closed_socket_is_forgotten_however_often_it_says_so(world, ticket):
    """LIVE-1"""
    connect(world, "s1", ticket, ORIGIN)
    hello(world, "s1", Tab.ALL, None)
    disconnect(world, "s1")
    disconnect(world, "s1")
    assert connections.ready() == []
    assert not hello(world, "s1", Tab.ALL, None)
