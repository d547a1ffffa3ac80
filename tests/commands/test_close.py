"""An attendance closed now: what goes, what is kept, what is said, and said again."""

import json
from dataclasses import replace
from datetime import timedelta
from types import MappingProxyType

import pytest

from chalicelib.commands.assign import to_department
from chalicelib.commands.close import close
from chalicelib.commands.dispatch import Written, dispatch
from chalicelib.commands.receive import receive
from chalicelib.commands.send import retry
from chalicelib.domain import errors
from chalicelib.domain.access import Permission
from chalicelib.domain.chat import OpenAttendance
from chalicelib.domain.delivery import Status
from chalicelib.domain.inbound import Failure
from chalicelib.domain.listing import Placement, placement
from chalicelib.domain.message import TEXT_LIMIT
from chalicelib.stores import attendances as records
from chalicelib.stores import chats as store
from chalicelib.stores import counters, labels, people, preferences, profiles
from chalicelib.stores.chats import commit_rows
from chalicelib.stores.tables import AuditRow, Row
from tests.builders import ACCOUNT, NOON, agent, arrival, chat, client_key, join, put, says

ANA = agent("ana")
BRUNO = agent("bruno")
HOLDER = agent("holder", permissions=frozenset({Permission.TAB_MINE}))
PHONE = f"whatsapp#{ACCOUNT}#phone#5511987654321"
SHUT = MappingProxyType({ACCOUNT: NOON - timedelta(hours=25)})


@pytest.fixture(autouse=True)
def _people(world):
    join(ANA, BRUNO, HOLDER)
    assert counters.next_protocol() == "100001"  # that of the chats below


def field(field_id, at_closing, **facts):
    kept = {
        "field_id": field_id,
        "slug": field_id,
        "name": field_id.capitalize(),
        "kind": "text",
        "options": [],
        "at_closing": at_closing,
        "active": True,
        **facts,
    }
    labels.save_field(kept)
    return kept


def closes(world, *, who=ANA, protocol="100001", farewell="", **fields):
    return close(world, who, "c1", protocol, farewell=farewell, fields=fields)


# --- what a farewell says ---------------------------------------------------------------------


def said():
    return [one for one in messages() if one.farewell_of]


def test_a_farewells_variables_are_filled(world):
    """SEND-3 CLOSE-4"""
    put(chat())
    assert closes(world, farewell="Até logo, {nome}: {protocolo}")["farewell"] == "queued"
    assert [one.text for one in said()] == ["Até logo, Bia: 100001"]
    assert records.load(("c1",), "100001").farewell == "Até logo, Bia: 100001"


def test_an_empty_variable_keeps_the_farewell_and_not_the_closing(world):
    """SEND-3: not sent, visibly; a closing still closes."""
    put(chat())
    for _ in range(2):  # a second click is answered as the first
        closed = closes(world, farewell="Até logo, {email} {nada}")
        assert (closed["farewell"], closed["farewell_lacks"]) == (
            "variable_empty",
            ["email", "nada"],
        )
    assert store.load("c1").attendance is None
    assert said() == []
    record = records.load(("c1",), "100001")
    assert (record.farewell_fate, record.farewell) == ("variable_empty", "Até logo, {email} {nada}")


def test_a_farewell_may_hold_a_picture(world):
    """SEND-4"""
    key = "pictures/contact/c1/0123456789abcdef.png"
    field("foto", "no", kind="image")
    put(chat())
    before = profiles.load("c1")
    commit_rows(*profiles.writes(before, replace(before, values={"foto": key})))
    lost = closes(world, farewell="{foto}")
    assert lost["farewell_lacks"] == ["foto"], "the picture is no more"
    put(chat("c2", attendance=OpenAttendance("100002", NOON)))
    before = profiles.load("c2")
    key = key.replace("c1", "c2")
    commit_rows(*profiles.writes(before, replace(before, values={"foto": key})))
    world.files.put(key, b"png", "image/png")
    close(world, ANA, "c2", "100002", farewell="Até {foto}{foto}", fields={})
    found = store.page_of_messages(store.load("c2"), limit=9)
    assert [(one.kind, one.text, len(one.files)) for one in found if one.farewell_of] == [
        ("image", "Até", 1),
        ("image", "", 1),
    ]


def test_a_farewell_is_as_long_as_its_channel_takes(world):
    """CLOSE-4 SEND-1"""
    put(chat(channel="instagram", user_id="7312", phone=None))
    with pytest.raises(errors.Invalid):
        closes(world, farewell="é" * 501)
    assert store.load("c1").attendance is not None
    assert closes(world, farewell="é" * 500)["farewell"] == "queued"


def test_a_farewell_is_signed_as_every_message_of_an_agent(world):
    """SEND-10"""
    put(chat())
    preferences.from_settings({**preferences.DEFAULTS, "name_prefix": True}).save()
    closes(world, farewell="Até logo")
    assert said()[0].signature == "*Ana:*\n"


def messages():
    return store.page_of_messages(store.load("c1"), limit=50)


def lines():
    return [one.line for one in messages() if one.line is not None]


def audited():
    return [row for row in Row.scan() if isinstance(row, AuditRow)]


def reasons(refusal):
    return {one["path"]: one["reason"] for one in refusal.value.fields["fields"]}


def test_agent_and_department_go_and_a_line_says_who_closed_it(world):
    """CLOSE-1 ROUTE-7 CHAT-3"""
    put(chat(agent_id="ana", department_id="sales", unread=1))
    answer = closes(world)
    after = store.load("c1")
    assert (after.attendance, after.agent_id, after.department_id) == (None, None, None)
    assert placement(after) is Placement.CLOSED
    assert (after.unread, after.opened_at) == (1, NOON - timedelta(hours=1))
    assert answer["chat"]["row"]["closed"] is True
    assert answer["chat"]["protocol"] is None
    assert answer["farewell"] == "none"
    assert lines() == [
        {"code": "closed", "by": "ana", "by_name": "Ana", "subject": "100001", "subject_name": None}
    ]


def test_the_record_is_kept(world):
    """CLOSE-7"""
    people.save_department("sales", "Vendas", active=True)
    put(chat(agent_id="ana"))
    seen = {"agent_id": "ana", "department_id": None, "protocol": "100001"}
    to_department(world, ANA, "c1", "sales", seen)
    says(world, BRUNO, "c1", client_key(), "olá")
    closes(world, farewell=" Até logo! ")
    kept = records.load(["c1"], "100001")
    assert (kept.opened_at, kept.opened_by) == (NOON - timedelta(hours=1), None)
    assert (kept.closed_at, kept.closed_by) == (NOON, "ana")
    assert (kept.agent_ids, kept.department_ids) == (("ana", "bruno"), ("sales",))
    assert (kept.farewell, kept.farewell_fate) == ("Até logo!", "queued")
    (row,) = audited()
    assert (row.what, row.by, row.subject) == ("attendance_closed", "ana", "c1")
    assert json.loads(row.details) == {"protocol": "100001"}


def test_the_farewell_is_queued_with_the_closing(world, stream):
    """CLOSE-4"""
    put(chat(agent_id="ana"))
    stream.records()
    answer = closes(world, farewell="Até logo!")
    said, line = messages()
    assert answer["farewell"] == "queued"
    assert (said.text, said.author, said.status) == ("Até logo!", "agent", Status.QUEUED)
    assert (said.agent_id, said.author_name, line.line["code"]) == ("ana", "Ana", "closed")
    after = store.load("c1")
    assert set(after.touched) == {said.key, line.key}
    assert (after.preview, after.last_activity_at) == ("Até logo!", NOON)
    assert after.attendance is None, "it opens no attendance"
    assert after.agent_id is None, "and assigns nobody"
    dispatch(world, [Written(None, said)])
    (entry,) = world.queues.entries["outbound"]
    assert json.loads(entry.body) == {"chat_id": "c1", "key": said.key}


@pytest.mark.parametrize(
    ("facts", "fate"),
    [
        ({"last_inbound_at": SHUT}, "session_closed"),
        ({"last_inbound_at": MappingProxyType({})}, "session_closed"),
        ({"blocked": True}, "contact_blocked"),
        ({"blocked": True, "last_inbound_at": SHUT}, "contact_blocked"),
    ],
)
def test_where_nothing_may_be_sent_it_closes_all_the_same(world, facts, fate):
    """CLOSE-4: and the screen says so."""
    put(chat(**facts))
    assert closes(world, farewell="Até logo!")["farewell"] == fate
    assert [one.kind for one in messages()] == ["system"]
    assert store.load("c1").attendance is None
    assert records.load(["c1"], "100001").farewell_fate == fate


@pytest.mark.parametrize("farewell", ["", "  \n "])
def test_a_blank_farewell_is_none(world, farewell):
    """CLOSE-4"""
    put(chat())
    assert closes(world, farewell=farewell)["farewell"] == "none"
    assert len(messages()) == 1


def test_a_farewell_is_no_longer_than_a_message(world):
    """CLOSE-4"""
    put(chat())
    with pytest.raises(errors.Invalid) as refusal:
        closes(world, farewell="a" * (TEXT_LIMIT + 1))
    assert reasons(refusal) == {"farewell": "too_long"}
    assert store.load("c1").attendance is not None


def test_a_failed_farewell_said_again_opens_nothing(world):
    """CLOSE-4 CHAT-6"""
    put(chat())
    closes(world, farewell="Até logo!")
    said = messages()[0]
    failed = replace(said, status=Status.FAILED, failure=Failure(1, "no"), version=1)
    store.save_message(failed)
    again = retry(world, BRUNO, "c1", said.key, client_key())
    after = store.load("c1")
    assert (after.attendance, after.agent_id) == (None, None)
    assert (again.text, again.farewell_of) == ("Até logo!", "100001")


# --- fields -----------------------------------------------------------------------------------


def test_what_the_window_asked_is_kept_in_profile_and_record(world):
    """CLOSE-6 CLOSE-7"""
    field("reason", "required")
    field("score", "optional", kind="number")
    field("city", "no")
    put(chat())
    closes(world, reason="  troca ", score="9,5")
    assert dict(profiles.load("c1").values) == {"reason": "troca", "score": "9.5"}
    kept = records.load(["c1"], "100001")
    assert kept.values == (
        {"field_id": "reason", "name": "Reason", "value": "troca"},
        {"field_id": "score", "name": "Score", "value": "9.5"},
    )
    after = store.load("c1")
    assert after.profile_rev == after.rev


@pytest.mark.parametrize("given", [{}, {"reason": None}, {"reason": ""}, {"reason": "  "}])
def test_a_required_field_needs_a_value_typed_now(world, given):
    """CLOSE-6: one that is stored already does not count."""
    field("reason", "required")
    put(chat())
    known = profiles.load("c1")
    has = replace(known, values=MappingProxyType({"reason": "antigo"}))
    commit_rows(*profiles.writes(known, has))
    with pytest.raises(errors.Invalid) as refusal:
        closes(world, **given)
    assert reasons(refusal) == {"fields.reason": "required"}
    assert store.load("c1").attendance is not None
    assert audited() == []


@pytest.mark.parametrize(
    ("given", "left"),
    [
        ({}, {"score": "7"}),  # left empty: kept
        ({"score": None}, {}),  # «Excluir valor atual»
        ({"score": "8"}, {"score": "8"}),
    ],
)
def test_an_optional_field_keeps_changes_or_loses_its_value(world, given, left):
    """CLOSE-6"""
    field("score", "optional", kind="number")
    put(chat())
    known = profiles.load("c1")
    has = replace(known, values=MappingProxyType({"score": "7"}))
    commit_rows(*profiles.writes(known, has))
    closes(world, **given)
    assert dict(profiles.load("c1").values) == left
    (kept,) = records.load(["c1"], "100001").values
    assert kept["value"] == left.get("score")


def test_all_that_is_wrong_is_said_at_once(world):
    """CLOSE-6: a value that does not fit, a field that is not asked, one that is missing."""
    field("reason", "required")
    field("score", "optional", kind="number")
    field("city", "no")
    field("past", "optional", active=False)
    put(chat())
    with pytest.raises(errors.Invalid) as refusal:
        closes(world, score="muito", city="Recife", past="x", nothing="x")
    assert reasons(refusal) == {
        "fields.reason": "required",
        "fields.score": "not_a_number",
        "fields.city": "unknown",
        "fields.past": "unknown",
        "fields.nothing": "unknown",
    }


def test_the_fields_of_a_merged_contact_are_the_winners(world):
    """INB-7 CLOSE-6"""
    field("score", "optional", kind="number")
    loser = profiles.load("c0")
    has = replace(loser, values=MappingProxyType({"score": "7"}))
    commit_rows(*profiles.writes(loser, has))
    put(chat("c0", merged_into="c1"))
    put(chat("c1", also=("c0",)))
    close(world, ANA, "c0", "100001", farewell="", fields={})
    (kept,) = records.load(["c1"], "100001").values
    assert kept["value"] == "7"


# --- again, too late, or not theirs -----------------------------------------------------------


def test_closing_again_is_answered_as_the_first_time(world):
    """CLOSE-1: double clicks and lost answers."""
    put(chat())
    first = closes(world, farewell="Até logo!")
    assert closes(world, farewell="Até logo!") == first
    assert [one.kind for one in messages()] == ["text", "system"]
    assert len(audited()) == 1


def test_who_may_not_see_it_closed_is_answered_again_all_the_same(world):
    """TAB-7: closing took it out of their tabs."""
    put(chat(agent_id="holder"))
    assert closes(world, who=HOLDER) == {"chat": None, "farewell": "none", "farewell_lacks": []}
    assert closes(world, who=HOLDER) == {"chat": None, "farewell": "none", "farewell_lacks": []}


def test_what_somebody_else_closed_has_moved_on(world):
    """CLOSE-1"""
    put(chat())
    closes(world, who=BRUNO)
    with pytest.raises(errors.MovedOn) as refusal:
        closes(world)
    assert refusal.value.fields["chat"]["row"]["closed"] is True


def test_a_later_attendance_is_not_closed_by_an_old_screen(world):
    """CLOSE-1"""
    put(chat(identities=(PHONE,)))
    closes(world, who=BRUNO)
    receive(world, arrival("voltei"))
    with pytest.raises(errors.MovedOn) as refusal:
        closes(world)
    assert refusal.value.fields["chat"]["protocol"] == "100002"
    assert store.load("c1").attendance is not None


@pytest.mark.parametrize("facts", [{}, {"open_": False}])
def test_a_chat_that_may_not_be_read_is_not_there(world, facts):
    """PERM-2"""
    put(chat(**facts))
    with pytest.raises(errors.NotFound):
        closes(world, who=HOLDER)
    with pytest.raises(errors.NotFound):
        close(world, ANA, "unknown", "100001", farewell="", fields={})


def test_the_next_message_opens_a_new_attendance(world):
    """CLOSE-4 CHAT-8"""
    put(chat(identities=(PHONE,)))
    closes(world, farewell="Até logo!")
    receive(world, arrival("obrigada", at=NOON + timedelta(minutes=1)))
    after = store.load("c1")
    assert after.attendance.protocol == "100002"
    assert (after.agent_id, after.department_id) == (None, None)
