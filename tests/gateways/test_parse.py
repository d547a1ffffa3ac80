"""What WhatsApp says, read into our own words."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain.inbound import (
    Arrival,
    Attachment,
    Failure,
    Mark,
    Moved,
    Notice,
    Person,
    Preference,
)
from chalicelib.gateways.meta.parse import inbound, receipts
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
    (found,) = inbound(item(message(**others), contact, kind), NOW)
    return found


def found_in(name):
    found = split("whatsapp", (PAYLOADS / f"{name}.json").read_bytes())
    arrivals = [
        read
        for one in found.messages
        for read in inbound(one.body, NOW)
        if isinstance(read, Arrival)
    ]
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
        ("document", {"id": "1", "filename": "a.pdf"}, "document", ""),
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
    ("message_parts", "kind", "raw_kind", "text"),
    [
        ({"type": "reaction", "reaction": None}, "unsupported", "reaction", ""),
        ({"type": "reaction", "reaction": {"emoji": "👍"}}, "unsupported", "reaction", ""),
        ({"type": "system", "system": {"body": "mudou"}}, "system", None, "mudou"),
        ({"type": "system"}, "system", None, ""),
        ({"type": "revoke", "revoke": None}, "unsupported", "revoke", ""),
        ({"type": "edit", "edit": {"message": {}}}, "unsupported", "edit", ""),
        (
            {"type": "edit", "edit": {"original_message_id": "wamid.0", "message": {}}},
            "unsupported",
            "edit",
            "",
        ),
        ({"type": "unsupported", "unsupported": {"type": "edit"}}, "unsupported", "edit", ""),
        ({"type": "request_welcome"}, "unsupported", "request_welcome", ""),
    ],
)
def test_what_is_no_message_of_the_contact(message_parts, kind, raw_kind, text):
    """The glossary's «contact's message»"""
    found = read(**message_parts)
    assert (found.kind, found.raw_kind, found.text) == (kind, raw_kind, text)
    assert (found.quotes, found.from_contact) == (None, False)


def edited(**content):
    return {"type": "edit", "edit": {"original_message_id": "wamid.0", "message": content}}


@pytest.mark.parametrize(
    ("message_parts", "done"),
    [
        (
            {"type": "reaction", "reaction": {"message_id": "wamid.0", "emoji": "👍"}},
            {"what": "reaction", "emoji": "👍"},
        ),
        ({"type": "reaction", "reaction": {"message_id": "wamid.0"}}, {"what": "reaction"}),
        (
            {"type": "reaction", "reaction": {"message_id": "wamid.0", "emoji": ""}},
            {"what": "reaction"},
        ),
        (edited(type="text", text={"body": "novo"}), {"what": "edit", "text": "novo"}),
        (
            edited(type="image", image={"id": "1", "caption": "nova"}),
            {"what": "edit", "text": "nova"},
        ),
        (
            {"type": "revoke", "revoke": {"original_message_id": "wamid.0"}},
            {"what": "deletion"},
        ),
    ],
)
@pytest.mark.parametrize("kind", ["message", "echo"])
def test_what_is_done_to_an_earlier_message_is_a_mark(message_parts, done, kind):
    """CHAT-7"""
    person = Person("5511988888888" if kind == "echo" else "5511999999999")
    found = read(kind=kind, to="5511988888888", **message_parts)
    assert found == Mark(
        "whatsapp", "PN1", "W", person, target="wamid.0", at=AT, echo=kind == "echo", **done
    )


@pytest.mark.parametrize(
    ("message_parts", "before", "after"),
    [
        (
            {"system": {"type": "user_changed_number", "wa_id": "5521"}},
            Person("5511999999999"),
            Person("5521"),
        ),
        (
            {
                "from_user_id": "BR.1",
                "system": {"type": "user_changed_number", "wa_id": "5521", "user_id": "BR.2"},
            },
            Person("5511999999999", "BR.1"),
            Person("5521", "BR.2"),
        ),
        (
            {"system": {"type": "customer_changed_number", "new_wa_id": "5521", "customer": "1"}},
            Person("5511999999999"),
            Person("5521"),
        ),
        (
            {
                "from": None,
                "from_user_id": "BR.1",
                "system": {"type": "user_changed_user_id", "user_id": "BR.2"},
            },
            Person(None, "BR.1"),
            Person(None, "BR.2"),
        ),
        (
            {
                "from": None,
                "system": {
                    "type": "user_changed_user_id",
                    "user_id": "BR.2",
                    "previous_user_id": "BR.1",
                },
            },
            Person(None, "BR.1"),
            Person(None, "BR.2"),
        ),
    ],
)
def test_who_changes_a_number_or_id_is_the_same_person(message_parts, before, after):
    """INB-7"""
    found = read(type="system", **message_parts)
    assert found == Moved("whatsapp", "PN1", "W", before, after, AT)


@pytest.mark.parametrize(
    "told",
    [
        {"type": "user_changed_number"},
        {"type": "user_changed_number", "wa_id": "5511999999999"},
        {"type": "user_changed_number", "wa_id": []},
        {"type": "customer_identity_changed", "wa_id": "5521"},
        {"type": ["user_changed_number"], "wa_id": "5521"},
    ],
)
def test_a_change_of_which_too_little_is_told_is_shown_as_it_came(told):
    """INB-5"""
    found = read(type="system", system=told | {"body": "mudou"})
    assert (found.kind, found.text, found.from_contact) == ("system", "mudou", False)


FILE = {"id": "77", "mime_type": "image/jpeg", "sha256": "q83v", "url": "https://a.b/c"}


@pytest.mark.parametrize(
    ("word", "content", "attachment"),
    [
        ("image", FILE, Attachment("image", "image/jpeg", None, "77", None, "q83v")),
        (
            "document",
            {"id": 77, "filename": "a.pdf", "file_size": 12},
            Attachment("document", None, "a.pdf", "77", size=12),
        ),
        ("audio", {"id": "77", "voice": True}, Attachment("audio", None, None, "77", voice=True)),
        (
            "sticker",
            {"id": "77", "animated": True},
            Attachment("sticker", None, None, "77", animated=True),
        ),
        (
            "video",
            {"id": [], "mime_type": 7, "file_size": "x", "voice": 1},
            Attachment("video"),
        ),
        (
            "image",
            {"url": "https://lookaside.fbsbx.com/x?a=1"},
            Attachment("image", url="https://lookaside.fbsbx.com/x?a=1"),
        ),
        ("image", {"url": "javascript:alert(1)"}, Attachment("image")),
    ],
)
def test_a_file_is_told_as_it_will_be_fetched(word, content, attachment):
    """INB-6"""
    assert read(type=word, **{word: content}).files == (attachment,)


def test_a_file_that_was_too_large_for_whatsapp_is_shown_as_missing():
    """INB-6: META.md §2, error 131052."""
    found = read(type="video", errors=[{"code": 131052, "title": "Media download error"}])
    assert (found.kind, found.files, found.failed_with) == ("video", (Attachment("video"),), 131052)
    found = read(type="unsupported", errors=[{"code": "131052"}])
    assert (found.kind, found.failed_with) == ("unsupported", 131052)
    assert read(type="unsupported", errors=[{"code": 131051}]).failed_with is None


NOWHERE = {"name": None, "address": None}


@pytest.mark.parametrize(
    ("message_parts", "details"),
    [
        ({"type": "text", "text": {"body": "oi"}}, None),
        (
            {"type": "location", "location": {"latitude": "-23.5", "longitude": 46}},
            {"location": {"latitude": -23.5, "longitude": 46.0} | NOWHERE},
        ),
        (
            {
                "type": "location",
                "location": {
                    "latitude": 91,
                    "longitude": 2,
                    "name": "Praça",
                    "url": "https://praca.example/",
                },
            },
            {"link": "https://praca.example/"},
        ),
        (
            {
                "type": "contacts",
                "contacts": [
                    {
                        "name": {"formatted_name": "Bia"},
                        "phones": [{"phone": "+55 11", "type": "CELL"}, {"wa_id": "55"}, 7, {}],
                        "emails": [{"email": "b@c.d"}, {"email": 7}],
                        "org": {"company": "Padaria"},
                    },
                    {},
                ],
            },
            {
                "cards": [
                    {
                        "name": "Bia",
                        "phones": [
                            {"phone": "+55 11", "label": "CELL"},
                            {"phone": "55", "label": None},
                        ],
                        "emails": ["b@c.d"],
                        "company": "Padaria",
                    },
                    {"name": "", "phones": [], "emails": [], "company": None},
                ]
            },
        ),
        (
            {
                "type": "order",
                "order": {
                    "product_items": [
                        {
                            "product_retailer_id": "SKU",
                            "quantity": 2,
                            "item_price": 12.5,
                            "currency": "BRL",
                        },
                        {"product_retailer_id": 7, "item_price": "x"},
                    ]
                },
            },
            {
                "order": [
                    {"product": "SKU", "quantity": "2", "price": "12.5", "currency": "BRL"},
                    {"product": "7", "quantity": None, "price": None, "currency": None},
                ]
            },
        ),
        (
            {
                "type": "interactive",
                "interactive": {
                    "type": "list_reply",
                    "list_reply": {"id": "r1", "title": "Um", "description": "o primeiro"},
                },
            },
            {"choice": {"title": "Um", "description": "o primeiro", "payload": "r1"}},
        ),
        (
            {
                "type": "interactive",
                "interactive": {
                    "type": "button_reply",
                    "button_reply": {"id": "a1b2c3d4/inicio/vendas", "title": "Vendas"},
                },
            },
            {
                "choice": {
                    "title": "Vendas",
                    "description": None,
                    "payload": "a1b2c3d4/inicio/vendas",
                }
            },
        ),
        (
            {
                "type": "interactive",
                "interactive": {
                    "type": "nfm_reply",
                    "nfm_reply": {
                        "body": "Sent",
                        "response_json": '{"flow_token":"x","nome":"Bia","idade":3,"tags":[1]}',
                    },
                },
            },
            {
                "choice": {
                    "title": "Sent",
                    "description": "nome: Bia\nidade: 3\ntags: …",
                    "payload": '{"flow_token":"x","nome":"Bia","idade":3,"tags":[1]}',
                }
            },
        ),
        (
            {"type": "button", "button": {"text": "Quero", "payload": "Q"}},
            {"choice": {"title": "Quero", "description": None, "payload": "Q"}},
        ),
        (
            {
                "type": "text",
                "text": {"body": "oi"},
                "referral": {
                    "source_type": "ad",
                    "headline": "Promoção",
                    "body": "Só hoje",
                    "source_url": "https://fb.me/x",
                },
            },
            {
                "referral": {
                    "source": "ad",
                    "headline": "Promoção",
                    "body": "Só hoje",
                    "url": "https://fb.me/x",
                }
            },
        ),
        (
            {
                "type": "text",
                "text": {"body": "tem?"},
                "context": {"referred_product": {"product_retailer_id": "SKU"}},
            },
            {
                "referral": {"source": "product", "headline": "SKU", "body": None, "url": None},
            },
        ),
    ],
)
def test_what_a_message_holds_beside_its_text(message_parts, details):
    """INB-5"""
    assert read(**message_parts).details == details


@pytest.mark.parametrize("key", ["forwarded", "frequently_forwarded"])
def test_a_forwarded_message_says_so(key):
    """INB-5"""
    assert read(type="text", text={"body": "oi"}, context={key: True}).forwarded
    assert not read(type="text", text={"body": "oi"}, context={key: "yes"}).forwarded


def test_what_a_message_holds_fits_a_row():
    """INB-5"""
    cards = [{"name": {"formatted_name": "🧑" * 300}, "phones": [{"phone": "9" * 500}] * 500}]
    found = read(type="contacts", contacts=cards * 300)
    assert len(json.dumps(found.details)) < 30_000
    items = [{"product_retailer_id": "🧑" * 200}] * 5000
    found = read(type="order", order={"product_items": items})
    assert len(json.dumps(found.details)) < 30_000


def test_what_was_written_before_is_history_and_asks_for_nothing():
    """INB-5: it opens no session and no attendance."""
    found = read(kind="history", type="text", text={"body": "antes"})
    assert (found.kind, found.text, found.echo, found.from_contact) == (
        "text",
        "antes",
        False,
        False,
    )
    body = item(message(type="text", text={"body": "nós"}), {"wa_id": "5521"}, "history")
    (found,) = inbound(body | {"echo": True}, NOW)
    assert (found.person.phone, found.echo) == ("5521", True)


def test_a_user_id_that_changes_leads_to_the_same_person():
    """INB-7"""
    update = {
        "wa_id": "5511999999999",
        "user_id": {"previous": "BR.1", "current": "BR.2"},
        "timestamp": "1790000001",
    }
    (found,) = inbound(item(update, {"profile": {"name": "Ana"}}, "moved"), NOW)
    assert found == Moved(
        "whatsapp",
        "PN1",
        "W",
        Person(None, "BR.1"),
        Person("5511999999999", "BR.2", None, "Ana"),
        AT,
    )


@pytest.mark.parametrize(("value", "marketing"), [("stop", False), ("resume", True)])
def test_who_wants_no_marketing_says_so(value, marketing):
    """META.md §2.2"""
    told = {"user_id": "BR.1", "value": value, "timestamp": 1790000001}
    (found,) = inbound(item(told, None, "preference"), NOW)
    assert found == Preference("whatsapp", "PN1", "W", Person(None, "BR.1"), marketing, AT)


def test_a_notice_keeps_the_channels_own_words():
    """META.md §2.2"""
    body = item({"event": "PAUSED"}, kind="notice") | {
        "field": "account_update",
        "time": 1790000001,
    }
    assert inbound(body, NOW) == [
        Notice("whatsapp", "PN1", "W", "account_update", {"event": "PAUSED"}, AT)
    ]
    (found,) = inbound(body | {"received": 7, "time": None}, NOW)
    assert (found.value, found.at) == ({"value": 7}, NOW)


def test_an_item_of_an_unknown_kind_is_nothing():
    assert inbound({"kind": "hologram"}, NOW) == inbound("[]", NOW) == []


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
        (read,) = inbound(one.body, NOW)
        assert read.at <= NOW + timedelta(minutes=1)
        if isinstance(read, Arrival):
            assert read.person.phone
            assert isinstance(read.text, str)
            (read.text + read.provider_id + (read.person.name or "")).encode()
    assert len(receipts(found.statuses[0].body, NOW)) == 2
