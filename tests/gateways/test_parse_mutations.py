"""Bodies that somebody broke on their way: nothing raises, no neighbour is lost or changed."""

import copy
import json
import re
from collections import Counter
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain.inbound import Arrival, Control, Mark, Moved, Notice, Preference
from chalicelib.gateways.meta.parse import inbound, receipts
from chalicelib.gateways.meta.webhook import split

PAYLOADS = Path(__file__).parent.parent / "payloads" / "synthetic"
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
CHANNELS = {"wa": "whatsapp", "ig": "instagram", "fb": "facebook"}
BODIES = {
    name: json.loads((PAYLOADS / f"{name}.json").read_text())
    for name in (
        "wa-every-kind",
        "wa-account-notices",
        "wa-history",
        "wa-batch-2entries-3changes-mixed",
        "fb-every-event",
        "ig-every-event",
        "ig-four-envelopes",
    )
}
LISTS = frozenset({"messages", "message_echoes", "statuses", "messaging", "standby"})
NAMES = re.compile(r"(?:wamid|[mie])\.\w+")


def places(value, so_far=()):
    """Every path that leads somewhere inside."""
    children = ()
    if isinstance(value, dict):
        children = value.items()
    elif isinstance(value, list):
        children = enumerate(value)
    for key, child in children:
        yield (*so_far, key)
        yield from places(child, (*so_far, key))


def at(value, path):
    for key in path:
        value = value[key]
    return value


def pieces_of(body):
    """Where each message, event or status stands, and each change that holds none of them."""
    return [
        path
        for path in places(body)
        if len(path) > 1
        and (path[-2] in LISTS or (path[-2] == "changes" and not LISTS & places_in(body, path)))
    ]


def places_in(body, path):
    return {key for inner in places(at(body, path)) for key in inner}


PIECES = [(name, path) for name, body in BODIES.items() for path in pieces_of(body)]

DEEP = "DEEP"
JUNK = st.sampled_from(
    [
        *(
            None,
            True,
            False,
            0,
            -1,
            10**25,
            1.5,
            "",
            " ",
            "0",
            "x",
            [],
            {},
            [[]],
            [None],
            {"": None},
        ),
        *("\ud800", "a\udfffb", "\x00", "x" * 20_000, "🧑" * 600, "9" * 400, "javascript:alert(1)"),
        *({"id": {"id": 1}}, {"mid": []}, ["type"], {"type": {"type": "text"}}, DEEP),
    ]
).map(copy.deepcopy)


def truncated(value):
    """What is left of a value that was cut."""
    if isinstance(value, str):
        return value[: len(value) // 2]
    if isinstance(value, list):
        return value[: len(value) // 2]
    if isinstance(value, dict):
        return dict(list(value.items())[: len(value) // 2])
    return None


def retyped(value):
    """The same, as another type would write it."""
    if isinstance(value, str):
        return int(value) if value.isascii() and value.isdigit() else [value]
    return str(value) if isinstance(value, (int, float)) else json.dumps(value)


CHANGES = {
    "null": lambda value, junk: None,
    "retyped": lambda value, junk: retyped(value),
    "in a list": lambda value, junk: [value],
    "in an object": lambda value, junk: {"value": value},
    "twice": lambda value, junk: [value, value] if not isinstance(value, list) else value + value,
    "cut": lambda value, junk: truncated(value),
    "junk": lambda value, junk: junk,
    "with half a character": lambda value, junk: f"{value}\ud83d",
    "surrounded": lambda value, junk: (
        {**value, "surprise": junk} if isinstance(value, dict) else junk
    ),
}


@st.composite
def broken(draw, value):
    """A value of which one to three places are not what they were."""
    value = copy.deepcopy(value)
    for _ in range(draw(st.integers(1, 3))):
        inner = [(), *places(value)]
        path = draw(st.sampled_from(inner))
        change = draw(st.sampled_from([*CHANGES, "dropped"]))
        if change == "dropped" and path:
            del at(value, path[:-1])[path[-1]]
            continue
        made = CHANGES.get(change, CHANGES["null"])(at(value, path), draw(JUNK))
        if path:
            at(value, path[:-1])[path[-1]] = made
        else:
            value = made
    return value


def raw(body):
    """On the wire; what is marked so nests deeper than any reader goes."""
    text = json.dumps(body)
    return text.replace(f'"{DEEP}"', '{"a":' * 3000 + "1" + "}" * 3000).encode()


def read(channel, body):
    """The items of each queue with all that is read from them, and what was kept."""
    found = split(channel, raw(body))
    messages = [(one.group, one.body, inbound(one.body, NOW)) for one in found.messages]
    statuses = [
        (item.group, json.dumps(one), receipts({**json.loads(item.body), "received": [one]}, NOW))
        for item in found.statuses
        for one in json.loads(item.body)["received"]
    ]
    for item in found.statuses:
        receipts(item.body, NOW)
    return messages, statuses, found.kept


def assert_sound(messages, statuses):
    """What is read can be stored, shown and linked to."""
    for one in [told for _, _, read_of in (*messages, *statuses) for told in read_of]:
        written = json.dumps(asdict(one), default=str, ensure_ascii=False)
        written.encode()
        for link in re.findall(r'"(?:url|link)": "([^"]*)"', json.dumps(asdict(one), default=str)):
            assert link.startswith(("http://", "https://")) or isinstance(one, Notice)
        if isinstance(one, Arrival):
            assert one.provider_id
            assert one.person.phone or one.person.user_id
            assert one.raw_kind if one.kind == "unsupported" else True
            assert len(json.dumps(one.details)) < 60_000
        elif isinstance(one, Mark):
            assert one.target
            assert one.person.phone or one.person.user_id
        elif isinstance(one, Moved):
            assert one.before.phone or one.before.user_id
            assert one.after.phone or one.after.user_id
        elif isinstance(one, (Control, Preference)):
            assert one.person.phone or one.person.user_id


@settings(max_examples=600, deadline=None)
@given(data=st.data())
def test_a_broken_piece_changes_no_neighbour(data):
    """INB-2, INB-5: what is read beside it is what would be read without it."""
    name, path = data.draw(st.sampled_from(PIECES))
    channel = CHANNELS[name[:2]]
    without, mutated = copy.deepcopy(BODIES[name]), copy.deepcopy(BODIES[name])
    del at(without, path[:-1])[path[-1]]
    at(mutated, path[:-1])[path[-1]] = data.draw(broken(at(mutated, path)))
    messages, statuses, _ = read(channel, mutated)
    neighbours, ticks, _ = read(channel, without)
    assert_sound(messages, statuses)
    remaining = iter([repr(one) for one in messages])
    assert all(repr(one) in remaining for one in neighbours)  # each of them, and in their order
    assert not Counter(map(repr, ticks)) - Counter(map(repr, statuses))


@settings(max_examples=400, deadline=None)
@given(data=st.data())
def test_a_broken_body_loses_nothing(data):
    """INB-2, INB-5: every name that stands in it is read or kept."""
    name = data.draw(st.sampled_from(sorted(BODIES)))
    mutated = data.draw(broken(BODIES[name]))
    messages, statuses, kept = read(CHANNELS[name[:2]], mutated)
    assert_sound(messages, statuses)
    everything = " ".join([*(body for _, body, _ in messages), json.dumps(kept)])
    everything += " ".join(one for _, one, _ in statuses)
    for standing in set(NAMES.findall(json.dumps(mutated))):
        assert standing in everything


@settings(max_examples=200, deadline=None)
@given(data=st.data())
@pytest.mark.parametrize("channel", ["whatsapp", "instagram", "facebook"])
def test_another_channels_body_is_kept_or_read(channel, data):
    """INB-5: a callback that was entered at the wrong place."""
    name = data.draw(st.sampled_from(sorted(BODIES)))
    messages, statuses, kept = read(channel, BODIES[name])
    if channel != CHANNELS[name[:2]]:
        assert (messages, statuses) == ([], [])
        assert kept


def test_every_kind_of_news_is_in_the_bodies():
    """The mutations start from all of them."""
    kinds = Counter(
        type(told)
        for name, body in BODIES.items()
        for _, _, read_of in read(CHANNELS[name[:2]], body)[0]
        for told in read_of
    )
    assert set(kinds) == {Arrival, Mark, Moved, Control, Preference, Notice}
