"""From a wish to the messages that it becomes: what each channel takes, to the last character."""

from dataclasses import replace
from datetime import date, timedelta
from types import MappingProxyType

import pytest

from chalicelib.domain import errors
from chalicelib.domain.media import MEGABYTE
from chalicelib.domain.outgoing import (
    Attached,
    Way,
    Wish,
    card,
    card_part,
    internal_part,
    kept,
    parts,
    signature,
    typed_by_a_human,
    way,
)
from chalicelib.domain.variables import Value
from tests.builders import ACCOUNT, NOON, agent, chat, message

FAMILY = "👨‍👩‍👧‍👦"  # one sign on screen, eleven characters, 25 bytes
PNG = Attached("uploads/ana/1.png", "foto.png", "image/png", 1000)
PDF = Attached("uploads/ana/2.pdf", "nota.pdf", "application/pdf", 1000)
OGG = Attached("uploads/ana/3.ogg", "voz.ogg", "audio/ogg", 1000, voice=True)
M4A = Attached("uploads/ana/4.m4a", "voz.m4a", "audio/mp4", 1000, voice=True)
FOTO, LOGO = Value("foto", "image", "pictures/a"), Value("logo", "image", "pictures/b")
PICTURES = {"foto": PNG, "logo": PDF}
VALUES = {"foto": FOTO, "logo": LOGO, "nome": Value("nome", told="Bia")}


def shape(channel, text="", files=(), signed=None):
    """Of each message: its kind, its text, and the names of its files."""
    found = parts(channel, Wish(text, files, VALUES, PICTURES), signed)
    return [(one.kind, one.text, *(file.name for file in one.files)) for one in found]


@pytest.mark.parametrize(
    ("channel", "text", "files", "become"),
    [
        ("whatsapp", "olá", (), [("text", "olá")]),
        ("whatsapp", "olá {nome}", (), [("text", "olá Bia")]),
        ("whatsapp", "", (PNG, PDF), [("image", "", "foto.png"), ("document", "", "nota.pdf")]),
        (
            "whatsapp",
            "veja",
            (PNG, PDF),
            [("image", "veja", "foto.png"), ("document", "", "nota.pdf")],
        ),
        ("whatsapp", "ouça", (OGG,), [("audio", "", "voz.ogg"), ("text", "ouça")]),
        (
            "whatsapp",
            "ouça",
            (OGG, PNG),
            [("audio", "", "voz.ogg"), ("image", "ouça", "foto.png")],
        ),
        ("facebook", "veja", (PNG,), [("image", "", "foto.png"), ("text", "veja")]),
        (
            "instagram",
            "veja",
            (PNG, PDF),
            [("image", "", "foto.png"), ("document", "", "nota.pdf"), ("text", "veja")],
        ),
        ("instagram", "", (M4A,), [("audio", "", "voz.m4a")]),
    ],
)
def test_files_have_captions_where_the_channel_has_them(channel, text, files, become):
    """SEND-5 SEND-8"""
    assert shape(channel, text, files) == become


@pytest.mark.parametrize(
    ("text", "become"),
    [
        ("{foto}", [("image", "", "foto.png")]),
        ("Oi {nome} {foto} que linda", [("image", "Oi Bia que linda", "foto.png")]),
        ("Antes\n{foto}\ndepois", [("image", "Antes\ndepois", "foto.png")]),
        (
            "um {foto} dois {logo} três",
            [("image", "um", "foto.png"), ("document", "dois três", "nota.pdf")],
        ),
        ("{foto}{foto}", [("image", "", "foto.png")] * 2),
    ],
)
def test_a_picture_takes_the_words_around_it(text, become):
    """SEND-4"""
    assert shape("whatsapp", text) == become


def test_a_picture_and_its_words_are_two_messages_without_captions():
    """SEND-4"""
    become = [("image", "", "foto.png"), ("text", "Oi que linda")]
    assert shape("instagram", "Oi {foto} que linda") == become


@pytest.mark.parametrize(
    ("channel", "text", "limit", "unit"),
    [
        ("whatsapp", "a" * 4096, 4096, "characters"),
        ("whatsapp", "😀" * 4096, 4096, "characters"),
        ("facebook", "é" * 2000, 2000, "characters"),
        ("instagram", "a" * 1000, 1000, "bytes"),
        ("instagram", "é" * 500, 1000, "bytes"),
        ("instagram", FAMILY * 40, 1000, "bytes"),
        ("instagram", "\u202e\u200d" * 166 + "ab" * 2, 1000, "bytes"),
    ],
    ids=range(7),
)
def test_exactly_the_limit_passes_and_one_more_does_not(channel, text, limit, unit):
    """SEND-1"""
    assert shape(channel, text) == [("text", text)]
    with pytest.raises(errors.TextTooLong) as refused:
        shape(channel, text + "a")
    assert refused.value.fields == {"limit": limit, "unit": unit, "length": limit + 1}


@pytest.mark.parametrize(
    ("channel", "line"),
    [("whatsapp", "*Ana Lima:*\n"), ("facebook", "Ana Lima:\n"), ("instagram", None)],
)
def test_the_agents_name_goes_before_and_counts(channel, line):
    """SEND-10"""
    ana = agent(name="*Ana*  Lima ")
    assert signature(channel, ana, lambda: {"name_prefix": True}) == line
    assert signature(channel, ana, lambda: {"name_prefix": False}) is None
    limit = {"whatsapp": 4096, "facebook": 2000, "instagram": 1000}[channel]
    text = "a" * (limit - len(line or ""))
    assert parts(channel, Wish(text), line)[0].signature == line
    with pytest.raises(errors.TextTooLong):
        parts(channel, Wish(text + "a"), line)


def test_a_caption_has_1024_characters_with_the_name():
    """SEND-5 SEND-10"""
    assert parts("whatsapp", Wish("a" * 1016, (PNG,)), "*Ana:*\n\n")[0].text
    with pytest.raises(errors.FileRefused) as refused:
        parts("whatsapp", Wish("a" * 1017, (PNG,)), "*Ana:*\n\n")
    assert refused.value.fields["reason"] == "caption_too_long"
    assert (refused.value.fields["limit"], refused.value.fields["length"]) == (1024, 1025)


@pytest.mark.parametrize(
    ("channel", "mime_type", "limit"),
    [
        ("whatsapp", "image/png", 5),
        ("whatsapp", "video/mp4", 16),
        ("whatsapp", "audio/ogg", 16),
        ("whatsapp", "application/zip", 100),
        ("facebook", "image/gif", 8),
        ("facebook", "application/zip", 25),
        ("instagram", "application/pdf", 25),
    ],
)
def test_a_file_of_exactly_the_limit_passes_and_one_byte_more_does_not(channel, mime_type, limit):
    """SEND-5"""
    whole = Attached("k", "n", mime_type, limit * MEGABYTE)
    assert len(parts(channel, Wish(files=(whole,)), None)) == 1
    with pytest.raises(errors.FileRefused) as refused:
        parts(channel, Wish(files=(Attached("k", "n", mime_type, whole.size + 1),)), None)
    told = refused.value.fields
    assert (told["reason"], told["limit"]) == ("too_large", limit * MEGABYTE)


@pytest.mark.parametrize(
    ("channel", "mime_type", "voice"),
    [
        ("instagram", "application/zip", False),
        ("instagram", "audio/ogg", False),
        ("instagram", "text/html", False),
        ("whatsapp", "audio/mp4", True),  # no voice note there
        ("facebook", "audio/ogg", True),
        ("whatsapp", "image/png", True),
    ],
)
def test_a_type_that_the_channel_does_not_take_is_refused(channel, mime_type, voice):
    """SEND-5 SEND-8"""
    with pytest.raises(errors.FileRefused) as refused:
        parts(channel, Wish(files=(Attached("k", "n", mime_type, 1, voice),)), None)
    assert refused.value.fields == {"reason": "type"}


def test_an_internal_message_is_one_whatever_it_holds():
    """SEND-7"""
    part = internal_part("{nome} {nada}", (PNG, OGG))
    assert (part.kind, part.text, part.files) == ("image", "{nome} {nada}", (PNG, OGG))
    assert internal_part("a" * 4096, ()).kind == "text"
    with pytest.raises(errors.TextTooLong):
        internal_part("a" * 4097, ())
    with pytest.raises(errors.FileRefused):
        internal_part("", (Attached("k", "n", "text/html", 100 * MEGABYTE + 1),))
    assert kept(None, Attached("k", "n", "text/html", 1), "media/c1/1.html").kind == "document"
    assert kept(None, OGG, "media/c1/1.ogg").voice
    told = kept("whatsapp", replace(PNG, width=3, height=2), "media/c1/1.png")
    assert (told.width, told.height) == (3, 2)


# --- cards ------------------------------------------------------------------------------------


def a_card(**more):
    return card({"name": " Rui  Sá ", "phone": "", "email": "", **more}, date(2026, 11, 24))


def test_a_card_has_a_name_and_an_e_mail_or_a_phone():
    """SEND-6"""
    assert a_card(phone="(11) 98888-7777", email=" rui@example.com ") == {
        "name": "Rui Sá",
        "phones": [{"phone": "5511988887777", "label": None}],
        "emails": ["rui@example.com"],
        "company": None,
    }
    assert a_card(phone="+1 415 555 2671")["phones"][0]["phone"] == "14155552671"
    assert a_card(email="r@x.com")["phones"] == []


@pytest.mark.parametrize(
    ("more", "path", "reason"),
    [
        ({}, "card.phone", "required"),
        ({"phone": "12"}, "card.phone", "phone_invalid"),
        ({"email": "não"}, "card.email", "email_invalid"),
    ],
)
def test_a_card_of_nothing_or_of_something_wrong_is_refused(more, path, reason):
    """SEND-6"""
    with pytest.raises(errors.Invalid) as refused:
        a_card(**more)
    assert refused.value.fields == {"fields": [{"path": path, "reason": reason}]}


def test_a_card_is_a_card_on_whatsapp_and_text_elsewhere():
    """SEND-6"""
    one = a_card(phone="(11) 98888-7777", email="r@x.com")
    assert card_part("whatsapp", one, "*Ana:*\n").details == {"cards": [one]}
    elsewhere = card_part("instagram", one, None)
    assert (elsewhere.kind, elsewhere.text) == ("text", "Rui Sá\n+5511988887777\nr@x.com")


# --- how it may leave -------------------------------------------------------------------------


def heard(channel, **ago):
    windows = MappingProxyType({ACCOUNT: NOON - timedelta(**ago)})
    return chat(channel=channel, last_inbound_at=windows)


@pytest.mark.parametrize(
    ("channel", "ago", "human", "expected"),
    [
        ("whatsapp", {"hours": 23}, False, Way.FREE),
        ("whatsapp", {"hours": 24}, True, None),
        ("instagram", {"hours": 23}, True, Way.FREE),
        ("instagram", {"hours": 24}, True, Way.HUMAN_AGENT),
        ("facebook", {"days": 7}, True, Way.HUMAN_AGENT),
        ("facebook", {"days": 7, "seconds": 1}, True, None),
        ("facebook", {"hours": 24}, False, None),
    ],
)
def test_how_something_may_leave_now(channel, ago, human, expected):
    """SEND-1 SEND-14"""
    assert way(heard(channel, **ago), NOON, human=human) is expected


def test_nobody_who_never_wrote_is_written_to():
    """SEND-14"""
    stranger = chat(channel="facebook", last_inbound_at=MappingProxyType({}))
    assert way(stranger, NOON, human=True) is None


@pytest.mark.parametrize(
    ("facts", "human"),
    [
        ({}, True),
        ({"farewell_of": "100001"}, False),
        ({"agent_id": None}, False),
        ({"author": "system"}, False),
        ({"source": "flow"}, False),
        ({"source": "schedule"}, False),
        ({"source": "session"}, False),
    ],
)
def test_only_what_a_human_typed_goes_out_as_a_humans(facts, human):
    """SEND-14"""
    assert typed_by_a_human(message("olá", **facts)) is human
