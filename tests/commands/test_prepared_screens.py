"""Open pages and the queue of fetches hear of what is prepared to be sent."""

import json

import pytest

import app
from chalicelib import triggers
from chalicelib.commands import quick_reply, settings
from chalicelib.commands.sync_templates import sync
from chalicelib.domain.listing import Tab
from chalicelib.gateways.meta import webhook
from chalicelib.stores import channels, connections, templates
from chalicelib.stores.chats import commit_rows
from infra.functions import NO_MORE, SHOWN
from tests.builders import ACCOUNT, AT_CHAT, NOON, PORTFOLIO, agent, join
from tests.fakes import sqs_event

ANA = agent("ana")
RETOMAR = {
    "name": "retomar",
    "language": "pt_BR",
    "category": "UTILITY",
    "status": "APPROVED",
    "components": [{"type": "BODY", "text": "Oi"}],
}
REPLY = {"name": "oi", "text": "Olá", "file": None}
SETTINGS = {"audio_confirmation": True, "name_prefix": False, "human_agent": False}


@pytest.fixture(autouse=True)
def here(world, monkeypatch, graph):
    """The functions find this world, and Ana's page is open."""
    monkeypatch.setattr(triggers, "world", lambda: world)
    join(ANA)
    channels.save("whatsapp", ACCOUNT, display="+55", portfolio=PORTFOLIO)
    connections.save_pending("s1", "ana", NOON.replace(hour=15))
    connections.say_hello("s1", Tab.ALL, None, AT_CHAT)
    graph.told = [RETOMAR]
    return world


def passes(record, pattern):
    """Whether Lambda would hand the record over: a class of either image, as the filter names."""
    for image, wanted in pattern["dynamodb"].items():
        found = record["dynamodb"].get(image, {}).get("cls", {}).get("S")
        if found not in wanted["cls"]["S"]:
            return False
    return record["eventName"] in pattern.get("eventName", [record["eventName"]])


def parts(here, stream):
    """What Ana's page is to fetch anew, by the records that pass the stream's filter."""
    records = [one for one in stream.records() if passes(one, SHOWN) or passes(one, NO_MORE)]
    app.publish({"Records": records}, None)
    frames = here.realtime.frames.pop("s1", [])
    return [event.get("part") for frame in frames for event in json.loads(frame)["events"]]


def remove_channel(here):
    commit_rows(*channels.removed(channels.row_of(f"whatsapp-{ACCOUNT}")))


@pytest.mark.parametrize(
    ("act", "part"),
    [
        (lambda here: sync(here, PORTFOLIO, 1), "templates"),
        (lambda here: quick_reply.add(here, ANA, REPLY), "quick_replies"),
        (lambda here: settings.save(here, ANA, {**SETTINGS, "read_receipts": False}), "people"),
        (remove_channel, "people"),
    ],
)
def test_a_page_fetches_anew_what_changed(here, stream, act, part):
    """SEND-2 SEND-9 SEND-8 ADM-1"""
    stream.records()
    act(here)
    assert parts(here, stream) == [part]


def test_a_quick_reply_that_goes_is_told_too(here, stream):
    """SEND-9"""
    made = quick_reply.add(here, ANA, REPLY)
    stream.records()
    quick_reply.remove(here, ANA, made["quick_reply_id"])
    assert parts(here, stream) == ["quick_replies"]


@pytest.mark.parametrize(
    ("pk", "part"),
    [
        ("QUICK_REPLY", "quick_replies"),
        ("TEMPLATE", "templates"),
        ("TEMPLATE_SYNC", "templates"),
        ("SETTINGS", "people"),
    ],
)
def test_a_row_that_went_aside_has_pages_fetch(here, pk, part):
    """LIVE-4"""
    aside = json.dumps({"pk": pk, "sk": "x"})
    assert app.redo(sqs_event(aside), None) == {"batchItemFailures": []}
    [frame] = here.realtime.frames["s1"]
    assert json.loads(frame)["events"] == [{"type": "directory", "part": part}]


def test_a_webhook_of_a_template_reaches_the_mirror(here):
    """SEND-2 INB-2"""
    sync(here, PORTFOLIO, 1)
    value = {
        "event": "PAUSED",
        "message_template_name": "retomar",
        "message_template_language": "pt_BR",
    }
    change = {"field": "message_template_status_update", "value": value}
    entry = {"id": PORTFOLIO, "time": int(NOON.timestamp()) + 60, "changes": [change]}
    body = json.dumps({"object": "whatsapp_business_account", "entry": [entry]}).encode()
    items = [item.body for item in webhook.split("whatsapp", body).messages]
    assert app.receive(sqs_event(*items), None) == {"batchItemFailures": []}
    assert templates.one(PORTFOLIO, "retomar", "pt_BR").status == "paused"


def test_the_queue_of_fetches_has_templates_synchronised(here, graph):
    """SEND-2: daily, with no portfolio named; on demand, with one."""
    for body in ({"what": "templates"}, {"what": "templates", "portfolio": PORTFOLIO}):
        assert app.fetch(sqs_event(json.dumps(body)), None) == {"batchItemFailures": []}
    assert graph.asked == [PORTFOLIO, PORTFOLIO]
