"""What is on the wire: Meta's escapes, and signatures over exactly those bytes."""

import base64
import json
from pathlib import Path

import pytest

from local.simulator.batching import MOST_BYTES, choose
from local.simulator.clock import utc_now
from local.simulator.misbehaviour import Misbehaviour
from local.simulator.numbers import forms
from local.simulator.updates import Update
from local.simulator.wire import serialise, signature

VECTORS = json.loads(Path(__file__).with_name("signature_vectors.json").read_text())


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_signature_is_over_the_raw_bytes(vector):
    raw = base64.b64decode(vector["raw_body_base64"])
    assert signature(raw, vector["app_secret"]) == vector["header"]


def test_bodies_are_serialised_as_meta_does():
    vector = next(one for one in VECTORS if one["name"] == "meta-style-escaped")
    raw = base64.b64decode(vector["raw_body_base64"])
    assert serialise(json.loads(raw)) == raw
    assert serialise({"a": "ç/😀"}) == b'{"a":"\\u00e7\\/\\ud83d\\ude00"}'


@pytest.mark.parametrize(
    ("number", "same"),
    [
        ("+55 11 98765-4321", ["5511987654321", "551187654321"]),
        ("551187654321", ["551187654321", "5511987654321"]),
        ("551130004000", ["551130004000"]),
        ("5511930004000", ["5511930004000"]),
        ("+1 650 555 1234", ["16505551234"]),
    ],
)
def test_brazilian_mobiles_have_two_forms(number, same):
    assert forms(number) == same


def updates(count, kind="messages", text="x"):
    return [
        Update(str(n), kind, utc_now(), [{"wa_id": str(n)}], {"id": str(n), "body": text}, str(n))
        for n in range(count)
    ]


@pytest.mark.parametrize(
    ("waiting", "idle", "wishes", "sizes"),
    [
        (1, 8, {}, [1]),
        (8, 8, {}, [1] * 8),
        (16, 8, {}, [2] * 8),
        (5, 0, {}, []),
        (3000, 1, {}, [1000, 1000, 1000]),
        (4, 8, {"batch": 5}, []),
        (11, 8, {"batch": 5}, [5, 5]),
    ],
)
def test_posts(waiting, idle, wishes, sizes):
    misbehaviour = Misbehaviour()
    misbehaviour.change(wishes)
    posts = choose(updates(waiting), utc_now(), idle, misbehaviour)
    assert [len(post) for post in posts] == sizes


def test_a_post_stays_under_three_megabytes():
    posts = choose(updates(1000, text="ã" * 1000), utc_now(), 1, Misbehaviour())
    assert len(posts) == 3
    assert all(len(serialise([one.entry for one in post])) < MOST_BYTES for post in posts)
