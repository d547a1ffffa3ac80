"""Queues, stream and sockets as Lambda hands them over: what failed comes again, nothing else."""

import json
from dataclasses import replace

import pytest

import app
from chalicelib import triggers
from chalicelib.commands import push as pushing
from chalicelib.commands import ring
from chalicelib.commands.connect import give_ticket
from chalicelib.domain import bell as rings
from chalicelib.domain.delivery import Refused, Status, callback_data
from chalicelib.domain.inbound import Failure
from chalicelib.domain.listing import Tab
from chalicelib.domain.notification import Decision, Presence
from chalicelib.gateways.meta import webhook
from chalicelib.gateways.push import Outcome, State
from chalicelib.stores import alerts, bells, channels, connections, labels, people
from chalicelib.stores import chats as store
from chalicelib.stores.chats import commit_rows
from chalicelib.stores.tables import BellRow, ChatRow, DepartmentRow, MessageRow, Row, TagRow
from tests.builders import ACCOUNT, AT_CHAT, NOON, agent, chat, client_key, join, message, put, says
from tests.fakes import sqs_event

ANA = agent("ana")
ORIGIN = "http://desk.invalid"


@pytest.fixture(autouse=True)
def here(world, monkeypatch):
    """The functions find this world."""
    monkeypatch.setattr(triggers, "world", lambda: world)
    return world


def webhook_body(*messages, statuses=(), account=ACCOUNT):
    value = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "551140001234", "phone_number_id": account},
        "contacts": [{"wa_id": "5511987654321", "profile": {"name": "Bia"}}],
        "messages": list(messages),
        "statuses": list(statuses),
    }
    changes = [{"field": "messages", "value": value}]
    entry = [{"id": "102290129340398", "changes": changes}]
    return json.dumps({"object": "whatsapp_business_account", "entry": entry}).encode()


def text(number, sender="5511987654321"):
    return {
        "from": sender,
        "id": f"wamid.{number}",
        "timestamp": str(int(NOON.timestamp()) + number),
        "type": "text",
        "text": {"body": f"mensagem {number}"},
    }


def bodies(*messages):
    return [item.body for item in webhook.split("whatsapp", webhook_body(*messages)).messages]


def receipts(*words, callback=None, provider_id="wamid.out1"):
    said = [
        {
            "id": provider_id,
            "status": word,
            "timestamp": str(int(NOON.timestamp())),
            "recipient_id": "5511987654321",
            "biz_opaque_callback_data": callback,
        }
        for word in words
    ]
    return [item.body for item in webhook.split("whatsapp", webhook_body(statuses=said)).statuses]


def rows(kind):
    return [row for row in Row.scan() if isinstance(row, kind)]


def failed(answer):
    return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]


# --- queues -----------------------------------------------------------------------------------


def test_a_batch_of_arrivals_is_received():
    """INB-2"""
    answer = app.receive(sqs_event(*bodies(text(1), text(2), text(3))), None)
    assert failed(answer) == []
    (one,) = rows(ChatRow)
    assert (one.name, one.unread, one.preview) == ("Bia", 3, "mensagem 3")


def test_after_a_failure_the_rest_of_its_group_waits_and_other_groups_go_on():
    """INB-2 INB-4"""
    good, later, other = bodies(text(1), text(2), text(3, sender="5521976543210"))
    event = sqs_event(good, "not json", later, other, groups=["bia", "bia", "bia", "caio"])
    assert failed(app.receive(event, None)) == ["1", "2"]
    assert {row.text for row in rows(MessageRow)} == {"mensagem 1", "mensagem 3"}
    assert failed(app.receive(event, None)) == ["1", "2"], "again, and nothing is doubled"
    assert len(rows(MessageRow)) == 2


def test_a_large_item_comes_by_pointer(here):
    """INB-2"""
    (body,) = bodies(text(1))
    here.files.put("inbound/x.json", body.encode())
    app.receive(sqs_event(json.dumps({"pointer": "inbound/x.json"})), None)
    assert [row.text for row in rows(MessageRow)] == ["mensagem 1"]


def test_a_pointer_to_what_cannot_be_read_comes_again():
    """INB-2"""
    event = sqs_event(json.dumps({"pointer": "inbound/gone.json"}))
    assert failed(app.receive(event, None)) == ["0"]


def test_receipts_are_applied_and_an_early_one_comes_back():
    """CHAT-4 INB-4"""
    ours = message("olá", status=Status.SENDING)
    put(chat(), ours)
    known = receipts("read", "sent", callback=callback_data("c1", ours.key))
    unknown = receipts("sent", provider_id="wamid.not-yet")
    answer = app.receive_statuses(sqs_event(*known, *unknown, groups=["a", "b"]), None)
    assert failed(answer) == ["1"]
    assert store.load_message("c1", ours.key).status is Status.READ


def test_a_queued_message_is_delivered(graph):
    """SEND-12"""
    put(chat(), message("olá"))
    body = json.dumps({"chat_id": "c1", "key": message("olá").key})
    for _ in range(2):
        assert failed(app.deliver(sqs_event(body), None)) == []
    assert len(graph.sent) == 1


def test_a_message_that_must_wait_goes_back_to_its_lane(here, graph):
    """SEND-12"""
    put(chat(), message("olá"))
    graph.outcomes = [Refused(Failure(4, "slow down"))]
    body = json.dumps({"chat_id": "c1", "key": message("olá").key})
    assert failed(app.deliver(sqs_event(body), None)) == ["0"]
    assert here.queues.held == [("outbound", "receipt-0", 30)]


# --- the table's stream -----------------------------------------------------------------------


def test_what_was_committed_is_queued_for_sending_once(here, stream):
    """SEND-12"""
    put(chat(), message("oi", author="contact", agent_id=None, status=None))
    sent = says(here, ANA, "c1", client_key(), "olá")
    app.dispatch(stream.event(), None)
    (entry,) = here.queues.entries["outbound"]
    assert json.loads(entry.body) == {"chat_id": "c1", "key": sent.key}


def test_a_change_of_what_was_queued_is_not_queued_again(here, stream, graph):
    """SEND-12: back from a lease to queued is the lane's own business."""
    put(chat(), message("olá"))
    stream.records()
    graph.outcomes = [Refused(Failure(4, "slow down"))]
    body = json.dumps({"chat_id": "c1", "key": message("olá").key})
    app.deliver(sqs_event(body), None)
    records = stream.event()
    assert records["Records"]
    app.dispatch(records, None)
    assert here.queues.entries["outbound"] == []


def test_an_effect_that_fails_brings_the_whole_batch_again(here, stream, monkeypatch):
    """LIVE-1: stream consumers raise."""
    put(chat())
    says(here, ANA, "c1", client_key(), "olá")

    def refuse(*_):
        raise ConnectionError

    monkeypatch.setattr(here.queues, "send", refuse)
    with pytest.raises(ConnectionError):
        app.dispatch(stream.event(), None)


def test_screens_are_told_of_chats_messages_and_channels(here, stream):
    """LIVE-1 INB-10"""
    join(ANA)
    connections.save_pending("s1", "ana", NOON.replace(hour=15))
    connections.say_hello("s1", Tab.ALL, "c1", AT_CHAT)
    channels.save("whatsapp", ACCOUNT, display="+55", portfolio="p")
    put(chat(), message("olá"))
    app.publish(stream.event(), None)
    (frame,) = here.realtime.frames["s1"]
    kinds = [event["type"] for event in json.loads(frame)["events"]]
    assert sorted(kinds) == ["channel", "chat", "counts", "directory", "message", "row"]


def test_a_row_that_cannot_be_read_goes_aside_and_the_stream_goes_on(here, stream):
    """LIVE-1"""
    put(chat(), message("olá"))
    records = stream.records()
    broken = next(one for one in records if one["dynamodb"]["Keys"]["sk"]["S"] == "CHAT")
    del broken["dynamodb"]["NewImage"]["channel"]
    del broken["dynamodb"]["NewImage"]["rev"]
    for consumer in (app.dispatch, app.publish):
        consumer({"Records": records}, None)
    aside = [json.loads(entry.body) for entry in here.queues.entries["redo"]]
    assert aside == [{"pk": "CHAT#c1", "sk": "CHAT"}] * 2
    assert len(here.queues.entries["outbound"]) == 1


def test_what_went_aside_is_derived_from_the_row_as_it_is(here):
    """LIVE-4"""
    join(ANA)
    connections.save_pending("s1", "ana", NOON.replace(hour=15))
    connections.say_hello("s1", Tab.ALL, "c1", AT_CHAT)
    put(chat(), message("olá"))
    aside = json.dumps({"pk": "CHAT#c1", "sk": f"MSG#{message('olá').key}"})
    assert failed(app.redo(sqs_event(aside), None)) == []
    assert len(here.queues.entries["outbound"]) == 1
    (frame,) = here.realtime.frames["s1"]
    assert json.loads(frame)["events"] == [{"type": "refetch", "chat_id": "c1"}]


def test_removed_rows_and_other_rows_are_no_news(here, stream):
    """LIVE-1"""
    join(ANA)
    connections.save_pending("s1", "ana", NOON.replace(hour=15))
    connections.say_hello("s1", Tab.ALL, "c1", AT_CHAT)
    put(chat(), message("olá"))
    for row in rows(MessageRow):
        row.delete()
    records = [one for one in stream.records() if one["eventName"] == "REMOVE"]
    assert records
    app.publish({"Records": records}, None)
    app.dispatch({"Records": records}, None)
    assert here.realtime.frames == {}


def decided(at=NOON, agent_id="ana", sound="told", push="told"):
    """One decision, and its entry of the bell."""
    one = Decision(
        *(agent_id, "message", "c1", "m1", NOON, at, None), bell="told", sound=sound, push=push
    )
    commit_rows(alerts.decided(one), bells.write(rings.told(one)))
    return one


def heard(here, name="s1"):
    """The kinds of event that a socket was told."""
    frames = here.realtime.frames.pop(name, [])
    return [event["type"] for text in frames for event in json.loads(text)["events"]]


def two_sockets():
    join(ANA, agent("bruno"))
    for name, who in (("s1", "ana"), ("s2", "bruno")):
        connections.save_pending(name, who, NOON.replace(hour=15))
        connections.say_hello(name, None, None, replace(AT_CHAT, page="other"))


def test_an_agents_own_pages_hear_of_their_bell_and_nobody_elses(here, stream):
    """NOTIF-1 NOTIF-2 LIVE-1 PERM-2"""
    two_sockets()
    stream.records()
    one = decided()
    app.publish(stream.event(), None)
    assert sorted(heard(here)) == ["bell", "sound"]
    bells.remove("ana", one.decision_id, NOON)
    app.publish(stream.event(), None)
    assert heard(here) == ["bell"]
    ring.mute(here, ANA, muted=True)
    app.publish(stream.event(), None)
    assert heard(here) == ["bell"]
    for row in rows(BellRow):
        row.delete()
    app.publish(stream.event(), None)
    assert heard(here) == ["bell"]
    assert here.realtime.frames == {}


@pytest.mark.parametrize(
    ("seconds", "sound", "kinds"),
    [(60, "told", ["bell", "sound"]), (61, "told", ["bell"]), (0, "muted", ["bell"])],
)
def test_a_sound_that_comes_late_is_no_news(here, stream, clock, seconds, sound, kinds):
    """NOTIF-1"""
    two_sockets()
    stream.records()
    decided(sound=sound)
    clock.forward(seconds=seconds)
    app.publish(stream.event(), None)
    assert sorted(heard(here)) == kinds


def test_what_became_of_a_push_makes_no_sound(here, stream):
    """NOTIF-1"""
    two_sockets()
    one = decided()
    stream.records()
    alerts.sent(one, "device")
    app.publish(stream.event(), None)
    assert heard(here) == []


def test_what_is_to_be_pushed_goes_on_its_lane_until_it_is_known(here, stream):
    """NOTIF-4"""
    one = decided()
    decided(agent_id="bruno", push="no_device")
    app.dispatch(stream.event(), None)
    (entry,) = here.queues.entries["push"]
    assert json.loads(entry.body) == {"agent_id": "ana", "decision": one.decision_id}
    alerts.sent(one, "device")
    app.dispatch(stream.event(), None)
    assert len(here.queues.entries["push"]) == 1


def test_a_decision_that_went_aside_is_pushed_as_it_is(here):
    """NOTIF-4"""
    two_sockets()
    one = decided()
    aside = json.dumps({"pk": "AGENT#ana", "sk": f"WHY#{one.decision_id}"})
    assert failed(app.redo(sqs_event(aside), None)) == []
    assert len(here.queues.entries["push"]) == 1
    assert heard(here) == ["bell"]
    alerts.sent(one, "device")
    for sk in (f"WHY#{one.decision_id}", f"BELL#{one.decision_id}", "WHY#gone", "ALERTS"):
        app.redo(sqs_event(json.dumps({"pk": "AGENT#ana", "sk": sk})), None)
    assert len(here.queues.entries["push"]) == 1


def test_a_push_that_must_wait_goes_back_to_its_lane(here):
    """NOTIF-4"""
    put(chat(agent_id="ana"), message("oi", author="contact", status=None, key="m1"))
    join(ANA)
    endpoint = "https://push.example/one"
    pushing.subscribe(here, ANA, endpoint, "B" * 87, "a" * 22, "Celular")
    here.push.outcomes[endpoint] = [Outcome(State.LATER)]
    one = decided()
    body = json.dumps({"agent_id": "ana", "decision": one.decision_id})
    assert failed(app.push(sqs_event(body), None)) == ["0"]
    assert here.queues.held == [("push", "receipt-0", 2)]
    assert failed(app.push(sqs_event(body), None)) == []
    assert len(here.push.sent) == 1


# --- sockets ----------------------------------------------------------------------------------


def opening(ticket=None, origin=ORIGIN):
    return {
        "requestContext": {
            "apiId": "api",
            "connectionId": "s1",
            "domainName": "live.invalid",
            "stage": "api",
            "routeKey": "$connect",
            "eventType": "CONNECT",
        },
        "headers": {"Origin": origin},
        "queryStringParameters": None if ticket is None else {"ticket": ticket},
        "isBase64Encoded": False,
    }


def saying(body):
    event = opening()
    event["requestContext"] |= {"routeKey": "$default", "eventType": "MESSAGE"}
    return {**event, "body": body}


def ticket(here):
    join(ANA)
    return give_ticket(here, ANA)["ticket"]


def test_a_socket_opens_with_a_ticket_from_our_page(here):
    """LIVE-1"""
    given = ticket(here)
    assert app.websocket_connect(opening(given, "http://evil.invalid"), None)["statusCode"] == 403
    assert app.websocket_connect(opening(given), None)["statusCode"] == 200
    assert app.websocket_connect(opening(given), None)["statusCode"] == 401
    assert app.websocket_connect(opening(), None)["statusCode"] == 401
    assert app.websocket_connect({**opening(), "headers": None}, None)["statusCode"] == 403


def test_a_deactivated_users_ticket_is_refused(here):
    """PERM-3"""
    given = ticket(here)
    join(agent("ana", active=False))
    assert app.websocket_connect(opening(given), None)["statusCode"] == 403


def test_hello_is_answered_by_ready_and_ping_by_pong(here):
    """LIVE-1"""
    app.websocket_connect(opening(ticket(here)), None)
    hello = {"action": "hello", "tab": "open", "chat_id": "c1"}
    app.websocket_message(saying(json.dumps(hello)), None)
    app.websocket_message(saying('{"action": "ping"}'), None)
    said = [json.loads(text) for text in here.realtime.frames["s1"]]
    assert said == [{"type": "ready", "tab": "open", "chat_id": "c1"}, {"type": "pong"}]
    (socket,) = connections.ready()
    assert (socket.tab, socket.chat_id) == ("open", "c1")


def test_a_page_says_what_it_is_and_whether_it_is_seen(here, clock):
    """NOTIF-1 NOTIF-2 NOTIF-5"""
    app.websocket_connect(opening(ticket(here)), None)
    hello = {"action": "hello", "tab": None, "chat_id": None, "page": "other", "device": "pwa"}
    app.websocket_message(saying(json.dumps(hello)), None)
    (socket,) = connections.ready()
    assert (socket.tab, socket.presence) == (None, Presence("other", True, "pwa", clock()))
    for visible in (False, True):
        clock.forward(seconds=50)
        app.websocket_message(saying(json.dumps({"action": "ping", "visible": visible})), None)
        (socket,) = connections.ready()
        assert socket.presence == Presence("other", visible, "pwa", clock())
    app.websocket_message(saying('{"action": "ping", "visible": "yes"}'), None)
    assert len(here.realtime.frames["s1"]) == 4
    app.websocket_message(saying('{"action": "hello", "tab": "all", "chat_id": null}'), None)
    (socket,) = connections.ready()
    assert (socket.tab, socket.presence) == ("all", Presence("chat", True, "browser", clock()))


def test_a_ping_of_a_socket_nobody_knows_makes_none(here):
    """LIVE-3"""
    app.websocket_message(saying('{"action": "ping", "visible": true}'), None)
    assert connections.ready() == []


def test_a_hello_of_a_socket_nobody_knows_cuts_it(here):
    """LIVE-3"""
    app.websocket_message(saying('{"action": "hello", "tab": "all", "chat_id": null}'), None)
    assert here.realtime.closed == ["s1"]


@pytest.mark.parametrize(
    "body",
    [
        None,
        "",
        "not json",
        "[]",
        '"hello"',
        "{}",
        '{"action": ["hello"]}',
        '{"action": "hello"}',
        '{"action": "hello", "tab": "everything", "chat_id": null}',
        '{"action": "hello", "tab": ["all"], "chat_id": null}',
        '{"action": "hello", "tab": {}, "chat_id": null}',
        '{"action": "hello", "tab": "all", "chat_id": 7}',
        '{"action": "hello", "tab": "all", "chat_id": "\\ud800"}',
        '{"action": "hello", "tab": "all", "chat_id": ""}',
        '{"action": "hello", "tab": null, "chat_id": null}',
        '{"action": "hello", "tab": "all", "chat_id": null, "page": "other"}',
        '{"action": "hello", "tab": null, "chat_id": "c1", "page": "other"}',
        '{"action": "hello", "tab": "all", "chat_id": null, "page": ["chat"]}',
        '{"action": "hello", "tab": "all", "chat_id": null, "visible": "yes"}',
        '{"action": "hello", "tab": "all", "chat_id": null, "device": "fridge"}',
        json.dumps({"action": "hello", "tab": "all", "chat_id": "c" * 30_000}),
        "[" * 20_000,
    ],
)
def test_what_makes_no_sense_is_answered_by_nothing(here, body):
    """LIVE-1"""
    app.websocket_connect(opening(ticket(here)), None)
    assert app.websocket_message(saying(body), None)["statusCode"] == 200
    assert here.realtime.frames == {}
    assert connections.ready() == []


def test_a_closed_socket_is_forgotten(here):
    """LIVE-1"""
    app.websocket_connect(opening(ticket(here)), None)
    app.websocket_message(saying('{"action": "hello", "tab": "all", "chat_id": null}'), None)
    for _ in range(2):
        assert app.websocket_disconnect(opening(), None)["statusCode"] == 200
    assert connections.ready() == []


@pytest.mark.parametrize(
    ("write", "parts"),
    [
        (lambda: people.save_department("d1", "Vendas", active=True), ["people"]),
        (lambda: labels.save_tag({"tag_id": "t1", "name": "VIP", "color": "red"}), ["labels"]),
        (lambda: labels.save_campaign({"campaign_id": "k1", "name": "Natal"}), ["labels"]),
        (lambda: join(agent("beto")), ["people"]),
        (lambda: join(agent("ana", permissions=frozenset(), version=1)), ["me"]),
        (lambda: join(agent("ana", version=1)), []),
    ],
)
def test_screens_are_told_of_names_and_rights(here, stream, write, parts):
    """LIVE-1 PERM-2"""
    join(ANA)
    connections.save_pending("s1", "ana", NOON.replace(hour=15))
    connections.say_hello("s1", Tab.ALL, None, AT_CHAT)
    stream.records()
    write()
    app.publish(stream.event(), None)
    assert directories(here) == parts


def test_screens_are_told_of_a_name_that_is_no_more(here, stream):
    """LIVE-1"""
    join(ANA)
    connections.save_pending("s1", "ana", NOON.replace(hour=15))
    connections.say_hello("s1", Tab.ALL, None, AT_CHAT)
    people.save_department("d1", "Vendas", active=True)
    labels.save_tag({"tag_id": "t1", "name": "VIP", "color": "red"})
    stream.records()
    DepartmentRow("DEPARTMENT", "d1").delete()
    TagRow("TAG", "t1").delete()
    app.publish(stream.event(), None)
    assert directories(here) == ["people", "labels"]


@pytest.mark.parametrize(("pk", "part"), [("AGENT", "me"), ("DEPARTMENT", "me"), ("TAG", "labels")])
def test_a_name_that_could_not_be_read_is_fetched_by_everybody(here, pk, part):
    """LIVE-4"""
    connections.save_pending("s1", "ana", NOON.replace(hour=15))
    connections.say_hello("s1", Tab.ALL, None, AT_CHAT)
    answer = app.redo(sqs_event(json.dumps({"pk": pk, "sk": "x"})), None)
    assert answer == {"batchItemFailures": []}
    assert directories(here) == [part]


def directories(here):
    """The parts that the one socket was told to fetch."""
    frames = here.realtime.frames.get("s1", ())
    return [event["part"] for text in frames for event in json.loads(text)["events"]]
