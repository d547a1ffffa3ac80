"""A deleted message is forgotten: its stored files, and what later messages quoted of it."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.commands import forget_message, run_due
from chalicelib.commands.dispatch import Written, dispatch
from chalicelib.commands.mark import mark as do_mark
from chalicelib.domain.media import File
from chalicelib.domain.message import key_of, quoted
from chalicelib.queries import chats as queries
from chalicelib.stores import chats as store
from tests.builders import ACCOUNT, NOON, agent, chat, mark, message, put

PICTURE = File("image", "ready", key="media/c1/a", thumbnail="media/c1/a.webp", name="rg.png")
OI = message(
    "meu CPF é…",
    author="contact",
    agent_id=None,
    status=None,
    provider_id="wamid.oi",
    files=(PICTURE,),
)
DELETION = mark("deletion", "wamid.oi", at=NOON + timedelta(hours=1))
IDS = (f"whatsapp#{ACCOUNT}#phone#5511987654321",)


def answer(number, of=OI):
    at = NOON + timedelta(seconds=number)
    quoting = replace(message(f"r{number}", at=at), quote=quoted(of))
    return replace(quoting, key=key_of(at, "r"), internal=number % 2 == 0)


def forgets(world):
    """Everything that the stream and the queue then ask for, to the end."""
    now = store.load_message("c1", OI.key)
    dispatch(world, [Written(OI, now)])
    steps = 0
    while world.queues.entries["due"]:
        run_due.run(world, json.loads(world.queues.entries["due"].pop(0).body))
        steps += 1
    return steps


def test_nothing_is_left_of_a_deleted_message(world):
    """CHAT-7"""
    put(chat(identities=IDS), OI, answer(1), answer(2))
    for key in ("media/c1/a", "media/c1/a.webp", "media/c1/b"):
        world.files.put(key, b"x")
    do_mark(world, DELETION)
    assert forgets(world) == 1
    assert set(world.files.stored) == {"media/c1/b"}
    found = store.page_of_messages(store.load("c1"), limit=10)
    assert [one.quote and one.quote.text for one in found] == [None, "", ""]
    assert [one.quote and one.quote.key for one in found] == [None, OI.key, OI.key]
    assert (found[0].to_do, found[0].doomed) == (None, ())
    shown = queries.opened_chat(world, agent(), "c1")
    assert "CPF" not in json.dumps(shown)
    assert "rg.png" not in json.dumps(shown)
    assert shown["page"]["messages"][0]["deleted_at"] is not None


def test_a_long_chat_is_looked_through_step_by_step(world, monkeypatch):
    """CHAT-7"""
    monkeypatch.setattr(forget_message, "LOOKED_AT", 3)
    monkeypatch.setattr(forget_message, "AT_ONCE", 2)
    put(chat(identities=IDS), OI, *[answer(number) for number in range(1, 9)])
    do_mark(world, DELETION)
    assert forgets(world) == 3
    found = store.page_of_messages(store.load("c1"), limit=20)
    assert {one.quote.text for one in found if one.quote} == {""}
    assert {one.version for one in found if one.quote} == {1}, "each was written once"


def test_a_quote_of_another_message_stays(world):
    """CHAT-7"""
    other = replace(OI, key=key_of(NOON, "other"), provider_id="wamid.other", files=())
    put(chat(identities=IDS), OI, other, answer(1, of=other))
    do_mark(world, DELETION)
    forgets(world)
    kept = store.load_message("c1", answer(1).key)
    assert kept.quote.text == OI.text


def test_quotes_in_the_history_of_another_id_are_emptied(world):
    """CHAT-7 INB-7"""
    put(chat("c2", identities=IDS, also=("c1",)), replace(answer(1), chat_id="c2"))
    put(chat("c1", merged_into="c2"), OI)
    do_mark(world, DELETION)
    forgets(world)
    assert store.load_message("c2", answer(1).key).quote.text == ""


@pytest.mark.parametrize("times", [2, 3])
def test_it_may_be_done_again(world, times):
    """CHAT-7: a step that was killed comes again."""
    put(chat(identities=IDS), OI, answer(1))
    do_mark(world, DELETION)
    for _ in range(times):
        forget_message.forget(world, "c1", OI.key)
    rev = store.load("c1").rev
    forget_message.forget(world, "c1", OI.key)
    assert store.load("c1").rev == rev == 3


def test_what_is_not_deleted_is_not_forgotten(world):
    """CHAT-7"""
    put(chat(identities=IDS), OI)
    world.files.put("media/c1/a", b"x")
    forget_message.forget(world, "c1", OI.key)
    forget_message.forget(world, "c1", "1795521600001-0123456789abcdef")
    assert "media/c1/a" in world.files.stored
