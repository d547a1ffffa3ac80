"""Where the channels tell us what happened: only Meta, all of it, and nothing lost."""

import hmac
import json
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from pynamodb.exceptions import PutError

from chalicelib.gateways.meta import webhook
from chalicelib.gateways.queues import NotQueued
from chalicelib.gateways.secrets import ChannelSecrets
from chalicelib.stores import channels
from tests.api.gateway import ask
from tests.builders import ACCOUNT

PAYLOADS = sorted((Path(__file__).parents[1] / "payloads" / "synthetic").glob("wa-*.json"))
DOOR = "/webhooks/whatsapp"


@pytest.fixture(autouse=True)
def here(desk_open):
    """Every test here has an open desk."""
    return desk_open


def signature(body, secret="app-secret"):
    return "sha256=" + hmac.new(secret.encode(), body, sha256).hexdigest()


def deliver(body, **headers):
    return ask("POST", DOOR, raw=body, headers=headers or {"X-Hub-Signature-256": signature(body)})


def one_message(**facts):
    return json.dumps(
        {
            "object": "whatsapp_business_account",
            "entry": [
                {
                    "id": "102290129340398",
                    "changes": [
                        {
                            "field": "messages",
                            "value": {
                                "messaging_product": "whatsapp",
                                "metadata": {"phone_number_id": ACCOUNT},
                                "messages": [
                                    {
                                        "from": "5511987654321",
                                        "id": "wamid.1",
                                        "timestamp": "1795521600",
                                        "type": "text",
                                        "text": {"body": "oi"},
                                        **facts,
                                    }
                                ],
                            },
                        }
                    ],
                }
            ],
        }
    ).encode()


SUBSCRIBE = "hub.mode=subscribe&hub.challenge=1158201444"


def test_the_handshake_echoes_the_challenge():
    """INB-11"""
    answer = ask("GET", f"{DOOR}?{SUBSCRIBE}&hub.verify_token=verify")
    assert (answer.status, answer.text) == (200, "1158201444")
    assert answer.headers["content-type"].startswith("text/plain")


@pytest.mark.parametrize(
    "query",
    [
        "",
        SUBSCRIBE,
        f"{SUBSCRIBE}&hub.verify_token=",
        f"{SUBSCRIBE}&hub.verify_token=wrong",
        "hub.mode=unsubscribe&hub.challenge=1&hub.verify_token=verify",
        "hub.challenge=1&hub.verify_token=verify",
    ],
)
def test_a_handshake_without_the_token_is_refused(query):
    """INB-11"""
    answer = ask("GET", f"{DOOR}?{query}")
    assert (answer.status, answer.body) == (403, {"code": "forbidden"})


def test_a_handshake_with_no_token_configured_is_refused(here):
    """INB-11"""
    here.secrets.accounts = {ACCOUNT: ChannelSecrets()}
    assert ask("GET", f"{DOOR}?{SUBSCRIBE}&hub.verify_token=").status == 403


def test_a_challenge_is_never_a_page():
    """INB-11"""
    script = "%3Cscript%3Ealert(1)%3C/script%3E"
    query = f"hub.mode=subscribe&hub.challenge={script}&hub.verify_token=verify"
    answer = ask("GET", f"{DOOR}?{query}")
    assert answer.headers["content-type"].startswith("text/plain")


def test_a_signed_message_is_queued_before_it_is_acknowledged(here):
    """INB-1 INB-2"""
    answer = deliver(one_message())
    assert (answer.status, answer.body) == (200, {"received": True})
    (entry,) = here.queues.entries["inbound"]
    assert "wamid.1" in entry.body
    assert len(entry.group) <= 128
    assert len(entry.deduplication) <= 128


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Other": "1"},
        {"X-Hub-Signature-256": ""},
        {"X-Hub-Signature-256": "sha256="},
        {"X-Hub-Signature-256": signature(one_message(), "another secret")},
        {"X-Hub-Signature-256": signature(one_message() + b" ")},
        {"X-Hub-Signature-256": signature(one_message()).removeprefix("sha256=")},
        {"X-Hub-Signature-256": "sha256=é"},
        {"X-Hub-Signature": "sha1=0"},
    ],
)
def test_an_absent_or_wrong_signature_is_refused(here, headers):
    """INB-1"""
    answer = deliver(one_message(), **headers)
    assert (answer.status, answer.body) == (401, {"code": "unauthenticated"})
    assert here.queues.entries == {}
    assert here.files.stored == {}


@pytest.mark.parametrize("accounts", [{}, {ACCOUNT: ChannelSecrets("token", "", "verify")}])
def test_without_a_secret_nothing_is_believed(here, accounts):
    """INB-1"""
    here.secrets.accounts = accounts
    body = one_message()
    assert deliver(body).status == 401
    assert deliver(body, **{"X-Hub-Signature-256": signature(body, "")}).status == 401


def test_any_account_of_the_channel_may_have_signed(here):
    """INB-1"""
    first = here.secrets.accounts[ACCOUNT]
    here.secrets.accounts["second"] = replace(first, app_secret="second secret")
    body = one_message()
    assert deliver(body, **{"X-Hub-Signature-256": signature(body, "second secret")}).status == 200


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not json",
        b"[]",
        b"null",
        b'"x"',
        b"{",
        b"\xff\xfe\x00",
        b"[" * 50_000,
        b"1e999",
    ],
)
def test_signed_garbage_is_acknowledged_and_kept(here, body):
    """INB-2 INB-5"""
    assert deliver(body).status == 200
    assert here.queues.entries == {}
    assert len(here.files.stored) == 1


@pytest.mark.parametrize("file", PAYLOADS, ids=lambda file: file.stem)
def test_every_recorded_body_is_acknowledged_and_none_of_it_lost(here, file):
    """INB-2 INB-5"""
    body = file.read_bytes()
    answer = deliver(body)
    assert answer.status == 200
    split = webhook.split("whatsapp", body)
    found = here.queues.entries
    assert [one.body for one in found.get("inbound", [])] == [one.body for one in split.messages]
    assert [one.body for one in found.get("statuses", [])] == [one.body for one in split.statuses]
    assert bool(here.files.stored) is bool(split.kept)


def test_a_larger_item_travels_by_pointer(here):
    """INB-2"""
    deliver(one_message(text={"body": "a" * 300_000}))
    (entry,) = here.queues.entries["inbound"]
    assert len(entry.body) < 1000
    assert "a" * 300_000 in here.files.stored[json.loads(entry.body)["pointer"]].decode()


def test_what_cannot_be_queued_is_not_acknowledged(here, monkeypatch):
    """INB-2: Meta sends it again."""

    def refuse(*_):
        raise NotQueued("1")

    monkeypatch.setattr(here.queues, "send", refuse)
    answer = deliver(one_message())
    assert (answer.status, answer.body) == (503, {"code": "unavailable"})


def test_an_endless_body_is_refused(here):
    """INB-2"""
    answer = deliver(b" " * 4_000_001)
    assert (answer.status, answer.code) == (413, "too_large")


@pytest.mark.parametrize("channel", ["telegram", "WHATSAPP", "..", "x" * 500])
def test_a_channel_that_is_not_connected_is_not_found(channel):
    body = one_message()
    headers = {"X-Hub-Signature-256": signature(body)}
    answer = ask("POST", f"/webhooks/{channel}", raw=body, headers=headers)
    assert answer.status == 404


def one_direct(object_name, account):
    event = {
        "sender": {"id": "U1"},
        "recipient": {"id": account},
        "timestamp": 1795521600000,
        "message": {"mid": "m1", "text": "oi"},
    }
    return json.dumps(
        {"object": object_name, "entry": [{"id": account, "time": 1, "messaging": [event]}]}
    ).encode()


@pytest.mark.parametrize(
    ("channel", "signed_by", "status"),
    [
        ("instagram", "instagram secret", 200),
        ("facebook", "page secret", 200),
        ("instagram", "page secret", 401),
        ("facebook", "instagram secret", 401),
        ("facebook", "app-secret", 401),
        ("whatsapp", "page secret", 401),
    ],
)
def test_each_channel_believes_its_own_secrets(here, monkeypatch, channel, signed_by, status):
    """INB-1"""
    secrets = {
        "whatsapp": here.secrets.accounts,
        "instagram": {"I1": ChannelSecrets("token", "instagram secret", "verify")},
        "facebook": {"P1": ChannelSecrets("token", "page secret", "verify")},
    }
    monkeypatch.setattr(here.secrets, "of", lambda channel, *, mismatch=False: secrets[channel])
    body = one_direct("page" if channel == "facebook" else channel, "A1")
    headers = {"X-Hub-Signature-256": signature(body, signed_by)}
    assert ask("POST", f"/webhooks/{channel}", raw=body, headers=headers).status == status
    assert bool(here.queues.entries.get("inbound")) is (status == 200)


def test_it_is_noted_that_a_webhook_came_once_a_minute(here, monkeypatch):
    """ADM-1"""
    noted = []
    monkeypatch.setattr(channels, "heard", lambda *facts: noted.append(facts))
    began = here.now()
    for seconds in (0, 1, 59, 60, 61):
        monkeypatch.setattr(here, "now", lambda at=began + timedelta(seconds=seconds): at)
        assert deliver(one_message()).status == 200
    minute = timedelta(minutes=1)
    assert noted == [("whatsapp", ACCOUNT, began), ("whatsapp", ACCOUNT, began + minute)]


def test_when_it_cannot_be_noted_the_webhook_stands(here, monkeypatch):
    """INB-2"""

    def fail(*_):
        raise PutError("down")

    monkeypatch.setattr(channels, "heard", fail)
    assert deliver(one_message()).status == 200
    assert len(here.queues.entries["inbound"]) == 1


def test_the_channels_page_learns_of_it(here):
    """ADM-1"""
    deliver(one_message())
    assert channels.last_heard() == {f"whatsapp-{ACCOUNT}": here.now()}


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/x-www-form-urlencoded", "application/octet-stream"]
)
def test_the_wrong_content_type_is_no_server_error(content_type):
    """INB-2"""
    body = one_message()
    headers = {"X-Hub-Signature-256": signature(body), "Content-Type": content_type}
    assert 400 <= deliver(body, **headers).status < 500
