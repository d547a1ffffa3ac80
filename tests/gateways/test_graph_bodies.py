"""What each channel is sent, made of messages: the bodies of META.md §4 and §8."""

import json
from dataclasses import replace
from types import MappingProxyType

import pytest

from chalicelib.domain.delivery import Refused, Status
from chalicelib.domain.inbound import Person
from chalicelib.domain.media import File
from chalicelib.domain.outgoing import NeverLeaves, Sender, Way
from chalicelib.domain.template import Filled
from chalicelib.gateways.meta import messenger, whatsapp
from tests.builders import message

ANA = Person(phone="5511999999999", user_id="BR.1")
SCOPED = Person(user_id="7311")
PAGE = Sender("facebook", "900")
LINKED = Sender("instagram", "178", page="901")
LOGIN = Sender("instagram", "179")
CARD = {
    "name": "Rui da Silva",
    "phones": [{"phone": "5511988887777", "label": None}, {"phone": "14155550100", "label": None}],
    "emails": ["rui@example.com"],
    "company": None,
}


def file(kind, mime_type, **facts):
    given = {"state": "ready", "name": "nota.pdf", "key": "media/c1/1.pdf", "remote_id": "M1"}
    return File(kind=kind, mime_type=mime_type, **{**given, **facts})


def content(one):
    """What is sent of a message beside its frame."""
    body = whatsapp.message(ANA, one, "a1/c/k")
    frame = {"messaging_product", "recipient_type", "to", "biz_opaque_callback_data", "type"}
    assert body["biz_opaque_callback_data"] == "a1/c/k"
    return {name: told for name, told in body.items() if name not in frame}


PHOTO = file("image", "image/jpeg")


def menu(*titles, text="Como podemos ajudar?", about=None, button=None, **facts):
    """What a flow asked with options."""
    options = [
        {"payload": f"r1/inicio/{number}", "title": title, "description": about}
        for number, title in enumerate(titles)
    ]
    details = {"menu": {"button": button, "options": options}}
    return message(text, kind="menu", details=details, source="flow", agent_id=None, **facts)


@pytest.mark.parametrize(
    ("one", "told"),
    [
        (message("olá"), {"text": {"body": "olá", "preview_url": True}}),
        (
            message("olá", signature="*Ana:*\n"),
            {"text": {"body": "*Ana:*\nolá", "preview_url": True}},
        ),
        (
            message("olá", quotes="wamid.Q"),
            {
                "text": {"body": "olá", "preview_url": True},
                "context": {"message_id": "wamid.Q"},
            },
        ),
        (message("", kind="image", files=(PHOTO,)), {"image": {"id": "M1"}}),
        (
            message("veja", kind="image", files=(PHOTO,), signature="*Ana:*\n"),
            {"image": {"id": "M1", "caption": "*Ana:*\nveja"}},
        ),
        (
            message("nota", kind="document", files=(file("document", "application/pdf"),)),
            {"document": {"id": "M1", "filename": "nota.pdf", "caption": "nota"}},
        ),
        (
            message("", kind="audio", files=(file("audio", "audio/ogg", voice=True),)),
            {"audio": {"id": "M1", "voice": True}},
        ),
        (
            message("", kind="audio", files=(file("audio", "audio/ogg"),)),
            {"audio": {"id": "M1"}},
        ),
        (
            message("", kind="audio", files=(file("audio", "audio/mp4", voice=True),)),
            {"audio": {"id": "M1"}},
        ),
        (
            message("Rui da Silva", kind="contacts", details={"cards": [CARD]}),
            {
                "contacts": [
                    {
                        "name": {
                            "formatted_name": "Rui da Silva",
                            "first_name": "Rui",
                            "last_name": "da Silva",
                        },
                        "phones": [
                            {"phone": "+5511988887777", "type": "CELL", "wa_id": "5511988887777"},
                            {"phone": "+14155550100", "type": "CELL"},
                        ],
                        "emails": [{"email": "rui@example.com", "type": "WORK"}],
                    }
                ]
            },
        ),
    ],
)
def test_what_whatsapp_is_sent(one, told):
    """SEND-5 SEND-6 SEND-8 SEND-10 CHAT-7"""
    assert content(one) == told


def tapped(number, title):
    return {"id": f"r1/inicio/{number}", "title": title}


def test_few_short_options_are_buttons_on_whatsapp():
    """FLOW-4, META.md §4"""
    replies = [tapped(0, "Vendas"), tapped(1, "Financeiro")]
    assert content(menu("Vendas", "Financeiro")) == {
        "interactive": {
            "type": "button",
            "body": {"text": "Como podemos ajudar?"},
            "action": {"buttons": [{"type": "reply", "reply": one} for one in replies]},
        }
    }


@pytest.mark.parametrize(("button", "opener"), [(None, "Opções"), ("Setores", "Setores")])
def test_other_options_are_a_list_on_whatsapp(button, opener):
    """FLOW-4, META.md §4"""
    rows = [tapped(0, "Vendas") | {"description": "Preços"}]
    assert content(menu("Vendas", about="Preços", button=button)) == {
        "interactive": {
            "type": "list",
            "body": {"text": "Como podemos ajudar?"},
            "action": {"button": opener, "sections": [{"rows": rows}]},
        }
    }
    four = content(menu("A", "B", "C", "D"))["interactive"]["action"]["sections"]
    assert four == [{"rows": [tapped(number, title) for number, title in enumerate("ABCD")]}]


def test_what_whatsapp_has_no_taps_for_is_numbered():
    """FLOW-4"""
    long = "Segunda via da nota fiscal"
    assert content(menu(long, "Outros")) == {
        "text": {"body": f"Como podemos ajudar?\n\n1. {long}\n2. Outros", "preview_url": True}
    }


def test_a_menu_may_answer_a_message():
    """CHAT-7 FLOW-4"""
    body = whatsapp.message(ANA, menu("Vendas", quotes="wamid.Q"), "a1/c/k")
    assert (body["type"], body["context"]) == ("interactive", {"message_id": "wamid.Q"})


def test_a_template_has_its_headers_file():
    """SEND-2"""
    filled = Filled(
        "nota",
        "pt_BR",
        named=False,
        values=MappingProxyType({"header.file": "uploads/ana/1.pdf", "body.1": "Bia"}),
        header_kind="document",
    )
    sent = message("x", kind="template", template=filled, files=(file("document", "a/pdf"),))
    header, body = content(sent)["template"]["components"]
    document = {"id": "M1", "filename": "nota.pdf"}
    shown = {"type": "document", "document": document}
    assert header == {"type": "header", "parameters": [shown]}
    assert body == {"type": "body", "parameters": [{"type": "text", "text": "Bia"}]}


def test_whoever_hides_their_number_is_reached_by_id():
    """INB-7"""
    body = whatsapp.message(SCOPED, message("olá"), "a1/c/k")
    assert body["recipient"] == "7311"
    assert "to" not in body


@pytest.mark.parametrize("emoji", ["👍", None])
def test_a_reaction_of_whatsapp(emoji):
    """CHAT-7"""
    body = whatsapp.reaction(ANA, "wamid.IN", emoji, "r1/a1/c/k")
    assert body["reaction"] == {"message_id": "wamid.IN", "emoji": emoji or ""}
    assert "context" not in body


def test_a_voice_note_names_its_codec_when_it_is_uploaded():
    """SEND-8 META.md §5"""
    assert whatsapp.upload_type(file("audio", "audio/ogg", voice=True)) == "audio/ogg; codecs=opus"
    assert whatsapp.upload_type(file("audio", "audio/ogg")) == "audio/ogg"
    assert whatsapp.upload_type(file("document", None)) == "application/octet-stream"


def told(sender, one, *, way=Way.FREE, address=None):
    return messenger.message(sender, SCOPED, one, way=way, callback="a1/c/k", address=address)


@pytest.mark.parametrize(
    ("sender", "one", "body"),
    [
        (
            PAGE,
            message("olá", signature="Ana:\n"),
            {
                "messaging_type": "RESPONSE",
                "message": {"text": "Ana:\nolá", "metadata": "a1/c/k"},
            },
        ),
        (LINKED, message("olá"), {"message": {"text": "olá"}}),
        (
            PAGE,
            message("olá", quotes="m_Q"),
            {
                "messaging_type": "RESPONSE",
                "message": {"text": "olá", "metadata": "a1/c/k"},
                "reply_to": {"mid": "m_Q"},
            },
        ),
        (LOGIN, message("olá", quotes="m_Q"), {"message": {"text": "olá"}}),
    ],
)
def test_what_messenger_and_instagram_are_sent(sender, one, body):
    """CHAT-7 SEND-10"""
    assert told(sender, one) == {"recipient": {"id": "7311"}, **body}


@pytest.mark.parametrize(
    ("sender", "more"),
    [(PAGE, {"metadata": "a1/c/k"}), (LINKED, {}), (LOGIN, {})],
    ids=["facebook", "linked", "login"],
)
def test_options_are_quick_replies_there(sender, more):
    """FLOW-4, META.md §8"""
    replies = [
        {"content_type": "text", "title": title, "payload": f"r1/inicio/{number}"}
        for number, title in enumerate(["Vendas", "Financeiro"])
    ]
    text = "Como podemos ajudar?"
    told_of = {"text": text, "quick_replies": replies, **more}
    assert told(sender, menu("Vendas", "Financeiro"))["message"] == told_of
    explained = told(sender, menu("Vendas", about="Preços"))["message"]
    assert explained["text"] == f"{text}\n\nVendas: Preços"
    assert len(explained["quick_replies"]) == 1


@pytest.mark.parametrize("sender", [PAGE, LINKED, LOGIN])
def test_long_options_are_numbered_there(sender):
    """FLOW-4"""
    long = "Segunda via do boleto"
    body = told(sender, menu(long, "Outros"))["message"]
    assert body["text"] == f"Como podemos ajudar?\n\n1. {long}\n2. Outros"
    assert "quick_replies" not in body


@pytest.mark.parametrize(
    ("kind", "word"),
    [("image", "image"), ("video", "video"), ("audio", "audio"), ("document", "file")],
)
def test_their_files_are_fetched_by_address(kind, word):
    """SEND-5"""
    one = message("", kind=kind, files=(file(kind, "x/y"),))
    body = told(LINKED, one, address="https://files.invalid/1")
    attachment = {"type": word, "payload": {"url": "https://files.invalid/1"}}
    assert body["message"] == {"attachment": attachment}
    assert told(PAGE, one, address="https://x")["message"]["metadata"] == "a1/c/k"


@pytest.mark.parametrize("sender", [PAGE, LINKED, LOGIN])
def test_what_a_human_typed_says_so_after_the_session(sender):
    """SEND-14"""
    body = told(sender, message("olá"), way=Way.HUMAN_AGENT)
    assert (body["messaging_type"], body["tag"]) == ("MESSAGE_TAG", "HUMAN_AGENT")


@pytest.mark.parametrize(
    ("emoji", "told"),
    [("❤️", "love"), ("❤", "love"), ("👍", "👍"), ("👨‍👩‍👧", "👨‍👩‍👧")],
)
def test_a_reaction_of_instagram(emoji, told):
    """CHAT-7"""
    assert messenger.reaction(SCOPED, "m_IN", emoji) == {
        "recipient": {"id": "7311"},
        "sender_action": "react",
        "payload": {"message_id": "m_IN", "reaction": told},
    }
    taken = messenger.reaction(SCOPED, "m_IN", None)
    assert (taken["sender_action"], taken["payload"]) == ("unreact", {"message_id": "m_IN"})


def test_an_account_sends_under_its_page_and_at_its_host():
    """META.md §8"""
    assert [messenger.place(one) for one in (PAGE, LINKED, LOGIN)] == ["900", "901", "179"]

    class Graphs:
        graph = staticmethod(lambda token: f"graph {token}")
        instagram = staticmethod(lambda token: f"instagram {token}")

    hosts = [messenger.graph_of(Graphs(), one, "t") for one in (PAGE, LINKED, LOGIN)]
    assert hosts == ["graph t", "graph t", "instagram t"]


def test_nobody_to_send_to_is_refused():
    with pytest.raises(Refused):
        whatsapp.message(Person(name="Ana"), message("olá"), "a1/c/k")
    with pytest.raises(Refused):
        messenger.seen(Person(phone="5511999999999"))


@pytest.mark.parametrize(
    "facts", [{"internal": True}, {"status": None}, {"kind": "system"}], ids=str
)
def test_no_body_is_ever_made_of_what_is_internal(facts):
    """SEND-7"""
    one = replace(message("segredo", status=Status.SENDING), **facts)
    with pytest.raises(NeverLeaves) as caught:
        whatsapp.message(ANA, one, "a1/c/k")
    with pytest.raises(NeverLeaves):
        told(PAGE, one)
    assert "segredo" not in json.dumps(repr(caught.value))
