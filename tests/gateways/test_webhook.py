"""Meta's webhooks: is it Meta, and which pieces does the body hold."""

import base64
import copy
import json
import random
import time
from collections import Counter
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.gateways.meta.webhook import handshake, signed, split

PAYLOADS = Path(__file__).parent.parent / "payloads" / "synthetic"
VECTORS = json.loads((PAYLOADS / "signature_vectors.json").read_text())
SECRET = "0123456789abcdef0123456789abcdef"


def payload(name):
    return (PAYLOADS / f"{name}.json").read_bytes()


def bodies(items):
    return [json.loads(one.body) for one in items]


def pieces(found):
    """Everything found, whatever it was taken for, as the raw objects."""
    received = [body["received"] for body in bodies(found.messages)]
    for body in bodies(found.statuses):
        received.extend(body["received"])
    return received


def message(number, **others):
    return {
        "from": f"55119{number:08d}",
        "from_user_id": f"BR.{number}",
        "id": f"wamid.{number}",
        "timestamp": "1790000001",
        "type": "text",
        "text": {"body": f"olá {number}"},
    } | others


def status(number, **others):
    return {
        "id": f"wamid.OUT{number}",
        "status": "sent",
        "timestamp": "1790000001",
        "recipient_id": f"55119{number:08d}",
    } | others


def contact(number, **others):
    return {
        "profile": {"name": f"P{number}"},
        "wa_id": f"55119{number:08d}",
        "user_id": f"BR.{number}",
    } | others


def body_of(value, *, field="messages", account="PN1", portfolio="W"):
    whole = {"messaging_product": "whatsapp", "metadata": {"phone_number_id": account}} | value
    return {
        "object": "whatsapp_business_account",
        "entry": [{"id": portfolio, "changes": [{"field": field, "value": whole}]}],
    }


def split_value(value, **where):
    return split("whatsapp", json.dumps(body_of(value, **where)).encode())


def assert_well_formed(found):
    for one in (*found.messages, *found.statuses):
        assert one.body.isascii()
        assert "\x00" not in one.body
        assert one.deduplication == sha256(one.body.encode()).hexdigest()
        assert len(one.group) == 64
        json.loads(one.body)["received"]
    json.dumps(found.kept, allow_nan=False, ensure_ascii=False).encode()


# --- signature and handshake ------------------------------------------------------------------


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_a_signature_holds_for_its_own_bytes_only(vector):
    """INB-1"""
    raw, header = base64.b64decode(vector["raw_body_base64"]), vector["header"]
    assert signed(raw, header, [vector["app_secret"]])
    assert signed(raw, header, ["other", "", vector["app_secret"], "third"])
    assert not signed(raw + b" ", header, [vector["app_secret"]])
    assert not signed(raw, header, ["other"])
    others = [other["header"] for other in VECTORS if other is not vector]
    assert not any(signed(raw, other, [vector["app_secret"]]) for other in others)


@pytest.mark.parametrize(
    "header", [None, "", "sha256=", "sha1=00", "sha256=é", "sha256=\ud800", "0" * 71, "\x00"]
)
def test_a_strange_header_is_refused(header):
    """INB-1"""
    assert not signed(b"body", header, [SECRET])


def test_no_secret_refuses_everything():
    """INB-1"""
    empty_key = VECTORS[3]["header"]
    assert not signed(b"", empty_key, [])
    assert not signed(b"", empty_key, [""])
    unkeyed = "sha256=b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad"
    assert not signed(b"", unkeyed, [""])


@pytest.mark.parametrize(
    ("mode", "token", "known", "answer"),
    [
        ("subscribe", "abc", ["abc"], True),
        ("subscribe", "abc", ["xyz", "abc"], True),
        ("subscribe", "abd", ["abc"], False),
        ("subscribe", "é", ["é"], True),
        ("unsubscribe", "abc", ["abc"], False),
        (None, "abc", ["abc"], False),
        ("subscribe", None, ["abc"], False),
        ("subscribe", None, [""], False),
        ("subscribe", "", [""], False),
        ("subscribe", "", [], False),
    ],
)
def test_the_handshake_needs_a_known_token(mode, token, known, answer):
    """INB-11"""
    assert handshake(mode, token, known) is answer


# --- what a body holds ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "messages", "statuses", "kept"),
    [
        ("fb-batch-mixed", 0, 0, 3 + 1 + 1),
        ("ig-batch-mixed", 0, 0, 1 + 1 + 1),
        ("wa-batch-1000-messages", 1000, 0, 0),
        ("wa-batch-2entries-3changes-mixed", 5, 4, 0),
        ("wa-contacts-order-differs-from-messages", 2, 0, 0),
        ("wa-control-and-bidi-text", 1, 0, 0),
        ("wa-duplicate-redelivery", 2, 0, 0),
        ("wa-empty-object", 0, 0, 0),
        ("wa-failed-after-delivered", 0, 2, 0),
        ("wa-no-entry", 0, 0, 0),
        ("wa-nulls-and-wrong-types", 2, 0, 3),
        ("wa-read-without-delivered", 0, 1, 0),
        ("wa-status-before-send-response", 0, 1, 0),
        ("wa-status-failed-130403", 0, 1, 0),
        ("wa-unknown-type-field-status", 3, 1, 2),
    ],
)
def test_every_piece_of_a_body_is_found(name, messages, statuses, kept):
    """INB-2"""
    found = split("whatsapp", payload(name))
    assert_well_formed(found)
    counted = sum(len(body["received"]) for body in bodies(found.statuses))
    assert (len(found.messages), counted, len(found.kept)) == (messages, statuses, kept)


@pytest.mark.parametrize("path", sorted(PAYLOADS.glob("*.json")), ids=lambda path: path.stem)
@pytest.mark.parametrize("channel", ["whatsapp", "instagram", "facebook"])
def test_no_body_is_lost(channel, path):
    """INB-2, INB-5"""
    raw = path.read_bytes()
    found = split(channel, raw)
    assert_well_formed(found)
    everything = json.dumps([found.kept, pieces(found)])
    for wamid in {word for word in raw.decode().split('"') if word.startswith("wamid.")}:
        assert json.dumps(wamid) in everything


def test_an_item_says_whose_it_is():
    found = split("whatsapp", payload("wa-contacts-order-differs-from-messages"))
    first, second = bodies(found.messages)
    assert first["kind"] == "message"
    assert (first["channel"], first["account"], first["portfolio"]) == ("whatsapp", "PN1", "W")
    assert (first["received"]["id"], first["contact"]["profile"]["name"]) == ("wamid.A1", "Ana")
    assert (second["received"]["id"], second["contact"]["profile"]["name"]) == ("wamid.B1", "Bia")


def test_the_same_piece_twice_is_the_same_item_twice():
    """INB-3"""
    one, other = split("whatsapp", payload("wa-duplicate-redelivery")).messages
    assert one == other


def test_a_person_keeps_one_group_with_and_without_ninth_digit_or_id():
    """INB-7"""
    forms = [
        message(1, **{"from": "5511987654321"}),
        message(1, **{"from": "551187654321"}),
        message(1, **{"from": "+55 11 98765-4321", "from_user_id": None}),
        message(1, **{"from": 5511987654321}),
    ]
    assert len({one.group for one in split_value({"messages": forms}).messages}) == 1


def test_a_contact_lends_its_number_to_a_message_without():
    by_contact = split_value(
        {"contacts": [contact(7)], "messages": [message(7, **{"from": None})]}
    ).messages[0]
    by_number = split_value({"messages": [message(7)]}).messages[0]
    assert by_contact.group == by_number.group


def test_groups_differ_by_person_account_and_channel():
    found = [
        *split_value({"messages": [message(1), message(2)]}).messages,
        *split_value({"messages": [message(1)]}, account="PN2").messages,
        *split_value({"messages": [message(3, **{"from": None})]}).messages,
    ]
    assert len({one.group for one in found}) == 4


def test_echoes_are_grouped_by_whom_they_were_sent_to():
    """INB-8"""
    echo = message(1, **{"from": "551140001234", "to": "5511900000009", "from_user_id": None})
    business = contact(0, wa_id="551140001234")
    value = {"contacts": [business, contact(9)], "message_echoes": [echo]}
    found = split_value(value, field="smb_message_echoes")
    written = split_value({"messages": [message(9)]})
    assert bodies(found.messages)[0]["kind"] == "echo"
    assert bodies(found.messages)[0]["contact"]["user_id"] == "BR.9"
    assert found.messages[0].group == written.messages[0].group
    assert [one["value"] for one in found.kept] == [business]


def test_statuses_of_one_person_travel_ten_at_a_time():
    mine = [status(1, id=f"wamid.OUT{number}") for number in range(23)]
    found = split_value({"statuses": [*mine, status(2)]})
    assert sorted(len(body["received"]) for body in bodies(found.statuses)) == [1, 3, 10, 10]
    assert len({one.group for one in found.statuses}) == 2
    in_order = [one for body in bodies(found.statuses) for one in body["received"]]
    assert [one for one in in_order if one["recipient_id"] == status(1)["recipient_id"]] == mine


def test_a_bloated_status_travels_alone():
    found = split_value({"statuses": [status(1), status(1, blob="x" * 200_000), status(1)]})
    assert [len(body["received"]) for body in bodies(found.statuses)] == [1, 1, 1]


def test_a_status_without_recipient_is_still_found():
    found = split_value({"statuses": [status(1, recipient_id=None)]})
    assert len(found.statuses) == 1


@pytest.mark.parametrize(
    "strange",
    [
        None,
        5,
        "text",
        [],
        {},
        {"id": "wamid.1"},
        {"from": "5511"},
        message(1, id=None),
        message(1, id=""),
        message(1, id={}),
        message(1, id="x" * 513),
        message(1, **{"from": {}, "from_user_id": []}),
    ],
)
def test_what_cannot_be_a_message_is_kept_and_its_neighbours_stay(strange):
    """INB-2, INB-5"""
    found = split_value({"messages": [message(7), strange, message(8)]})
    assert [one["id"] for one in pieces(found)] == ["wamid.7", "wamid.8"]
    assert found.kept == [
        {"path": "value.messages", "portfolio": "W", "account": "PN1", "value": strange}
    ]


@pytest.mark.parametrize(
    "broken",
    [
        {"type": "hologram", "hologram": 1},
        {"type": None},
        {"type": 7},
        {"text": None},
        {"text": 7},
        {"timestamp": []},
        {"context": "?"},
        {"from": None},
        {"from": "BR.9"},
        {"from": "not a number"},
        {"from_user_id": None},
        {"id": 12},
    ],
)
def test_a_message_with_id_and_sender_is_a_message_however_broken(broken):
    """INB-5"""
    found = split_value({"messages": [message(7, **broken)]})
    assert pieces(found) == [message(7, **broken)]
    assert found.kept == []


@pytest.mark.parametrize(
    ("value", "path"),
    [
        ({"errors": [{"code": 131000}]}, "value.errors"),
        ({"surprise": 1}, "value.surprise"),
        ({"messages": {}}, "value.messages"),
        ({"statuses": "x"}, "value.statuses"),
        ({"statuses": [{"id": "x"}]}, "value.statuses"),
        ({"contacts": [5]}, "value.contacts"),
        ({"contacts": [contact(1)]}, "value.contacts"),
        ({"metadata": None}, "entry.changes"),
        ({"metadata": {"phone_number_id": []}}, "entry.changes"),
    ],
)
def test_what_is_not_understood_is_kept(value, path):
    """INB-5"""
    found = split_value(value)
    assert [one["path"] for one in found.kept] == [path]
    assert (found.messages, found.statuses) == ([], [])


@pytest.mark.parametrize(
    ("body", "path"),
    [
        (None, "body"),
        ([], "body"),
        ("x", "body"),
        ({"entry": {}}, "entry"),
        ({"entry": [7]}, "entry"),
        ({"entry": [{"changes": 7}]}, "entry.changes"),
        ({"entry": [{"changes": [7]}]}, "entry.changes"),
        ({"entry": [{"changes": [{"field": [], "value": {}}]}]}, "entry.changes"),
        ({"entry": [{"changes": [{"field": "account_update", "value": {}}]}]}, "entry.changes"),
        ({"entry": [{"messaging": []}]}, "entry.messaging"),
        ({"object": "page", "entry": []}, "object"),
        ({"news": 1, "entry": []}, "news"),
    ],
)
def test_strange_envelopes_are_kept(body, path):
    """INB-5"""
    found = split("whatsapp", json.dumps(body).encode())
    assert [one["path"] for one in found.kept] == [path]


@pytest.mark.parametrize(
    "raw", [b"", b"hello", b"{", b'{"a":', b"\xff\xfe", b"[" * 100_000, b"{}{}"]
)
def test_what_is_not_json_is_kept_as_it_came(raw):
    """INB-5"""
    found = split("whatsapp", raw)
    assert found.kept == [{"unparsed": base64.b64encode(raw).decode()}]
    assert (found.messages, found.statuses) == ([], [])


# --- hostile bytes ----------------------------------------------------------------------------


def nested(depth, opening='{"a":', closing="}"):
    return opening * depth + "1" + closing * depth


@pytest.mark.parametrize("depth", [10, 60, 70, 300, 900, 990, 5000, 200_000])
@pytest.mark.parametrize("brackets", [('{"a":', "}"), ("[", "]")])
def test_deep_nesting_spoils_no_neighbour(depth, brackets):
    """INB-2"""
    raw = json.dumps(body_of({"messages": [message(7), message(8, deep="DEEP"), message(9)]}))
    raw = raw.replace('"DEEP"', nested(depth, *brackets))
    found = split("whatsapp", raw.encode())
    assert [one["id"] for one in pieces(found)] == ["wamid.7", "wamid.8", "wamid.9"]
    assert_well_formed(found)


def test_brackets_in_text_are_text():
    words = ']}[{\\"' * 60 + "\\"
    found = split_value({"messages": [message(1, text={"body": words})], "odd": words})
    assert pieces(found)[0]["text"]["body"] == words
    assert found.kept[0]["value"] == words


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("NaN", "NaN"),
        ("-Infinity", "-Infinity"),
        ("1e999", "1e999"),
        ("9" * 5000, "9" * 5000),
        ("9" * 30, int("9" * 30)),
        ('"\\ud83d"', "\ufffd"),
        ('"\\ud83d\\ude00"', "😀"),
        ('"\\\\ud83d"', "\\ud83d"),
        ('"a\\u0000b"', "a\x00b"),
        ('"a\x00\x07\nb"', "a\x00\x07\nb"),
        ('{"k":1,"k":2}', {"k": 2}),
        ('{"\\udead":1}', {"\ufffd": 1}),
    ],
)
def test_strange_values_spoil_no_neighbour(written, read):
    """INB-2"""
    raw = json.dumps(body_of({"messages": [message(7), message(8, odd="ODD")], "also": "ODD"}))
    found = split("whatsapp", raw.replace('"ODD"', written).encode())
    assert_well_formed(found)
    assert pieces(found) == [message(7), message(8, odd=read)]
    assert found.kept[0]["value"] == read


def test_a_byte_order_mark_and_broken_utf8_spoil_nothing():
    raw = json.dumps(body_of({"messages": [message(7, name="ODD")]})).encode()
    found = split("whatsapp", b"\xef\xbb\xbf" + raw.replace(b"ODD", b"\xe9\xed\xa0\x80"))
    assert pieces(found)[0]["id"] == "wamid.7"
    assert_well_formed(found)


BATCH = body_of(
    {
        "contacts": [contact(number) for number in range(1, 4)],
        "messages": [message(number) for number in range(1, 4)],
        "statuses": [status(number) for number in range(4, 7)],
    }
)
BATCH["entry"] += body_of({"messages": [message(8)]}, portfolio="V")["entry"]
JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["id", "from", "type", "text", "x"]), inner, max_size=3)
    ),
    max_leaves=5,
)


def paths(value, so_far=()):
    children = {}
    if isinstance(value, dict):
        children = value.items()
    elif isinstance(value, list):
        children = enumerate(value)
    for key, child in children:
        yield (*so_far, key)
        yield from paths(child, (*so_far, key))


PATHS = list(paths(BATCH))


def at(value, path):
    for key in path:
        value = value[key]
    return value


def originals():
    """Each message and status of the batch, and where it stands."""
    return {
        path: at(BATCH, path)
        for path in PATHS
        if len(path) == 7 and path[5] in ("messages", "statuses")
    }


@settings(max_examples=250, deadline=None)
@given(path=st.sampled_from(PATHS), junk=JUNK)
def test_a_mutated_piece_loses_no_neighbour(path, junk):
    """INB-2"""
    mutated = copy.deepcopy(BATCH)
    at(mutated, path[:-1])[path[-1]] = junk
    found = split("whatsapp", json.dumps(mutated).encode())
    assert_well_formed(found)
    count = Counter(one["id"] for one in pieces(found) if isinstance(one.get("id"), str))
    for place, original in originals().items():
        above = place[: len(path)] == path
        within = path[: len(place)] == place
        if above or within:
            continue
        envelope = len(path) < 7 and place[: len(path) - 1] == path[:-1]
        if envelope or path[:-1] == (*place[:5], "metadata"):
            kept = json.dumps(found.kept).count(json.dumps(original["id"]))
            assert (count[original["id"]] > 0) + (kept > 0) == 1
        else:
            assert count[original["id"]] == 1
            assert original in pieces(found)


@settings(max_examples=150, deadline=None)
@given(seed=st.integers(0, 2**32), flips=st.integers(1, 20))
def test_flipped_bytes_never_raise(seed, flips):
    """INB-2"""
    chance = random.Random(seed)
    raw = bytearray(json.dumps(BATCH).encode())
    for _ in range(flips):
        raw[chance.randrange(len(raw))] = chance.randrange(256)
    assert_well_formed(split("whatsapp", bytes(raw)))


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=200) | JUNK.map(lambda junk: json.dumps(junk).encode()))
def test_no_bytes_raise(raw):
    """INB-2"""
    for channel in ("whatsapp", "instagram"):
        assert_well_formed(split(channel, raw))


def test_a_thousand_updates_are_split_at_once():
    raw = payload("wa-batch-1000-messages")
    split("whatsapp", raw)
    taken = []
    for _ in range(5):
        began = time.perf_counter()
        split("whatsapp", raw)
        taken.append(time.perf_counter() - began)
    assert min(taken) < 0.1
