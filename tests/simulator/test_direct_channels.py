"""Messenger and Instagram: what is told, accepted, refused, and shown."""

import json

import pytest

from .direct import INSTAGRAM, PAGE, Direct
from .running import NUMBER, TOKEN

CHANNELS = ["facebook", "instagram"]
OBJECTS = {"facebook": "page", "instagram": "instagram"}


@pytest.fixture(params=CHANNELS)
def person(request, simulator):
    return Direct(simulator, request.param)


@pytest.fixture
def lia(simulator):
    return Direct(simulator, "instagram")


@pytest.fixture
def zeca(simulator):
    return Direct(simulator, "facebook")


def code_of(answer):
    error = answer.json()["error"]
    return error["code"], error.get("error_subcode")


def test_text_goes_both_ways(person):
    written = person.write(text="bom dia 😀")
    event = person.until("message")[0]
    assert event["sender"]["id"] == person.address
    assert event["recipient"]["id"] == person.account
    assert event["message"] == {"mid": written["id"], "text": "bom dia 😀"}
    body = json.loads(person.simulator.product.bodies[0])
    assert body["object"] == OBJECTS[person.channel]
    assert body["entry"][0]["id"] == person.account

    answer = person.send()
    assert answer.status_code == 200, answer.text
    assert answer.json()["recipient_id"] == person.address
    sent = person.simulator.ask("GET", "/sent", params={"channel": person.channel})
    assert [(one["contact"], one["type"], one["id"]) for one in sent] == [
        (person.address, "text", answer.json()["message_id"])
    ]
    person.simulator.until(lambda: len(person.thread()) == 2)
    assert person.thread()[1]["shown"]["text"] == "olá"


def test_an_echo_carries_app_and_metadata_on_messenger_alone(person):
    person.write()
    mid = person.send(message={"text": "olá", "metadata": "chat#1"}).json()["message_id"]
    echo = person.until("message", 2)[1]
    assert echo["sender"]["id"] == person.account
    expected = {"mid": mid, "is_echo": True, "text": "olá"}
    if person.channel == "facebook":
        expected |= {"app_id": 900100200300400, "metadata": "chat#1"}
    assert echo["message"] == expected


def test_messenger_tells_deliveries_and_reads_by_watermark(zeca):
    zeca.write()
    mids = [zeca.send().json()["message_id"] for _ in range(2)]
    deliveries = zeca.until("delivery", 2)
    assert sorted(mid for one in deliveries for mid in one["delivery"]["mids"]) == sorted(mids)
    zeca.simulator.until(lambda: len(zeca.thread()) == 3)
    assert zeca.does("read")["what"] == "read"
    reads = zeca.until("read")
    assert len(reads) == 1
    assert reads[0]["read"]["watermark"] >= max(one["delivery"]["watermark"] for one in deliveries)


def test_instagram_tells_the_message_until_which_all_was_read(lia):
    lia.write()
    mids = [lia.send().json()["message_id"] for _ in range(2)]
    lia.simulator.until(lambda: len(lia.thread()) == 3)
    lia.does("read")
    assert [one["read"] for one in lia.until("read")] == [{"mid": mids[1]}]
    assert not [one for one in lia.events() if "delivery" in one]


def asks(count=1, **changes):
    """A question with quick replies."""
    reply = {"content_type": "text", "title": "Sim", "payload": "S"} | changes
    return {"message": {"text": "?", "quick_replies": [reply] * count}}


@pytest.mark.parametrize(
    ("channel", "changes", "refusal"),
    [
        ("facebook", {"messaging_type": None}, (100, None)),
        ("facebook", {"messaging_type": "HELLO"}, (100, None)),
        ("facebook", {"messaging_type": "MESSAGE_TAG"}, (100, None)),
        ("facebook", {"messaging_type": "MESSAGE_TAG", "tag": "ACCOUNT_UPDATE"}, (100, None)),
        ("facebook", {"tag": "HUMAN_AGENT"}, (100, None)),
        ("facebook", {"recipient": None}, (100, None)),
        ("facebook", {"recipient": {"id": "maria"}}, (100, None)),
        ("facebook", {"recipient": {"id": "999"}}, (100, 2018001)),
        ("facebook", {"message": {}}, (100, 2018034)),
        ("facebook", {"message": {"text": "x" * 2001}}, (100, None)),
        ("facebook", {"message": {"attachments": [{"type": "image"}]}}, (100, None)),
        ("facebook", asks(count=0), (100, None)),
        ("facebook", asks(count=14), (100, None)),
        ("facebook", asks(title="x" * 21), (100, None)),
        ("instagram", asks(title=""), (100, None)),
        ("instagram", asks(payload="x" * 1001), (100, None)),
        ("instagram", asks(payload=None), (100, None)),
        ("instagram", asks(content_type="button"), (100, None)),
        ("facebook", {"message": {"attachment": {"type": "audio", "payload": {}}}}, (100, None)),
        ("facebook", {"reply_to": {}}, (100, None)),
        ("facebook", {"sender_action": "typing_on"}, (100, 2018014)),
        ("facebook", {"message": None, "sender_action": "react"}, (100, None)),
        ("facebook", {"message": None, "sender_action": "dance"}, (100, None)),
        ("instagram", {"message": {"text": "é" * 501}}, (100, None)),
        ("instagram", {"message": {"sticker_id": 1}}, (100, None)),
        (
            "instagram",
            {"message": None, "sender_action": "react", "payload": {"message_id": "m_x"}},
            (100, None),
        ),
    ],
)  # fmt: skip
def test_refused_at_sight(simulator, channel, changes, refusal):
    person = Direct(simulator, channel)
    person.write()
    answer = person.send(**changes)
    assert answer.status_code == 400, answer.text
    assert code_of(answer) == refusal
    assert not simulator.ask("GET", "/sent", params={"accepted": "true"})


@pytest.mark.parametrize(
    ("channel", "changes"),
    [
        ("facebook", {"message": {"text": "x" * 2000}}),
        ("facebook", {"message": {"sticker_id": 369239263222822}}),
        (
            "facebook",
            {"message": {"text": "?", "quick_replies": [
                {"content_type": "text", "title": "Sim", "payload": "S"}
            ]}},
        ),
        ("facebook", asks(count=13)),
        ("instagram", asks(title="x" * 20, payload="x" * 1000)),
        ("instagram", {"message": {"text": "é" * 500}}),
        ("instagram", {"message": {"attachment": {"type": "like_heart"}}}),
    ],
)  # fmt: skip
def test_accepted(simulator, channel, changes):
    person = Direct(simulator, channel)
    person.write()
    answer = person.send(**changes)
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize(("channel", "subcode"), [("facebook", 2018278), ("instagram", 2534022)])
def test_the_windows(simulator, channel, subcode):
    """SEND-14"""
    person = Direct(simulator, channel)
    tagged = {"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"}
    assert code_of(person.send()) == (10, subcode)
    person.write()
    simulator.clock.pass_time(hours=23, minutes=59)
    assert person.send().status_code == 200
    simulator.clock.pass_time(minutes=2)
    assert code_of(person.send()) == (10, subcode)
    assert person.send(**tagged).status_code == 200
    simulator.misbehave(no_human_agent=True)
    assert code_of(person.send(**tagged)) == (10, None)
    simulator.misbehave(no_human_agent=False)
    simulator.clock.pass_time(days=6)
    assert code_of(person.send(**tagged)) == (10, subcode)


def test_each_account_has_its_own_token(start):
    simulator = start(page_token="PAGE", instagram_token="IG")
    zeca, lia = Direct(simulator, "facebook"), Direct(simulator, "instagram")
    zeca.write()
    lia.write()
    assert zeca.send(token="PAGE").status_code == 200
    assert lia.send(token="PAGE").status_code == 200
    assert lia.send(by=INSTAGRAM, token="IG").status_code == 200
    assert lia.send(by="me", token="IG").status_code == 200
    assert code_of(zeca.send(token="IG")) == (100, 33)
    assert code_of(zeca.send(token=TOKEN)) == (100, 33)
    assert code_of(lia.send(by=INSTAGRAM, token="PAGE")) == (100, 33)
    assert code_of(zeca.send(token="nobody's")) == (190, None)
    assert code_of(zeca.send(by=INSTAGRAM, token="IG")) == (100, 2534014)
    whatsapp = simulator.http.get(f"/v25.0/{NUMBER}", headers={"authorization": "Bearer PAGE"})
    assert code_of(whatsapp) == (100, 33)


@pytest.mark.parametrize(
    ("channel", "kind", "sample"),
    [
        ("facebook", "image", "foto.jpg"), ("facebook", "audio", "audio.mp3"),
        ("facebook", "video", "video.mp4"), ("facebook", "file", "proposta.pdf"),
        ("instagram", "image", "foto.png"), ("instagram", "audio", "audio.m4a"),
        ("instagram", "video", "video.mp4"), ("instagram", "file", "proposta.pdf"),
    ],
)  # fmt: skip
def test_meta_fetches_what_is_sent_by_address(simulator, channel, kind, sample):
    person = Direct(simulator, channel)
    person.write()
    url = f"{str(simulator.http.base_url).rstrip('/')}/samples/{sample}"
    answer = person.attach(kind, url)
    assert answer.status_code == 200, answer.text
    simulator.until(lambda: len(person.thread()) == 2)
    file = person.thread()[1]["shown"]["files"][0]
    assert file["kind"] == ("document" if kind == "file" else kind)
    assert file["name"] == sample
    assert (
        simulator.http.get(file["url"]).content == simulator.http.get(f"/samples/{sample}").content
    )
    echo = person.until("message", 2)[1]["message"]
    assert echo["attachments"][0]["type"] == kind


@pytest.mark.parametrize(
    ("channel", "kind", "path", "subcode"),
    [
        ("instagram", "audio", "/samples/voz.ogg", 2018047),
        ("instagram", "audio", "/samples/audio.mp3", 2018047),
        ("instagram", "file", "/samples/foto.jpg", 2018047),
        ("facebook", "image", "/samples/proposta.pdf", 2018047),
        ("facebook", "image", "/samples/nothing.png", 2018008),
    ],
)
def test_files_that_meta_refuses(simulator, channel, kind, path, subcode):
    person = Direct(simulator, channel)
    person.write()
    answer = person.attach(kind, f"{str(simulator.http.base_url).rstrip('/')}{path}")
    assert code_of(answer) == (100, subcode)


def test_a_file_can_be_uploaded_first(zeca):
    zeca.write()
    url = f"{str(zeca.simulator.http.base_url).rstrip('/')}/samples/foto.jpg"
    attachment = {"type": "image", "payload": {"url": url, "is_reusable": True}}
    uploaded = zeca.simulator.graph(
        "POST", f"{PAGE}/message_attachments", json={"message": {"attachment": attachment}}
    ).json()["attachment_id"]
    again = {"type": "image", "payload": {"attachment_id": uploaded}}
    assert zeca.send(message={"attachment": again}).status_code == 200
    assert zeca.send(message={"attachment": {
        "type": "image", "payload": {"attachment_id": "1"},
    }}).status_code == 400  # fmt: skip


def test_the_business_reacts_on_instagram_and_takes_it_back(lia):
    mid = lia.write()["id"]
    reaction = {"message": None, "sender_action": "react"}
    answer = lia.send(**reaction, payload={"message_id": mid, "reaction": "love"})
    assert answer.json() == {"recipient_id": lia.address}
    assert lia.thread()[0]["reactions"] == {"business": "❤️"}
    assert lia.send(**reaction, payload={"message_id": mid, "reaction": "🎉"}).status_code == 200
    assert lia.thread()[0]["reactions"] == {"business": "🎉"}
    undo = {"message": None, "sender_action": "unreact", "payload": {"message_id": mid}}
    assert lia.send(**undo).status_code == 200
    assert lia.thread()[0]["reactions"] == {}
    kinds = [one["type"] for one in lia.simulator.ask("GET", "/sent")]
    assert kinds == ["react", "react", "unreact"]


def test_typing_and_reading_are_told_alone(person):
    person.write()
    assert person.send(message=None, sender_action="typing_on").status_code == 200
    assert person.send(message=None, sender_action="mark_seen").status_code == 200
    assert person.thread()[0]["status"] == "read"
    assert person.simulator.ask("GET", "/sent") == []


@pytest.mark.parametrize(
    ("shape", "path"),
    [
        ("messaging", ["entry", 0, "messaging", 0]),
        ("standby", ["entry", 0, "standby", 0]),
        ("changes", ["entry", 0, "changes", 0, "value"]),
        ("flat", ["entry", 0, "value"]),
        ("bare", ["value"]),
    ],
)
def test_instagram_wraps_an_event_in_five_ways(lia, shape, path):
    lia.write(text="oi", shape=shape)
    lia.simulator.until(lambda: lia.simulator.product.bodies)
    found = json.loads(lia.simulator.product.bodies[0])
    for step in path:
        found = found[step]
    assert found["message"]["text"] == "oi"


@pytest.mark.parametrize(
    ("kind", "part"),
    [
        ("image", "message"), ("video", "message"), ("audio", "message"),
        ("story_mention", "message"),
        ("story_reply", "message"), ("ig_post", "message"), ("ig_reel", "message"),
        ("like_heart", "message"), ("ephemeral", "message"), ("unsupported", "message"),
        ("postback", "postback"), ("ice_breaker", "postback"), ("referral", "referral"),
        ("optin", "optin"), ("quick_reply", "message"),
    ],
)  # fmt: skip
def test_instagram_has_every_kind(lia, kind, part):
    """INB-5"""
    lia.write(type=kind)
    event = lia.until(part)[0]
    assert event["sender"]["id"] == lia.address
    assert lia.thread()[0]["shown"]["kind"]


@pytest.mark.parametrize(
    ("kind", "part"),
    [
        ("image", "message"), ("video", "message"), ("audio", "message"), ("file", "message"),
        ("sticker", "message"), ("location", "message"), ("fallback", "message"),
        ("postback", "postback"), ("referral", "referral"), ("optin", "optin"),
        ("pass_thread_control", "pass_thread_control"),
        ("take_thread_control", "take_thread_control"),
    ],
)  # fmt: skip
def test_messenger_has_every_kind(zeca, kind, part):
    """INB-5"""
    zeca.write(type=kind)
    event = zeca.until(part)[0]
    assert event["recipient"]["id"] == PAGE


def test_what_led_a_person_here_is_on_the_phone(zeca):
    """INB-5"""
    zeca.write(text="vi o anúncio", referral=True)
    zeca.write(type="optin")
    advertised, allowed = (one["shown"]["referral"] for one in zeca.thread())
    assert advertised["ads_context_data"]["ad_title"] == "Canecas personalizadas"
    assert allowed["ref"] == "avise-me"


def test_several_pictures_are_one_message(lia):
    lia.write(type="image", count=3)
    attachments = lia.until("message")[0]["message"]["attachments"]
    assert [one["type"] for one in attachments] == ["image"] * 3
    for one in attachments:
        assert lia.simulator.http.get(one["payload"]["url"]).status_code == 200


def test_marks_of_a_person(person):
    """CHAT-7"""
    mid = person.write()["id"]
    person.does("reaction", message_id=mid, emoji="❤️")
    assert person.thread()[0]["reactions"] == {"contact": "❤️"}
    person.does("reaction", message_id=mid)
    person.does("edit", message_id=mid, text="olá")
    assert person.thread()[0]["shown"]["text"] == "olá"
    person.does("deletion", message_id=mid)
    assert person.thread()[0]["shown"]["kind"] == "deleted"
    reactions = [one["reaction"] for one in person.until("reaction", 2)]
    assert sorted(one["action"] for one in reactions) == ["react", "unreact"]
    assert person.until("message_edit")[0]["message_edit"]["num_edit"] == 1
    assert person.until("message", 2)[-1]["message"] == {"mid": mid, "is_deleted": True}


def test_what_the_business_writes_elsewhere_is_an_echo(person):
    """INB-8"""
    person.does("echo", text="respondi pelo celular")
    echo = person.until("message")[0]
    assert echo["sender"]["id"] == person.account
    assert echo["message"]["is_echo"] is True
    assert "app_id" not in echo["message"]
    assert person.thread()[0]["shown"]["text"] == "respondi pelo celular"


def test_a_profile_is_told_once_the_person_wrote(person):
    fields = {"facebook": "first_name,last_name,profile_pic", "instagram": "name,username"}
    path = f"{person.address}?fields={fields[person.channel]}"
    assert person.simulator.graph("GET", path).json()["error"]["code"] == 230
    person.write()
    profile = person.simulator.graph("GET", path).json()
    if person.channel == "facebook":
        assert (profile["first_name"], profile["last_name"]) == ("Lia", "Souza")
        assert person.simulator.http.get(profile["profile_pic"]).status_code == 200
    else:
        assert (profile["name"], profile["username"]) == ("Lia Souza", "lia")


def test_links_need_no_token_and_expire(lia):
    lia.write(type="image")
    url = lia.until("message")[0]["message"]["attachments"][0]["payload"]["url"]
    assert lia.simulator.http.get(url).status_code == 200
    part = lia.simulator.http.get(url, headers={"range": "bytes=0-3"})
    assert (part.status_code, len(part.content)) == (206, 4)
    assert lia.simulator.http.get(url.replace("signature=", "signature=0")).status_code == 403
    lia.simulator.clock.pass_time(days=8)
    assert lia.simulator.http.get(url).status_code == 403


def test_accounts_and_subscriptions(simulator):
    page = simulator.graph("GET", f"{PAGE}?fields=name,instagram_business_account").json()
    assert page["instagram_business_account"] == {"id": INSTAGRAM}
    assert simulator.graph("GET", f"{INSTAGRAM}?fields=username").json()["username"]
    assert simulator.graph("GET", f"{PAGE}/subscribed_apps").json() == {"data": []}
    subscribed = simulator.graph("POST", f"{PAGE}/subscribed_apps?subscribed_fields=messages")
    assert subscribed.json() == {"success": True}
    data = simulator.graph("GET", f"{PAGE}/subscribed_apps").json()["data"]
    assert data[0]["subscribed_fields"] == ["messages"]


def test_every_channel_is_verified_with_its_own_token(simulator):
    for channel in ("whatsapp", *CHANNELS):
        assert simulator.ask("POST", "/verify", json={"channel": channel})["verified"] is True


def test_the_business_sends_pictures_elsewhere_and_takes_them_back(person):
    """INB-8 CHAT-7"""
    person.does("echo", type="image")
    echo = person.until("message")[0]["message"]
    assert person.simulator.http.get(echo["attachments"][0]["payload"]["url"]).status_code == 200
    assert person.thread()[0]["shown"]["files"][0]["kind"] == "image"
    person.does("echo", message={"mid": echo["mid"], "is_deleted": True})
    assert person.until("message", 2)[1]["message"]["is_deleted"] is True
    assert [one["shown"]["kind"] for one in person.thread()] == ["deleted"]
