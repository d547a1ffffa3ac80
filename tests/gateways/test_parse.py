"""What WhatsApp says, read into our own words."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain.inbound import Failure, Person
from chalicelib.gateways.meta.parse import arrival, receipts
from chalicelib.gateways.meta.webhook import split

PAYLOADS = Path(__file__).parent.parent / "payloads" / "synthetic"
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
AT = datetime.fromtimestamp(1790000001, UTC)


def item(received, contact=None, kind="message"):
    return {
        "kind": kind,
        "channel": "whatsapp",
        "account": "PN1",
        "portfolio": "W",
        "contact": contact,
        "received": received,
    }


def message(**others):
    return {"from": "5511999999999", "id": "wamid.1", "timestamp": "1790000001"} | others


def read(contact=None, kind="message", **others):
    return arrival(item(message(**others), contact, kind), NOW)


def found_in(name):
    found = split("whatsapp", (PAYLOADS / f"{name}.json").read_bytes())
    arrivals = [arrival(one.body, NOW) for one in found.messages]
    return arrivals, [one for item in found.statuses for one in receipts(item.body, NOW)]


def test_a_text_is_read_whole():
    """INB-5"""
    contact = {"profile": {"name": "Ana", "username": "@ana"}, "user_id": "BR.1"}
    found = read(contact, type="text", text={"body": "olá"}, context={"id": "wamid.0"})
    assert found.person == Person("5511999999999", "BR.1", "ana", "Ana")
    assert (found.channel, found.account, found.portfolio) == ("whatsapp", "PN1", "W")
    assert (found.provider_id, found.at, found.quotes) == ("wamid.1", AT, "wamid.0")
    assert (found.kind, found.raw_kind, found.text) == ("text", None, "olá")
    assert (found.echo, found.from_contact) == (False, True)


CARD = {"name": {"formatted_name": "Bia"}}
NAMELESS = [
    {"name": {"first_name": "Caio", "last_name": "Luz"}},
    {"org": {"company": "Padaria"}},
    {"phones": [{"phone": "+55 11 4000-0000"}]},
    {"vcard": "?"},
    7,
]
ITEMS = [{"product_retailer_id": "SKU1", "quantity": 2}, {"product_retailer_id": 7}, {}, None]


@pytest.mark.parametrize(
    ("word", "content", "kind", "text"),
    [
        ("text", {"body": "olá\nvocê\t!"}, "text", "olá\nvocê\t!"),
        ("text", {"body": ""}, "text", ""),
        ("image", {"id": "1", "caption": "foto"}, "image", "foto"),
        ("image", {"id": "1", "caption": None}, "image", ""),
        ("video", {"id": "1"}, "video", ""),
        ("audio", {"id": "1", "voice": True}, "audio", ""),
        ("sticker", {"id": "1", "animated": False}, "sticker", ""),
        ("document", {"id": "1", "filename": "a.pdf"}, "document", "a.pdf"),
        ("document", {"id": "1", "filename": "a.pdf", "caption": "leia"}, "document", "leia"),
        ("location", {"latitude": -23.5, "longitude": -46.6}, "location", "-23.5, -46.6"),
        (
            "location",
            {"latitude": 1, "longitude": 2, "name": "Praça", "address": "Rua 1"},
            "location",
            "Praça\nRua 1",
        ),
        ("contacts", [CARD, *NAMELESS], "contacts", "Bia, Caio Luz, Padaria, +55 11 4000-0000"),
        ("contacts", [{}], "contacts", ""),
        (
            "interactive",
            {"type": "button_reply", "button_reply": {"id": "1", "title": "Sim"}},
            "choice",
            "Sim",
        ),
        (
            "interactive",
            {"type": "list_reply", "list_reply": {"id": "1", "title": "Um", "description": "d"}},
            "choice",
            "Um",
        ),
        (
            "interactive",
            {"type": "nfm_reply", "nfm_reply": {"name": "flow", "body": "Sent"}},
            "choice",
            "Sent",
        ),
        ("button", {"text": "Quero", "payload": "Q"}, "choice", "Quero"),
        ("order", {"text": "por favor", "product_items": ITEMS}, "order", "por favor\n2 × SKU1\n7"),
        ("order", {"catalog_id": "1"}, "order", ""),
    ],
)
def test_what_a_person_sends_is_shown(word, content, kind, text):
    """INB-5"""
    found = read(type=word, **{word: content})
    assert (found.kind, found.raw_kind, found.text) == (kind, None, text)
    assert found.from_contact


@pytest.mark.parametrize(
    ("message_parts", "raw_kind"),
    [
        ({"type": "text", "text": None}, "text"),
        ({"type": "text"}, "text"),
        ({"type": "text", "text": {"body": None}}, "text"),
        ({"type": "image", "image": "x"}, "image"),
        ({"type": "location", "location": {"latitude": 1}}, "location"),
        ({"type": "contacts", "contacts": {}}, "contacts"),
        ({"type": "interactive", "interactive": None}, "interactive"),
        ({"type": "interactive", "interactive": {"type": "button_reply"}}, "button_reply"),
        ({"type": "interactive", "interactive": {"type": "call_permission_reply"}}, None),
        ({"type": "order", "order": []}, "order"),
        ({"type": "button", "button": []}, "button"),
        ({"type": "hologram", "hologram": {"id": "1"}}, "hologram"),
        ({"type": "unsupported", "unsupported": {"type": "poll"}}, "poll"),
        ({"type": "unsupported", "errors": [{"code": 131051}]}, "unsupported"),
        ({"type": "h" * 500}, "h" * 63 + "…"),
        ({"type": ""}, "unknown"),
        ({"type": None}, "unknown"),
        ({"type": []}, "unknown"),
        ({}, "unknown"),
    ],
)
def test_what_nobody_understands_is_a_placeholder(message_parts, raw_kind):
    """INB-5"""
    found = read(**message_parts)
    assert (found.kind, found.text, found.from_contact) == ("unsupported", "", True)
    assert found.raw_kind == (raw_kind or "call_permission_reply")


@pytest.mark.parametrize(
    ("message_parts", "kind", "raw_kind", "text", "quotes"),
    [
        (
            {"type": "reaction", "reaction": {"message_id": "wamid.0", "emoji": "👍"}},
            "reaction",
            None,
            "👍",
            "wamid.0",
        ),
        (
            {"type": "reaction", "reaction": {"message_id": "wamid.0"}},
            "reaction",
            None,
            "",
            "wamid.0",
        ),
        ({"type": "reaction", "reaction": None}, "unsupported", "reaction", "", None),
        ({"type": "system", "system": {"body": "mudou"}}, "system", None, "mudou", None),
        ({"type": "system"}, "system", None, "", None),
        (
            {"type": "edit", "edit": {"original_message_id": "wamid.0", "message": {}}},
            "unsupported",
            "edit",
            "",
            "wamid.0",
        ),
        ({"type": "revoke", "revoke": None}, "unsupported", "revoke", "", None),
        (
            {"type": "unsupported", "unsupported": {"type": "edit"}},
            "unsupported",
            "edit",
            "",
            None,
        ),
    ],
)
def test_what_is_no_message_of_the_contact(message_parts, kind, raw_kind, text, quotes):
    """The glossary's «contact's message»"""
    found = read(**message_parts)
    assert (found.kind, found.raw_kind, found.text) == (kind, raw_kind, text)
    assert (found.quotes, found.from_contact) == (quotes, False)


def test_a_reaction_and_its_removal_are_two_things():
    """INB-3"""
    added = read(type="reaction", reaction={"message_id": "wamid.0", "emoji": "👍"})
    removed = read(type="reaction", reaction={"message_id": "wamid.0", "emoji": ""})
    assert added.provider_id != removed.provider_id
    absent = read(type="reaction", reaction={"message_id": "wamid.0"})
    assert absent.provider_id == removed.provider_id


def test_an_echo_is_ours_and_about_its_receiver():
    """INB-8"""
    found = read(
        {"profile": {"name": "Ana"}, "wa_id": "5511988888888"},
        kind="echo",
        to="5511988888888",
        type="text",
        text={"body": "pelo celular"},
    )
    assert (found.echo, found.from_contact, found.text) == (True, False, "pelo celular")
    assert found.person == Person("5511988888888", None, None, "Ana")


@pytest.mark.parametrize(
    ("parts", "contact", "phone", "user_id"),
    [
        ({}, None, "5511999999999", None),
        ({"from": 5511999999999}, None, "5511999999999", None),
        ({"from": "+55 (11) 99999-9999"}, None, "5511999999999", None),
        ({"from_user_id": "BR.1"}, None, "5511999999999", "BR.1"),
        ({"from": "BR.1"}, None, None, "BR.1"),
        ({"from": "US.ENT.Ab1"}, None, None, "US.ENT.Ab1"),
        ({"from": "BR.1", "from_user_id": "BR.2"}, None, None, "BR.2"),
        ({"from": "BR.1"}, {"wa_id": "5511999999999"}, "5511999999999", "BR.1"),
        ({"from": None}, {"wa_id": "BR.1"}, None, "BR.1"),
        ({"from": "anything else"}, None, None, "anything else"),
        ({"from": "anything"}, {"wa_id": "BR.1"}, None, "BR.1"),
        ({"from": None, "from_user_id": "123"}, None, None, "123"),
        ({"from": None}, {"wa_id": None, "user_id": "BR.1"}, None, "BR.1"),
        ({"from": {}}, {"wa_id": [], "user_id": True}, None, None),
        ({"from": ""}, "not an object", None, None),
        ({"from": None, "type": "system", "system": {"user_id": "BR.1"}}, None, None, "BR.1"),
        ({"type": "system", "system": {"wa_id": "1"}}, None, "5511999999999", None),
    ],
)
def test_a_person_is_known_by_every_id(parts, contact, phone, user_id):
    """INB-7"""
    person = read(contact, **parts).person
    assert (person.phone, person.user_id) == (phone, user_id)


@pytest.mark.parametrize(
    ("profile", "name", "username"),
    [
        ({"name": "Ana", "username": "ana"}, "Ana", "ana"),
        ({"name": "", "username": "@"}, None, None),
        ({"name": "a\x00b\x07\u202ec\n"}, "ab\u202ec\n", None),
        ({"name": "n" * 301}, "n" * 299 + "…", None),
        ({"name": 7, "username": []}, None, None),
        ([], None, None),
    ],
)
def test_names_are_cleaned(profile, name, username):
    person = read({"profile": profile}).person
    assert (person.name, person.username) == (name, username)


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("a\x00b\x1bc\r\nd\te", "abc\nd\te"),
        ("<script>\u202e</script>", "<script>\u202e</script>"),
        ("half \ud83d one", "half \ufffd one"),
        ("x" * 10_000, "x" * 10_000),
        ("x" * 10_001, "x" * 9_999 + "…"),
        ("😀" * 5_000, "😀" * 5_000),
    ],
)
def test_texts_are_cleaned_and_bounded(written, shown):
    assert read(type="text", text={"body": written}).text == shown


@pytest.mark.parametrize(
    ("written", "at"),
    [
        ("1790000001", AT),
        (1790000001, AT),
        (1790000001.5, AT),
        ("1790000001250", AT + timedelta(milliseconds=250)),
        (1790000001250, AT + timedelta(milliseconds=250)),
        (NOW.timestamp() + 30, NOW + timedelta(seconds=30)),
        (NOW.timestamp() + 61, NOW),
        ("9999999999", NOW),
        ("9" * 18, NOW),
        (10**30, NOW),
        ("0", NOW),
        (-5, NOW),
        ("-1", NOW),
        ("1e9", NOW),
        ("²", NOW),
        (float("nan"), NOW),
        (float("inf"), NOW),
        (True, NOW),
        ("", NOW),
        (None, NOW),
        ({}, NOW),
    ],
)
def test_times_are_believed_when_they_can_be_true(written, at):
    assert read(timestamp=written).at == at
    status = {"id": "wamid.1", "status": "sent", "timestamp": written}
    assert receipts(item([status], kind="statuses"), NOW)[0].at == at


@pytest.mark.parametrize(
    ("status", "failure"),
    [
        ({"status": "sent"}, None),
        ({"status": "sent", "errors": [{"code": 1}]}, None),
        ({"status": "failed"}, None),
        ({"status": "failed", "errors": {}}, None),
        ({"status": "failed", "errors": [None, {"code": 7, "title": "t"}]}, Failure(7, "t")),
        ({"status": "failed", "errors": [{"code": "131047"}]}, Failure(131047, "")),
        ({"status": "failed", "errors": [{"code": None}]}, Failure(131000, "")),
        ({"status": "failed", "errors": [{"code": "²"}]}, Failure(131000, "")),
        (
            {
                "status": "failed",
                "errors": [{"code": 7, "message": "m", "error_data": {"details": "d"}}],
            },
            Failure(7, "m", "d"),
        ),
        ({"status": "failed", "errors": [{"code": 7, "error_data": []}]}, Failure(7, "")),
    ],
)
def test_a_failure_has_its_reason(status, failure):
    """CHAT-5"""
    (receipt,) = receipts(item([{"id": "wamid.1"} | status], kind="statuses"), NOW)
    assert receipt.failure == failure


def test_a_receipt_brings_back_what_was_attached():
    statuses = [
        {"id": "wamid.1", "status": "sent", "biz_opaque_callback_data": "a1/chat/key"},
        {"id": "wamid.2", "status": "teleported", "biz_opaque_callback_data": 7},
        {"id": None, "status": "sent"},
        None,
    ]
    found = receipts(json.dumps(item(statuses, kind="statuses")), NOW)
    assert [(one.provider_id, one.status, one.callback) for one in found] == [
        ("wamid.1", "sent", "a1/chat/key"),
        ("wamid.2", "teleported", None),
    ]


@pytest.mark.parametrize(
    ("name", "arrivals", "told"),
    [
        ("wa-contacts-order-differs-from-messages", ["Ana: a", "Bia: b"], []),
        ("wa-duplicate-redelivery", ["Ana: um", "Ana: um"], []),
        ("wa-nulls-and-wrong-types", ["None: ", "None: "], []),
        ("wa-unknown-type-field-status", ["Ana: ", "Ana: ", "Ana: este vale"], ["teleported"]),
        (
            "wa-batch-2entries-3changes-mixed",
            ["Ana: um", "Bia: dois", "Ana: três", "Ana: outro número"],
            ["read", "delivered", "sent", "sent"],
        ),
        ("wa-failed-after-delivered", [], ["delivered", "failed 131000"]),
        ("wa-read-without-delivered", [], ["read"]),
        ("wa-status-before-send-response", [], ["delivered"]),
        ("wa-status-failed-130403", [], ["failed 130403"]),
        ("wa-status-failed-131026", [], ["failed 131026"]),
        ("wa-status-failed-131042", [], ["failed 131042"]),
        ("wa-status-failed-131047", [], ["failed 131047"]),
        ("wa-status-failed-131050", [], ["failed 131050"]),
        ("wa-status-failed-131053", [], ["failed 131053"]),
    ],
)
def test_recorded_bodies_are_read(name, arrivals, told):
    """INB-2, INB-5"""
    found, statuses = found_in(name)
    assert [f"{one.person.name}: {one.text}" for one in found] == arrivals
    assert [
        f"{one.status} {one.failure.code}" if one.failure else one.status for one in statuses
    ] == told


def test_a_thousand_recorded_messages_are_a_thousand_people():
    """INB-2, INB-7"""
    found, _ = found_in("wa-batch-1000-messages")
    assert len({one.provider_id for one in found}) == len({one.person for one in found}) == 1000


def test_recorded_tricks_with_characters_are_text():
    found, _ = found_in("wa-control-and-bidi-text")
    assert found[0].text.startswith("<script>alert(1)</script>\n\ufffd😀")
    assert "\x00" not in found[0].text + found[0].person.name
    assert found[0].person.name.startswith("\u202eevil🧑")
    assert len(found[0].person.name) <= 300


WORDS = st.sampled_from(
    [
        *("text", "image", "document", "location", "contacts", "interactive", "button", "order"),
        *("reaction", "system", "edit", "revoke", "unsupported", "hologram"),
    ]
)
KEYS = st.sampled_from(
    [
        *("body", "type", "caption", "name", "address", "latitude", "longitude", "phones", "org"),
        *("button_reply", "list_reply", "title", "emoji", "message_id", "product_items"),
        *("text", "id", "profile", "username", "wa_id", "user_id", "code", "error_data"),
    ]
)
JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=200, deadline=None)
@given(word=WORDS, content=JUNK, contact=JUNK, others=st.dictionaries(KEYS, JUNK), time=JUNK)
def test_whatever_split_finds_can_be_read(word, content, contact, others, time):
    """INB-2"""
    received = others | message(type=word, timestamp=time, **{word: content})
    contact = (contact if isinstance(contact, dict) else {}) | {"wa_id": received["from"]}
    status = others | {"id": "wamid.2", "status": word, "timestamp": time, "errors": [content]}
    value = {
        "metadata": {"phone_number_id": "PN1"},
        "contacts": [contact],
        "messages": [received],
        "message_echoes": [received | {"to": "5511988888888"}],
        "statuses": [status, status | {"status": "failed"}],
    }
    body = {"entry": [{"id": "W", "changes": [{"field": "messages", "value": value}]}]}
    found = split("whatsapp", json.dumps(body).encode())
    assert (len(found.messages), len(found.statuses)) == (2, 1)
    for one in found.messages:
        read = arrival(one.body, NOW)
        assert read.person.phone
        assert isinstance(read.text, str)
        assert read.at <= NOW + timedelta(minutes=1)
        (read.text + read.provider_id + (read.person.name or "")).encode()
    assert len(receipts(found.statuses[0].body, NOW)) == 2
