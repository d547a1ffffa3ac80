"""What each open screen is told of a change: what it shows, and nothing it may not see."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain import views
from chalicelib.domain.access import Permission, may_read, tabs_holding
from chalicelib.domain.listing import Tab
from chalicelib.domain.live import ChannelChanged, ChatChanged, MessageChanged, Viewer, told
from tests.builders import NOON, TABS, agent, chat, message

SECRET = "only for readers"


def at(rev, row_rev=None, **facts):
    return chat(rev=rev, row_rev=rev if row_rev is None else row_rev, preview=SECRET, **facts)


def types(said):
    return [event["type"] for event in said]


def viewer(tab=Tab.ALL, chat_id=None, **facts):
    return Viewer(agent("ana", **facts), tab, chat_id)


PLACES = st.fixed_dictionaries(
    {
        "open_": st.just(True),
        "agent_id": st.sampled_from([None, "ana", "bruno"]),
        "department_id": st.sampled_from([None, "sales", "support"]),
        "merged_into": st.sampled_from([None, None, None, "c2"]),
    }
) | st.just({"open_": False})
VIEWERS = st.builds(
    Viewer,
    agent=st.builds(
        agent,
        permissions=st.frozensets(st.sampled_from([Permission(n) for n in "123456"])),
        department_ids=st.frozensets(st.sampled_from(["sales", "support"])),
        active=st.sampled_from([True, True, True, False]),
    ),
    tab=st.sampled_from(list(Tab)),
    chat_id=st.sampled_from([None, "c1", "another"]),
)
CHANGES = st.tuples(st.none() | PLACES, PLACES, st.booleans(), st.booleans())


@given(VIEWERS, CHANGES)
def test_nothing_is_told_of_a_chat_to_who_may_not_read_it(seen_by, change):
    """LIVE-1 TAB-7 PERM-2"""
    was, becomes, row_moves, _ = change
    before = None if was is None else at(6, **was)
    after = at(7, row_rev=7 if row_moves or before is None else 6, touched=("k",), **becomes)
    changes = [ChatChanged(before, after), MessageChanged(message(SECRET), after)]
    said = told(seen_by, changes, NOON)
    readable = may_read(after, seen_by.agent)
    was_readable = before is not None and may_read(before, seen_by.agent)
    if not readable:
        assert SECRET not in json.dumps(said)
        assert "message" not in types(said)
        assert all(event.get("row") is None and event.get("chat") is None for event in said)
        assert all(not event.get("touched") for event in said)
    if not readable and not was_readable:
        assert said == []


@given(VIEWERS, CHANGES)
def test_who_shows_a_chat_is_told_all_that_changed_of_it(seen_by, change):
    """LIVE-1"""
    was, becomes, row_moves, is_message = change
    before = None if was is None else at(6, **was)
    after = at(7, row_rev=7 if row_moves or before is None else 6, touched=("k",), **becomes)
    changes = [ChatChanged(before, after)]
    if is_message:
        changes.append(MessageChanged(message(SECRET), after))
    said = {event["type"]: event for event in told(seen_by, changes, NOON)}
    if not seen_by.agent.active:
        assert said == {}
        return
    tabs_before = tabs_holding(before, seen_by.agent) if before else ()
    tabs_after = tabs_holding(after, seen_by.agent)
    listed = seen_by.tab in (*tabs_before, *tabs_after)
    if after.row_rev == 7 and listed:
        assert said["row"]["tabs"] == [tab.value for tab in tabs_after]
        assert said["row"]["row"] == (views.row(after) if tabs_after else None)
    if tabs_before != tabs_after:
        assert said["counts"]["before"] == [tab.value for tab in tabs_before]
        assert said["counts"]["after"] == [tab.value for tab in tabs_after]
        assert said["counts"]["row_rev"] == after.row_rev
    else:
        assert "counts" not in said
    if seen_by.chat_id == "c1" and tabs_after:
        assert said["chat"]["chat"] == views.chat(after, NOON)
        assert (said["chat"]["rev"], said["chat"]["touched"]) == (7, ["k"])
        assert ("message" in said) is is_message


def test_a_row_leaves_when_it_is_no_longer_theirs():
    """LIVE-1 TAB-7"""
    only_open = viewer(Tab.OPEN, permissions=frozenset({Permission.TAB_OPEN}))
    said = told(only_open, [ChatChanged(at(6), at(7, agent_id="bruno"))], NOON)
    row, counts = said
    assert row == {"type": "row", "chat_id": "c1", "row_rev": 7, "tabs": [], "row": None}
    assert (counts["before"], counts["after"]) == (["open"], [])


def test_a_row_moves_between_tabs_of_who_keeps_reading_it():
    """TAB-5"""
    row, counts = told(viewer(Tab.OPEN), [ChatChanged(at(6), at(7, agent_id="ana"))], NOON)
    assert row["tabs"] == ["all", "mine", "in_service"]
    assert row["row"]["agent_id"] == "ana"
    assert (counts["before"], counts["after"]) == (
        ["all", "open"],
        ["all", "mine", "in_service"],
    )


def test_the_open_chat_closes_when_it_may_not_be_read_any_more():
    """TAB-7"""
    only_open = viewer(Tab.OPEN, "c1", permissions=frozenset({Permission.TAB_OPEN}))
    change = ChatChanged(at(6), at(7, agent_id="bruno", touched=("k",)))
    said = told(only_open, [change], NOON)
    assert types(said) == ["row", "counts", "chat"]
    assert said[-1] == {"type": "chat", "chat_id": "c1", "rev": 7, "touched": [], "chat": None}


def test_a_tick_reaches_the_open_chat_and_no_list():
    """LIVE-1 LIVE-4 CHAT-4"""
    ticked = at(7, row_rev=5, touched=("k",))
    change = [ChatChanged(at(6, row_rev=5), ticked), MessageChanged(message(rev=7), ticked)]
    assert told(viewer(), change, NOON) == []
    assert types(told(viewer(chat_id="c1"), change, NOON)) == ["chat", "message"]


@pytest.mark.parametrize("tab", [Tab.OPEN, Tab.MINE])
def test_a_list_that_does_not_hold_the_chat_hears_nothing_of_it(tab):
    """LIVE-1"""
    change = ChatChanged(at(6, agent_id="bruno"), at(7, agent_id="bruno", unread=1))
    assert told(viewer(tab), [change], NOON) == []


def test_a_new_contact_enters_the_list_and_the_counts():
    """LIVE-1 TAB-8"""
    row, counts = told(viewer(Tab.OPEN), [ChatChanged(None, at(1))], NOON)
    assert row["row"]["row_rev"] == 1
    assert (counts["before"], counts["after"]) == ([], ["all", "open"])


def test_a_merged_chat_leaves_every_tab():
    """INB-7"""
    gone = replace(at(7), merged_into="c2")
    row, counts, closed = told(viewer(Tab.ALL, "c1"), [ChatChanged(at(6), gone)], NOON)
    assert (row["row"], counts["after"], closed["chat"]) == (None, [], None)


def test_everybody_hears_that_a_channel_is_ill():
    """INB-10"""
    channel = {"channel": "whatsapp", "account": "1", "display": "+55", "problem": "token_invalid"}
    nobody = viewer(permissions=frozenset())
    assert told(nobody, [ChannelChanged(channel)], NOON) == [
        {"type": "channel", "channel": channel}
    ]
    assert told(viewer(active=False), [ChannelChanged(channel)], NOON) == []


def test_events_come_in_the_order_of_the_changes():
    """LIVE-1"""
    first = ChatChanged(at(6), at(7, unread=1))
    second = ChatChanged(first.after, at(8, unread=2))
    said = told(viewer(permissions=TABS), [first, second], NOON)
    assert [event["row_rev"] for event in said] == [7, 8]
