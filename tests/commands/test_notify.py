"""Agents are told of messages and assignments: once each, whoever they are by then, and why."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

import app
from chalicelib import triggers
from chalicelib.commands import assign, close, push
from chalicelib.commands.receive import receive
from chalicelib.domain.access import Permission
from chalicelib.domain.attendance import closed, given_to_both, given_to_department
from chalicelib.domain.revision import revised
from chalicelib.queries import notifications
from chalicelib.stores import alerts, bells, people
from chalicelib.stores import chats as store
from chalicelib.stores.chats import Change
from chalicelib.stores.tables import DecisionRow, alerts_pk
from tests.builders import ACCOUNT, NOON, TABS, agent, arrival, chat, join, put
from tests.commands.alerting import Alerting, rung, why
from tests.commands.flow_fixtures import chatbot, publish
from tests.fakes import sqs_event

ANA = agent("ana")
BRUNO = agent("bruno", department_ids={"sales"})
CAIO = agent("caio", department_ids={"sales"})
SHUT = agent("shut", department_ids={"sales"}, permissions=frozenset({Permission.FLOWS}))
IDENTITY = f"whatsapp#{ACCOUNT}#phone#5511987654321"
TOLD = ("told", "no_page_open", "no_device", None)


@pytest.fixture
def here(world, stream, monkeypatch):
    monkeypatch.setattr(triggers, "world", lambda: world)
    join(ANA, BRUNO, CAIO, SHUT)
    people.save_department("sales", "Vendas", active=True)
    stream.records()
    return Alerting(world, stream)


def has(here, **facts):
    """A chat as it stands, of which nobody is told anything."""
    put(chat(identities=(IDENTITY,), **facts))
    here.stream.records()


def writes(here, text="oi", **facts):
    here.world.now.forward(seconds=1)
    receive(here.world, arrival(text, at=here.world.now(), **facts))


def seen():
    one = store.resolve("c1")
    return {
        "agent_id": one.agent_id,
        "department_id": one.department_id,
        "protocol": one.attendance.protocol if one.attendance else None,
    }


def test_a_message_is_told_to_the_chats_agent_alone(here):
    """NOTIF-1 NOTIF-2 NOTIF-7"""
    has(here, agent_id="ana")
    writes(here)
    here.follow()
    assert rung("ana") == [("message", "c1")]
    assert why("ana") == [TOLD]
    assert (rung("bruno"), why("bruno")) == ([], [])


def test_a_message_is_told_to_everyone_of_the_department_who_may_see_it(here):
    """NOTIF-3"""
    has(here, department_id="sales")
    writes(here)
    here.follow()
    assert [rung(one) for one in ("bruno", "caio", "shut", "ana")] == [
        [("message", "c1")],
        [("message", "c1")],
        [],
        [],
    ]
    assert why("shut") == []


def test_a_message_to_nobodys_chat_is_told_to_nobody(here):
    """NOTIF-3"""
    has(here)
    writes(here)
    here.follow()
    assert here.world.queues.entries["notify"] == []
    assert [why(one) for one in ("ana", "bruno", "caio")] == [[], [], []]


def test_what_agents_say_is_no_news(here):
    """NOTIF-1"""
    has(here, agent_id="ana")
    writes(here, "oi", from_contact=False, echo=True)
    here.follow()
    assert why("ana") == []


def test_the_same_occasion_twice_is_decided_once(here):
    """NOTIF-7: also by a page that opened meanwhile."""
    has(here, agent_id="ana")
    writes(here)
    event = here.stream.event()
    app.dispatch(event, None)
    app.dispatch(event, None)
    bodies = [entry.body for entry in here.world.queues.entries["notify"]]
    assert len(bodies) == 2
    app.notify(sqs_event(bodies[0]), None)
    here.sits("ana")
    app.notify(sqs_event(bodies[1]), None)
    assert (rung("ana"), why("ana")) == ([("message", "c1")], [TOLD])


@pytest.mark.parametrize(
    ("pages", "rings"),
    [
        ([], True),
        ([("other", True)], True),
        ([("other", False)], True),
        ([("chat", True)], False),
        ([("chat", False)], False),
        ([("other", True), ("chat", False)], False),
    ],
)
def test_the_bell_is_for_who_has_no_page_of_the_chat(here, pages, rings):
    """NOTIF-2"""
    has(here, agent_id="ana")
    for page, visible in pages:
        here.sits("ana", page, visible=visible)
    here.sits("bruno")
    writes(here)
    here.follow()
    assert bool(rung("ana")) is rings


def test_a_page_that_went_without_a_word_does_not_silence_the_bell(here):
    """NOTIF-2: a laptop that was shut, a network that is gone."""
    has(here, agent_id="ana")
    here.sits("ana")
    here.world.now.forward(minutes=3)
    writes(here)
    here.follow()
    assert rung("ana") == [("message", "c1")]


def test_who_gives_a_chat_to_an_agent_tells_them(here):
    """ROUTE-1 NOTIF-3"""
    has(here, agent_id="ana")
    assign.to_agent(here.world, ANA, "c1", "bruno", seen())
    here.follow()
    assert rung("bruno") == [("assignment", "c1")]
    assert why("bruno") == [("told", "no_page_open", "not_a_message", None)]
    assert why("ana") == []


def test_who_gives_a_chat_to_a_department_tells_all_others_of_it(here):
    """ROUTE-2 NOTIF-3"""
    has(here, agent_id="bruno")
    assign.to_department(here.world, BRUNO, "c1", "sales", seen())
    here.follow()
    assert [rung(one) for one in ("bruno", "caio", "shut")] == [[], [("assignment", "c1")], []]


def test_who_takes_a_chat_themselves_is_told_nothing(here):
    """ROUTE-1"""
    has(here)
    assign.to_agent(here.world, ANA, "c1", "ana", seen())
    here.follow()
    assert why("ana") == []


def test_a_message_reaches_who_has_the_chat_by_then(here):
    """NOTIF-3: the agent changed between the message and its telling."""
    has(here, agent_id="ana")
    writes(here)
    assign.to_agent(here.world, ANA, "c1", "bruno", seen())
    here.follow()
    assert (rung("ana"), why("ana")) == ([], [])
    assert sorted(rung("bruno")) == [("assignment", "c1"), ("message", "c1")]


def test_an_assignment_that_stands_no_longer_is_no_news(here):
    """NOTIF-3"""
    has(here, agent_id="ana")
    assign.to_agent(here.world, ANA, "c1", "bruno", seen())
    assign.to_agent(here.world, BRUNO, "c1", "caio", seen())
    here.follow()
    assert (why("bruno"), rung("caio")) == ([], [("assignment", "c1")])


def test_a_permission_that_was_taken_a_second_ago_counts(here):
    """PERM-2 NOTIF-1: whatever this process remembers of the agent."""
    has(here, department_id="sales")
    here.world.agents()
    people.save_agent(replace(CAIO, permissions=frozenset()))
    people.save_agent(replace(BRUNO, department_ids=frozenset()))
    writes(here)
    here.follow()
    assert [why(one) for one in ("caio", "bruno")] == [[], []]


def test_an_agent_who_is_new_hears_of_their_first_chat(here):
    """NOTIF-3: whatever this process remembers of the agents."""
    has(here, agent_id="ana")
    here.world.agents()
    join(agent("nina"))
    assign.to_agent(here.world, ANA, "c1", "nina", seen())
    here.follow()
    assert rung("nina") == [("assignment", "c1")]


def test_a_message_of_a_chat_that_was_merged_meanwhile_is_told_as_it_is(here):
    """CHAT-7 NOTIF-3: by the chat that it is part of now, once."""
    has(here, agent_id="ana")
    here.phone(ANA)
    writes(here, "sou eu")
    event = here.stream.event()
    app.dispatch(event, None)
    (told,) = (entry.body for entry in here.world.queues.entries.pop("notify"))
    put(chat("c2", agent_id="ana", also=("c1",), name="Bia"))
    one = store.load("c1")
    store.commit(Change(one, revised(one, replace(one, merged_into="c2"))))
    here.stream.records()
    for _ in range(2):
        app.notify(sqs_event(told), None)
    here.follow()
    assert here.pushed() == [("one", "sou eu")]
    assert here.world.push.sent[0][1]["chat_id"] == "c2"
    (entry,) = notifications.at_bell(here.world, ANA)["entries"]
    assert (entry["chat_id"], entry["text"]) == ("c2", "sou eu")
    assert alerts.pushed("ana", "c2") is not None


def test_a_closed_chats_message_is_told_to_nobody(here):
    """NOTIF-3"""
    has(here, agent_id="ana")
    writes(here)
    one = store.resolve("c1")
    after = revised(one, closed(one))
    store.commit(Change(one, after))
    here.follow()
    assert why("ana") == []


def test_both_are_told_and_only_the_agents_phone(here):
    """NOTIF-3"""
    has(here, agent_id="ana", department_id="sales")
    here.phone(ANA, "ana")
    here.phone(BRUNO, "bruno")
    writes(here)
    here.follow()
    assert [rung(one) for one in ("ana", "bruno", "caio")] == [[("message", "c1")]] * 3
    assert here.pushed() == [("ana", "oi")]
    assert why("bruno")[0][2] == "agent_has_it"


def test_twenty_messages_are_one_push(here):
    """NOTIF-4"""
    has(here, agent_id="ana")
    here.phone(ANA)
    for number in range(20):
        writes(here, f"mensagem {number}")
        if number % 3 == 0:
            here.follow()
    here.follow()
    assert here.pushed() == [("one", "mensagem 0")]
    assert len(rung("ana")) == 20
    assert [told[2] for told in why("ana")] == [*["pushed_already"] * 19, "told"]


def test_twenty_messages_in_one_batch_are_one_push(here):
    """NOTIF-4"""
    has(here, agent_id="ana")
    here.phone(ANA)
    for number in range(20):
        writes(here, f"mensagem {number}")
    app.dispatch(here.stream.event(), None)
    bodies = [entry.body for entry in here.world.queues.entries.pop("notify")]
    for start in (0, 10):
        app.notify(sqs_event(*bodies[start : start + 10]), None)
    here.follow()
    assert len(here.pushed()) == 1


def test_a_department_is_pushed_to_once_for_each_assignment(here):
    """NOTIF-4: also when it goes away and comes back, or the attendance is another."""
    has(here, agent_id="ana")
    here.phone(CAIO)
    assign.to_department(here.world, ANA, "c1", "sales", seen())
    for text in ("um", "dois"):
        writes(here, text)
        here.follow()
    assert here.pushed() == [("one", "um")]
    answers_at(here, "caio")
    writes(here, "três")
    here.follow()
    assert here.pushed() == [("one", "um")], "dismissing does not bring more of a department's"
    assign.to_agent(here.world, ANA, "c1", "ana", seen())
    assign.to_department(here.world, ANA, "c1", "sales", seen())
    writes(here, "quatro")
    here.follow()
    assert here.pushed() == [("one", "um"), ("one", "quatro")]
    close.close(here.world, ANA, "c1", seen()["protocol"], farewell="", fields={})
    assign.to_department(here.world, ANA, "c1", "sales", seen())
    writes(here, "cinco")
    here.follow()
    assert here.pushed()[2:] == [("one", "cinco")]


def answers_at(here, agent_id):
    """The notification of Bia's chat is clicked, or dismissed."""
    device = alerts.load(agent_id).devices[0].subscription
    push.seen(here.world, device.endpoint, device.auth, "c1")


def test_an_agents_phone_rings_again_once_the_notification_was_answered(here):
    """NOTIF-4 NOTIF-6"""
    has(here, agent_id="ana")
    here.phone(ANA)
    for text in ("um", "dois"):
        writes(here, text)
        here.follow()
    answers_at(here, "ana")
    for text in ("três", "quatro"):
        writes(here, text)
        here.follow()
    assert here.pushed() == [("one", "um"), ("one", "três")]


@pytest.mark.parametrize(
    ("page", "visible", "device", "pushed"),
    [
        ("chat", True, "browser", True),
        ("chat", False, "browser", True),
        ("chat", True, "pwa", False),
        ("chat", False, "pwa", True),
        ("other", True, "pwa", True),
    ],
)
def test_only_a_pwa_at_the_chat_holds_the_push_back(here, page, visible, device, pushed):
    """NOTIF-5"""
    has(here, agent_id="ana")
    here.phone(ANA)
    here.sits("ana", page, visible=visible, device=device)
    writes(here)
    here.follow()
    assert bool(here.pushed()) is pushed


def test_an_assignment_goes_to_no_phone(here):
    """NOTIF-9"""
    has(here, agent_id="ana")
    here.phone(BRUNO)
    assign.to_agent(here.world, ANA, "c1", "bruno", seen())
    here.follow()
    assert here.pushed() == []


def test_an_unknown_chat_concerns_nobody(here):
    """NOTIF-3: of a contact that was erased."""
    body = {"chat_id": "gone", "kind": "message", "at_ms": 1, "rev": 1, "agent": "ana", "key": "k"}
    assert app.notify(sqs_event(json.dumps(body)), None) == {"batchItemFailures": []}
    assert why("ana") == []


def test_what_is_told_late_is_new_nevertheless(here):
    """NOTIF-2: a message that its channel held back stands above what was seen meanwhile."""
    has(here, agent_id="ana")
    writes(here, "um")
    here.follow()
    here.world.now.forward(hours=1)
    receive(here.world, arrival("atrasada", at=NOON + timedelta(seconds=2)))
    here.follow()
    late, early = bells.load("ana")
    assert late.at < late.told_at - timedelta(minutes=59)
    assert late.bell_id > early.bell_id


def test_a_flows_agent_is_told(here):
    """FLOW-5 NOTIF-3: nobody made it, so nobody is left out."""
    has(here, agent_id="ana")
    one = store.resolve("c1")
    after = revised(one, given_to_department(one, "sales", NOON))
    store.commit(Change(one, after))
    here.follow()
    assert [rung(name) for name in ("bruno", "caio")] == [[("assignment", "c1")]] * 2
    one = store.resolve("c1")
    store.commit(Change(one, revised(one, given_to_both(one, "sales", "ana", NOON))))
    here.follow()
    assert rung("ana") == [("assignment", "c1")]
    assert len(rung("bruno")) == 2


def test_who_a_running_flow_gives_a_chat_to_is_told(here):
    """FLOW-5 NOTIF-3: by its own action, in the transaction of the contact's message."""
    opening = {"type": "open_chat", "department_id": "sales", "agent": "none", "next": None}
    publish("f1", {"abrir": opening})
    chatbot(here.world)
    here.phone(BRUNO)
    here.stream.records()
    writes(here, "oi")
    here.follow()
    assert [kind for kind, _ in rung("bruno")] == ["assignment"]
    assert here.pushed() == [], "it was nobody's when it came"
    writes(here, "alguém aí?")
    here.follow()
    assert here.pushed() == [("one", "alguém aí?")]


@pytest.mark.parametrize("tabs", [TABS, frozenset({Permission.TAB_MINE})])
def test_the_reasons_are_kept_for_a_month(here, tabs):
    """NOTIF-7"""
    join(replace(ANA, permissions=tabs))
    has(here, agent_id="ana")
    writes(here)
    here.follow()
    (row,) = DecisionRow.query(alerts_pk("ana"), DecisionRow.sk.startswith("WHY#"))
    assert row.expires_at == int((here.world.now() + timedelta(days=30)).timestamp())
