"""Files, cards, quotes, templates and variables: what an answer may be, and what is refused."""

from dataclasses import replace
from datetime import timedelta
from types import MappingProxyType

import pytest

from chalicelib.commands.send import retry, send
from chalicelib.domain import errors, profile
from chalicelib.domain.access import Permission
from chalicelib.domain.delivery import Status
from chalicelib.domain.inbound import Failure
from chalicelib.domain.media import File
from chalicelib.domain.profile import Profile
from chalicelib.queries import variables as offered
from chalicelib.stores import chats as store
from chalicelib.stores import counters, labels, profiles
from chalicelib.stores.chats import commit_rows
from tests.builders import ACCOUNT, NOON, TABS, agent, chat, client_key, message, put, says
from tests.commands.channels import connected, settings, talk, template, uploaded
from tests.commands.test_send import messages

ANA = agent("ana")
SEES_ALL = agent("ana", permissions=TABS | {Permission.CONTACTS})
FOTO = "pictures/contact/c1/0123456789abcdef.png"
SHUT = MappingProxyType({ACCOUNT: NOON - timedelta(hours=25)})


def wish(number=1, at=NOON, **more):
    return {"client_key": client_key(at, number), **more}


def kinds(found):
    return [(one.kind, one.text, [file.name for file in one.files]) for one in found]


def custom(slug, kind, value):
    labels.save_field(
        {
            "field_id": slug,
            "slug": slug,
            "name": slug.capitalize(),
            "kind": kind,
            "options": [],
            "at_closing": "no",
            "active": True,
        }
    )
    known = profiles.load("c1")
    after = profile.edited(known, values={slug: value})
    if after != known:
        commit_rows(*profiles.writes(known, after))


def put_profile(**system):
    known = Profile("c1")
    commit_rows(*profiles.writes(known, replace(known, system=system)))


# --- files ------------------------------------------------------------------------------------


def test_a_file_is_kept_with_its_chat_and_its_text_is_the_caption(world):
    """SEND-5"""
    talk(world, "whatsapp")
    (sent,) = send(world, ANA, "c1", wish(text="veja", files=[uploaded(world)]))
    (file,) = sent.files
    assert (sent.kind, sent.text, sent.status) == ("image", "veja", Status.QUEUED)
    assert (file.kind, file.state, file.name, file.size) == ("image", "ready", "foto.png", 18)
    assert file.key.startswith("media/c1/")
    assert world.files.stored[file.key] == b"bytes of a picture"
    assert store.load("c1").preview_kind == "image"


@pytest.mark.parametrize("channel", ["facebook", "instagram"])
def test_where_there_are_no_captions_the_text_follows(world, channel):
    """SEND-5: one wish, two messages, in one transaction and in order."""
    talk(world, channel)
    sent = send(world, ANA, "c1", wish(text="veja", files=[uploaded(world)]))
    assert kinds(sent) == [("image", "", ["foto.png"]), ("text", "veja", [])]
    assert [one.key for one in sent] == sorted(one.key for one in sent)
    assert {one.rev for one in sent} == {2}
    assert [one.client_key for one in sent] == [client_key(), None]
    assert store.load("c1").preview == "veja"
    assert messages() == sent


def test_several_files_are_several_messages(world):
    """SEND-5"""
    talk(world, "whatsapp")
    files = [uploaded(world, number=one) for one in range(10)]
    sent = send(world, ANA, "c1", wish(text="veja", files=files))
    assert [one.text for one in sent] == ["veja", *[""] * 9]
    assert len({one.files[0].key for one in sent}) == 10


@pytest.mark.parametrize("channel", ["whatsapp", "facebook"])
def test_the_same_wish_again_is_the_same_messages(world, channel):
    """SEND-12"""
    talk(world, channel)
    asked = wish(text="veja", files=[uploaded(world), uploaded(world, number=2)])
    sent = send(world, ANA, "c1", asked)
    world.files.stored.clear()  # the uploads lie there for two days
    for _ in range(3):
        assert send(world, ANA, "c1", asked) == sent
    assert store.load("c1").rev == 2


@pytest.mark.parametrize(
    "other",
    [
        {"text": "outro"},
        {"text": "veja", "internal": True},
        {"text": "veja", "quotes": "1795521600000-0123456789abcdef"},
        {"text": "veja", "files": [{"key": "uploads/ana/2.png", "name": "x"}]},
    ],
    ids=str,
)
def test_another_wish_under_the_same_key_is_refused(world, other):
    """SEND-12"""
    talk(world, "whatsapp")
    send(world, ANA, "c1", wish(text="veja"))
    with pytest.raises(errors.ClientKeyReused):
        send(world, ANA, "c1", wish(**other))
    assert len(messages()) == 1


def test_a_quick_replys_file_may_be_sent_by_anybody(world):
    """SEND-9"""
    talk(world, "whatsapp")
    key = "quick/q1/0123456789abcdef.pdf"
    world.files.put(key, b"%PDF", "application/pdf")
    (sent,) = send(world, ANA, "c1", wish(files=[{"key": key, "name": "tabela.pdf"}]))
    assert (sent.kind, sent.files[0].name) == ("document", "tabela.pdf")
    assert key in world.files.stored, "it is copied, not moved"


@pytest.mark.parametrize(
    ("key", "reason"),
    [
        ("uploads/bruno/0000000000000001.png", "missing"),
        ("uploads/ana/00000000000000ff.png", "missing"),
        ("quick/q1/00000000000000ff.png", "missing"),
        ("media/c2/0000000000000001.png", "missing"),
        ("pictures/contact/c2/0123456789abcdef.png", "missing"),
    ],
)
def test_only_ones_own_uploads_are_sent(world, key, reason):
    """SEND-5 PERM-2"""
    talk(world, "whatsapp")
    uploaded(world, by="bruno")
    for other in ("media/c2/0000000000000001.png", "pictures/contact/c2/0123456789abcdef.png"):
        world.files.put(other, b"x", "image/png")
    with pytest.raises(errors.FileRefused) as refused:
        send(world, ANA, "c1", wish(files=[{"key": key, "name": "x.png"}]))
    assert refused.value.fields == {"reason": reason}
    assert (messages(), store.load("c1").rev) == ([], 1)


def test_a_voice_note_is_ogg_on_whatsapp(world):
    """SEND-8"""
    talk(world, "whatsapp")
    ogg = uploaded(world, "voz.ogg", "audio/ogg", voice=True)
    (sent,) = send(world, ANA, "c1", wish(files=[ogg]))
    assert (sent.kind, sent.files[0].voice) == ("audio", True)
    m4a = uploaded(world, "voz.m4a", "audio/mp4", number=2, voice=True)
    with pytest.raises(errors.FileRefused):
        send(world, ANA, "c1", wish(2, files=[m4a]))


# --- quotes -----------------------------------------------------------------------------------

HEARD = message(
    "oi " * 100,
    author="contact",
    agent_id=None,
    author_name="Bia",
    status=None,
    provider_id="wamid.IN",
    at=NOON - timedelta(hours=1),
)


def test_an_answer_keeps_what_it_quotes(world):
    """CHAT-7"""
    talk(world, "whatsapp", HEARD)
    (sent,) = send(world, ANA, "c1", wish(text="sim", quotes=HEARD.key))
    assert sent.quotes == "wamid.IN"
    assert (sent.quote.key, sent.quote.author, sent.quote.kind) == (HEARD.key, "contact", "text")
    assert len(sent.quote.text) == 200


def test_only_the_first_of_several_messages_quotes(world):
    """CHAT-7"""
    talk(world, "facebook", HEARD)
    sent = send(world, ANA, "c1", wish(text="sim", quotes=HEARD.key, files=[uploaded(world)]))
    assert [one.quotes for one in sent] == ["wamid.IN", None]


@pytest.mark.parametrize(
    "facts",
    [
        {"internal": True, "provider_id": None},
        {"provider_id": None, "status": Status.QUEUED, "author": "agent"},
        {"deleted_at": NOON},
        {"kind": "system", "author": "system"},
    ],
    ids=str,
)
def test_what_the_contact_cannot_see_is_not_quoted_to_them(world, facts):
    """CHAT-7 SEND-7"""
    talk(world, "whatsapp", replace(HEARD, **facts))
    with pytest.raises(errors.QuoteUnavailable):
        send(world, ANA, "c1", wish(text="sim", quotes=HEARD.key))
    assert store.load("c1").rev == 1


def test_what_is_not_of_this_chat_is_not_quoted(world):
    """CHAT-7 PERM-2"""
    talk(world, "whatsapp")
    put(chat("c2"), replace(HEARD, chat_id="c2"))
    with pytest.raises(errors.QuoteUnavailable):
        send(world, ANA, "c1", wish(text="sim", quotes=HEARD.key))


# --- cards ------------------------------------------------------------------------------------

RUI = {"name": "Rui", "phone": "(11) 98888-7777", "email": "rui@example.com"}


def test_a_card_is_a_card_on_whatsapp(world):
    """SEND-6"""
    talk(world, "whatsapp")
    (sent,) = send(world, ANA, "c1", wish(card=RUI))
    (card,) = sent.details["cards"]
    assert (sent.kind, sent.text, card["phones"][0]["phone"]) == (
        "contacts",
        "Rui",
        "5511988887777",
    )


def test_a_card_is_text_elsewhere(world):
    """SEND-6"""
    talk(world, "instagram")
    (sent,) = send(world, ANA, "c1", wish(card=RUI))
    assert (sent.kind, sent.text) == ("text", "Rui\n+5511988887777\nrui@example.com")


def test_a_card_without_e_mail_and_phone_is_refused(world):
    """SEND-6"""
    talk(world, "whatsapp")
    with pytest.raises(errors.Invalid):
        send(world, ANA, "c1", wish(card={"name": "Rui", "phone": " ", "email": ""}))


# --- variables --------------------------------------------------------------------------------


def test_variables_are_filled_when_it_is_sent(world):
    """INFO-9 SEND-3"""
    talk(world, "whatsapp")
    custom("saldo", "number", "10.5")
    (sent,) = send(world, ANA, "c1", wish(text="{nome}, {saldo}: {agente} {protocolo}"))
    assert sent.text == "Bia, 10,5: Ana 100001"


def test_the_protocol_is_the_one_that_the_answer_opens(world):
    """INFO-9 ROUTE-4"""
    talk(world, "whatsapp", open_=False)
    (sent,) = send(world, ANA, "c1", wish(text="seu protocolo: {protocolo}"))
    assert sent.text == f"seu protocolo: {store.load('c1').attendance.protocol}"


@pytest.mark.parametrize(
    ("text", "lacking"),
    [
        ("{nada} {email}", [("nada", "unknown"), ("email", "empty")]),
        ("{cpf}", [("cpf", "hidden")]),
    ],
)
def test_what_cannot_be_filled_stops_the_send(world, text, lacking):
    """SEND-3"""
    talk(world, "whatsapp", open_=False)
    put_profile(cpf="52998224725")
    with pytest.raises(errors.VariablesEmpty) as refused:
        send(world, ANA, "c1", wish(text=text))
    found = [(one["name"], one["reason"]) for one in refused.value.fields["variables"]]
    assert found == lacking
    assert (messages(), store.load("c1").attendance) == ([], None)


def test_who_may_see_a_cpf_may_send_it(world):
    """SEND-3 INFO-2"""
    talk(world, "whatsapp")
    put_profile(cpf="52998224725")
    assert says(world, SEES_ALL, "c1", client_key(), "{cpf}").text == "529.982.247-25"


def test_pictures_of_variables_are_messages_with_the_words_around_them(world):
    """SEND-4"""
    talk(world, "whatsapp")
    custom("foto", "image", FOTO)
    world.files.put(FOTO, b"png", "image/png")
    sent = send(world, ANA, "c1", wish(text="{nome}: {foto} e {foto} fim"))
    assert kinds(sent) == [("image", "Bia:", ["foto.png"]), ("image", "e fim", ["foto.png"])]
    assert all(world.files.stored[one.files[0].key] == b"png" for one in sent)


def test_a_picture_that_is_no_more_stops_the_send(world):
    """SEND-4"""
    talk(world, "whatsapp")
    custom("foto", "image", FOTO)
    with pytest.raises(errors.FileRefused):
        send(world, ANA, "c1", wish(text="{foto}"))


def test_no_text_becomes_messages_without_end(world):
    """SEND-4"""
    talk(world, "whatsapp")
    custom("foto", "image", FOTO)
    world.files.put(FOTO, b"png", "image/png")
    with pytest.raises(errors.TooMany):
        send(world, ANA, "c1", wish(text="{foto}" * 500))


def test_the_bar_is_offered_what_the_send_would_fill(world):
    """INFO-9"""
    talk(world, "whatsapp")
    put_profile(cpf="52998224725", email="b@x.com")
    custom("foto", "image", FOTO)
    custom("vazio", "text", None)
    told = {one["name"]: one for one in offered.of_chat(world, ANA, "c1")["variables"]}
    assert (told["nome"]["value"], told["protocolo"]["value"]) == ("Bia", "100001")
    assert (told["cpf"]["value"], told["cpf"]["hidden"]) == (None, True)
    assert told["email"]["value"] == "b@x.com"
    assert told["foto"] == {
        "name": "foto",
        "kind": "image",
        "label": "Foto",
        "value": f"https://files.invalid/{FOTO}",
        "hidden": False,
    }
    assert (told["vazio"]["value"], told["vazio"]["label"]) == (None, "Vazio")


def test_what_one_may_not_read_has_no_variables(world):
    """PERM-2"""
    put(chat(agent_id="bruno"))
    only_open = agent("eva", permissions=frozenset({Permission.TAB_OPEN}))
    with pytest.raises(errors.NotFound):
        offered.of_chat(world, only_open, "c1")


# --- templates --------------------------------------------------------------------------------

RETOMAR = {"name": "retomar", "language": "pt_BR", "values": {"body.1": "{nome}"}}


def test_a_template_needs_no_session_and_opens_the_chat(world):
    """SEND-1 SEND-2 ROUTE-4"""
    talk(world, "whatsapp", open_=False, last_inbound_at=SHUT)
    template()
    (sent,) = send(world, ANA, "c1", wish(template=RETOMAR))
    assert (sent.kind, sent.text) == ("template", "Olá, Bia!")
    assert sent.template.values == {"body.1": "Bia"}
    assert sent.details["template"]["body"] == "Olá, Bia!"
    assert store.load("c1").agent_id == "ana"
    assert send(world, ANA, "c1", wish(template=RETOMAR)) == [sent], "SEND-12"


def test_a_templates_header_may_be_a_file(world):
    """SEND-2"""
    talk(world, "whatsapp")
    image = {"type": "HEADER", "format": "IMAGE"}
    template("foto", "UTILITY", image, {"type": "BODY", "text": "Veja"})
    key = uploaded(world)["key"]
    asked = {"name": "foto", "language": "pt_BR", "values": {"header.file": key}}
    (sent,) = send(world, ANA, "c1", wish(template=asked))
    assert (sent.files[0].kind, sent.files[0].state) == ("image", "ready")


def test_a_template_without_its_values_or_gone_is_refused(world):
    """SEND-2 SEND-3"""
    talk(world, "whatsapp")
    template()
    for values, refusal in (
        ({}, errors.Invalid),
        ({"body.1": "{nada}"}, errors.VariablesEmpty),
        ({"body.1": "a\nb"}, errors.Invalid),
    ):
        with pytest.raises(refusal):
            send(world, ANA, "c1", wish(template={**RETOMAR, "values": values}))
    with pytest.raises(errors.TemplateGone):
        send(world, ANA, "c1", wish(template={**RETOMAR, "name": "outro"}))


def test_who_wants_no_marketing_gets_none(world):
    """SEND-2 META.md §2.2"""
    talk(world, "whatsapp", marketing_stopped=True)
    template()
    template("promo", "MARKETING")
    with pytest.raises(errors.MarketingStopped):
        send(world, ANA, "c1", wish(template={**RETOMAR, "name": "promo"}))
    send(world, ANA, "c1", wish(template=RETOMAR))


@pytest.mark.parametrize("channel", ["facebook", "instagram"])
def test_other_channels_have_no_templates(world, channel):
    """SEND-13"""
    talk(world, channel)
    template()
    with pytest.raises(errors.NotOnThisChannel):
        send(world, ANA, "c1", wish(template=RETOMAR))


# --- the agent's name, limits, and what the channel allows ------------------------------------


def test_the_agents_name_is_kept_beside_the_text(world):
    """SEND-10: shown once, counted in the limit."""
    talk(world, "whatsapp")
    settings(name_prefix=True)
    sent = says(world, ANA, "c1", client_key(), "olá")
    assert (sent.text, sent.signature) == ("olá", "*Ana:*\n")
    with pytest.raises(errors.TextTooLong) as refused:
        says(world, ANA, "c1", client_key(number=2), "a" * 4090)
    assert refused.value.fields == {"limit": 4096, "unit": "characters", "length": 4097}


@pytest.mark.parametrize(
    ("channel", "text"),
    [
        ("whatsapp", "a" * 4096),
        ("whatsapp", "😀" * 4096),
        ("whatsapp", "\u200d\u202e\u2066" * 1365 + "a"),
        ("facebook", "é" * 2000),
        ("instagram", "é" * 500),
    ],
    ids=range(5),
)
def test_exactly_the_limit_is_sent_and_one_more_is_refused(world, channel, text):
    """SEND-1"""
    talk(world, channel)
    assert says(world, ANA, "c1", client_key(), text).text == text
    with pytest.raises(errors.TextTooLong):
        says(world, ANA, "c1", client_key(number=2), text + "a")


def test_nothing_goes_out_from_a_channel_that_is_switched_off(world):
    """INB-10"""
    connected(world, "whatsapp", inactive=True)
    put(chat())
    template()
    for asked in (wish(text="olá"), wish(template=RETOMAR)):
        with pytest.raises(errors.ChannelUnavailable) as refused:
            send(world, ANA, "c1", asked)
        assert refused.value.fields == {"problem": "disabled"}
    send(world, ANA, "c1", wish(text="nota", internal=True))


@pytest.mark.parametrize(
    ("channel", "agency", "account", "sent"),
    [
        ("facebook", True, True, True),
        ("instagram", True, True, True),
        ("facebook", False, True, False),
        ("facebook", True, False, False),
        ("whatsapp", True, True, False),
    ],
)
def test_a_human_may_answer_after_the_session_where_meta_permits_it(
    world, channel, agency, account, sent
):
    """SEND-14"""
    talk(world, channel, last_inbound_at=SHUT)
    connected(world, channel, human_agent=account)
    settings(human_agent=agency)
    if sent:
        assert says(world, ANA, "c1", client_key()).status is Status.QUEUED
    else:
        with pytest.raises(errors.SessionClosed):
            says(world, ANA, "c1", client_key())


# --- internal ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "facts", [{}, {"last_inbound_at": SHUT}, {"blocked": True}, {"open_": False}], ids=str
)
def test_an_internal_message_is_written_and_nothing_else_happens(world, facts):
    """SEND-7"""
    before = talk(world, "whatsapp", **facts)
    asked = wish(
        text="{nada} {nome}", internal=True, files=[uploaded(world, "a.html", "text/html")]
    )
    (sent,) = send(world, ANA, "c1", asked)
    assert (sent.internal, sent.status, sent.to_do) == (True, None, None)
    assert (sent.text, sent.files[0].kind) == ("{nada} {nome}", "document")
    after = store.load("c1")
    same = replace(after, rev=before.rev, touched=before.touched)
    assert same == before, "no attendance, no agent, no order, no unread mark, no row"
    assert after.touched == (sent.key,)
    assert send(world, ANA, "c1", asked) == [sent], "SEND-12"


def test_an_internal_message_may_quote_anything(world):
    """SEND-7"""
    talk(world, "whatsapp", HEARD)
    (note,) = send(world, ANA, "c1", wish(text="nota", internal=True, quotes=HEARD.key))
    assert (note.quote.key, note.quotes) == (HEARD.key, None)
    (more,) = send(world, ANA, "c1", wish(2, text="e mais", internal=True, quotes=note.key))
    assert (more.quote.internal, more.quotes) == (True, None)


@pytest.mark.parametrize("more", [{"card": RUI}, {"template": RETOMAR}], ids=str)
def test_neither_cards_nor_templates_are_internal(world, more):
    """SEND-7"""
    talk(world, "whatsapp")
    with pytest.raises(errors.Invalid):
        send(world, ANA, "c1", wish(internal=True, **more))


def test_an_internal_message_is_not_sent_again(world):
    """SEND-7"""
    talk(world, "whatsapp")
    (note,) = send(world, ANA, "c1", wish(text="nota", internal=True))
    with pytest.raises(errors.NotFailed):
        retry(world, ANA, "c1", note.key, client_key(number=2))


# --- sending again ----------------------------------------------------------------------------


def test_what_failed_goes_out_again_as_it_was(world):
    """CHAT-6"""
    file = File(kind="image", state="ready", name="a.png", key="media/c1/a.png", remote_id="M1")
    failed = message(
        "veja",
        kind="image",
        files=(file,),
        quotes="wamid.IN",
        signature="*Ana:*\n",
        status=Status.FAILED,
        failure=Failure(2, "down"),
    )
    talk(world, "whatsapp", failed)
    again = retry(world, ANA, "c1", failed.key, client_key())
    for fact in ("kind", "text", "files", "quotes", "signature"):
        assert getattr(again, fact) == getattr(failed, fact), fact
    assert retry(world, ANA, "c1", failed.key, client_key()) == again


def test_what_was_uploaded_for_another_number_is_uploaded_anew(world):
    """CHAT-6"""
    file = File(kind="image", state="ready", key="media/c1/a.png", remote_id="M1")
    failed = message("", kind="image", files=(file,), status=Status.FAILED, account="2")
    talk(world, "whatsapp", failed)
    assert retry(world, ANA, "c1", failed.key, client_key()).files[0].remote_id is None


def test_marketing_that_failed_is_not_sent_again_to_who_stopped_it(world):
    """CHAT-6 META.md §2.2"""
    talk(world, "whatsapp")
    template("promo", "MARKETING")
    (sent,) = send(world, ANA, "c1", wish(template={**RETOMAR, "name": "promo"}))
    now = store.load("c1")
    failed = replace(sent, status=Status.FAILED, version=sent.version + 1)
    after = replace(now, rev=now.rev + 1, marketing_stopped=True)
    store.commit(store.Change(before=now, after=after, changed=(failed,)))
    with pytest.raises(errors.MarketingStopped):
        retry(world, ANA, "c1", sent.key, client_key(number=2))


def test_a_key_of_an_answer_is_not_one_of_a_second_attempt(world):
    """SEND-12"""
    failed = message("olá", status=Status.FAILED)
    talk(world, "whatsapp", failed)
    says(world, ANA, "c1", client_key(), "olá")
    with pytest.raises(errors.ClientKeyReused):
        retry(world, ANA, "c1", failed.key, client_key())


def test_a_refused_answer_draws_no_more_than_a_number(world):
    """SEND-3: gaps are fine, and nothing else is left behind."""
    talk(world, "whatsapp", open_=False)
    with pytest.raises(errors.VariablesEmpty):
        says(world, ANA, "c1", client_key(), "{protocolo} {nada}")
    assert int(counters.next_protocol()) <= 100002
    assert store.load("c1").rev == 1
