"""Messages and flows that go out at their time: made, changed, removed, fired, each once."""

from dataclasses import replace
from datetime import timedelta

import pytest

import app
from chalicelib import triggers
from chalicelib.commands import run_due
from chalicelib.commands import schedule as scheduling
from chalicelib.commands.block import block, unblock
from chalicelib.commands.close import close
from chalicelib.commands.erase_contact import erase, go_on
from chalicelib.commands.sync_templates import sync
from chalicelib.domain import errors
from chalicelib.domain.access import Permission
from chalicelib.domain.delivery import Status
from chalicelib.domain.instants import iso
from chalicelib.domain.session import State
from chalicelib.domain.timer import Timer
from chalicelib.queries import schedules as listing
from chalicelib.stores import channels, counters, people, schedules
from chalicelib.stores import chats as store
from chalicelib.stores.chats import Change
from tests.builders import ACCOUNT, NOON, PORTFOLIO, TABS, agent, chat, client_key, join, put
from tests.commands.channels import connected
from tests.commands.flow_fixtures import chatbot, publish

MAY = TABS | {Permission.SCHEDULES, Permission.BLOCKING, Permission.CONTACTS}
ANA = agent("ana", permissions=MAY)
BRUNO = agent("bruno", permissions=MAY)
LEMBRETE = {
    "name": "lembrete",
    "language": "pt_BR",
    "category": "UTILITY",
    "status": "APPROVED",
    "components": [{"type": "BODY", "text": "Olá, {{1}}, até já"}],
}
PROMO = {**LEMBRETE, "name": "promo", "category": "MARKETING"}
PHOTO = {
    **LEMBRETE,
    "name": "foto",
    "components": [
        {"type": "HEADER", "format": "IMAGE"},
        {"type": "BODY", "text": "Veja, {{1}}"},
    ],
}
IN_AN_HOUR = NOON + timedelta(hours=1)
KEY = client_key()
FLOW = {"oi": {"type": "text", "text": "Olá, {nome}!", "next": None}}


@pytest.fixture(autouse=True)
def _desk(world, graph, monkeypatch):
    monkeypatch.setattr(triggers, "world", lambda: world)
    join(ANA, BRUNO)
    channels.save("whatsapp", ACCOUNT, display="+55", portfolio=PORTFOLIO)
    graph.told = [LEMBRETE, PROMO, PHOTO]
    sync(world, PORTFOLIO, 1)
    assert counters.next_protocol() == "100001"


@pytest.fixture
def closed():
    """A chat without an attendance, whose session is shut."""
    put(chat(open_=False, last_inbound_at={ACCOUNT: NOON - timedelta(days=3)}))


@pytest.fixture
def opened():
    """A chat with one, held by Ana."""
    put(chat(agent_id="ana"))


def template(name="lembrete", text="{nome}", **values):
    return {"name": name, "language": "pt_BR", "values": {"body.1": text, **values}}


def asked(**facts):
    return {
        "due_at": iso(IN_AN_HOUR),
        "template": template(),
        "opens": False,
        "flow_id": None,
        **facts,
    }


def adds(world, key=KEY, who=ANA, **facts):
    return scheduling.add(world, who, "c1", key, asked(**facts))


def edits(world, version=1, who=ANA, **facts):
    return scheduling.edit(world, who, "c1", KEY, {"version": version, **asked(**facts)})


def flow(**facts):
    return {"template": None, "flow_id": "f1", **facts}


def fires(world, at=IN_AN_HOUR, key=KEY):
    run_due.keep(world, Timer("schedule", "c1", key, at))


def kept(key=KEY):
    return schedules.find(["c1"], key)


def now():
    return store.load("c1")


def sent():
    return [
        one
        for one in store.page_of_messages(now(), limit=50)
        if one.author == "agent" and one.kind != "system"
    ]


def lines():
    return [
        (one.line["code"], one.line["subject"])
        for one in store.page_of_messages(now(), limit=50)
        if one.line is not None
    ]


# --- a message goes out -----------------------------------------------------------------------


@pytest.mark.usefixtures("closed")
def test_a_template_goes_out_at_its_time_without_a_session(world, clock, stream):
    """SCH-1 SCH-7: armed from the stream, signed by who scheduled it; the chat stays closed."""
    shown = adds(world)
    assert (shown["state"], shown["name"], shown["due_at"]) == (
        "pending",
        "lembrete",
        "2026-11-24T13:00:00.000Z",
    )
    assert lines() == [("message_scheduled", "2026-11-24T13:00:00.000Z")]
    app.dispatch(stream.event(), None)
    clock.forward(hours=1)
    for due in world.schedules.due(clock()):
        run_due.keep(world, due)
    (message,) = sent()
    assert (message.text, message.kind, message.status) == (
        "Olá, Bia, até já",
        "template",
        "queued",
    )
    assert (message.source, message.agent_id, message.author_name) == ("schedule", "ana", "Ana")
    assert message.template.values == {"body.1": "Bia"}
    assert (kept().state, kept().done_at) == ("done", clock())
    chat_now = now()
    assert chat_now.attendance is None
    assert chat_now.preview == "Olá, Bia, até já"
    assert chat_now.opened_by_template_at == clock()
    assert chat_now.profile_rev == chat_now.rev
    assert chat_now.session.state(clock()) is State.EXPIRED


@pytest.mark.usefixtures("closed")
@pytest.mark.parametrize("late", [timedelta(0), timedelta(seconds=1), timedelta(hours=1)])
def test_it_goes_out_once_however_often_and_late_it_is_brought(world, clock, late):
    """SCH-5"""
    adds(world)
    clock.at = IN_AN_HOUR + late
    fires(world)
    fires(world)
    assert len(sent()) == 1
    assert kept().state == "done"


@pytest.mark.usefixtures("closed")
def test_what_is_brought_early_waits(world, clock):
    """SCH-5"""
    adds(world)
    clock.at = IN_AN_HOUR - timedelta(minutes=20)
    fires(world)
    assert sent() == []
    (entry,) = world.queues.entries["due"]
    assert entry.delay == timedelta(minutes=15)
    assert kept().state == "pending"


@pytest.mark.usefixtures("closed")
def test_two_at_once_send_it_once(world, clock, monkeypatch):
    """SCH-5: the second decides anew, and finds it done."""
    adds(world)
    clock.at = IN_AN_HOUR
    commit = store.commit

    def beaten(change: Change) -> None:
        monkeypatch.setattr(store, "commit", commit)
        fires(world)
        commit(change)

    monkeypatch.setattr(store, "commit", beaten)
    fires(world)
    assert len(sent()) == 1


@pytest.mark.usefixtures("closed")
def test_it_opens_the_chat_with_nobody_only_where_that_was_asked(world, clock):
    """SCH-1: so that the answer does not fall into the main flow; {protocolo} is the new number."""
    adds(world, opens=True, template=template(text="{protocolo}"))
    clock.at = IN_AN_HOUR
    fires(world)
    assert now().attendance.protocol == "100002"
    assert (now().agent_id, now().department_id) == (None, None)
    assert sent()[0].text == "Olá, 100002, até já"


@pytest.mark.usefixtures("opened")
def test_on_an_open_attendance_it_changes_nothing(world, clock):
    """SCH-1"""
    adds(world, opens=True, who=BRUNO)
    clock.at = IN_AN_HOUR
    fires(world)
    assert len(sent()) == 1
    assert (now().attendance.protocol, now().agent_id) == ("100001", "ana")


@pytest.mark.usefixtures("opened")
def test_one_closed_meanwhile_is_opened_anew(world, clock):
    """SCH-1 SCH-5: what the chat is when it is due counts."""
    adds(world, opens=True)
    close(world, ANA, "c1", "100001", farewell="", fields={})
    clock.at = IN_AN_HOUR
    fires(world)
    assert now().attendance.protocol == "100002"


@pytest.mark.usefixtures("closed")
def test_the_file_of_its_header_is_kept_until_then(world, clock):
    """SCH-1 SEND-2: what was uploaded is gone by the time it is due."""
    upload = "uploads/ana/0123456789abcdef.png"
    world.files.put(upload, b"png", "image/png")
    given = template("foto", **{"header.file": upload})
    adds(world, template=given)
    world.files.delete([upload])
    clock.at = NOON + timedelta(minutes=1)
    edits(world, due_at=iso(IN_AN_HOUR + timedelta(hours=1)), template=given)
    clock.at = IN_AN_HOUR + timedelta(hours=1)
    fires(world, clock.at)
    (message,) = sent()
    assert message.files == kept().files
    assert world.files.holds(message.files[0].key)


# --- everything is looked at again ------------------------------------------------------------


def switched_off(world):
    connected(world, "whatsapp", inactive=True)


def token_died(world):
    channels.set_problem("whatsapp", ACCOUNT, "token_invalid")


def template_went(world):
    world.graph("token").told = [PROMO]
    sync(world, PORTFOLIO, 1)


def template_was_paused(world):
    world.graph("token").told = [{**LEMBRETE, "status": "PAUSED"}]
    sync(world, PORTFOLIO, 1)


def template_changed(world):
    body = {"type": "BODY", "text": "Olá, {{1}} e {{2}}"}
    world.graph("token").told = [{**LEMBRETE, "components": [body]}]
    sync(world, PORTFOLIO, 1)


@pytest.mark.usefixtures("closed")
@pytest.mark.parametrize(
    ("happens", "reason"),
    [
        (switched_off, "channel_disabled"),
        (token_died, "token_invalid"),
        (template_went, "template_gone"),
        (template_was_paused, "template_gone"),
        (template_changed, "values_invalid"),
    ],
)
def test_what_cannot_go_out_any_more_says_why_and_opens_nothing(world, clock, happens, reason):
    """SCH-1 SCH-5: one visible outcome."""
    adds(world, opens=True)
    happens(world)
    clock.at = IN_AN_HOUR
    fires(world)
    fires(world)
    assert sent() == []
    assert (kept().state, kept().reason) == ("not_sent", reason)
    assert lines()[1:] == [("schedule_not_sent", reason)]
    assert now().attendance is None


@pytest.mark.usefixtures("closed")
def test_a_marketing_template_is_not_sent_to_who_wants_none(world, clock):
    """SCH-5"""
    adds(world, template=template("promo"))
    before = now()
    after = replace(before, marketing_stopped=True, rev=before.rev + 1)
    store.commit(Change(before=before, after=after))
    clock.at = IN_AN_HOUR
    fires(world)
    assert kept().reason == "marketing_stopped"


@pytest.mark.usefixtures("opened")
def test_a_variable_that_is_empty_by_then_is_named(world, clock):
    """SEND-3: the protocol is one of what is open when it is due."""
    adds(world, template=template(text="{protocolo}"))
    close(world, ANA, "c1", "100001", farewell="", fields={})
    clock.at = IN_AN_HOUR
    fires(world)
    assert (kept().reason, kept().lacks) == ("variable_empty", ("protocolo",))
    assert lines()[-1] == ("schedule_not_sent", "variable_empty")


# --- a block ----------------------------------------------------------------------------------


def contact_wrote_lately():
    put(chat(open_=False))


def test_due_while_blocked_and_unblocked_in_time_goes_out_at_once(world, clock, stream):
    """SCH-4: 29:59 after it was due."""
    contact_wrote_lately()
    adds(world)
    block(world, ANA, "c1")
    clock.at = IN_AN_HOUR
    fires(world)
    assert (sent(), kept().state) == ([], "held")
    clock.forward(minutes=29, seconds=59)
    stream.records()
    unblock(world, ANA, "c1")
    app.dispatch(stream.event(), None)
    told = [entry for entry in world.queues.entries["due"] if '"schedule"' in entry.body]
    assert [entry.delay for entry in told] == [timedelta(0)]
    fires(world, clock())
    assert (len(sent()), kept().state) == (1, "done")
    fires(world, IN_AN_HOUR + timedelta(minutes=30, milliseconds=1))
    assert len(sent()) == 1


def test_due_while_blocked_and_unblocked_too_late_is_not_sent(world, clock):
    """SCH-4: 30:01 after it was due, whichever comes first, the timer or the unblocking."""
    contact_wrote_lately()
    adds(world)
    block(world, ANA, "c1")
    clock.at = IN_AN_HOUR
    fires(world)
    clock.forward(minutes=30, seconds=1)
    unblock(world, ANA, "c1")
    fires(world, IN_AN_HOUR + timedelta(minutes=30, milliseconds=1))
    assert sent() == []
    assert (kept().state, kept().reason) == ("not_sent", "contact_blocked")
    assert ("schedule_not_sent", "contact_blocked") in lines()


@pytest.mark.parametrize(("length", "state"), [((29, 59), "done"), ((30, 1), "not_sent")])
def test_a_timer_that_is_an_hour_late_decides_the_same(world, clock, length, state):
    """SCH-4 SCH-5"""
    contact_wrote_lately()
    adds(world)
    block(world, ANA, "c1")
    clock.at = IN_AN_HOUR + timedelta(minutes=length[0], seconds=length[1])
    unblock(world, ANA, "c1")
    clock.at = IN_AN_HOUR + timedelta(hours=1)
    fires(world)
    assert kept().state == state


def test_nothing_is_scheduled_for_who_is_blocked(world):
    """SCH-4 BLOCK-2"""
    contact_wrote_lately()
    adds(world)
    block(world, ANA, "c1")
    with pytest.raises(errors.ContactBlocked):
        adds(world, key=client_key(number=2))
    with pytest.raises(errors.ContactBlocked):
        edits(world, opens=True)
    scheduling.remove(world, ANA, "c1", KEY)
    assert kept().state == "removed"


# --- made, changed, removed -------------------------------------------------------------------


@pytest.mark.usefixtures("closed")
def test_the_same_key_makes_one_schedule(world):
    """SCH-5 SEND-12"""
    first = adds(world)
    assert adds(world) == first
    assert len(lines()) == 1
    with pytest.raises(errors.ClientKeyReused):
        adds(world, opens=True)
    scheduling.remove(world, ANA, "c1", KEY)
    assert adds(world)["state"] == "removed"  # a late repeat brings nothing back


@pytest.mark.usefixtures("closed")
@pytest.mark.parametrize(
    ("facts", "path", "reason"),
    [
        ({"due_at": iso(NOON)}, "due_at", "past"),
        ({"due_at": iso(NOON - timedelta(days=1))}, "due_at", "past"),
        ({"due_at": iso(NOON + timedelta(days=367))}, "due_at", "too_far"),
        ({"due_at": "2026-13-41T00:00:00Z"}, "due_at", "not_a_date"),
        ({"template": template(**{"body.2": "x"})}, "values.body.2", "unknown"),
        ({"template": template(text="  ")}, "values.body.1", "empty"),
        (flow(flow_id="nobody"), "flow_id", "unknown"),
    ],
)
def test_what_can_never_go_out_is_refused(world, facts, path, reason):
    """SCH-1 SCH-2"""
    with pytest.raises(errors.Invalid) as refused:
        adds(world, **facts)
    assert refused.value.fields["fields"] == [{"path": path, "reason": reason}]
    assert kept() is None


@pytest.mark.usefixtures("closed")
@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        (template("nada"), errors.TemplateGone),
        (template(text="{nada}"), errors.VariablesEmpty),
        (template(text="{email}"), errors.VariablesEmpty),
        (template("foto", **{"header.file": "uploads/bruno/x.png"}), errors.FileRefused),
    ],
)
def test_a_template_is_checked_when_it_is_scheduled(world, given, refusal):
    """SCH-1 SEND-2 SEND-3"""
    with pytest.raises(refusal):
        adds(world, template=given)
    assert kept() is None


def test_nobody_schedules_in_a_chat_that_they_may_not_read(world):
    """PERM-2"""
    put(chat(agent_id="ana"))
    stranger = join(agent("eva", permissions=frozenset({Permission.SCHEDULES})))
    for attempt in (
        lambda: adds(world, who=stranger),
        lambda: edits(world, who=stranger),
        lambda: scheduling.remove(world, stranger, "c1", KEY),
        lambda: scheduling.remove_flows(world, stranger, "c1"),
        lambda: scheduling.restore_flows(world, stranger, "c1", [KEY]),
    ):
        with pytest.raises(errors.NotFound):
            attempt()


@pytest.mark.usefixtures("closed")
def test_so_many_and_no_more_are_scheduled_for_one_contact(world, monkeypatch):
    """SCH-1"""
    monkeypatch.setattr("chalicelib.domain.schedule.MOST_TO_COME", 2)
    adds(world, key=client_key(number=1))
    adds(world, key=client_key(number=2))
    with pytest.raises(errors.TooMany):
        adds(world, key=client_key(number=3))
    scheduling.remove(world, ANA, "c1", client_key(number=1))
    adds(world, key=client_key(number=3))


@pytest.mark.usefixtures("closed")
def test_what_was_edited_never_fires_as_it_was(world, clock):
    """SCH-5"""
    adds(world)
    later = IN_AN_HOUR + timedelta(hours=1)
    changed = edits(world, due_at=iso(later), template=template(text="você"))
    assert changed["version"] == 2
    assert edits(world, due_at=iso(later), template=template(text="você")) == changed
    clock.at = IN_AN_HOUR
    fires(world)
    assert sent() == []
    clock.at = later
    fires(world, later)
    assert [one.text for one in sent()] == ["Olá, você, até já"]
    assert sorted(lines()) == [
        ("message_scheduled", iso(IN_AN_HOUR)),
        ("schedule_changed", iso(later)),
    ]


@pytest.mark.usefixtures("closed")
def test_an_edit_while_it_fires_loses_or_wins_but_never_both(world, clock, monkeypatch):
    """SCH-5: whoever commits second decides anew."""
    adds(world)
    later = iso(IN_AN_HOUR + timedelta(hours=1))
    commit = store.commit

    def beaten(change: Change) -> None:
        monkeypatch.setattr(store, "commit", commit)
        clock.at = IN_AN_HOUR
        fires(world)
        commit(change)

    monkeypatch.setattr(store, "commit", beaten)
    clock.at = IN_AN_HOUR - timedelta(seconds=1)
    with pytest.raises(errors.MovedOn):
        edits(world, due_at=later)
    assert (len(sent()), kept().state) == (1, "done")


@pytest.mark.usefixtures("closed")
def test_an_edit_of_what_others_changed_or_what_is_due_is_refused(world, clock):
    """SCH-5"""
    adds(world)
    edits(world, opens=True)
    with pytest.raises(errors.MovedOn):
        edits(world, version=1, template=template(text="você"), who=BRUNO)
    clock.at = IN_AN_HOUR
    with pytest.raises(errors.MovedOn):
        edits(world, version=2, due_at=iso(IN_AN_HOUR + timedelta(hours=1)))
    with pytest.raises(errors.NotFound):
        scheduling.edit(world, ANA, "c1", client_key(number=9), {"version": 1, **asked()})


@pytest.mark.usefixtures("closed")
def test_what_was_removed_never_fires(world, clock):
    """SCH-3 SCH-5"""
    adds(world)
    assert scheduling.remove(world, BRUNO, "c1", KEY) == {"done": True}
    assert scheduling.remove(world, BRUNO, "c1", KEY) == {"done": True}
    assert sorted(lines())[1:] == [("schedule_removed", iso(IN_AN_HOUR))]
    clock.at = IN_AN_HOUR
    fires(world)
    assert sent() == []


@pytest.mark.usefixtures("closed")
def test_what_went_out_cannot_be_removed(world, clock):
    """SCH-5"""
    adds(world)
    clock.at = IN_AN_HOUR
    fires(world)
    with pytest.raises(errors.MovedOn):
        scheduling.remove(world, ANA, "c1", KEY)


# --- flows ------------------------------------------------------------------------------------


@pytest.mark.usefixtures("opened")
def test_a_flow_fires_at_its_time_and_closes_what_is_open(world, clock):
    """SCH-2 FLOW-2 FLOW-3"""
    publish("f1", FLOW)
    chatbot(world)
    shown = adds(world, **flow())
    assert (shown["kind"], shown["name"], shown["flow_id"]) == ("flow", "Menu", "f1")
    clock.at = IN_AN_HOUR
    fires(world)
    fires(world)
    assert [(one.text, one.source) for one in sent()] == [("Olá, Bia!", "flow")]
    assert now().attendance is None
    assert kept().state == "done"
    assert [code for code, _ in lines()] == ["flow_scheduled", "closed_by_flow", "flow_started"]


@pytest.mark.usefixtures("closed")
def test_with_the_session_shut_it_stops_visibly_at_its_first_free_content(world, clock):
    """SCH-2"""
    publish("f1", FLOW)
    chatbot(world)
    adds(world, **flow())
    clock.at = IN_AN_HOUR
    fires(world)
    assert sent() == []
    assert [code for code, _ in lines()][-1] == "flow_session_closed"
    assert kept().state == "done"


@pytest.mark.usefixtures("opened")
def test_with_the_chatbot_off_no_flow_fires_and_nothing_is_closed(world, clock):
    """FLOW-13 SCH-5"""
    publish("f1", FLOW)
    adds(world, **flow())
    clock.at = IN_AN_HOUR
    fires(world)
    assert (kept().state, kept().reason) == ("not_sent", "chatbot_off")
    assert now().attendance is not None


@pytest.mark.usefixtures("opened")
def test_removed_flows_come_back_by_undo(world, clock):
    """SCH-3: all flows, no message; and they fire after all."""
    publish("f1", FLOW)
    chatbot(world)
    adds(world)
    keys = [client_key(number=number) for number in (2, 3)]
    for key in keys:
        adds(world, key=key, **flow())
    assert scheduling.remove_flows(world, ANA, "c1") == {"schedule_ids": keys}
    assert scheduling.remove_flows(world, ANA, "c1") == {"schedule_ids": []}
    assert [kept(key).state for key in (KEY, *keys)] == ["pending", "removed", "removed"]
    back = scheduling.restore_flows(world, ANA, "c1", [*keys, "nobody", KEY])
    assert [one["schedule_id"] for one in back["schedules"]] == keys
    again = scheduling.restore_flows(world, ANA, "c1", keys)
    assert [one["schedule_id"] for one in again["schedules"]] == keys
    codes = [code for code, _ in lines()]
    assert (codes.count("schedule_removed"), codes.count("schedule_restored")) == (2, 2)
    clock.at = IN_AN_HOUR
    fires(world, key=keys[0])
    assert kept(keys[0]).state == "done"


@pytest.mark.usefixtures("opened")
def test_any_number_of_flows_is_removed(world, monkeypatch):
    """SCH-3: part by part, as a transaction holds a hundred rows."""
    monkeypatch.setattr(scheduling, "AT_ONCE", 2)
    publish("f1", FLOW)
    keys = [client_key(number=number) for number in range(5)]
    for key in keys:
        adds(world, key=key, **flow())
    assert sorted(scheduling.remove_flows(world, ANA, "c1")["schedule_ids"]) == keys
    assert len(scheduling.restore_flows(world, ANA, "c1", keys)["schedules"]) == 5


# --- merged, erased ---------------------------------------------------------------------------


def test_what_was_scheduled_for_a_merged_chat_goes_to_the_one_that_took_over(world, clock):
    """INB-7 SCH-5"""
    put(chat("c1", open_=False))
    put(chat("c2", open_=False, phone="5511987654322"))
    adds(world)
    loser, winner = store.load("c1"), store.load("c2")
    gone = replace(loser, merged_into="c2", last_activity_at=None, rev=loser.rev + 1)
    kept_on = replace(winner, also=("c1",), rev=winner.rev + 1)
    store.commit(Change(before=winner, after=kept_on, others=((loser, gone),)))
    (listed,) = listing.of_chat(ANA, "c2")["schedules"]
    assert listed["chat_id"] == "c2"
    clock.at = IN_AN_HOUR
    fires(world)
    assert kept().state == "done"
    messages = store.page_of_messages(store.load("c2"), limit=50)
    assert [one.chat_id for one in messages if one.kind == "template"] == ["c2"]


@pytest.mark.usefixtures("closed")
def test_an_erased_contact_leaves_no_schedule(world, clock):
    """LGPD: nothing fires, and the rows go with the rest."""
    adds(world)
    erase(world, ANA, "c1")
    clock.at = IN_AN_HOUR
    fires(world)
    assert kept().state == "pending"
    for _ in range(3):
        go_on(world, "c1")
    assert kept() is None
    fires(world)


# --- listed -----------------------------------------------------------------------------------


def page(world, who=ANA, **facts):
    query = {"when": "to_come", "kind": None, "by": None, "since": None, "until": None}
    told = listing.page(world, who, {**query, "cursor": None, **facts})
    return [one["schedule_id"] for one in told["schedules"]], told["cursor"]


@pytest.mark.usefixtures("closed")
def test_the_panel_lists_what_is_to_come_and_then_the_latest_of_the_rest(world, clock):
    """SCH-3"""
    keys = [client_key(number=number) for number in (1, 2, 3)]
    for hours, key in zip((3, 1, 2), keys, strict=True):
        adds(world, key=key, due_at=iso(NOON + timedelta(hours=hours)))
    clock.at = IN_AN_HOUR
    fires(world, key=keys[1])
    told = listing.of_chat(ANA, "c1")["schedules"]
    assert [one["schedule_id"] for one in told] == [keys[2], keys[0], keys[1]]
    scheduling.remove(world, ANA, "c1", keys[0])
    told = listing.of_chat(ANA, "c1")["schedules"]
    assert [one["schedule_id"] for one in told] == [keys[2], keys[1]]


@pytest.mark.usefixtures("closed")
def test_the_page_lists_filters_and_goes_on(world, clock, monkeypatch):
    """SCH-6: the next first; what is over, the last first; days are the agency's."""
    monkeypatch.setattr(listing, "PAGE", 2)
    keys = [client_key(number=number) for number in (1, 2, 3, 4)]
    for days, key in enumerate(keys, 1):
        who = BRUNO if key == keys[3] else ANA
        adds(world, key=key, who=who, due_at=iso(NOON + timedelta(days=days)))
    first, cursor = page(world)
    assert first == keys[:2]
    second, cursor = page(world, cursor=cursor)
    assert second == keys[2:]
    assert page(world, cursor=cursor) == ([], None)
    assert page(world, by="bruno")[0] == [keys[3]]
    assert page(world, kind="flow")[0] == []
    assert page(world, since="2026-11-26", until="2026-11-26")[0] == [keys[1]]
    assert page(world, when="done")[0] == []
    for days, key in enumerate(keys[:3], 1):
        clock.at = NOON + timedelta(days=days)
        fires(world, clock.at, key)
    scheduling.remove(world, ANA, "c1", keys[3])
    first, cursor = page(world, when="done")
    assert first == [keys[2], keys[1]]
    assert page(world, when="done", cursor=cursor)[0] == [keys[0]]
    assert page(world)[0] == []
    with pytest.raises(errors.Invalid):
        page(world, since="2026-02-31")


def test_the_page_shows_only_chats_that_the_agent_may_read(world):
    """SCH-6 PERM-2"""
    put(chat(agent_id="ana"))
    adds(world)
    mine_alone = join(
        agent("eva", permissions=frozenset({Permission.SCHEDULES, Permission.TAB_MINE}))
    )
    assert page(world)[0] == [KEY]
    assert page(world, who=mine_alone) == ([], None)


@pytest.mark.usefixtures("closed")
def test_what_fails_later_shows_as_any_message(world, clock, graph):
    """SCH-5: the schedule is done once its message is queued; its ticks tell the rest."""
    adds(world)
    clock.at = IN_AN_HOUR
    fires(world)
    (message,) = sent()
    assert message.status is Status.QUEUED
    assert message.to_do == "send"


@pytest.mark.usefixtures("closed")
def test_it_is_signed_by_who_scheduled_it_also_when_they_have_left(world, clock):
    """SCH-5 PERM-3"""
    adds(world, template=template(text="{agente}"))
    people.save_agent(replace(ANA, active=False))
    clock.at = IN_AN_HOUR
    fires(world)
    assert [one.text for one in sent()] == ["Olá, Ana, até já"]
