"""Pushes leave for an agent's phones, and what happens there comes back."""

import json
from datetime import timedelta

import pytest

import app
from chalicelib import triggers
from chalicelib.commands import assign, erase_contact, mark, push
from chalicelib.commands.receive import receive
from chalicelib.domain import errors, notification
from chalicelib.domain.access import Permission
from chalicelib.domain.push import DEVICE_LIFE, DEVICES_LIMIT, called
from chalicelib.gateways.push import Outcome, Push, State
from chalicelib.queries import notifications
from chalicelib.stores import alerts, people
from chalicelib.stores import chats as store
from chalicelib.stores.tables import DeviceRow, Row
from tests.builders import ACCOUNT, TABS, agent, arrival, chat, join, put
from tests.builders import mark as told
from tests.commands.alerting import AUTH, P256DH, Alerting, why
from tests.fakes import sqs_event
from tests.pushes import ORIGIN, PushServices

ANA = agent("ana", permissions=TABS | {Permission.CONTACTS})
BRUNO = agent("bruno", department_ids={"sales"})
IDENTITY = f"whatsapp#{ACCOUNT}#phone#5511987654321"
KEY = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
DOWN = Outcome(State.LATER)
DEAD = Outcome(State.GONE)


@pytest.fixture
def here(world, stream, monkeypatch):
    monkeypatch.setattr(triggers, "world", lambda: world)
    join(ANA, BRUNO)
    put(chat(identities=(IDENTITY,), agent_id="ana", name="Bia"))
    stream.records()
    return Alerting(world, stream)


def writes(here, text="oi", **facts):
    here.world.now.forward(seconds=1)
    return receive(here.world, arrival(text, at=here.world.now(), **facts))


def queued(here):
    """The bodies that wait on the push lane, once everybody is decided about."""
    app.dispatch(here.stream.event(), None)
    for entry in here.world.queues.entries.pop("notify"):
        app.notify(sqs_event(entry.body), None)
    app.dispatch(here.stream.event(), None)
    return [entry.body for entry in here.world.queues.entries.pop("push", [])]


def devices(agent_id="ana"):
    return [one.subscription.endpoint[21:] for one in alerts.load(agent_id).devices]


# --- out ----------------------------------------------------------------------------------------


def test_a_phone_reads_the_name_and_the_beginning_and_nothing_else(here):
    """NOTIF-4: encrypted for real, to the stand-in for push services."""
    services = PushServices()
    here.world.push = Push(lambda: KEY, "https://agencia.test", ORIGIN, services.transport)
    device = services.device(application_server_key=here.world.push.public_key())
    push.subscribe(here.world, ANA, device["endpoint"], device["p256dh"], device["auth"], "Celular")
    writes(here, "a senha é 1234, e " + "muito mais " * 20)
    here.follow()
    (message,) = services.messages(device)
    shown = json.loads(message["payload"])
    assert shown.keys() == {"id", "chat_id", "name", "preview", "kind", "at"}
    assert (shown["chat_id"], shown["name"], shown["kind"]) == ("c1", "Bia", "text")
    assert shown["preview"].startswith("a senha é 1234")
    assert len(shown["preview"]) <= 80
    assert message["ttl"] == notification.PHONE_KEEPS.total_seconds()
    assert why("ana") == [("told", "no_page_open", "told", "sent")]


def test_every_device_is_pushed_to(here):
    """NOTIF-4"""
    for name in ("one", "two", "three"):
        here.phone(ANA, name)
    writes(here)
    here.follow()
    assert sorted(here.pushed()) == [("one", "oi"), ("three", "oi"), ("two", "oi")]


def test_what_is_queued_twice_is_pushed_once_to_each_device(here):
    """NOTIF-4: SQS delivers at least once, dispatch may run again."""
    for name in ("one", "two"):
        here.phone(ANA, name)
    writes(here)
    (body,) = queued(here)
    for _ in range(3):
        here.push(body)
    for entry in here.world.queues.entries.pop("push"):
        here.push(entry.body)
    assert sorted(here.pushed()) == [("one", "oi"), ("two", "oi")]


def test_one_device_that_is_down_holds_no_other_back(here):
    """NOTIF-4"""
    down, up = here.phone(ANA, "down"), here.phone(ANA, "up")
    here.world.push.outcomes = {down: [DOWN, DOWN], up: []}
    writes(here)
    (body,) = queued(here)
    here.push(body)
    waits = {}
    for entry in here.world.queues.entries.pop("push"):
        waits[json.loads(entry.body)["device"]] = (entry.body, here.push(entry.body))
    assert here.pushed() == [("up", "oi")]
    body, wait = waits[called(down)]
    assert (waits[called(up)][1], wait) == (None, 2)
    assert here.push(body, attempt=2) == 4
    assert here.push(body, attempt=3) is None
    assert here.pushed() == [("up", "oi"), ("down", "oi")]


def test_the_service_says_when_to_come_again(here):
    """RFC 8030"""
    here.world.push.outcomes[here.phone(ANA)] = [Outcome(State.LATER, timedelta(minutes=7))]
    writes(here)
    (body,) = queued(here)
    assert here.push(body) == 420


def test_a_service_that_stays_down_is_given_up_and_the_next_message_is_pushed(here):
    """NOTIF-4: an agent is not silent for good because of one bad hour."""
    here.world.push.outcomes[here.phone(ANA)] = [DOWN] * 3
    writes(here)
    (body,) = queued(here)
    assert here.push(body) == 2
    here.world.now.forward(minutes=59)
    assert here.push(body, attempt=10) is None
    assert why("ana") == [("told", "no_page_open", "told", "failed")]
    here.world.push.outcomes.clear()
    writes(here, "ainda aí?")
    here.follow()
    assert here.pushed() == [("one", "ainda aí?")]


def test_a_dead_device_is_forgotten(here):
    """NOTIF-4: 404 and 410."""
    here.world.push.outcomes[here.phone(ANA, "dead")] = [DEAD]
    here.phone(ANA, "alive")
    writes(here)
    here.follow()
    assert here.pushed() == [("alive", "oi")]
    assert devices() == ["alive"]
    assert alerts.owner(called("https://push.example/dead")) is None


@pytest.mark.parametrize("outcome", [DEAD, Outcome(State.REFUSED)])
def test_with_its_last_device_gone_the_contact_is_armed_again(here, outcome):
    """NOTIF-4"""
    here.world.push.outcomes[here.phone(ANA, "dead")] = [outcome]
    writes(here)
    here.follow()
    assert (devices(), why("ana")[0][3]) == ([], "no_device")
    here.phone(ANA, "new")
    writes(here, "ainda aí?")
    here.follow()
    assert here.pushed() == [("new", "ainda aí?")]


def cut_off(here):
    people.save_agent(agent("ana", active=False))


def blinded(here):
    people.save_agent(agent("ana", permissions=frozenset()))


def given_away(here):
    one = store.resolve("c1")
    seen = {"agent_id": "ana", "department_id": None, "protocol": one.attendance.protocol}
    assign.to_agent(here.world, ANA, "c1", "bruno", seen)


def deleted(here):
    mark.mark(here.world, told("deletion", "wamid.oi", at=here.world.now()))


def erased(here):
    erase_contact.erase(here.world, ANA, "c1")


@pytest.mark.parametrize("happens", [cut_off, blinded, given_away, deleted, erased])
def test_nothing_leaves_that_is_not_wanted_any_more(here, happens):
    """NOTIF-3 PERM-2: a second before it would have."""
    here.phone(ANA)
    writes(here)
    (body,) = queued(here)
    happens(here)
    assert here.push(body) is None
    assert here.pushed() == []


def test_a_push_that_was_withdrawn_counts_as_none(here):
    """NOTIF-4: the chat comes back, and its next message is pushed."""
    here.phone(ANA)
    writes(here)
    (body,) = queued(here)
    people.save_agent(agent("ana", permissions=frozenset()))
    here.push(body)
    assert why("ana")[0][3] == "withdrawn"
    people.save_agent(ANA)
    writes(here, "outra")
    here.follow()
    assert here.pushed() == [("one", "outra")]


def test_of_what_is_not_known_nothing_is_pushed(here):
    """NOTIF-7: decisions go after a month."""
    assert here.push(json.dumps({"agent_id": "ana", "decision": "1" * 13 + "-" + "a" * 16})) is None


# --- devices ------------------------------------------------------------------------------------


def test_a_device_is_one_agents(here):
    """NOTIF-4: who logs in on somebody else's phone takes it over."""
    endpoint = here.phone(ANA)
    here.phone(BRUNO)
    assert (devices("ana"), devices("bruno")) == ([], ["one"])
    assert alerts.owner(called(endpoint)) == "bruno"
    writes(here)
    here.follow()
    assert here.pushed() == []


def test_a_device_that_comes_again_is_the_same(here, clock):
    """NOTIF-4: its page renews it at each start."""
    here.phone(ANA, label="Celular")
    clock.forward(days=1)
    here.phone(ANA, label="Celular da Ana")
    (one,) = notifications.devices(here.world, ANA)["devices"]
    assert (one["label"], one["since"]) == ("Celular da Ana", "2026-11-24T12:00:00.000Z")


def test_devices_are_few_and_those_long_unseen_go(here, clock):
    """NOTIF-4"""
    here.phone(ANA, "old")
    clock.forward(days=DEVICE_LIFE.days)
    for number in range(DEVICES_LIMIT + 1):
        clock.forward(seconds=1)
        here.phone(ANA, f"n{number}")
    assert devices() == [f"n{number}" for number in range(DEVICES_LIMIT, 0, -1)]


def test_an_endpoint_that_is_no_push_services_is_refused(here):
    """NOTIF-4: nobody has us write to our own network."""
    with pytest.raises(errors.Invalid):
        push.subscribe(here.world, ANA, "http://169.254.169.254/x", P256DH, AUTH, "x")
    assert devices() == []


def test_a_device_that_is_taken_off_is_pushed_to_no_more(here):
    """NOTIF-8"""
    endpoint = here.phone(ANA)
    for _ in range(2):
        push.unsubscribe(here.world, ANA, called(endpoint))
    writes(here)
    here.follow()
    assert (devices(), here.pushed(), why("ana")[0][2]) == ([], [], "no_device")
    assert [row for row in Row.scan() if isinstance(row, DeviceRow)] == []


def test_nobody_takes_off_somebody_elses(here):
    """PERM-2"""
    endpoint = here.phone(ANA)
    push.unsubscribe(here.world, BRUNO, called(endpoint))
    assert devices("ana") == ["one"]


def test_a_browser_that_subscribed_anew_stays_the_same_device(here):
    """RFC 8030: pushsubscriptionchange"""
    old = here.phone(ANA)
    new = "https://push.example/renewed"
    push.renew(here.world, old, AUTH, new, P256DH, "b" * 22)
    assert devices() == ["renewed"]
    assert alerts.owner(called(old)) is None
    with pytest.raises(errors.NotFound):
        push.renew(here.world, old, AUTH, new, P256DH, "b" * 22)


@pytest.mark.parametrize(("endpoint", "auth"), [("one", "x" * 22), ("two", AUTH)])
def test_only_the_device_itself_speaks_for_it(here, endpoint, auth):
    """PERM-2: by the secret that only it and we know."""
    here.phone(ANA)
    address = f"https://push.example/{endpoint}"
    with pytest.raises(errors.NotFound):
        push.seen(here.world, address, auth, "c1")
    with pytest.raises(errors.NotFound):
        push.renew(here.world, address, auth, "https://push.example/x", P256DH, AUTH)


def test_who_is_cut_off_renews_nothing(here):
    """PERM-3"""
    old = here.phone(ANA)
    people.save_agent(agent("ana", active=False))
    with pytest.raises(errors.NotFound):
        push.renew(here.world, old, AUTH, "https://push.example/x", P256DH, AUTH)


# --- what is seen there -------------------------------------------------------------------------


def test_a_phone_that_comes_new_has_an_empty_tray(here):
    """NOTIF-4: what the last one showed is gone with it."""
    here.phone(ANA, "old")
    writes(here, "um")
    here.follow()
    push.unsubscribe(here.world, ANA, called("https://push.example/old"))
    here.phone(ANA, "new")
    writes(here, "dois")
    here.follow()
    assert here.pushed() == [("old", "um"), ("new", "dois")]


def test_a_second_phone_leaves_the_firsts_tray_alone(here):
    """NOTIF-4"""
    here.phone(ANA, "old")
    writes(here, "um")
    here.follow()
    here.phone(ANA, "new")
    writes(here, "dois")
    here.follow()
    assert here.pushed() == [("old", "um")]


def test_answering_twice_is_answering_once(here):
    """NOTIF-4"""
    endpoint = here.phone(ANA)
    writes(here)
    here.follow()
    for _ in range(2):
        push.seen(here.world, endpoint, AUTH, "c1")
    push.seen(here.world, endpoint, AUTH, "unknown")
    assert alerts.pushed("ana", "c1").version == 2
