"""Flows in chats: what a message, a time and an agent make of them, each once."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.commands import close as closing
from chalicelib.commands import run_due
from chalicelib.commands.assign import to_agent
from chalicelib.commands.assign_flow import to_flow
from chalicelib.commands.block import block
from chalicelib.commands.receive import receive
from chalicelib.commands.send import send
from chalicelib.domain import errors, views
from chalicelib.domain.access import Permission
from chalicelib.domain.delivery import Status
from chalicelib.domain.timer import Timer, of_chat
from chalicelib.stores import attendances as records
from chalicelib.stores import chats as store
from chalicelib.stores import counters, labels, people, profiles
from chalicelib.stores.chats import commit_rows
from tests.builders import ACCOUNT, NOON, TABS, agent, arrival, chat, client_key, join, put
from tests.commands.flow_fixtures import chatbot, publish

ANA = agent("ana", permissions=TABS | {Permission.BLOCKING})
BRUNO = agent("bruno")
PHONE = f"whatsapp#{ACCOUNT}#phone#5511987654321"

MENU = {
    "oi": {"type": "text", "text": "Olá, {nome}!", "next": "menu"},
    "menu": {
        "type": "menu",
        "text": "Com quem quer falar?",
        "options": [
            {"id": "vendas", "title": "Vendas", "next": "vendas"},
            {"id": "email", "title": "Deixar e-mail", "next": "email"},
        ],
        "fallback": {"text": "Não entendi.", "tries": 2, "exit": "ninguem"},
        "limit": {"minutes": 30, "exit": "tempo"},
    },
    "vendas": {"type": "open_chat", "department_id": "sales", "agent": "none", "next": "aguarde"},
    "aguarde": {"type": "text", "text": "Já vamos atender. {protocolo}", "next": None},
    "email": {
        "type": "question",
        "text": "Qual o seu e-mail?",
        "answer": {"kind": "email"},
        "save": {"field": "email"},
        "next": "salvo",
    },
    "salvo": {"type": "text", "text": "Anotado: {email}", "next": None},
    "ninguem": {"type": "open_chat", "department_id": None, "agent": "none", "next": None},
    "tempo": {"type": "text", "text": "Ficamos por aqui.", "next": None},
}


@pytest.fixture(autouse=True)
def _desk(world):
    join(ANA, BRUNO)
    people.save_department("sales", "Vendas", active=True)
    publish("f1", MENU)
    chatbot(world)


def known(**facts):
    return put(replace(chat(open_=False, **facts), identities=(PHONE,)))


def writes(world, clock, text, **facts):
    """The contact writes, a minute after what was before."""
    clock.forward(minutes=1)
    receive(world, arrival(text, at=clock(), provider_id=f"wamid.{clock()}", **facts))


def taps(world, clock, title):
    """The contact taps an option of the last menu."""
    menu = next(one for one in reversed(messages()) if one.kind == "menu")
    (option,) = [one for one in menu.details["menu"]["options"] if one["title"] == title]
    choice = {"title": title, "description": None, "payload": option["payload"]}
    writes(world, clock, title, kind="choice", details={"choice": choice})


def now(chat_id="c1"):
    return store.load(chat_id)


def messages():
    return store.page_of_messages(now(), limit=90)


def said():
    return [one.text for one in messages() if one.author == "agent"]


def lines():
    return [one.line["code"] for one in messages() if one.line]


def time_comes(world, clock):
    """What the chat's flow promises is brought at its time."""
    (timer,) = [one for one in of_chat(now()) if one.what == "flow"]
    clock.at = timer.at
    for _ in range(2):
        run_due.keep(world, timer)


# --- a message --------------------------------------------------------------------------------


def test_a_first_message_fires_the_main_flow_in_its_own_transaction(world, clock):
    """FLOW-1 TAB-5: no attendance, `all` only, and the chat waits."""
    known()
    receive(world, arrival("oi"))
    assert said() == ["Olá, Bia!", "Com quem quer falar?"]
    assert {one.source for one in messages() if one.author == "agent"} == {"flow"}
    assert {one.status for one in messages() if one.author == "agent"} == {Status.QUEUED}
    assert (now().attendance, now().flow.node, now().rev) == (None, "menu", 2)
    assert set(now().touched) == {one.key for one in messages()}
    assert (now().preview, now().preview_author) == ("Com quem quer falar?", "flow")
    assert counters.last_protocol() == 100_000


def test_told_again_it_steps_once(world, clock):
    """INB-3: one message, one flow step."""
    known()
    for _ in range(3):
        receive(world, arrival("oi"))
    assert said() == ["Olá, Bia!", "Com quem quer falar?"]


def test_a_tap_opens_for_the_department_and_the_flow_says_the_last_word(world, clock):
    """FLOW-5 FLOW-14 ROUTE-2 ROUTE-3: with protocol, record and line; nodes after it still run."""
    known()
    receive(world, arrival("oi"))
    taps(world, clock, "Vendas")
    after = now()
    assert (after.department_id, after.agent_id, after.flow) == ("sales", None, None)
    assert after.attendance.protocol == "100001"
    assert said()[-1] == "Já vamos atender. 100001"
    assert lines() == ["assigned_to_department"]
    assert records.load(("c1",), "100001").department_ids == ("sales",)
    writes(world, clock, "oi?")
    assert len(said()) == 3, "while an attendance is open no message fires a flow"


def test_an_answer_is_kept_in_its_field_with_the_step_that_asked(world, clock):
    """FLOW-4: validated, saved, and seen by what is said next."""
    known()
    receive(world, arrival("oi"))
    writes(world, clock, "2")
    writes(world, clock, "não tenho")
    assert said()[-1] == "Qual o seu e-mail?"
    writes(world, clock, "bia@example.com")
    assert profiles.load("c1").system == {"email": "bia@example.com"}
    assert said()[-1] == "Anotado: bia@example.com"
    assert (now().flow, now().profile_rev) == (None, now().rev)
    writes(world, clock, "oi")
    assert said()[-1] == "Com quem quer falar?", "the next message fires the main flow again"


@pytest.mark.parametrize(
    "facts",
    [{"kind": "sticker"}, {"kind": "image"}, {"text": "x" * 4000}],
    ids=["a sticker", "a picture", "4,000 characters"],
)
def test_what_does_not_fit_is_asked_again_and_then_leaves(world, clock, facts):
    """FLOW-7"""
    known()
    receive(world, arrival("oi"))
    text = facts.pop("text", "")
    for number in range(3):
        writes(world, clock, text or f"{number}?", **facts)
    facts.update(text=text) if text else None
    assert said().count("Não entendi.") == 2
    assert (now().attendance is not None, now().flow) == (True, None)


def test_a_story_mention_wakes_no_flow(world):
    """INB-9"""
    known()
    receive(world, arrival("", kind="story_mention"))
    assert (said(), now().flow, now().attendance) == ([], None, None)


def test_an_old_menus_tap_is_taken_by_its_title(world, clock):
    """FLOW-7: a stale button is no way into a node that does not wait."""
    known()
    receive(world, arrival("oi"))
    stale = next(one for one in messages() if one.kind == "menu").details["menu"]["options"][0]
    writes(world, clock, "2")
    choice = {"title": "Vendas", "description": None, "payload": stale["payload"]}
    writes(world, clock, "Vendas", kind="choice", details={"choice": choice})
    assert now().attendance is None
    assert now().flow.node == "email"


# --- the switch -------------------------------------------------------------------------------


@pytest.mark.parametrize("off", [{"chatbot": False}, {"main_flow_id": ""}])
def test_with_the_chatbot_off_a_message_opens_with_nobody_and_waiting_flows_end(world, clock, off):
    """FLOW-13 TAB-5"""
    known()
    receive(world, arrival("oi"))
    chatbot(world, **off)
    writes(world, clock, "1")
    assert (now().attendance.protocol, now().flow) == ("100001", None)
    assert (now().agent_id, now().department_id) == (None, None)
    assert len(said()) == 2


def test_switched_off_and_on_a_flow_that_waited_begins_anew(world, clock):
    """FLOW-13: off ends waiting flows, also when it is on again by then."""
    known()
    receive(world, arrival("oi"))
    clock.forward(minutes=1)
    chatbot(world, chatbot=False)
    clock.forward(minutes=1)
    chatbot(world)
    writes(world, clock, "1")
    assert said()[2:] == ["Olá, Bia!", "Com quem quer falar?"]


# --- time -------------------------------------------------------------------------------------


def test_silence_takes_the_limits_exit_once(world, clock):
    """FLOW-7"""
    known()
    receive(world, arrival("oi"))
    time_comes(world, clock)
    assert said()[-1] == "Ficamos por aqui."
    assert said().count("Ficamos por aqui.") == 1
    assert now().flow is None


def test_an_answer_in_time_leaves_the_limit_nothing_to_do(world, clock):
    """FLOW-7: the promise is not made any more."""
    known()
    receive(world, arrival("oi"))
    (timer,) = [one for one in of_chat(now()) if one.what == "flow"]
    writes(world, clock, "1")
    clock.at = timer.at
    run_due.keep(world, timer)
    assert "Ficamos por aqui." not in said()


def test_a_wait_goes_on_by_itself_whatever_the_contact_writes(world, clock):
    """FLOW-5"""
    publish(
        "f1",
        {
            "espere": {"type": "wait", "minutes": 5, "next": "fim"},
            "fim": {"type": "text", "text": "Voltei", "next": None},
        },
    )
    known()
    receive(world, arrival("oi"))
    writes(world, clock, "e aí?")
    assert (said(), now().flow.node) == ([], "espere")
    assert views.row(now())["waiting_since"] is None  # ROW-5: it does not wait for the contact
    time_comes(world, clock)
    assert said() == ["Voltei"]


def test_a_limit_after_the_session_stops_with_a_line(world, clock):
    """SCH-2: with the session shut nothing goes out but templates."""
    menu = {**MENU["menu"], "limit": {"minutes": 2000, "exit": "tempo"}}
    publish("f1", {**MENU, "menu": menu})
    known()
    receive(world, arrival("oi"))
    time_comes(world, clock)
    assert lines() == ["flow_session_closed"]
    assert now().flow is None


# --- agents -----------------------------------------------------------------------------------


def test_an_agents_answer_ends_the_flow(world, clock):
    """FLOW-14 ROUTE-4"""
    known()
    receive(world, arrival("oi"))
    clock.forward(minutes=1)
    send(world, ANA, "c1", {"client_key": client_key(clock()), "text": "Deixa comigo"})
    assert (now().flow, now().agent_id) == (None, "ana")
    writes(world, clock, "1")
    assert said()[-1] == "Deixa comigo"


def test_an_assignment_ends_the_flow(world):
    """FLOW-14"""
    known()
    receive(world, arrival("oi"))
    nobody = {"agent_id": None, "department_id": None, "protocol": None}
    to_agent(world, ANA, "c1", "bruno", nobody)
    assert now().flow is None


def test_a_block_ends_the_flow(world):
    """BLOCK-2"""
    known()
    receive(world, arrival("oi"))
    block(world, ANA, "c1")
    assert now().flow is None


SURVEY = {
    "nota": {
        "type": "menu",
        "text": "De 1 a 2?",
        "options": [{"id": "a", "title": "Um", "next": None}, {"id": "b", "title": "Dois"}],
    }
}


def forwards(world, key=None, **seen):
    shown = {"agent_id": "ana", "department_id": None, "protocol": "100001", **seen}
    asked = {"client_key": key or client_key(NOON), "flow_id": "f2", "seen": shown}
    return to_flow(world, ANA, "c1", asked)


def test_forwarding_to_a_flow_closes_and_fires_once(world):
    """FLOW-2 CLOSE-5: no farewell, no flow after closing; a double click fires once."""
    publish("f2", SURVEY, name="Pesquisa")
    chatbot(world, closing_flow_id="f2")
    put(replace(chat(agent_id="ana"), identities=(PHONE,)))
    for _ in range(2):
        forwards(world)
    assert (now().attendance, now().flow.flow_id) == (None, "f2")
    assert lines() == ["closed_by_flow", "flow_started"]
    assert said() == ["De 1 a 2?"]
    assert records.load(("c1",), "100001").closed_by == "flow"


def test_forwarding_is_refused_for_what_cannot_be(world):
    """FLOW-2 FLOW-13 BLOCK-2"""
    put(replace(chat(agent_id="ana"), identities=(PHONE,)))
    with pytest.raises(errors.NotFound):
        forwards(world)
    publish("f2", SURVEY, name="Pesquisa")
    with pytest.raises(errors.MovedOn):
        forwards(world, agent_id=None)
    chatbot(world, chatbot=False)
    with pytest.raises(errors.ChatbotOff):
        forwards(world)
    assert now().attendance is not None


def test_closing_fires_the_flow_that_is_chosen_for_it(world, clock):
    """CLOSE-5 CLOSE-4: after farewell and line, in the closing's own transaction."""
    publish("f2", SURVEY, name="Pesquisa")
    chatbot(world, closing_flow_id="f2")
    put(replace(chat(agent_id="ana"), identities=(PHONE,)))
    closing.close(world, ANA, "c1", "100001", farewell="Até logo", fields={})
    assert said() == ["Até logo", "De 1 a 2?"]
    assert lines() == ["closed", "flow_started"]
    assert (now().attendance, now().flow.flow_id, now().rev) == (None, "f2", 2)
    writes(world, clock, "1")
    assert now().flow is None


# --- what is gone, and bounds -----------------------------------------------------------------


def test_who_is_inside_finishes_on_the_version_they_began(world, clock):
    """FLOW-11"""
    known()
    receive(world, arrival("oi"))
    publish("f1", {"outro": {"type": "text", "text": "Outro", "next": None}})
    writes(world, clock, "2")
    assert said()[-1] == "Qual o seu e-mail?"


def test_a_flow_that_never_waits_stops_with_a_line(world):
    """FLOW-12: nothing else is harmed."""
    publish(
        "f1",
        {
            "a": {"type": "text", "text": "de novo", "next": "b"},
            "b": {"type": "go_to", "node": "a"},
        },
    )
    known()
    receive(world, arrival("oi"))
    assert lines() == ["flow_loop"]
    assert now().unread == 1


def test_the_next_in_sequence_is_fair(world, clock):
    """FLOW-5: one rotation per node, over active agents."""
    join(agent("carla", active=False))
    nodes = {"abrir": {"type": "open_chat", "department_id": None, "agent": "sequence"}}
    publish("f1", nodes)
    given = []
    for number in range(6):
        person = arrival("oi").person
        who = replace(person, phone=f"551190000000{number}")
        receive(world, arrival("oi", provider_id=f"wamid.s{number}", person=who))
        found = store.find_by_provider_id(f"wamid.s{number}")
        given.append(now(found.chat_id).agent_id)
    assert sorted(given) == ["ana"] * 3 + ["bruno"] * 3
    assert given[:2] == given[2:4] == given[4:]


def test_tags_and_fields_are_changed_with_the_step(world):
    """FLOW-5"""
    vip = {"tag_id": "vip", "name": "VIP", "color": "blue"}
    commit_rows(*labels.tag_saved(None, vip))
    publish(
        "f1",
        {
            "tag": {"type": "add_tag", "tag_id": "vip", "next": "campo"},
            "campo": {"type": "set_field", "field": "codigo_cliente", "value": "{nome}-1"},
        },
    )
    known()
    receive(world, arrival("oi"))
    assert now().tags == ("vip",)
    assert profiles.load("c1").system == {"customer_code": "Bia-1"}


def test_a_flow_that_is_gone_stops_with_a_line(world, clock):
    """FLOW-12"""
    known()
    receive(world, arrival("oi"))
    chats_flow = replace(now().flow, version=99)
    before = now()
    after = replace(before, flow=chats_flow, rev=before.rev + 1)
    store.commit(store.Change(before=before, after=after))
    writes(world, clock, "1")
    assert (lines(), now().flow) == (["flow_gone"], None)


def test_a_promise_of_another_run_does_nothing(world, clock):
    """FLOW-7"""
    known()
    receive(world, arrival("oi"))
    before = now()
    until = before.flow.until
    clock.at = until + timedelta(hours=1)
    run_due.keep(world, Timer("flow", "c1", "another", until))
    assert now() == before
