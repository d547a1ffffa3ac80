"""Messenger's envelope and Instagram's, taken apart."""

import json
from pathlib import Path

import pytest

from chalicelib.gateways.meta.webhook import split

PAYLOADS = Path(__file__).parent.parent / "payloads" / "synthetic"
OBJECTS = {"facebook": "page", "instagram": "instagram"}


def payload(name):
    return split(
        "facebook" if name[:2] == "fb" else "instagram", (PAYLOADS / f"{name}.json").read_bytes()
    )


def event(sender="U1", recipient="A1", **what):
    what = what or {"message": {"mid": "m1", "text": "oi"}}
    return {"sender": {"id": sender}, "recipient": {"id": recipient}, "timestamp": 1, **what}


def split_entry(channel="instagram", **entry):
    body = {"object": OBJECTS[channel], "entry": [{"id": "A1", "time": 2, **entry}]}
    return split(channel, json.dumps(body).encode())


def split_events(*events, channel="instagram", **entry):
    return split_entry(channel, messaging=list(events), **entry)


def bodies(items):
    return [json.loads(one.body) for one in items]


@pytest.mark.parametrize(
    ("name", "messages", "statuses", "kept", "accounts"),
    [
        ("fb-batch-mixed", 2, 2, 1, {"P1", "P2"}),
        ("ig-batch-mixed", 4, 1, 1, {"IG1"}),
        ("ig-unsend-before-message", 1, 0, 0, {"IG1"}),
        ("fb-every-event", 33, 3, 1, {"P1"}),
        ("ig-every-event", 29, 1, 0, {"IG1"}),
        ("ig-four-envelopes", 5, 1, 2, {"IG1"}),
        ("ig-without-envelope", 1, 0, 0, {"IG1"}),
        ("ig-dashboard-test", 1, 0, 0, {"23245"}),
    ],
)
def test_every_event_of_a_body_is_found(name, messages, statuses, kept, accounts):
    """INB-2"""
    found = payload(name)
    ticks = sum(len(body["received"]) for body in bodies(found.statuses))
    assert (len(found.messages), ticks, len(found.kept)) == (messages, statuses, kept)
    assert found.accounts == accounts
    assert all(one.body.isascii() for one in (*found.messages, *found.statuses))


def test_an_item_says_whose_it_is():
    """INB-7"""
    (body,) = bodies(split_events(event()).messages)
    assert body | {"received": None} == {
        "kind": "event",
        "channel": "instagram",
        "account": "A1",
        "portfolio": "",
        "person": "U1",
        "echo": False,
        "standby": False,
        "time": 2,
        "contact": None,
        "received": None,
    }
    assert body["received"] == event()


@pytest.mark.parametrize(
    ("entry", "standby"),
    [
        ({"messaging": [event()]}, False),
        ({"standby": [event()]}, True),
        ({"changes": [{"field": "messages", "value": event()}]}, False),
        ({"changes": [{"field": "standby", "value": event()}]}, True),
        ({"field": "messages", "value": event()}, False),
    ],
)
def test_instagrams_four_shapes_hold_the_same(entry, standby):
    """INB-5: META.md §1.4."""
    found = split_entry(**entry)
    (body,) = bodies(found.messages)
    assert (body["received"], body["person"], body["standby"]) == (event(), "U1", standby)
    assert found.kept == []


def test_a_change_without_any_envelope_is_an_event_too():
    """INB-5: META.md §1.4."""
    bare = json.dumps({"field": "messages", "value": event()}).encode()
    (body,) = bodies(split("instagram", bare).messages)
    assert (body["account"], body["person"]) == ("A1", "U1")


@pytest.mark.parametrize(
    "echo",
    [
        event("A1", "U1", message={"mid": "m2", "is_echo": True}),
        event("A1", "U1", message={"mid": "m2"}),
        event("A1", "U1", reaction={"mid": "m2", "action": "react"}),
        event("A1", "U1", is_echo=True, postback={}),
    ],
)
def test_an_echo_stands_with_whom_it_was_sent_to(echo):
    """INB-8"""
    ours, theirs = split_events(echo, event()).messages
    assert ours.group == theirs.group
    (body,) = bodies([ours])
    assert (body["echo"], body["person"], body["account"]) == (True, "U1", "A1")


def test_a_test_of_the_dashboard_names_its_account_by_the_sides():
    """INB-5: META.md §1.4."""
    (body,) = bodies(split_events(event("12334", "23245"), id="0").messages)
    assert (body["account"], body["person"]) == ("23245", "12334")
    echo = event("23245", "12334", message={"mid": "m", "is_echo": True})
    (body,) = bodies(split_events(echo, id="0").messages)
    assert (body["account"], body["person"]) == ("23245", "12334")


def test_groups_differ_by_person_account_and_channel():
    """INB-4"""
    found = [
        *split_events(event("U1"), event("U2")).messages,
        *split_events(event("U1"), id="A2").messages,
        *split_events(event("U1"), channel="facebook").messages,
    ]
    assert len({one.group for one in found}) == 4


def test_deliveries_and_reads_travel_in_their_own_lane_ten_at_a_time():
    """CHAT-4"""
    reads = [event(read={"watermark": number}) for number in range(1, 13)]
    found = split_events(*reads, event("U2", delivery={"mids": ["m"]}), event())
    assert sorted(len(body["received"]) for body in bodies(found.statuses)) == [1, 2, 10]
    assert len(found.messages) == 1
    assert {body["person"] for body in bodies(found.statuses)} == {"U1", "U2"}


def test_what_concerns_the_account_is_a_notice():
    """META.md §8"""
    roles = {"recipient": {"id": "A1"}, "timestamp": 3, "app_roles": {"1": ["primary_receiver"]}}
    policy = {"recipient": {"id": "A1"}, "timestamp": 3, "policy-enforcement": {"action": "block"}}
    found = bodies(split_events(roles, policy, channel="facebook").messages)
    assert [(one["kind"], one["field"], one["time"], one["received"]) for one in found] == [
        ("notice", "app_roles", 3, {"1": ["primary_receiver"]}),
        ("notice", "messaging_policy_enforcement", 3, {"action": "block"}),
    ]


def test_what_concerns_the_account_and_somebody_unnamed_is_kept_too():
    """INB-5"""
    mixed = {"recipient": {"id": "A1"}, "app_roles": {}, "message": {"mid": "m9"}}
    found = split_events(mixed)
    assert [one["kind"] for one in bodies(found.messages)] == ["notice"]
    assert [one["value"] for one in found.kept] == [mixed]


@pytest.mark.parametrize(
    "strange",
    [
        None,
        5,
        "text",
        [],
        {},
        {"sender": {"id": "U1"}, "recipient": {"id": "A1"}, "timestamp": 1},
        {"message": {"mid": "m9"}},
        {"sender": None, "recipient": {"id": "A1"}, "message": {"mid": "m9"}},
        {"sender": {"id": {}}, "recipient": {"id": "A1"}, "message": {"mid": "m9"}},
        {"sender": {"id": "x" * 300}, "recipient": {"id": "A1"}, "message": {"mid": "m9"}},
        event("A1", "U1", read={"watermark": 1}),
        event(read={}),
        event(read="now"),
        event(delivery={"mids": [{}]}),
    ],
)
def test_what_cannot_be_an_event_is_kept_and_its_neighbours_stay(strange):
    """INB-2, INB-5"""
    found = split_events(event("U7"), strange, event("U8"))
    assert [one["person"] for one in bodies(found.messages)] == ["U7", "U8"]
    assert found.kept == [{"path": "entry.messaging", "account": "A1", "value": strange}]
    assert found.statuses == []


@pytest.mark.parametrize(
    ("body", "path"),
    [
        (None, "body"),
        ([], "body"),
        ("x", "body"),
        ({"object": "page", "entry": []}, "body"),
        ({"object": ["instagram"], "entry": []}, "body"),
        ({"entry": {}}, "entry"),
        ({"entry": [7]}, "entry"),
        ({"entry": [{"messaging": 7}]}, "entry.messaging"),
        ({"entry": [{"standby": {}}]}, "entry.standby"),
        ({"entry": [{"changes": [7]}]}, "entry.changes"),
        ({"entry": [{"changes": [{"field": "comments", "value": {"id": "1"}}]}]}, "entry.changes"),
        ({"entry": [{"field": "comments", "value": {"id": "1"}}]}, "entry.field"),
        ({"entry": [{"field": "comments"}]}, "entry.field"),
        ({"field": "comments", "value": 1}, "field"),
        ({"news": 1, "entry": []}, "news"),
    ],
)
def test_strange_envelopes_are_kept(body, path):
    """INB-5"""
    found = split("instagram", json.dumps(body).encode())
    assert [one["path"] for one in found.kept] == [path]
    assert (found.messages, found.statuses) == ([], [])
