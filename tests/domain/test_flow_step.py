"""What a flow says and does, node by node, and where it waits."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.domain import flow as effects
from chalicelib.domain import flow_nodes as nodes
from chalicelib.domain.attendance import opened as attendance_opened
from chalicelib.domain.flow import Decisions, Input, Needs
from chalicelib.domain.flow_step import MOST_NODES, fitting, opened, step
from chalicelib.domain.menu import said as said_there
from chalicelib.domain.outgoing import Attached
from chalicelib.domain.profile import Profile
from tests.builders import ACCOUNT, NOON, chat
from tests.domain.flows import (
    FOTO,
    MENU,
    PICTURE,
    WELCOME,
    begun,
    done,
    facts,
    flow,
    replied,
    said,
)

SOLD = nodes.Text("Vendas aqui.")
PAID = nodes.Text("Financeiro aqui.")
SHUT = {ACCOUNT: NOON - timedelta(hours=25)}
ASKED = flow(start=MENU, sold=SOLD, paid=PAID)


# --- content (FLOW-4) -------------------------------------------------------------------------


def test_texts_follow_one_another_until_a_menu_waits():
    """FLOW-4, ROW-5"""
    hello = flow(nodes.Text("Olá, {nome}!", "menu"), menu=MENU, sold=SOLD, paid=PAID)
    after = begun(hello)
    assert said(after) == ["Olá, Bia!", "Com quem quer falar? <Vendas | Financeiro | Mais nada>"]
    assert (after.outcome, after.position.node, after.nodes_run) == ("waiting", "menu", 2)
    assert after.position.flow_id == "f1"
    assert after.position.version == 3
    assert after.position.since == NOON
    assert after.position.until is None


def test_what_is_tapped_comes_back_with_run_node_and_option():
    """FLOW-4"""
    after = begun(ASKED)
    (menu,) = after.effects
    assert len(after.position.run) <= 16
    assert [one["payload"] for one in menu.menu["options"]] == [
        f"{after.position.run}/start/{option}" for option in ("vendas", "fin", "nada")
    ]
    assert menu.menu["options"][1]["description"] == "Boletos e notas"


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("Vendas", "Vendas aqui."),
        ("  VENDAS! ", "Vendas aqui."),
        ("1", "Vendas aqui."),
        ("2️⃣", "Financeiro aqui."),
        ("2)", "Financeiro aqui."),
        ("fin", "Financeiro aqui."),
        ("financéiro", "Financeiro aqui."),
    ],
)
def test_a_menu_is_answered_by_title_number_or_id(typed, answer):
    """FLOW-4"""
    after = replied(ASKED, begun(ASKED), typed)
    assert said(after) == [answer]
    assert after.outcome == "ended"
    assert after.position is None
    assert after.last_answer in ("Vendas", "Financeiro")


@pytest.mark.parametrize("typed", ["4", "0", "12", "vend", "quero vendas", "", "😀", "x" * 4000])
def test_anything_else_is_asked_again(typed):
    """FLOW-7"""
    before = begun(ASKED)
    after = replied(ASKED, before, typed)
    assert said(after) == ["Com quem quer falar? <Vendas | Financeiro | Mais nada>"]
    assert after.position == replace(before.position, tries=1)


@pytest.mark.parametrize("kind", ["sticker", "image", "audio", "location", "contacts", "order"])
def test_a_picture_or_sticker_is_no_answer_to_a_menu(kind):
    """FLOW-7"""
    after = replied(ASKED, begun(ASKED), "Vendas", message_kind=kind)
    assert after.position.tries == 1


def test_a_tap_of_this_menu_is_its_option_whatever_the_title():
    """FLOW-4"""
    before = begun(ASKED)
    payload = f"{before.position.run}/start/fin"
    after = replied(ASKED, before, "outra coisa", choice=payload, message_kind="choice")
    assert said(after) == ["Financeiro aqui."]


@pytest.mark.parametrize(
    ("payload", "title", "answer"),
    [
        ("0ld/start/fin", "Vendas", ["Vendas aqui."]),  # of an older run: as if typed
        ("{run}/other/fin", "Vendas", ["Vendas aqui."]),  # of another menu of this run
        ("{run}/start/gone", "Vendas", ["Vendas aqui."]),
        ("quero", "Vendas", ["Vendas aqui."]),  # of a template's button
        ("0ld/start/fin", "Sim", ["Com quem quer falar? <Vendas | Financeiro | Mais nada>"]),
    ],
)
def test_a_tap_on_an_old_menu_counts_as_its_title(payload, title, answer):
    """FLOW-4"""
    before = begun(ASKED)
    choice = payload.format(run=before.position.run)
    after = replied(ASKED, before, title, choice=choice, message_kind="choice")
    assert said(after) == answer


def test_files_go_out_with_captions_and_cards_as_cards():
    """FLOW-4"""
    every = flow(
        nodes.Media("image", PICTURE, "Nossa loja, {nome}", "card"),
        card=nodes.Contact(nodes.Card("Loja", phone="11 4000-1234")),
    )
    after = begun(every)
    assert said(after) == ["[image] Nossa loja, Bia", "[contacts] Loja"]
    assert after.effects[0].part.files == (PICTURE,)
    assert after.effects[1].part.details["cards"][0]["phones"][0]["phone"] == "551140001234"


def test_where_files_have_no_captions_the_text_follows():
    """FLOW-4"""
    shown = flow(nodes.Media("image", PICTURE, "Nossa loja"))
    after = begun(shown, facts(channel="facebook"))
    assert said(after) == ["[image] ", "Nossa loja"]


def test_a_caption_that_values_make_too_long_follows_as_a_text():
    """FLOW-4"""
    known = facts(found={("profile", ""): Profile("c1", values={"id-texto": "x" * 1020})})
    after = begun(flow(nodes.Media("image", PICTURE, "Veja: {texto}")), known)
    assert said(after) == ["[image] ", f"Veja: {'x' * 1020}"]


def test_a_menu_that_is_too_long_for_its_channel_has_its_text_before_it():
    """FLOW-4"""
    about = "Sobre isso há muito o que dizer, e mais ainda"
    options = tuple(
        nodes.Option(f"o{place}", f"Assunto que tem o número {place}", None, about)
        for place in range(10)
    )
    menu = flow(nodes.Menu("Escolha " * 110 + "aqui", options))
    on_whatsapp, on_instagram = begun(menu), begun(menu, facts(channel="instagram"))
    assert len(on_whatsapp.effects) == 1
    assert on_whatsapp.effects[0].menu["options"][0]["description"] == about
    *before, last = on_instagram.effects
    assert len(before) == 1
    assert len(last.menu["options"]) == 10
    assert last.menu["options"][0]["description"] is None
    assert len(said_there("instagram", last.menu, last.text).encode()) <= 1000
    words = [*(one.part.text for one in before), last.text]
    assert " ".join(words).split() == [*["Escolha"] * 110, "aqui"]


def test_a_picture_of_the_contact_stands_in_a_text():
    """SEND-4"""
    known = facts(found={("profile", ""): Profile("c1", values={"id-foto": FOTO})})
    after = begun(flow(nodes.Text("Veja: {foto}")), known)
    assert said(after) == ["[image] Veja:"]
    assert after.effects[0].part.files[0].key == FOTO


def test_a_text_that_values_make_too_long_is_several_messages():
    """FLOW-4"""
    known = facts(
        channel="instagram",
        found={("profile", ""): Profile("c1", values={"id-texto": "uma " * 900})},
    )
    after = begun(flow(nodes.Text("Você disse: {texto}")), known)
    assert len(after.effects) == 4
    assert all(len(one.part.text.encode()) <= 1000 for one in after.effects)
    assert " ".join(said(after)).split() == ["Você", "disse:", *["uma"] * 900]


@pytest.mark.parametrize("text", ["x" * 2500, "é" * 1400, "a b " * 700, "😀" * 900, "\n" * 3 + "x"])
@pytest.mark.parametrize(("channel", "limit"), [("instagram", 1000), ("facebook", 2000)])
def test_pieces_are_never_longer_than_the_channel_takes(text, channel, limit):
    """FLOW-4"""
    pieces = fitting(channel, text, limit)
    count = (lambda one: len(one.encode())) if channel == "instagram" else len
    assert all(0 < count(one) <= limit for one in pieces)
    assert "".join("".join(pieces).split()) == "".join(text.split())


# --- questions (FLOW-4) -----------------------------------------------------------------------


def question(kind, field=None, options=(), **more):
    save = None if field is None else nodes.Save(field)
    return flow(
        nodes.Question("Diga:", nodes.Answer(kind, tuple(options)), save, "end", **more),
        end=nodes.Text("Anotado."),
    )


@pytest.mark.parametrize(
    ("kind", "field", "typed", "kept"),
    [
        ("email", "email", " bia@exemplo.com.br ", ("email", "bia@exemplo.com.br")),
        ("cpf", "cpf", "529.982.247-25", ("cpf", "52998224725")),
        ("date", "birth_date", "24/12/1990", ("birth_date", "1990-12-24")),
        ("date", "data_nascimento", "24.12.1990", ("birth_date", "1990-12-24")),
        ("text", "codigo_cliente", "C-77", ("customer_code", "C-77")),
        ("text", "nota", "  muito   bom ", ("id-nota", "muito bom")),
        ("text", "texto", "x" * 4000, ("id-texto", "x" * 4000)),
        ("number", "saldo", "1.234,50", ("id-saldo", "1234.5")),
        ("date", "desde", "1/2/2026", ("id-desde", "2026-02-01")),
        ("phone", "fone2", "(11) 98765-4321", ("id-fone2", "5511987654321")),
        ("yes_no", "vip", "sim", ("id-vip", True)),
        ("yes_no", "vip", "2", ("id-vip", False)),
        ("choice", "cor", "azul", ("id-cor", "Azul")),
        ("choice", "cores", "2", ("id-cores", ["Azul"])),
        ("yes_no", "nota", "claro", ("id-nota", "Sim")),
        ("number", "nota", "12,5", ("id-nota", "12.5")),
    ],
)
def test_an_answer_is_checked_and_saved_in_one_form(kind, field, typed, kept):
    """FLOW-4"""
    options = ("Verde", "Azul") if kind == "choice" else ()
    asked = question(kind, field, options)
    after = replied(asked, begun(asked), typed)
    (effect,) = done(after)
    assert (effect.system or effect.field_id, effect.value) == kept
    assert said(after) == ["Anotado."]


@pytest.mark.parametrize(
    ("kind", "field", "typed"),
    [
        ("email", "email", "bia"),
        ("cpf", "cpf", "529.982.247-24"),
        ("cpf", None, "111.111.111-11"),
        ("date", "birth_date", "24/12/2126"),
        ("date", None, "31/02/2026"),
        ("date", None, "24/12/90"),
        ("number", None, "doze"),
        ("number", "saldo", "x" * 4000),
        ("phone", None, "12"),
        ("yes_no", None, "talvez"),
        ("choice", "cor", "Roxo"),
        ("choice", "cor", "3"),
        ("text", "nota", "x" * 301),
        ("text", "texto", "x" * 4001),
        ("text", None, "   "),
        ("text", None, "x" * 4001),
        ("email", "email", "x" * 4000),
    ],
)
def test_an_answer_that_does_not_fit_is_asked_again_and_saves_nothing(kind, field, typed):
    """FLOW-4, FLOW-7"""
    options = ("Verde", "Azul") if kind == "choice" else ()
    asked = question(kind, field, options)
    after = replied(asked, begun(asked), typed)
    assert done(after) == []
    assert after.position.tries == 1
    assert said(after) == said(begun(asked))


def test_choices_of_a_question_may_be_tapped():
    """FLOW-4"""
    asked = question("choice", "cor", ("Verde", "Azul"))
    before = begun(asked)
    assert said(before) == ["Diga: <Verde | Azul>"]
    tap = before.effects[0].menu["options"][1]["payload"]
    after = replied(asked, before, "Azul", choice=tap, message_kind="choice")
    assert done(after) == [effects.SetField("Azul", field_id="id-cor")]
    assert said(begun(question("yes_no"))) == ["Diga: <Sim | Não>"]


def test_what_was_saved_is_known_to_what_follows():
    """FLOW-4"""
    asked = flow(
        nodes.Question("E-mail?", nodes.Answer("email"), nodes.Save("email"), "test"),
        test=nodes.Condition("all", (nodes.FieldTest("email", "filled"),), "yes", "no"),
        yes=nodes.Text("Enviado a {email}"),
        no=nodes.Text("Sem e-mail"),
    )
    assert said(replied(asked, begun(asked), "bia@x.com.br")) == ["Enviado a bia@x.com.br"]


def test_a_picture_is_no_answer_to_a_question():
    """FLOW-4"""
    asked = question("text")
    assert replied(asked, begun(asked), "legenda", message_kind="image").position.tries == 1


# --- fallback and limit (FLOW-7) --------------------------------------------------------------


def patient(**limits):
    menu = replace(MENU, **limits)
    return flow(start=menu, sold=SOLD, paid=PAID, lost=nodes.Text("Até logo."))


def test_the_fallback_is_said_so_often_and_then_its_exit_is_taken():
    """FLOW-7"""
    asked = patient(fallback=nodes.Fallback("Não entendi.", 2, "lost"))
    told = [begun(asked)]
    for _ in range(3):
        told.append(replied(asked, told[-1], "??"))
    menu = "<Vendas | Financeiro | Mais nada>"
    assert [said(one) for one in told[1:]] == [
        [f"Não entendi. {menu}"],
        [f"Não entendi. {menu}"],
        ["Até logo."],
    ]
    assert told[-1].outcome == "ended"


def test_without_a_fallback_it_is_asked_three_times_more_and_then_ends_visibly():
    """FLOW-7"""
    last = begun(ASKED)
    for tries in (1, 2, 3):
        last = replied(ASKED, last, "??")
        assert last.position.tries == tries
    last = replied(ASKED, last, "??")
    assert said(last) == ["--- flow_unanswered"]
    assert (last.outcome, last.reason, last.position) == ("stopped", "unanswered", None)


def test_a_right_answer_after_wrong_ones_goes_on():
    """FLOW-7"""
    wrong = replied(ASKED, begun(ASKED), "??")
    assert said(replied(ASKED, wrong, "1")) == ["Vendas aqui."]


@pytest.mark.parametrize(
    ("minutes", "answer"), [(0, []), (29, []), (30, ["Até logo."]), (10_000, ["Até logo."])]
)
def test_a_limit_has_an_exit_of_its_own(minutes, answer):
    """FLOW-7"""
    asked = patient(limit=nodes.Limit(30, "lost"))
    before = begun(asked)
    assert before.position.until == NOON + timedelta(minutes=30)
    known = facts(last_inbound_at={ACCOUNT: NOON + timedelta(minutes=minutes)})
    after = step(asked, before.position, known, Input("time"), NOON + timedelta(minutes=minutes))
    assert said(after) == answer
    if not answer:
        assert after.position == before.position


def test_a_limit_goes_on_counting_while_wrong_answers_come():
    """FLOW-7"""
    asked = patient(limit=nodes.Limit(30, "lost"))
    before = begun(asked)
    assert replied(asked, before, "??").position.until == before.position.until


def test_a_limit_without_an_exit_ends_visibly():
    """FLOW-7"""
    asked = patient(limit=nodes.Limit(30))
    later = NOON + timedelta(minutes=30)
    after = step(asked, begun(asked).position, facts(), Input("time"), later)
    assert said(after) == ["--- flow_unanswered"]


def test_time_without_a_limit_changes_nothing():
    """FLOW-7"""
    before = begun(ASKED)
    after = step(ASKED, before.position, facts(), Input("time"), NOON + timedelta(days=3))
    assert after == Decisions("waiting", position=before.position)


def test_a_wait_goes_on_when_its_time_has_come_and_not_for_a_message():
    """FLOW-5"""
    waits = flow(nodes.Wait(60, "end"), end=nodes.Text("Ainda está aí?"))
    before = begun(waits)
    assert (before.outcome, before.effects) == ("waiting", ())
    assert before.position.until == NOON + timedelta(hours=1)
    assert replied(waits, before, "oi").position == before.position
    assert replied(waits, before, "oi").effects == ()
    early = step(waits, before.position, facts(), Input("time"), NOON + timedelta(minutes=59))
    assert (early.effects, early.position) == ((), before.position)
    on_time = step(waits, before.position, facts(), Input("time"), NOON + timedelta(minutes=60))
    assert said(on_time) == ["Ainda está aí?"]


# --- templates (FLOW-4, FLOW-8) ---------------------------------------------------------------

ASKS_BY_TEMPLATE = flow(
    nodes.Template(
        "boas_vindas",
        "pt_BR",
        {"body.1": "{nome}"},
        (nodes.Reply("Quero saber mais", "more"),),
        "other",
    ),
    more=nodes.Text("Mais."),
    other=nodes.Text("Certo."),
)


def test_a_template_is_filled_and_waits_also_where_the_session_is_shut():
    """FLOW-4, SCH-2, ROW-5"""
    after = begun(ASKS_BY_TEMPLATE, facts(last_inbound_at=SHUT))
    assert said(after) == ["[template] boas_vindas {'body.1': 'Bia'}"]
    assert after.position.node == "start"


@pytest.mark.parametrize(
    ("typed", "kind", "answer"),
    [
        ("quero saber mais", "choice", "Mais."),
        ("quem é?", "text", "Certo."),
        ("", "sticker", "Certo."),
        ("1", "text", "Certo."),  # its buttons have no numbers
    ],
)
def test_any_answer_to_a_template_goes_on_unless_an_option_matches(typed, kind, answer):
    """FLOW-4"""
    before = begun(ASKS_BY_TEMPLATE)
    assert said(replied(ASKS_BY_TEMPLATE, before, typed, message_kind=kind)) == [answer]


def test_a_template_with_options_and_a_fallback_asks_again():
    """FLOW-7"""
    node = replace(
        ASKS_BY_TEMPLATE.nodes["start"], fallback=nodes.Fallback("Toque num botão.", 1, "other")
    )
    asked = flow(node, more=nodes.Text("Mais."), other=nodes.Text("Certo."))
    again = replied(asked, begun(asked), "hein?")
    assert said(again) == ["Toque num botão."]
    assert said(replied(asked, again, "hein?")) == ["Certo."]


SENDS = flow(
    nodes.Text("Antes.", "sends"),
    sends=nodes.SendTemplate("boas_vindas", "pt_BR", {"body.1": "{nome}"}, "after"),
    after=nodes.Text("Depois."),
)


def test_a_template_that_is_only_sent_waits_for_nothing():
    """FLOW-5"""
    after = begun(SENDS)
    assert said(after) == ["Antes.", "[template] boas_vindas {'body.1': 'Bia'}", "Depois."]
    assert after.outcome == "ended"


@pytest.mark.parametrize(
    "template",
    [
        None,
        replace(WELCOME, status="paused"),
        replace(WELCOME, status="deleted"),
        replace(WELCOME, category="authentication"),
        replace(WELCOME, body="Olá, {{1}} e {{2}}!"),  # not as the flow fills it, any more
        replace(WELCOME, body="Olá!"),
    ],
)
def test_a_template_that_is_gone_stops_the_flow_with_its_line(template):
    """FLOW-8"""
    after = begun(SENDS, facts(found={("template", "boas_vindas/pt_BR"): template}))
    assert said(after) == ["Antes.", "--- flow_template_gone boas_vindas"]
    assert (after.outcome, after.reason, after.position) == ("stopped", "template_gone", None)


# --- what stops a flow (SCH-2, SEND-3, FLOW-12) -----------------------------------------------


@pytest.mark.parametrize(
    "content",
    [
        nodes.Text("Oi"),
        MENU,
        nodes.Question("?", nodes.Answer("text")),
        nodes.Question("?", nodes.Answer("yes_no")),
        nodes.Media("image", PICTURE),
        nodes.Contact(nodes.Card("Loja", phone="11 4000-1234")),
    ],
)
def test_with_the_session_shut_the_first_content_that_is_no_template_stops_it(content):
    """SCH-2"""
    every = flow(nodes.AddTag("t1", "content"), content=content, sold=SOLD, paid=PAID)
    after = begun(every, facts(last_inbound_at=SHUT))
    assert done(after) == [effects.AddTag("t1")]
    assert said(after) == ["--- flow_session_closed"]
    assert (after.outcome, after.reason) == ("stopped", "session_closed")


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Seu e-mail é {email}", "email"),
        ("Protocolo {protocolo}", "protocolo"),
        ("{nada} disso", "nada"),
        ("{antigo}", "antigo"),
        ("{agente} de {departamento}", "agente, departamento"),
    ],
)
def test_a_variable_that_stands_for_nothing_stops_it_and_is_named(text, named):
    """SEND-3"""
    after = begun(flow(nodes.Text(text, "more"), more=nodes.Text("mais")))
    assert said(after) == [f"--- flow_variable_empty {named}"]
    assert after.reason == "variable_empty"


@pytest.mark.parametrize(
    ("node", "named"),
    [
        (nodes.GoTo("nowhere"), "nowhere"),
        (nodes.StartFlow("gone"), "gone"),
        (nodes.AddTag("gone"), "gone"),
        (nodes.RemoveTag("gone"), "gone"),
        (nodes.SetField("gone", "x"), "gone"),
        (nodes.SetField("antigo", "x"), "antigo"),
        (nodes.Media("image", replace(PICTURE, key="flow/gone.png")), "loja.png"),
        (nodes.Media("image", replace(PICTURE, key="media/c2/1.png")), "loja.png"),
        (nodes.Condition("all", (nodes.TagTest("gone", "has"),)), "gone"),
        (nodes.Condition("all", (nodes.FieldTest("gone", "filled"),)), "gone"),
    ],
)
def test_what_is_gone_stops_it_and_is_named(node, named):
    """FLOW-12"""
    found = {("flow", "gone"): None, ("file", "flow/gone.png"): None}
    other = Attached("media/c2/1.png", "x", "image/png", 1)
    found |= {("file", other.key): other}
    after = begun(flow(nodes.Text("Antes", "node"), node=node), facts(found=found))
    assert said(after) == ["Antes", f"--- flow_gone {named}"]
    assert (after.outcome, after.reason, done(after)) == ("stopped", "gone", [])


def test_a_question_whose_field_is_gone_stops():
    """FLOW-12"""
    asked = question("text", "gone")
    assert said(replied(asked, begun(asked), "oi")) == ["--- flow_gone gone"]


def test_a_file_that_the_channel_does_not_take_stops_it():
    """FLOW-12"""
    sound = Attached("flow/a.ogg", "voz.ogg", "audio/ogg", 100)
    after = begun(
        flow(nodes.Media("audio", sound)),
        facts(channel="instagram", found={("file", sound.key): sound}),
    )
    assert said(after) == ["--- flow_gone voz.ogg"]


def test_a_position_at_a_node_that_is_gone_stops():
    """FLOW-12"""
    before = begun(ASKED)
    gone = replace(before, position=replace(before.position, node="old"))
    assert said(replied(ASKED, gone, "1")) == ["--- flow_gone old"]


def test_a_loop_stops_and_the_contact_has_seen_it_once():
    """FLOW-12"""
    round_ = flow(a=nodes.Text("Um", "b"), b=nodes.AddTag("t1", "c"), c=nodes.GoTo("a"))
    after = begun(round_)
    assert said(after) == ["Um", "--- flow_loop"]
    assert done(after) == [effects.AddTag("t1")]
    assert (after.outcome, after.reason, after.nodes_run) == ("stopped", "loop", MOST_NODES)


def test_flows_that_start_each_other_stop():
    """FLOW-12"""
    other = flow(nodes.Text("B", "n1"), nodes.StartFlow("f1"), flow_id="f2")
    this = flow(nodes.Text("A", "n1"), nodes.StartFlow("f2"))
    found = {("flow", "f1"): this, ("flow", "f2"): other}
    assert said(begun(this, facts(found=found))) == ["A", "B", "--- flow_loop"]


def test_a_hundred_nodes_are_run_and_no_more():
    """FLOW-12"""
    chain = [nodes.AddTag("t1", f"n{place + 1}") for place in range(MOST_NODES)]
    assert begun(flow(*chain[:-1], nodes.AddTag("t1"))).outcome == "ended"
    assert begun(flow(*chain, nodes.AddTag("t1"))).reason == "loop"


def test_a_blocked_contact_gets_nothing_and_the_flow_ends():
    """BLOCK-2"""
    blocked = facts(blocked=True)
    assert begun(ASKED, blocked) == Decisions("ended")
    assert replied(ASKED, begun(ASKED), "1", blocked) == Decisions("ended")


# --- actions (FLOW-5) -------------------------------------------------------------------------


def test_tags_are_added_and_removed_once():
    """FLOW-5"""
    tags = flow(
        nodes.AddTag("t1", "n1"),
        nodes.AddTag("t2", "n2"),
        nodes.RemoveTag("t2", "n3"),
        nodes.RemoveTag("t2"),
    )
    after = begun(tags, facts(tags=("t1",)))
    assert done(after) == [effects.AddTag("t2"), effects.RemoveTag("t2")]


@pytest.mark.parametrize(
    ("field", "value", "kept"),
    [
        ("nota", "Olá {nome}", [effects.SetField("Olá Bia", field_id="id-nota")]),
        ("email", "{email}", [effects.SetField(None, system="email")]),  # empty: removed
        ("vip", "não", [effects.SetField(False, field_id="id-vip")]),
        ("cores", "rosa, verde", [effects.SetField(["Verde", "Rosa"], field_id="id-cores")]),
        ("nota", "", [effects.SetField(None, field_id="id-nota")]),
        ("saldo", "{nome}", []),  # cannot stand there: it stays as it is
    ],
)
def test_a_field_is_set(field, value, kept):
    """FLOW-5"""
    after = begun(flow(nodes.SetField(field, value, "n1"), nodes.Text("fim")))
    assert done(after) == kept
    assert said(after) == ["fim"]


def test_what_was_removed_is_empty_to_what_follows():
    """FLOW-5"""
    known = facts(found={("profile", ""): Profile("c1", system={"email": "bia@x.com.br"})})
    cleared = flow(
        nodes.Text("{email}", "n1"), nodes.SetField("email", "", "n2"), nodes.Text("{email}")
    )
    assert said(begun(cleared, known)) == ["bia@x.com.br", "--- flow_variable_empty email"]


@pytest.mark.parametrize(
    ("days", "time", "at"),
    [
        (0, "14:30", datetime(2026, 11, 24, 17, 30, tzinfo=UTC)),
        (1, "08:00", datetime(2026, 11, 25, 11, 0, tzinfo=UTC)),
        (0, "08:00", datetime(2026, 11, 25, 11, 0, tzinfo=UTC)),  # over for today
        (365, "00:00", datetime(2027, 11, 24, 3, 0, tzinfo=UTC)),
    ],
)
def test_an_appointment_is_booked_in_the_agencys_zone(days, time, at):
    """INFO-8"""
    after = begun(flow(nodes.Book("Retorno a {nome}", days, time, "ana")))
    assert done(after) == [effects.Book("Retorno a Bia", at, "ana")]


def test_an_appointment_of_an_inactive_agent_is_nobodys():
    """INFO-8"""
    (book,) = done(begun(flow(nodes.Book("Retorno", 1, "10:00", "gustavo"))))
    assert book.agent_id is None


def test_another_flow_goes_on_in_this_ones_place():
    """FLOW-5"""
    other = replace(flow(start=MENU, sold=SOLD, paid=PAID, flow_id="f2"), version=9)
    after = begun(flow(nodes.StartFlow("f2")), facts(found={("flow", "f2"): other}))
    assert (after.position.flow_id, after.position.version) == ("f2", 9)


# --- «Abrir conversa» (FLOW-5, FLOW-14, FLOW-15) ----------------------------------------------

TURN, CHANCE = ("turn", "f1/start"), ("chance", "f1/start")


@pytest.mark.parametrize(
    ("node", "found", "agent", "department"),
    [
        # nobody
        (nodes.OpenChat(), {}, None, None),
        # a department without agents
        (nodes.OpenChat("vendas"), {}, None, "vendas"),
        # inactive or deleted: nobody
        (nodes.OpenChat("parcerias"), {}, None, None),
        (nodes.OpenChat("gone"), {}, None, None),
        (nodes.OpenChat(agent="specific", agent_id="gustavo"), {}, None, None),
        (nodes.OpenChat(agent="specific", agent_id="gone"), {}, None, None),
        (nodes.OpenChat("vendas", "specific", "gustavo"), {}, None, "vendas"),
        (nodes.OpenChat("parcerias", "specific", "ana"), {}, "ana", None),
        # a specific agent; with a department both stay
        (nodes.OpenChat(agent="specific", agent_id="carla"), {}, "carla", None),
        (nodes.OpenChat("vendas", "specific", "ana"), {}, "ana", "vendas"),
        # a random one: of all, of the named, of the department's
        (nodes.OpenChat(agent="random"), {CHANCE: 2}, "carla", None),
        (nodes.OpenChat(agent="random", agent_ids=("carla", "ana")), {CHANCE: 1}, "ana", None),
        (nodes.OpenChat("vendas", "random"), {CHANCE: 3}, "bruno", "vendas"),
        (nodes.OpenChat(agent="random", agent_ids=("gustavo",)), {}, None, None),
        # the next in sequence
        (nodes.OpenChat(agent="sequence"), {TURN: 0}, "ana", None),
        (nodes.OpenChat(agent="sequence"), {TURN: 4}, "bruno", None),
        (
            nodes.OpenChat(agent="sequence", agent_ids=("carla", "gustavo", "ana")),
            {TURN: 1},
            "ana",
            None,
        ),
        (nodes.OpenChat("vendas", "sequence"), {TURN: 2}, "ana", "vendas"),
        # the last who attended; none or inactive: the node's department
        (nodes.OpenChat("vendas", "last"), {("last_agent", ""): "carla"}, "carla", None),
        (nodes.OpenChat("vendas", "last"), {("last_agent", ""): None}, None, "vendas"),
        (nodes.OpenChat("vendas", "last"), {("last_agent", ""): "gustavo"}, None, "vendas"),
        (nodes.OpenChat(agent="last"), {("last_agent", ""): None}, None, None),
        # «Abrir para último agente?»: if active and of the department
        (nodes.OpenChat("suporte"), {("last_agent", ""): "bruno"}, "bruno", "suporte"),
        (nodes.OpenChat("suporte"), {("last_agent", ""): "ana"}, None, "suporte"),
        (nodes.OpenChat("suporte"), {("last_agent", ""): "gustavo"}, None, "suporte"),
        (nodes.OpenChat("suporte"), {("last_agent", ""): None}, None, "suporte"),
        (nodes.OpenChat("vendas"), {("last_agent", ""): "ana"}, None, "vendas"),
    ],
)
def test_whom_a_chat_is_opened_for(node, found, agent, department):
    """FLOW-5, FLOW-15"""
    after = begun(flow(node), facts(found=found))
    assert done(after) == [effects.Open(agent, department, "200001")]
    assert after.outcome == "ended"


def test_a_sequence_gives_each_agent_their_turn():
    """FLOW-5"""
    node = nodes.OpenChat(agent="sequence")
    given = [done(begun(flow(node), facts(found={TURN: one})))[0].agent_id for one in range(6)]
    assert given == ["ana", "bruno", "carla"] * 2


@pytest.mark.parametrize(
    ("agent", "department"), [(None, None), ("ana", None), (None, "vendas"), ("ana", "vendas")]
)
def test_agent_and_department_both_stay(agent, department):
    """FLOW-5, ROUTE-5"""
    after = opened(chat(open_=False), effects.Open(agent, department, "7"), NOON)
    assert (after.agent_id, after.department_id) == (agent, department)
    assert after.attendance.protocol == "7"
    assert after.attendance.agent_ids == ((agent,) if agent else ())
    assert after.attendance.department_ids == ((department,) if department else ())
    assert after.opened_at == NOON


def test_a_chat_that_is_open_already_is_given_on_under_its_protocol():
    """FLOW-5"""
    before = attendance_opened(chat(open_=False), "5", NOON)
    after = opened(replace(before, agent_id="ana"), effects.Open(None, "vendas", None), NOON)
    assert (after.agent_id, after.department_id) == (None, "vendas")
    assert after.attendance.protocol == "5"


@pytest.mark.parametrize(
    "asks",
    [
        MENU,
        nodes.Question("?", nodes.Answer("text")),
        ASKS_BY_TEMPLATE.nodes["start"],
        nodes.Wait(5),
    ],
)
def test_after_opening_nodes_run_until_the_first_that_needs_an_answer(asks):
    """FLOW-14"""
    rest = flow(
        nodes.OpenChat("vendas", next="n1"),
        nodes.Text("Protocolo {protocolo}, {departamento}", "n2"),
        nodes.AddTag("t1", "n3"),
        asks,
        nodes.Text("nunca"),
    )
    after = begun(rest)
    assert said(after) == ["Protocolo 200001, Vendas"]
    assert done(after) == [effects.Open(None, "vendas", "200001"), effects.AddTag("t1")]
    assert (after.outcome, after.position) == ("ended", None)


def test_the_holder_is_known_to_what_follows():
    """FLOW-5"""
    rest = flow(
        nodes.OpenChat(agent="specific", agent_id="ana", next="n1"), nodes.Text("{agente} já vem")
    )
    assert said(begun(rest)) == ["Ana já vem"]


def test_a_close_closes_what_is_open_and_ends():
    """FLOW-5"""
    rest = flow(nodes.OpenChat(next="n1"), nodes.Close())
    assert done(begun(rest)) == [effects.Open(None, None, "200001"), effects.Close()]
    assert begun(flow(nodes.Close())) == Decisions("ended", nodes_run=1)


def test_a_flow_that_waits_while_somebody_attends_has_ended():
    """FLOW-14"""
    before = begun(ASKED)
    known = facts()
    held = replace(known, chat=attendance_opened(known.chat, "5", NOON))
    assert replied(ASKED, before, "1", held) == Decisions("ended")


# --- conditions (FLOW-6) ----------------------------------------------------------------------

IN_HOURS = nodes.HoursTest("open")
PROFILE = Profile(
    "c1",
    system={"email": "bia@x.com.br"},
    values={"id-saldo": "12.5", "id-vip": True, "id-cores": ["Azul"], "id-desde": "2026-02-01"},
)


@pytest.mark.parametrize(
    ("test", "holds"),
    [
        (nodes.TagTest("t1", "has"), True),
        (nodes.TagTest("t2", "has"), False),
        (nodes.TagTest("t2", "lacks"), True),
        (nodes.ChannelTest("whatsapp"), True),
        (nodes.ChannelTest("instagram"), False),
        (nodes.DepartmentTest(None), True),
        (nodes.DepartmentTest("vendas"), False),
        (IN_HOURS, True),
        (nodes.HoursTest("closed"), False),
        (nodes.SessionTest("open"), True),
        (nodes.SessionTest("expiring"), False),
        (nodes.AnswerTest("equals", "SIM "), True),
        (nodes.AnswerTest("contains", "i"), True),
        (nodes.AnswerTest("differs", "não"), True),
        (nodes.AnswerTest("filled"), True),
        (nodes.AnswerTest("empty"), False),
        (nodes.FieldTest("email", "filled"), True),
        (nodes.FieldTest("email", "contains", "@X.com"), True),
        (nodes.FieldTest("cpf", "empty"), True),
        (nodes.FieldTest("cpf", "differs", "1"), True),
        (nodes.FieldTest("cpf", "equals", "1"), False),
        (nodes.FieldTest("nome", "equals", "bia"), True),
        (nodes.FieldTest("telefone", "contains", "98765"), True),
        (nodes.FieldTest("protocolo", "empty"), True),
        (nodes.FieldTest("saldo", "greater", "12,4"), True),
        (nodes.FieldTest("saldo", "greater", "100"), False),
        (nodes.FieldTest("saldo", "less", "100"), True),
        (nodes.FieldTest("saldo", "equals", "12,50"), True),
        (nodes.FieldTest("saldo", "less", "muito"), False),
        (nodes.FieldTest("vip", "equals", "sim"), True),
        (nodes.FieldTest("vip", "equals", "não"), False),
        (nodes.FieldTest("cores", "contains", "azul"), True),
        (nodes.FieldTest("cores", "contains", "rosa"), False),
        (nodes.FieldTest("desde", "greater", "31/01/2026"), True),
        (nodes.FieldTest("desde", "less", "31/01/2026"), False),
        (nodes.FieldTest("desde", "equals", "1/2/2026"), True),
        (nodes.Group("any", (nodes.TagTest("t2", "has"), IN_HOURS)), True),
        (nodes.Group("all", (nodes.TagTest("t2", "has"), IN_HOURS)), False),
    ],
)
def test_a_condition_takes_one_of_two_ways(test, holds):
    """FLOW-6"""
    asked = flow(
        nodes.Condition("all", (test,), "yes", "no"), yes=nodes.Text("sim"), no=nodes.Text("não")
    )
    known = facts(found={("profile", ""): PROFILE, ("last_answer", ""): "Sim"}, tags=("t1",))
    assert said(begun(asked, known)) == ["sim" if holds else "não"]


@pytest.mark.parametrize(
    ("match", "tests", "holds"),
    [
        ("all", (True, True), True),
        ("all", (True, False), False),
        ("any", (False, True), True),
        ("any", (False, False), False),
    ],
)
def test_conditions_are_joined_by_and_or_or(match, tests, holds):
    """FLOW-6"""
    asked = nodes.Condition(
        match, tuple(nodes.HoursTest("open" if one else "closed") for one in tests), "yes", "no"
    )
    both = flow(asked, yes=nodes.Text("sim"), no=nodes.Text("não"))
    assert said(begun(both)) == ["sim" if holds else "não"]


# --- what is needed ---------------------------------------------------------------------------


def test_what_is_not_known_is_asked_for_and_only_then():
    """FLOW-12"""
    asked = flow(nodes.Text("Oi {nome}", "n1"), nodes.Text("Saldo {saldo}"))
    known = replace(facts(), found={})
    needed = []
    every = facts(found={("profile", ""): PROFILE}).found
    for _ in range(10):
        try:
            after = begun(asked, known)
            break
        except Needs as need:
            needed.append((need.kind, need.key))
            found = {**known.found, (need.kind, need.key): every[need.kind, need.key]}
            known = replace(known, found=found)
    assert needed == [("profile", ""), ("fields", "")]
    assert said(after) == ["Oi Bia", "Saldo 12,5"]
