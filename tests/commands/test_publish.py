"""What open screens are told: those that are ready, and may read it."""

import json
from dataclasses import replace

import pytest

from chalicelib.commands.publish import ask_to_refetch, frame, publish
from chalicelib.domain.access import Permission
from chalicelib.domain.listing import Tab
from chalicelib.domain.live import AgentChanged, ChannelChanged, ChatChanged, DirectoryChanged
from chalicelib.stores import connections
from tests.builders import AT_CHAT, NOON, TABS, agent, chat, join, message, put

LATER = NOON.replace(hour=15)
CHANGED = ChatChanged(chat(rev=1, row_rev=1), chat(rev=2, row_rev=2, unread=1, touched=("k",)))


def socket(connection_id, agent_id="ana", tab=Tab.ALL, chat_id=None):
    connections.save_pending(connection_id, agent_id, LATER)
    connections.say_hello(connection_id, tab, chat_id, AT_CHAT)


def told(world, connection_id):
    return [
        event
        for text in world.realtime.frames.get(connection_id, ())
        for event in json.loads(text)["events"]
    ]


@pytest.fixture
def desk_of_three(world):
    """Ana reads everything, Bruno only what is open, Carla nothing."""
    join(
        agent("ana"),
        agent("bruno", permissions=frozenset({Permission.TAB_OPEN})),
        agent("carla", permissions=frozenset()),
    )
    return world


def test_only_ready_sockets_that_may_read_it_are_told(desk_of_three):
    """LIVE-1 TAB-7 PERM-2"""
    for name in ("ana", "bruno", "carla"):
        socket(name, name, Tab.OPEN, "c1")
    connections.save_pending("pending", "ana", LATER)
    publish(desk_of_three, [CHANGED])
    assert [event["type"] for event in told(desk_of_three, "ana")] == ["row", "chat"]
    assert set(desk_of_three.realtime.frames) == {"ana", "bruno"}
    taken = ChatChanged(CHANGED.after, replace(CHANGED.after, agent_id="ana", rev=3, row_rev=3))
    publish(desk_of_three, [taken])
    assert told(desk_of_three, "bruno")[-1]["chat"] is None
    publish(desk_of_three, [ChatChanged(taken.after, replace(taken.after, rev=4, row_rev=4))])
    assert told(desk_of_three, "bruno")[-1]["rev"] == 3


def test_a_batch_is_one_frame_for_each_socket(desk_of_three):
    """LIVE-1"""
    socket("s1")
    publish(desk_of_three, [CHANGED, ChatChanged(CHANGED.after, chat(rev=3, row_rev=3))])
    (text,) = desk_of_three.realtime.frames["s1"]
    assert len(json.loads(text)["events"]) == 2


def test_a_message_reaches_only_who_has_its_chat_open(desk_of_three):
    """LIVE-1"""
    put(chat())
    socket("here", chat_id="c1")
    socket("elsewhere", chat_id="c2")
    socket("nowhere")
    publish(desk_of_three, [message("olá")])
    assert [event["message"]["text"] for event in told(desk_of_three, "here")] == ["olá"]
    assert set(desk_of_three.realtime.frames) == {"here"}


def test_a_message_is_shown_by_the_chat_of_its_own_batch(desk_of_three):
    """TAB-7: what the table says by now may be another story."""
    put(chat())
    socket("s1", "bruno", Tab.OPEN, "c1")
    taken = ChatChanged(chat(rev=1), chat(agent_id="ana", rev=2, row_rev=2))
    publish(desk_of_three, [taken, message("segredo")])
    assert "segredo" not in json.dumps(told(desk_of_three, "s1"))


def test_who_is_gone_is_forgotten_and_the_others_are_told(desk_of_three):
    """LIVE-1"""
    for name in ("gone", "here"):
        socket(name)
    desk_of_three.realtime.gone.add("gone")
    publish(desk_of_three, [CHANGED])
    assert [one.connection_id for one in connections.ready()] == ["here"]
    assert told(desk_of_three, "here")


def test_who_fails_twice_is_cut_so_that_it_resyncs(desk_of_three):
    """LIVE-3 LIVE-4"""
    socket("deaf")
    desk_of_three.realtime.deaf.add("deaf")
    publish(desk_of_three, [CHANGED])
    assert desk_of_three.realtime.closed == []
    publish(desk_of_three, [CHANGED])
    assert desk_of_three.realtime.closed == ["deaf"]
    assert connections.ready() == []


def test_a_deactivated_users_socket_is_cut(desk_of_three, clock):
    """PERM-3"""
    socket("s1")
    publish(desk_of_three, [CHANGED])
    join(agent("ana", active=False))
    clock.forward(seconds=5)
    publish(desk_of_three, [CHANGED])
    assert desk_of_three.realtime.closed == ["s1"]
    assert len(desk_of_three.realtime.frames["s1"]) == 1
    assert connections.ready() == []


def test_a_changed_permission_takes_effect_within_seconds(desk_of_three, clock):
    """PERM-2"""
    socket("s1")
    publish(desk_of_three, [CHANGED])
    join(agent("ana", permissions=frozenset()))
    clock.forward(seconds=5)
    publish(desk_of_three, [CHANGED])
    assert len(desk_of_three.realtime.frames["s1"]) == 1


def test_what_the_stream_says_of_an_agent_holds_at_once(desk_of_three):
    """PERM-2: whatever is remembered of the agents, and in the very same batch."""
    socket("s1", chat_id="c1")
    socket("s2", "bruno", Tab.OPEN, "c1")
    publish(desk_of_three, [CHANGED])
    for frames in desk_of_three.realtime.frames.values():
        frames.clear()
    fewer = agent("ana", permissions=frozenset(), version=1)
    publish(desk_of_three, [AgentChanged(agent("ana"), fewer), CHANGED])
    assert told(desk_of_three, "s1") == [{"type": "directory", "part": "me"}]
    assert {event["type"] for event in told(desk_of_three, "s2")} == {"row", "chat"}
    publish(desk_of_three, [CHANGED])
    assert len(desk_of_three.realtime.frames["s1"]) == 1


@pytest.mark.parametrize(
    ("before", "after"), [(TABS, frozenset()), (frozenset(), TABS)], ids=["taken", "given"]
)
def test_what_one_function_was_told_of_an_agent_binds_the_others(desk_of_three, before, after):
    """PERM-2 LIVE-4: the page fetches once, and is told by the same rights from then on."""
    join(agent("ana", permissions=before, version=1))
    socket("s1")
    publish(desk_of_three, [CHANGED])  # this one remembers the agents for four seconds
    desk_of_three.realtime.frames.clear()
    changed = agent("ana", permissions=after, version=2)
    join(changed)
    connections.agent_changed("ana", changed.version)  # another one was handed the record
    publish(desk_of_three, [CHANGED])
    assert bool(told(desk_of_three, "s1")) is bool(after)


def test_sockets_that_have_not_said_hello_are_bound_too(desk_of_three):
    """PERM-2"""
    connections.save_pending("s1", "ana", LATER, agent_version=3)
    socket("s2", "bruno")
    for version in (2, 4, 3):
        connections.agent_changed("ana", version)
    connections.say_hello("s1", Tab.ALL, None, AT_CHAT)
    assert {one.connection_id: one.agent_version for one in connections.ready()} == {
        "s1": 4,
        "s2": 0,
    }


def test_an_old_record_of_an_agent_gives_nothing_back(desk_of_three):
    """PERM-2: the stream may come again as a whole."""
    socket("s1")
    fewer = agent("ana", permissions=frozenset(), version=2)
    publish(desk_of_three, [AgentChanged(agent("ana", version=1), fewer)])
    publish(desk_of_three, [AgentChanged(agent("ana"), agent("ana", version=1)), CHANGED])
    assert "row" not in {event["type"] for event in told(desk_of_three, "s1")}


def test_a_deactivated_users_socket_is_cut_by_the_record_that_says_so(desk_of_three):
    """PERM-3"""
    socket("s1")
    socket("s2", "bruno")
    publish(desk_of_three, [AgentChanged(agent("ana"), agent("ana", active=False, version=1))])
    assert desk_of_three.realtime.closed == ["s1"]
    assert [one.connection_id for one in connections.ready()] == ["s2"]
    assert told(desk_of_three, "s2") == [{"type": "directory", "part": "people"}]


def test_names_are_told_once_a_batch(desk_of_three):
    """LIVE-1"""
    socket("s1", "carla")
    publish(
        desk_of_three,
        [DirectoryChanged("labels"), DirectoryChanged("people"), DirectoryChanged("labels")],
    )
    assert told(desk_of_three, "s1") == [
        {"type": "directory", "part": "labels"},
        {"type": "directory", "part": "people"},
    ]


def test_what_does_not_fit_a_frame_is_fetched(desk_of_three):
    """LIVE-4"""
    socket("s1", chat_id="c1")
    put(chat())
    publish(desk_of_three, [message(f"{n}" + "é" * 4000, key=f"k{n}") for n in range(9)])
    assert told(desk_of_three, "s1") == [{"type": "refetch", "chat_id": None}]


def test_no_frame_is_longer_than_the_gateway_takes():
    """LIVE-1"""
    events = [{"type": "refetch", "chat_id": "😀" * n} for n in (7_000, 8_000)]
    assert [len(frame([event]).encode()) <= 32_000 for event in events] == [True, True]
    assert json.loads(frame(events))["events"] == [{"type": "refetch", "chat_id": None}]


def test_a_channels_health_reaches_everybody(desk_of_three):
    """INB-10"""
    socket("s1", "carla", Tab.ALL)
    channel = {"channel": "whatsapp", "account": "1", "display": "+55", "problem": None}
    publish(desk_of_three, [ChannelChanged(channel)])
    assert told(desk_of_three, "s1") == [{"type": "channel", "channel": channel}]


def test_what_had_no_frame_is_fetched_by_who_has_the_chat_open(desk_of_three):
    """LIVE-4"""
    socket("here", chat_id="c1")
    socket("elsewhere", chat_id="c2")
    ask_to_refetch(desk_of_three, "c1")
    assert set(desk_of_three.realtime.frames) == {"here"}


def test_nobody_there_costs_nothing(world):
    publish(world, [CHANGED])
    assert world.realtime.frames == {}
