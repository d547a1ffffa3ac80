"""What the business sent comes back from the channel: our own is nothing new (INB-8)."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

import app
from chalicelib import triggers
from chalicelib.commands import echo
from chalicelib.commands.mark import mark as do_mark
from chalicelib.commands.receive import receive
from chalicelib.domain.delivery import Status, callback_data
from chalicelib.domain.inbound import Attachment, Person
from chalicelib.domain.media import File
from chalicelib.stores import chats as store
from chalicelib.stores.rows import to_message
from chalicelib.stores.tables import MessageRow, Row
from tests.builders import NOON, arrival, chat, mark, message, put
from tests.fakes import sqs_event

MARIA = Person(user_id="U1")
DIRECT = {"channel": "instagram", "account": "IG1", "portfolio": ""}
SOON = timedelta(seconds=3)


def chat_of_maria(*messages):
    return put(chat(identities=("instagram#IG1#user_id#U1",), user_id="U1", **DIRECT), *messages)


def ours(text="olá", **facts):
    return message(text, account="IG1", **facts)


def came_back(text="olá", provider_id="mid.1", **facts):
    given = {"echo": True, "from_contact": False, "person": MARIA, "at": NOON + SOON, **DIRECT}
    return arrival(text, provider_id=provider_id, **{**given, **facts})


def messages():
    found = [to_message(row) for row in Row.scan() if isinstance(row, MessageRow)]
    return sorted(found, key=lambda one: one.key)


def test_an_echo_names_our_message_by_what_we_attached(world):
    """INB-8 CHAT-4"""
    sending = ours(status=Status.SENDING, leased_until=NOON + timedelta(seconds=25))
    chat_of_maria(sending)
    returned = came_back(callback=callback_data("c1", sending.key))
    for _ in range(3):
        assert receive(world, returned) is None
    (one,) = messages()
    assert (one.status, one.provider_id) == (Status.SENT, "mid.1")


def test_an_echo_with_what_another_app_attached_is_another_message(world):
    """INB-8"""
    chat_of_maria()
    for attached in ("promo", callback_data("c9", "1795521600001-0123456789abcdef")):
        receive(world, came_back(attached, f"mid.{attached}", callback=attached))
    assert [one.author for one in messages()] == ["device", "device"]


def test_while_its_send_has_no_answer_an_echo_comes_too_early(world, clock):
    """INB-8: whose it is will be known in a moment."""
    sending = ours(status=Status.SENDING, leased_until=NOON + timedelta(seconds=25))
    chat_of_maria(sending)
    with pytest.raises(echo.TooEarly):
        receive(world, came_back())
    store.save_message(replace(sending, rev=1, status=Status.SENT, provider_id="mid.1", version=1))
    assert receive(world, came_back()) is None
    receive(world, came_back("do celular", "mid.2"))
    assert [(one.text, one.author) for one in messages()] == [
        ("olá", "agent"),
        ("do celular", "device"),
    ]


def test_an_echo_is_found_although_the_index_lags(world, monkeypatch):
    """INB-8"""
    chat_of_maria(ours(status=Status.SENT, provider_id="mid.1"))
    monkeypatch.setattr(store, "find_by_provider_id", lambda provider_id: None)
    assert receive(world, came_back()) is None
    assert len(messages()) == 1


@pytest.mark.parametrize(
    "lost",
    [
        ours(status=Status.UNKNOWN),
        ours(status=Status.SENDING, leased_until=NOON - SOON),
        ours(status=Status.UNKNOWN, signature="Ana:\n"),
    ],
    ids=["unknown", "left behind", "signed"],
)
def test_an_echo_settles_what_had_no_answer(world, lost):
    """INB-8 CHAT-4"""
    chat_of_maria(lost)
    returned = came_back(f"{lost.signature or ''}olá")
    for _ in range(2):
        assert receive(world, returned) is None
    (one,) = messages()
    assert (one.status, one.provider_id) == (Status.SENT, "mid.1")


def test_an_echo_settles_a_picture_that_had_no_answer(world):
    """INB-8"""
    chat_of_maria(ours("", kind="image", status=Status.UNKNOWN, files=(File("image", "ready"),)))
    receive(world, came_back("", files=(Attachment("image", url="https://x.fbcdn.net/1"),)))
    assert [one.status for one in messages()] == [Status.SENT]


@pytest.mark.parametrize(
    "returned",
    [
        came_back("outra coisa"),
        came_back(at=NOON + timedelta(minutes=3)),
        came_back(files=(Attachment("image", url="https://x.fbcdn.net/1"),)),
    ],
    ids=["another text", "much later", "a picture"],
)
def test_what_is_not_the_same_is_another_message(world, clock, returned):
    """INB-8: a person wrote it on their phone."""
    clock.forward(minutes=4)
    chat_of_maria(ours(status=Status.UNKNOWN))
    receive(world, returned)
    assert sorted(one.author for one in messages()) == ["agent", "device"]
    assert {one.status for one in messages()} == {Status.UNKNOWN, Status.SENT}


def test_whatsapp_repeats_nothing_of_ours(world):
    """INB-8: the same words, written on the phone, are a message of their own."""
    put(
        chat(identities=("whatsapp#106540352242922#phone#5511987654321",)),
        message(status=Status.UNKNOWN),
    )
    receive(world, arrival("oi", provider_id="wamid.e", echo=True, from_contact=False))
    assert len(messages()) == 2


def test_a_reaction_that_waited_for_the_echo_is_there(world):
    """INB-4 INB-8 CHAT-7"""
    lost = ours(status=Status.UNKNOWN)
    chat_of_maria(lost)
    do_mark(world, mark("reaction", "mid.1", emoji="❤", person=MARIA, **DIRECT))
    receive(world, came_back())
    assert [one.emoji for one in messages()[0].reactions] == ["❤"]
    assert store.load("c1").awaited == ()


def test_an_early_echo_waits_and_is_no_failure(world, monkeypatch):
    """INB-8: its contact's lane waits a moment, not half a minute."""
    monkeypatch.setattr(triggers, "world", lambda: world)
    chat_of_maria(ours(status=Status.SENDING, leased_until=NOON + timedelta(seconds=25)))
    received = {
        "sender": {"id": "IG1"},
        "recipient": {"id": "U1"},
        "timestamp": int(NOON.timestamp() * 1000),
        "message": {"mid": "mid.1", "is_echo": True, "text": "olá"},
    }
    item = {
        "kind": "event",
        **DIRECT,
        "person": "U1",
        "echo": True,
        "standby": False,
        "received": received,
    }
    answer = app.receive(sqs_event(json.dumps(item), receives=2), None)
    assert answer == {"batchItemFailures": [{"itemIdentifier": "0"}]}
    assert world.queues.held == [("inbound", "receipt-0", 4)]
