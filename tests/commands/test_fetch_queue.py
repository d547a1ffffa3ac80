"""What the stream asks to be fetched, forgotten and told; how the queue of fetches is worked."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

import app
from chalicelib import triggers
from chalicelib.commands import fetch_media, fetch_profile, sync_templates
from chalicelib.commands import settle as settling
from chalicelib.commands.dispatch import new_words
from chalicelib.domain.media import File
from chalicelib.domain.message import Reaction
from chalicelib.domain.revision import revised
from chalicelib.stores import chats as store
from chalicelib.stores.chats import Change
from tests.builders import NOON, chat, message, put
from tests.fakes import sqs_event

PENDING = File("image", "pending", provider_id="m1")
READY = File("image", "ready", key="media/c1/x")


@pytest.fixture(autouse=True)
def here(world, monkeypatch):
    """The functions find this world."""
    monkeypatch.setattr(triggers, "world", lambda: world)
    return world


def received(*files, **facts):
    return message("olha", author="contact", agent_id=None, status=None, files=files, **facts)


def queued(here, queue):
    return [json.loads(entry.body) for entry in here.queues.entries[queue]]


def changed(world, key, **facts):
    """The message becomes so."""
    settling.settle(world, "c1", {key: lambda one: replace(one, **facts)})


# --- what the stream asks ---------------------------------------------------------------------


def test_files_that_came_are_to_be_fetched(here, stream):
    """INB-6"""
    one = received(PENDING, PENDING)
    put(chat(), one, received(READY, at=NOON + timedelta(seconds=1)))
    app.dispatch(stream.event(), None)
    assert queued(here, "fetch") == [{"what": "media", "chat_id": "c1", "key": one.key}]


def test_what_is_already_under_way_is_not_asked_for_again(here, stream):
    """INB-6: a row that changes while its files are fetched, or once they are."""
    one = received(PENDING, PENDING)
    put(chat(), one)
    stream.records()
    changed(here, one.key, text="editada")
    changed(here, one.key, files=(READY, PENDING))
    changed(here, one.key, files=(READY, READY))
    app.dispatch(stream.event(), None)
    assert queued(here, "fetch") == []


def test_a_file_asked_for_again_is_to_be_fetched(here, stream):
    """INB-6"""
    one = received(replace(PENDING, state="failed", reason="gone"))
    put(chat(), one)
    app.dispatch(stream.event(), None)
    assert queued(here, "fetch") == []
    changed(here, one.key, files=(PENDING,))
    app.dispatch(stream.event(), None)
    assert queued(here, "fetch") == [{"what": "media", "chat_id": "c1", "key": one.key}]


def test_somebody_without_a_name_is_to_be_asked_for_once(here, stream):
    """INB-7"""
    before = put(chat(channel="facebook", profile_wanted=True))
    app.dispatch(stream.event(), None)
    store.commit(Change(before=before, after=revised(before, replace(before, unread=1))))
    app.dispatch(stream.event(), None)
    assert queued(here, "fetch") == [{"what": "profile", "chat_id": "c1"}]


def test_a_deleted_message_is_to_be_forgotten(here, stream):
    """CHAT-7"""
    one = received(READY)
    put(chat(), one)
    app.dispatch(stream.event(), None)
    changed(here, one.key, files=(), text="", deleted_at=NOON, to_forget=True)
    app.dispatch(stream.event(), None)
    assert queued(here, "due") == [{"what": "forget_message", "chat_id": "c1", "key": one.key}]
    changed(here, one.key, to_forget=False)
    app.dispatch(stream.event(), None)
    assert len(queued(here, "due")) == 1


def test_each_reaction_of_ours_is_to_be_told_in_its_chats_order(here, stream):
    """CHAT-7"""
    one = received()
    put(chat(), one)

    def reacted(emoji, state, second):
        at = NOON + timedelta(seconds=second)
        ours = Reaction("agent", emoji, at, agent_id="ana", state=state)
        theirs = Reaction("contact", "👍", NOON)
        changed(here, one.key, reactions=(theirs, ours))
        app.dispatch(stream.event(), None)

    told = [{"chat_id": "c1", "call": "react", "key": one.key}]
    reacted("❤️", "pending", 1)
    assert queued(here, "outbound") == told
    reacted("❤️", "sent", 1)
    assert queued(here, "outbound") == told
    reacted("", "pending", 2)
    reacted("😀", "pending", 3)  # before the one above was told
    assert queued(here, "outbound") == told * 3
    entries = here.queues.entries["outbound"]
    assert {entry.group for entry in entries} == {"c1"}
    assert len({entry.deduplication for entry in entries}) == 3


def test_only_a_new_message_is_sent_because_it_is_queued(here, stream):
    """SEND-12"""
    one = message("olá")
    put(chat(), one)
    changed(here, one.key, text="olá!")
    app.dispatch(stream.event(), None)
    assert queued(here, "outbound") == [{"chat_id": "c1", "key": one.key}]


@pytest.mark.parametrize(
    ("before", "after", "new"),
    [
        (None, None, set()),
        (None, "fetch", {"fetch"}),
        ("fetch", "fetch", set()),
        ("fetch", "fetch react", {"react"}),
        ("fetch react", "forget", {"forget"}),
        ("send", None, set()),
    ],
)
def test_a_row_asks_for_what_it_did_not_ask_for_before(before, after, new):
    """DESIGN 6"""
    assert new_words(before, after) == new


def test_what_went_aside_is_fetched_all_the_same(here):
    """LIVE-4"""
    one = received(PENDING)
    put(chat(profile_wanted=True), one)
    for sk in (f"MSG#{one.key}", "CHAT"):
        answer = app.redo(sqs_event(json.dumps({"pk": "CHAT#c1", "sk": sk})), None)
        assert answer == {"batchItemFailures": []}
    assert queued(here, "fetch") == [
        {"what": "media", "chat_id": "c1", "key": one.key},
        {"what": "profile", "chat_id": "c1"},
    ]


# --- how it is worked -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "module", "name", "given"),
    [
        ({"what": "media", "chat_id": "c1", "key": "k"}, fetch_media, "fetch", ("c1", "k")),
        ({"what": "profile", "chat_id": "c1"}, fetch_profile, "fetch", ("c1",)),
        ({"what": "templates", "portfolio": "p1"}, sync_templates, "sync", ("p1",)),
        ({"what": "templates"}, sync_templates, "sync", (None,)),
    ],
)
def test_each_body_reaches_its_command_with_how_often_it_was_tried(
    here, monkeypatch, body, module, name, given
):
    """INB-6: and waits as long as that says, out of everybody's way."""
    asked, waits = [], iter([timedelta(seconds=90), None])

    def command(world, *facts):
        assert world is here
        asked.append(facts)
        return next(waits)

    monkeypatch.setattr(module, name, command)
    event = sqs_event(json.dumps(body), receives=3)
    assert app.fetch(event, None) == {"batchItemFailures": [{"itemIdentifier": "0"}]}
    assert here.queues.held == [("fetch", "receipt-0", 90)]
    assert app.fetch(event, None) == {"batchItemFailures": []}
    assert asked == [(*given, 3)] * 2


@pytest.mark.parametrize("body", ['{"what": "tea"}', "{}", "no json", '{"what": "media"}'])
def test_what_nobody_knows_comes_again_until_somebody_looks(body):
    """OPS-4"""
    answer = app.fetch(sqs_event(body), None)
    assert answer == {"batchItemFailures": [{"itemIdentifier": "0"}]}


def test_the_daily_look_at_templates_is_one_that_the_queue_knows():
    """SEND-2: what the schedule of the stack puts on the queue."""
    from infra.resources import timers

    schedule = timers()["TemplatesDaily"]["Properties"]
    assert schedule["ScheduleExpression"] == "rate(1 day)"
    assert json.loads(schedule["Target"]["Input"]) == {"what": "templates"}
