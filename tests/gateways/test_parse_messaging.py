"""What Messenger and Instagram say, read into our own words."""

from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.domain.inbound import (
    Attachment,
    Control,
    Mark,
    Notice,
    Person,
    Preference,
    Receipt,
    Watermark,
)
from chalicelib.gateways.meta.parse import inbound, receipts

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
AT = datetime.fromtimestamp(1790000001, UTC)
BIA = Person(user_id="U1")
CDN = "https://lookaside.fbsbx.com/ig_messaging_cdn/?asset_id=1&signature=Ab1"


def item(received, *, channel="instagram", **facts):
    head = {"kind": "event", "channel": channel, "account": "A1", "portfolio": "", "person": "U1"}
    return head | facts | {"received": {"timestamp": 1790000001000} | received}


def read(received, **facts):
    (found,) = inbound(item(received, **facts), NOW)
    return found


def said(**message):
    return read({"message": {"mid": "m1"} | message})


def attached(kind, **payload):
    return {"type": kind, "payload": payload}


CLIP = "https://cdn.fbsbx.com/v/t59.3654-21/audioclip-1790000001-3000.mp4?oh=1"


@pytest.mark.parametrize(
    ("kind", "url", "facts", "voice"),
    [
        ("audio", CDN, {"channel": "instagram"}, True),
        ("audio", CDN, {"channel": "instagram", "echo": True}, False),
        ("audio", CLIP, {"channel": "facebook"}, True),
        ("audio", "https://cdn.fbsbx.com/v/song.mp3", {"channel": "facebook"}, False),
        ("video", CDN, {"channel": "instagram"}, False),
    ],
)
def test_a_sound_spoken_into_the_app_is_a_voice_note(kind, url, facts, voice):
    """INB-5"""
    found = read({"message": {"mid": "m1", "attachments": [attached(kind, url=url)]}}, **facts)
    assert [(one.kind, one.voice) for one in found.files] == [(kind, voice)]


def test_a_text_is_read_whole():
    """INB-5"""
    found = said(text="olá 😀", reply_to={"mid": "m0"})
    assert (found.channel, found.account, found.portfolio) == ("instagram", "A1", "")
    assert (found.provider_id, found.at, found.person, found.quotes) == ("m1", AT, BIA, "m0")
    assert (found.kind, found.raw_kind, found.text) == ("text", None, "olá 😀")
    assert (found.echo, found.from_contact, found.standby, found.dated) == (
        False,
        True,
        False,
        True,
    )
    assert (found.files, found.details) == ((), None)


LINK = {"link": CDN}


@pytest.mark.parametrize(
    ("message", "kind", "text", "details"),
    [
        (
            {"text": "Sim", "quick_reply": {"payload": "YES"}},
            "choice",
            "Sim",
            {"choice": {"title": "Sim", "description": None, "payload": "YES"}},
        ),
        (
            {"text": "Vendas", "quick_reply": {"payload": "a1b2c3d4/inicio/vendas"}},
            "choice",
            "Vendas",
            {
                "choice": {
                    "title": "Vendas",
                    "description": None,
                    "payload": "a1b2c3d4/inicio/vendas",
                }
            },
        ),
        (
            {"text": "lindo", "reply_to": {"story": {"url": CDN, "id": "1"}}},
            "text",
            "lindo",
            {"story": {"what": "reply", "url": CDN}},
        ),
        (
            {"text": "lindo", "reply_to": {"story": None}},
            "text",
            "lindo",
            {"story": {"what": "reply", "url": None}},
        ),
        (
            {"attachments": [attached("story_mention", url=CDN)]},
            "story_mention",
            "",
            {"story": {"what": "mention", "url": CDN}},
        ),
        ({"attachments": [attached("share", url=CDN)]}, "share", "", LINK),
        ({"attachments": [attached("ig_post", url=CDN, title="Post")]}, "share", "Post", LINK),
        ({"attachments": [attached("ig_reel", url=CDN, title="Reel")]}, "share", "Reel", LINK),
        ({"attachments": [attached("reel", url=CDN)], "text": "olha"}, "share", "olha", LINK),
        (
            {"attachments": [{"type": "fallback", "title": "Site", "url": CDN, "payload": None}]},
            "share",
            "Site",
            LINK,
        ),
        (
            {
                "text": "https://a.b",
                "attachments": [{"type": "fallback", "title": "Site", "url": CDN}],
            },
            "text",
            "https://a.b",
            LINK,
        ),
        ({"attachments": [attached("share", url="javascript:alert(1)")]}, "share", "", None),
        ({"attachments": [{"type": "like_heart", "payload": {}}]}, "text", "❤️", None),
        (
            {"attachments": [attached("location", coordinates={"lat": -23.5, "long": -46.6})]},
            "location",
            "-23.5, -46.6",
            {
                "location": {
                    "latitude": -23.5,
                    "longitude": -46.6,
                    "name": None,
                    "address": None,
                }
            },
        ),
        (
            {
                "attachments": [
                    attached(
                        "template", template_type="button", text="Escolha", buttons=[{"title": "A"}]
                    )
                ]
            },
            "text",
            "Escolha",
            None,
        ),
        (
            {
                "attachments": [
                    attached("template", product={"elements": [{"title": "Bolo", "subtitle": "8"}]})
                ]
            },
            "share",
            "Bolo\n8",
            None,
        ),
        (
            {
                "text": "vi",
                "referral": {
                    "source": "ADS",
                    "ref": "outubro",
                    "ads_context_data": {"ad_title": "Promoção"},
                },
            },
            "text",
            "vi",
            {
                "referral": {
                    "source": "ADS",
                    "headline": "Promoção",
                    "body": "outubro",
                    "url": None,
                }
            },
        ),
        (
            {"text": "tem?", "referral": {"product": {"id": 7}}},
            "text",
            "tem?",
            {"referral": {"source": "product", "headline": "7", "body": None, "url": None}},
        ),
    ],
)
def test_what_a_person_sends_is_shown(message, kind, text, details):
    """INB-5, INB-9"""
    found = said(**message)
    assert (found.kind, found.raw_kind, found.text, found.details) == (kind, None, text, details)
    assert found.from_contact


@pytest.mark.parametrize(
    ("attachments", "kind", "files"),
    [
        ([attached("image", url=CDN)], "image", [Attachment("image", url=CDN)]),
        ([attached("video", url=CDN)], "video", [Attachment("video", url=CDN)]),
        ([attached("audio", url=CDN)], "audio", [Attachment("audio", url=CDN, voice=True)]),
        ([attached("file", url=CDN)], "document", [Attachment("document", url=CDN)]),
        ([attached("sticker", url=CDN)], "sticker", [Attachment("sticker", url=CDN)]),
        ([attached("image", url=CDN, sticker_id=7)], "sticker", [Attachment("sticker", url=CDN)]),
        ([attached("image", url="file:///x")], "image", [Attachment("image")]),
        ([{"type": "image"}], "image", [Attachment("image")]),
        (
            [attached("image", url=CDN), attached("video", url=CDN), attached("hologram")],
            "image",
            [Attachment("image", url=CDN), Attachment("video", url=CDN)],
        ),
        (
            [attached("hologram"), attached("audio", url=CDN)],
            "audio",
            [Attachment("audio", url=CDN, voice=True)],
        ),
        ([attached("image", url=CDN)] * 50, "image", [Attachment("image", url=CDN)] * 30),
    ],
)
def test_every_file_of_a_message_is_told(attachments, kind, files):
    """INB-6"""
    found = said(attachments=attachments)
    assert (found.kind, found.files) == (kind, tuple(files))


@pytest.mark.parametrize(
    ("message", "raw_kind", "text"),
    [
        ({"is_unsupported": True}, "unsupported", ""),
        ({"is_unsupported": True, "text": "meio lido"}, "unsupported", "meio lido"),
        ({"attachments": [{"type": "ephemeral"}]}, "ephemeral", ""),
        ({"attachments": [attached("unsupported_type")]}, "unsupported_type", ""),
        ({"attachments": [attached("hologram", title="H")]}, "hologram", "H"),
        ({"attachments": [attached("location")]}, "location", ""),
        ({"attachments": [attached("template")]}, "template", ""),
        ({"attachments": [{"type": 7}, None, "x"]}, "empty", ""),
        ({"attachments": []}, "empty", ""),
        ({"text": None}, "empty", ""),
        ({"text": {"body": "x"}}, "empty", ""),
        ({}, "empty", ""),
    ],
)
def test_what_nobody_understands_is_a_placeholder(message, raw_kind, text):
    """INB-5"""
    found = said(**message)
    assert (found.kind, found.raw_kind, found.text) == ("unsupported", raw_kind, text)
    assert found.from_contact


def test_a_postback_is_a_message_of_the_contact():
    """The glossary's «contact's message»"""
    found = read({"postback": {"mid": "m1", "title": "Começar", "payload": "START"}})
    assert (found.kind, found.text, found.provider_id) == ("choice", "Começar", "m1")
    assert found.details["choice"]["payload"] == "START"
    assert found.from_contact


def test_a_link_that_led_here_is_shown_and_is_no_message():
    """INB-5"""
    referral = {"ref": "cartaz", "source": "SHORTLINK", "referer_uri": "https://m.me/p?ref=cartaz"}
    found = read({"referral": referral})
    assert (found.kind, found.text, found.from_contact) == ("referral", "cartaz", False)
    assert found.details["referral"] == {
        "source": "SHORTLINK",
        "headline": None,
        "body": "cartaz",
        "url": "https://m.me/p?ref=cartaz",
    }
    found = read({"optin": {"ref": "plugin"}})
    assert (found.kind, found.text, found.from_contact) == ("referral", "plugin", False)


def test_what_has_no_id_has_the_same_one_when_it_comes_again():
    """INB-3"""
    one, again = read({"referral": {"ref": "a"}}), read({"referral": {"ref": "a"}})
    other = read({"referral": {"ref": "b"}})
    later = read({"referral": {"ref": "a"}, "timestamp": 1790000002000})
    assert one.provider_id == again.provider_id
    assert len({one.provider_id, other.provider_id, later.provider_id}) == 3


@pytest.mark.parametrize(("word", "marketing"), [("STOP", False), ("RESUME", True)])
def test_who_wants_no_news_says_so(word, marketing):
    """META.md §8"""
    optin = {
        "type": "notification_messages",
        "notification_messages_status": f"{word}_NOTIFICATIONS",
    }
    found = read({"optin": optin})
    assert found == Preference("instagram", "A1", "", BIA, marketing, AT)


@pytest.mark.parametrize(
    ("received", "done"),
    [
        (
            {"reaction": {"mid": "m0", "action": "react", "emoji": "🔥", "reaction": "other"}},
            {"what": "reaction", "emoji": "🔥"},
        ),
        (
            {"reaction": {"mid": "m0", "action": "react", "reaction": "love"}},
            {"what": "reaction", "emoji": "❤"},
        ),
        (
            {"reaction": {"mid": "m0", "action": "react", "reaction": "😀"}},
            {"what": "reaction", "emoji": "😀"},
        ),
        ({"reaction": {"mid": "m0", "action": "react"}}, {"what": "reaction", "emoji": "❔"}),
        ({"reaction": {"mid": "m0", "action": "unreact"}}, {"what": "reaction", "emoji": ""}),
        (
            {"reaction": {"mid": "m0", "action": "unreact", "emoji": "🔥"}},
            {"what": "reaction", "emoji": ""},
        ),
        (
            {"message_edit": {"mid": "m0", "text": "novo", "num_edit": 1}},
            {"what": "edit", "text": "novo"},
        ),
        ({"message": {"mid": "m0", "is_deleted": True}}, {"what": "deletion"}),
        ({"message": {"mid": "m0", "is_deleted": True, "text": "x"}}, {"what": "deletion"}),
    ],
)
@pytest.mark.parametrize("echo", [False, True])
def test_what_is_done_to_an_earlier_message_is_a_mark(received, done, echo):
    """CHAT-7"""
    found = read(received, echo=echo)
    assert found == Mark("instagram", "A1", "", BIA, target="m0", at=AT, echo=echo, **done)


@pytest.mark.parametrize(
    ("received", "raw_kind"),
    [
        ({"reaction": {"action": "react"}}, "reaction"),
        ({"message_edit": {"mid": "m0"}}, "message_edit"),
        ({"message": {"is_deleted": True}}, "message"),
        ({"referral": {}}, "referral"),
        ({"account_linking": {"status": "linked"}}, "account_linking"),
        ({"message": 7}, "message"),
        ({}, "unknown"),
    ],
)
def test_an_event_that_tells_too_little_is_a_placeholder(received, raw_kind):
    """INB-5"""
    found = read(received)
    assert (found.kind, found.raw_kind, found.from_contact) == ("unsupported", raw_kind, False)
    assert found.provider_id


def test_an_echo_is_ours_and_brings_back_what_was_attached():
    """INB-8"""
    message = {"mid": "m1", "text": "nossa", "is_echo": True, "metadata": "chat/key"}
    found = read({"message": message}, echo=True, channel="facebook")
    assert (found.echo, found.from_contact, found.person) == (True, False, BIA)
    assert (found.provider_id, found.callback) == ("m1", "chat/key")
    assert said(text="dela", metadata="chat/key").callback is None


def test_a_thread_of_another_app_is_shown_as_such():
    """META.md §8: to a thread in standby nobody answers by himself."""
    assert read({"message": {"mid": "m1", "text": "oi"}}, standby=True).standby


@pytest.mark.parametrize(
    ("received", "ours", "app"),
    [
        ({"pass_thread_control": {"new_owner_app_id": 1, "previous_owner_app_id": 2}}, True, "2"),
        ({"take_thread_control": {"new_owner_app_id": 1, "previous_owner_app_id": 2}}, False, "1"),
        ({"take_thread_control": {"metadata": "x"}}, False, None),
        ({"pass_thread_control": {}}, True, None),
        (
            {"pass_thread_control": {"new_owner_app_id": "263902037430900"}},
            False,
            "263902037430900",
        ),
    ],
)
def test_a_thread_changes_hands(received, ours, app):
    """META.md §8"""
    assert read(received) == Control("instagram", "A1", "", BIA, ours, app, AT)


def test_who_asks_for_a_thread_gets_nothing_yet():
    asked = {"requested_owner_app_id": "9"}
    found = read({"request_thread_control": asked})
    assert found == Notice("instagram", "A1", "", "request_thread_control", asked, AT, BIA)


@pytest.mark.parametrize(
    ("timestamp", "time", "at", "dated"),
    [
        (1790000001000, None, AT, True),
        ("1790000001", None, AT, True),
        (None, 1790000001000, AT, True),
        ([], "1790000001", AT, True),
        (None, None, NOW, False),
        (99999999999999, {}, NOW, False),
    ],
)
def test_times_are_believed_when_they_can_be_true(timestamp, time, at, dated):
    """CHAT-1"""
    found = read({"timestamp": timestamp, "message": {"mid": "m1"}}, time=time)
    assert (found.at, found.dated) == (at, dated)


# --- deliveries and reads ---------------------------------------------------------------------


def settled(*received):
    return receipts(item({}, kind="statuses") | {"received": list(received)}, NOW)


def mark_of(status, **where):
    return Watermark("instagram", "A1", "", BIA, status, AT, **where)


def test_deliveries_and_reads_settle_what_we_sent():
    """CHAT-4"""
    stamped = {"timestamp": 1790000001000}
    watermark = 1790000000000
    up_to = AT - timedelta(seconds=1)
    found = settled(
        stamped | {"delivery": {"mids": ["m1", 7, None, ""], "watermark": watermark}},
        stamped | {"read": {"watermark": watermark}},
        stamped | {"read": {"mid": "m9"}},
    )
    assert found == [
        Receipt("instagram", "A1", "m1", "delivered", AT, None),
        Receipt("instagram", "A1", "7", "delivered", AT, None),
        mark_of("delivered", up_to=up_to),
        mark_of("read", up_to=up_to),
        mark_of("read", target="m9"),
    ]


@pytest.mark.parametrize(
    "received",
    [None, 7, {}, {"read": None}, {"read": {}}, {"read": {"watermark": "x"}}, {"delivery": []}],
)
def test_a_tick_that_names_nothing_settles_nothing(received):
    """INB-2"""
    assert settled(received) == []
