"""WhatsApp's kinds, what is done to messages, and what Meta tells of the business itself."""

import json

import pytest

from .running import ACCOUNT, NUMBER

ADDRESS = "5511987654321"


def write(simulator, **asked):
    return simulator.ask("POST", f"/contacts/{ADDRESS}/messages", json=asked)


def does(simulator, what, **asked):
    return simulator.ask("POST", f"/contacts/{ADDRESS}/events", json={"what": what, **asked})


def newest(simulator):
    simulator.until(lambda: simulator.product.messages())
    return simulator.product.messages()[-1]


def fields(simulator, count=1):
    """Every change of every webhook, once there are so many."""

    def all_of_them():
        return [
            change
            for body in simulator.product.bodies
            for entry in json.loads(body)["entry"]
            for change in entry["changes"]
        ]

    simulator.until(lambda: len(all_of_them()) >= count)
    return all_of_them()


@pytest.mark.parametrize(
    ("asked", "kind", "part"),
    [
        ({"type": "image", "caption": "oi"}, "image", {"caption": "oi", "mime_type": "image/jpeg"}),
        ({"type": "audio", "voice": True}, "audio", {"voice": True}),
        ({"type": "audio"}, "audio", {"voice": False, "mime_type": "audio/mpeg"}),
        ({"type": "sticker"}, "sticker", {"animated": False}),
        ({"type": "sticker", "animated": True}, "sticker", {"animated": True}),
        ({"type": "document"}, "document", {"filename": "proposta.pdf"}),
        ({"type": "video"}, "video", {"mime_type": "video/mp4"}),
        ({"type": "location"}, "location", {"name": "MASP"}),
        ({"type": "order"}, "order", {"catalog_id": "194836987003835"}),
        ({"type": "button"}, "button", {"text": "Continuar"}),
        ({"type": "interactive"}, "interactive", {"type": "list_reply"}),
        ({"text": "oi", "forwarded": True}, "context", {"forwarded": True}),
        ({"text": "oi", "forwarded": "often"}, "context", {"frequently_forwarded": True}),
        ({"text": "oi", "referral": True}, "referral", {"source_type": "ad"}),
        ({"type": "unsupported", "of": "poll"}, "unsupported", {"type": "poll"}),
    ],
)
def test_a_kind_alone_is_enough(simulator, asked, kind, part):
    """INB-5"""
    write(simulator, **asked)
    message = newest(simulator)
    assert part.items() <= message[kind].items()
    assert simulator.thread()[0]["shown"]["kind"] == message["type"]


def test_cards_and_what_meta_could_not_fetch(simulator):
    write(simulator, type="contacts")
    assert newest(simulator)["contacts"][0]["name"]["formatted_name"] == "Marina Lopes"
    write(simulator, type="video", too_large=True)
    simulator.until(lambda: len(simulator.product.messages()) == 2)
    message = newest(simulator)
    assert message["errors"][0]["code"] == 131052
    assert "video" not in message


def test_edits_and_deletions_reach_coexistence_numbers_alone(simulator):
    """CHAT-7"""
    mid = write(simulator, text="bom dia")["id"]
    does(simulator, "edit", message_id=mid, text="boa tarde")
    does(simulator, "deletion", message_id=mid)
    simulator.until(lambda: len(simulator.product.messages()) == 3)
    found = {one["type"]: one for one in simulator.product.messages()}
    assert found["edit"]["edit"]["original_message_id"] == mid
    assert found["edit"]["edit"]["message"] == {"type": "text", "text": {"body": "boa tarde"}}
    assert found["revoke"]["revoke"] == {"original_message_id": mid}
    assert simulator.thread()[0]["shown"]["kind"] == "deleted"
    simulator.misbehave(plain_number=True)
    does(simulator, "edit", message_id=mid, text="boa noite")
    simulator.until(lambda: len(simulator.product.messages()) == 4)
    assert newest(simulator)["unsupported"] == {"type": "edit"}


def test_reactions_and_their_end(simulator):
    mid = write(simulator, text="oi")["id"]
    does(simulator, "reaction", message_id=mid, emoji="👍")
    does(simulator, "reaction", message_id=mid)
    simulator.until(lambda: len(simulator.product.messages()) == 3)
    reactions = [one["reaction"] for one in simulator.product.messages() if "reaction" in one]
    assert {"message_id": mid, "emoji": "👍"} in reactions
    assert {"message_id": mid} in reactions
    assert simulator.thread()[0]["reactions"] == {}


def test_the_business_reacts(simulator):
    mid = write(simulator, text="oi")["id"]
    body = {
        "messaging_product": "whatsapp", "to": f"+{ADDRESS}", "type": "reaction",
        "reaction": {"message_id": mid, "emoji": "🎉"},
    }  # fmt: skip
    assert simulator.graph("POST", f"{NUMBER}/messages", json=body).status_code == 200
    assert simulator.thread()[0]["reactions"] == {"business": "🎉"}


def test_another_user_id(simulator):
    """INB-7"""
    before = write(simulator, text="oi")["user_id"]
    does(simulator, "user_id")
    found = [one for one in fields(simulator, 3) if one["field"] == "user_id_update"]
    update = found[0]["value"]["user_id_update"][0]["user_id"]
    assert update["previous"] == before
    system = next(one for one in simulator.product.messages() if one["type"] == "system")
    assert system["system"]["type"] == "user_changed_user_id"
    assert system["system"]["user_id"] == update["current"]


def test_preferences_and_echoes(simulator):
    write(simulator, text="oi")
    does(simulator, "preferences", value="stop")
    does(simulator, "echo", text="respondi pelo celular")
    found = {one["field"]: one["value"] for one in fields(simulator, 3)}
    assert found["user_preferences"]["user_preferences"][0]["value"] == "stop"
    echo = found["smb_message_echoes"]["message_echoes"][0]
    assert (echo["from"], echo["to"]) == ("551140001234", ADDRESS)
    assert simulator.thread()[-1]["shown"]["text"] == "respondi pelo celular"


def test_notices_of_the_number(simulator):
    simulator.ask("POST", "/notices", json={
        "field": "phone_number_quality_update", "value": {"event": "FLAGGED"},
    })  # fmt: skip
    simulator.ask("POST", "/notices", json={"field": "account_alerts"})
    found = {one["field"]: one["value"] for one in fields(simulator, 2)}
    assert found["phone_number_quality_update"]["event"] == "FLAGGED"
    assert found["account_alerts"]["entity_id"] == NUMBER
    number = simulator.graph("GET", f"{NUMBER}?fields=quality_rating").json()
    assert number["quality_rating"] == "RED"
    simulator.ask("POST", "/accounts", json={"id": NUMBER, "quality_rating": "YELLOW"})
    number = simulator.graph("GET", f"{NUMBER}?fields=quality_rating").json()
    assert number["quality_rating"] == "YELLOW"


def test_a_changed_template_is_told(simulator):
    named = {"name": "boas_vindas", "language": "pt_BR"}
    simulator.ask("POST", "/templates", json=named | {"status": "PAUSED"})
    simulator.ask("POST", "/templates", json=named | {"quality_score": {"score": "RED"}})
    simulator.ask("POST", "/templates", json=named | {"category": "UTILITY"})
    simulator.ask("POST", "/templates?told=no", json=named | {"status": "APPROVED"})
    simulator.ask("DELETE", "/templates", params=named)
    found = [(one["field"], one["value"]) for one in fields(simulator, 4)]
    events = [value["event"] for field, value in found if field == "message_template_status_update"]
    assert sorted(events) == ["DELETED", "PAUSED"]
    assert {field for field, _ in found} == {
        "message_template_status_update",
        "message_template_quality_update",
        "template_category_update",
    }


@pytest.mark.parametrize(
    ("button", "code"),
    [
        (None, 131008),
        ({"sub_type": "quick_reply", "parameters": [{"type": "payload", "payload": "x"}]}, 132012),
        ({"sub_type": "copy_code", "parameters": []}, 131008),
        (
            {"sub_type": "copy_code", "parameters": [
                {"type": "coupon_code", "coupon_code": "x" * 21}
            ]},
            132005,
        ),
        (
            {"sub_type": "copy_code", "parameters": [
                {"type": "coupon_code", "coupon_code": "BEM10"}
            ]},
            None,
        ),
    ],
)  # fmt: skip
def test_coupon_codes(simulator, button, code):
    """SEND-2"""
    media = simulator.graph(
        "POST", f"{NUMBER}/media", data={"messaging_product": "whatsapp"},
        files={"file": ("foto.jpg", simulator.http.get("/samples/foto.jpg").content, "image/jpeg")},
    ).json()["id"]  # fmt: skip
    components = [
        {"type": "header", "parameters": [{"type": "image", "image": {"id": media}}]},
        {"type": "body", "parameters": [{"type": "text", "text": "Ana"}]},
    ]
    if button:
        components.append({"type": "button", "index": "0", **button})
    template = {"name": "boas_vindas", "language": {"code": "pt_BR"}, "components": components}
    answer = simulator.send(type="template", template=template)
    if code is None:
        assert answer.status_code == 200, answer.text
        simulator.until(lambda: simulator.thread())
        shown = simulator.thread()[0]["shown"]
        assert shown["files"][0]["url"] == f"/media/{media}"
        assert shown["buttons"] == [
            {"title": "Copiar código", "kind": "COPY_CODE", "code": "BEM10"}
        ]
    else:
        assert answer.json()["error"]["code"] == code


def test_every_shipped_template_has_a_header_that_the_catalogue_knows(simulator):
    listed = simulator.graph("GET", f"{ACCOUNT}/message_templates?limit=100").json()["data"]
    formats = {
        part["format"] for one in listed for part in one["components"] if part["type"] == "HEADER"
    }
    assert {"TEXT", "IMAGE", "VIDEO", "DOCUMENT"} <= formats
    buttons = {
        button["type"] for one in listed for part in one["components"]
        if part["type"] == "BUTTONS" for button in part["buttons"]
    }  # fmt: skip
    assert {"QUICK_REPLY", "URL", "COPY_CODE", "PHONE_NUMBER"} <= buttons
    assert {one["parameter_format"] for one in listed} == {"NAMED", "POSITIONAL"}


def test_what_was_not_told_is_answered(simulator):
    written = write(simulator, text="oi", told=False)
    assert written["wire"]["object"] == "whatsapp_business_account"
    assert simulator.ask("GET", "/health")["waiting"] == 0
    assert simulator.product.bodies == []


def test_the_business_edits_and_takes_back_from_its_phone(simulator):
    """INB-8 CHAT-7"""
    write(simulator, text="oi")
    does(simulator, "echo", text="respondi", id="wamid.out")
    named = {"original_message_id": "wamid.out"}
    said = {"type": "text", "text": {"body": "corrigi"}}
    does(simulator, "echo", type="edit", edit=named | {"message": said})
    assert simulator.thread()[-1]["shown"]["text"] == "corrigi"
    does(simulator, "echo", type="revoke", revoke=named)
    assert [one["shown"]["kind"] for one in simulator.thread()] == ["text", "deleted"]
    echoes = [one for one in fields(simulator, 4) if one["field"] == "smb_message_echoes"]
    kinds = [echo["type"] for one in echoes for echo in one["value"]["message_echoes"]]
    assert sorted(kinds) == ["edit", "revoke", "text"]
