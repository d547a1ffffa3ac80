"""Where files of messages are fetched from: for whom, for how long, and which are left out."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.commands import settle as settling
from chalicelib.domain import errors
from chalicelib.domain.access import Permission
from chalicelib.domain.chat import merge
from chalicelib.domain.instants import iso
from chalicelib.domain.media import File
from chalicelib.domain.revision import revised
from chalicelib.queries.files import addresses
from chalicelib.stores import chats as store
from chalicelib.stores.chats import Change
from tests.builders import NOON, agent, chat, message, put

ANA = agent("ana")
READY = File("image", "ready", key="media/c1/x", mime_type="image/jpeg", name="foto.jpg")
LINKED = File("image", "linked", url="https://lookaside.fbsbx.com/ig_messaging_cdn/?asset_id=1")


def sent(text, *files, **facts):
    return message(text, files=files, **facts)


def found(world, *keys, who=ANA, chat_id="c1"):
    return addresses(world, who, chat_id, keys)["files"]


def test_each_file_of_each_message_has_an_address_of_its_own(world):
    """INB-6 PERM-2"""
    small = replace(READY, key="media/c1/y", thumbnail="media/c1/y.webp")
    one, two = sent("um", READY, small), sent("dois", replace(READY, key="media/c1/z"))
    put(chat(), one, two)
    got = found(world, one.key, two.key, message("nenhum").key)
    assert [(one["key"], one["index"]) for one in got] == sorted(
        [(one.key, 0), (one.key, 1), (two.key, 0)]
    )
    by_place = {(each["key"], each["index"]): each for each in got}
    assert by_place[one.key, 0]["thumbnail"] is None
    assert "y.webp" in by_place[one.key, 1]["thumbnail"]
    assert by_place[one.key, 0]["download"] != by_place[one.key, 0]["url"]


def test_addresses_are_good_for_less_than_ten_minutes(world):
    """PERM-2: what somebody may no longer see is soon out of reach."""
    put(chat())
    ends = addresses(world, ANA, "c1", [])["expires_at"]
    assert iso(NOON + timedelta(minutes=9)) < ends < iso(NOON + timedelta(minutes=10))


@pytest.mark.parametrize(
    "file",
    [
        File("image", "pending", provider_id="m1"),
        File("image", "failed", reason="gone"),
        File("image", "expired"),
        File("image", "ready"),
        File("image", "linked"),
        replace(LINKED, url="javascript:alert(1)"),
        replace(LINKED, url="https://evil.example/x"),
        replace(LINKED, url="http://lookaside.fbsbx.com/x"),
    ],
)
def test_what_is_not_there_has_no_address(world, file):
    """INB-6 DESIGN 9: and no page is sent anywhere but to Meta."""
    one = sent("um", file)
    put(chat(), one)
    assert found(world, one.key) == []


def test_instagrams_files_are_shown_from_where_instagram_has_them(world):
    """INB-6"""
    one = sent("um", LINKED)
    put(chat(channel="instagram"), one)
    (address,) = found(world, one.key)
    assert address["url"] == address["download"] == LINKED.url


def test_nothing_is_left_of_an_unsent_message(world):
    """INB-6 CHAT-7"""
    one = sent("um", LINKED)
    put(chat(channel="instagram"), one)
    settling.settle(
        world, "c1", {one.key: lambda now: replace(now, files=(), deleted_at=NOON, text="")}
    )
    assert found(world, one.key) == []


def test_who_may_not_read_the_chat_gets_none(world):
    """PERM-2"""
    one = sent("um", READY)
    put(chat(), one)
    for who, chat_id in (
        (agent("beto", permissions=frozenset({Permission.TAB_MINE})), "c1"),
        (agent("caio", permissions=frozenset({Permission.CONTACTS})), "c1"),
        (ANA, "nobody"),
    ):
        with pytest.raises(errors.NotFound):
            found(world, one.key, who=who, chat_id=chat_id)


def test_a_key_of_another_chat_finds_nothing(world):
    """PERM-2"""
    one = sent("um", READY, chat_id="c2")
    put(chat("c2"), one)
    put(chat("c1", phone="5511900000000"))
    assert found(world, one.key) == []


def test_files_of_a_merged_chat_are_found_by_either_id(world):
    """INB-7"""
    one = sent("um", replace(READY, key="media/c2/x"), chat_id="c2")
    put(chat("c2"), one)
    put(chat("c1", created_at=NOON - timedelta(days=2), phone="5511900000000"))
    winner, loser = store.load("c1"), store.load("c2")
    kept, gone = merge(winner, loser)
    store.commit(
        Change(before=winner, after=revised(winner, kept), others=((loser, revised(loser, gone)),))
    )
    assert len(found(world, one.key)) == len(found(world, one.key, chat_id="c2")) == 1


@pytest.mark.parametrize(
    ("file", "name"),
    [
        (READY, "foto.jpg"),
        (replace(READY, name=None), "image.jpg"),
        (replace(READY, name=None, kind="audio", mime_type="audio/ogg; codecs=opus"), "audio.ogg"),
        (replace(READY, name=None, kind="audio", mime_type="audio/mpeg"), "audio.mp3"),
        (replace(READY, name=None, kind="document", mime_type=None), "document.bin"),
        (replace(READY, name=None, mime_type="application/octet-stream"), "image.bin"),
    ],
)
def test_a_download_has_a_name(world, file, name):
    """INB-6"""
    one = sent("um", file)
    put(chat(), one)
    (address,) = found(world, one.key)
    assert address["download"].endswith(f"?as={name}")
