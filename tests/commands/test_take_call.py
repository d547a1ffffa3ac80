"""Other systems call webhooks: values are kept, flows fire, each event once (FLOW-10)."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.commands.block import block, unblock
from chalicelib.commands.erase_contact import erase
from chalicelib.commands.step_flow import Stepping
from chalicelib.commands.take_call import take
from chalicelib.domain import errors
from chalicelib.domain.access import Permission
from chalicelib.domain.chat import merge
from chalicelib.domain.contact import phone_ids
from chalicelib.domain.revision import revised
from chalicelib.queries import hooks as queries
from chalicelib.stores import chats as store
from chalicelib.stores import hooks, identities, profiles
from chalicelib.stores.chats import Change
from chalicelib.stores.tables import CHANNELS, FLOWS, ChannelRow, FlowRow
from tests.builders import ACCOUNT, NOON, TABS, agent, chat, put
from tests.commands.flow_fixtures import chatbot, publish
from tests.commands.hook_fixtures import ANA, made, shop_is_ready


@pytest.fixture(autouse=True)
def _desk(world):
    shop_is_ready(world)


def body(**more):
    told = {"telefone": "11 98765-4321", "nome": "Bia Lima", "email": "bia@exemplo.com"}
    return json.dumps({"cliente": told, "plano": "ouro", **more}).encode()


def known(**facts):
    return put(chat(open_=False, identities=(f"whatsapp#{ACCOUNT}#phone#5511987654321",), **facts))


def the_chat():
    """Whose number the calls tell."""
    number = "5511987654321"
    found = identities.with_phone(number, phone_ids(number, [ACCOUNT]))
    assert found is not None
    return found


def said():
    return [one.text for one in store.page_of_messages(the_chat(), limit=50) if one.source]


def calls(webhook):
    return [(one.outcome, one.reason, one.skipped) for one in hooks.calls(webhook["webhook_id"])]


def takes(world, clock, webhook, told):
    clock.forward(seconds=1)
    take(world, webhook["webhook_id"], told)


# --- what a call does -------------------------------------------------------------------------


def test_a_stranger_becomes_a_contact_with_their_values_and_the_flow_fires(world, clock):
    """FLOW-10"""
    webhook = made(world)
    takes(world, clock, webhook, body())
    profile = profiles.load(the_chat().chat_id)
    assert (the_chat().name, profile.system) == ("Bia Lima", {"email": "bia@exemplo.com"})
    assert profile.values == {"plan": "Ouro"}
    assert lines() == ["flow_started", "flow_session_closed"]  # nobody has written yet (SCH-2)
    assert (said(), calls(webhook)) == ([], [("fired", None, ())])


def test_who_is_known_in_any_form_of_the_number_stays_one_contact(world, clock):
    """FLOW-10 INB-7: the name that people gave stays."""
    one = known()
    webhook = made(world)
    told = {"cliente": {"telefone": "1187654321", "nome": "Outro"}}
    takes(world, clock, webhook, json.dumps(told).encode())
    assert (the_chat().chat_id, the_chat().name, said()) == (
        one.chat_id,
        "Bia",
        ["Pedido de Bia recebido."],
    )


def test_the_same_event_changes_nothing_again(world, clock):
    """FLOW-10: by what names it, whatever else is told; also weeks later."""
    known()
    webhook = made(world, event_path="pedido")
    takes(world, clock, webhook, body(pedido=7))
    clock.forward(days=20)
    takes(world, clock, webhook, body(pedido=7, plano="prata"))
    assert [outcome for outcome, _, _ in calls(webhook)] == ["repeated", "fired"]
    assert profiles.load("c1").values == {"plan": "Ouro"}
    clock.forward(days=11)  # and is forgotten, though its row may lie there still
    takes(world, clock, webhook, body(pedido=7, plano="prata"))
    assert profiles.load("c1").values == {"plan": "Prata"}


def test_without_a_name_for_it_the_same_bytes_are_one_call_for_ten_minutes(world, clock):
    """FLOW-10: a sender who got no answer sends it again."""
    known()
    webhook = made(world)
    for _ in range(3):
        takes(world, clock, webhook, body())
    assert len(said()) == 1
    clock.forward(minutes=11)
    takes(world, clock, webhook, body())
    assert len(said()) == 2


def test_in_test_it_is_only_shown(world, clock):
    """FLOW-10"""
    webhook = made(world, production=False)
    takes(world, clock, webhook, body())
    takes(world, clock, webhook, b'{"nada": 1}')
    assert identities.with_phone("5511987654321", phone_ids("5511987654321", [ACCOUNT])) is None
    (shown,) = queries.hooks()["webhooks"]
    assert [(one["outcome"], one["test"], one["reason"]) for one in shown["calls"]] == [
        ("refused", True, "phone_missing"),
        ("test", True, None),
    ]
    assert json.loads(shown["calls"][1]["body"])["plano"] == "ouro"


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        (b"oi", "json_invalid"),
        (b"[" * 60_000, "json_invalid"),
        (b"x" * 70_000, "json_invalid"),
        (b"{}", "phone_missing"),
        (b'{"cliente": {"telefone": "123"}}', "phone_invalid"),
        (b'{"cliente": {"telefone": ["11", "2"]}}', "phone_invalid"),
        (b'{"cliente": {"telefone": {"a": 1}}}', "phone_missing"),
    ],
)
def test_what_cannot_be_done_is_refused_and_kept(world, clock, told, reason):
    """FLOW-10: 400, and the page shows why."""
    webhook = made(world)
    with pytest.raises(errors.Invalid):
        takes(world, clock, webhook, told)
    assert calls(webhook) == [("refused", reason, ())]
    assert len(hooks.calls(webhook["webhook_id"])[0].body) <= 8_000


def test_what_a_field_cannot_keep_is_named_and_spoils_nothing(world, clock):
    """FLOW-10"""
    known()
    webhook = made(world)
    told = {"cliente": {"telefone": "11987654321", "email": "não tem"}, "plano": "Bronze"}
    takes(world, clock, webhook, json.dumps(told).encode())
    assert (calls(webhook), len(said())) == ([("fired", None, ("email", "plano"))], 1)
    assert (profiles.load("c1").system, profiles.load("c1").values) == ({}, {})


def test_a_number_that_is_a_number_is_fine(world, clock):
    """FLOW-10"""
    known()
    webhook = made(world)
    takes(world, clock, webhook, b'{"cliente": {"telefone": 11987654321}}')
    assert len(said()) == 1


# --- what stands in the way -------------------------------------------------------------------


def test_nobody_calls_an_address_that_is_not_there(world):
    """FLOW-10"""
    with pytest.raises(errors.NotFound):
        take(world, "nothing", b"{}")


def test_a_blocked_contact_gets_nothing(world, clock):
    """BLOCK-2"""
    known()
    block(world, ANA, "c1")
    webhook = made(world)
    takes(world, clock, webhook, body())
    assert (said(), calls(webhook)) == ([], [("refused", "contact_blocked", ())])
    assert profiles.load("c1").system == {}


def test_with_the_chatbot_off_the_values_are_kept_and_nothing_is_said(world, clock):
    """FLOW-13"""
    known()
    webhook = made(world)
    chatbot(world, chatbot=False)
    takes(world, clock, webhook, body())
    assert (said(), calls(webhook)) == ([], [("saved", "chatbot_off", ())])
    assert profiles.load("c1").system == {"email": "bia@exemplo.com"}


def test_without_a_flow_the_values_are_kept(world, clock):
    """FLOW-10: also when there is nothing new in them."""
    known()
    webhook = made(world, flow_id=None, event_path="n")
    takes(world, clock, webhook, body(n=1))
    before = store.load("c1").rev
    takes(world, clock, webhook, body(n=2))
    assert profiles.load("c1").values == {"plan": "Ouro"}
    assert store.load("c1").rev == before
    assert calls(webhook) == [("saved", None, ()), ("saved", None, ())]


def test_who_is_blocked_no_more_gets_what_comes_again(world, clock):
    """BLOCK-2: an event that changed nothing is not one that was acted on."""
    known()
    block(world, ANA, "c1")
    webhook = made(world, event_path="n")
    takes(world, clock, webhook, body(n=1))
    unblock(world, ANA, "c1")
    takes(world, clock, webhook, body(n=1))
    assert [outcome for outcome, _, _ in calls(webhook)] == ["fired", "refused"]
    assert len(said()) == 1


def test_what_is_told_of_a_merged_contact_is_of_whom_they_became(world, clock):
    """FLOW-10 INB-7"""
    known(created_at=NOON - timedelta(days=2))
    other = f"whatsapp#{ACCOUNT}#user_id#BR.1"
    put(chat("c2", open_=False, identities=(other,), phone="5511900000000"))
    winner, loser = store.load("c2"), store.load("c1")
    kept, gone = merge(winner, loser)
    led = ((f"whatsapp#{ACCOUNT}#phone#5511987654321", "c1", "c2"),)
    others = ((loser, revised(loser, gone)),)
    store.commit(Change(before=winner, after=revised(winner, kept), others=others, identities=led))
    webhook = made(world)
    takes(world, clock, webhook, body())
    assert profiles.load("c2", "c1").values == {"plan": "Ouro"}
    assert (profiles.load("c1").values, the_chat().chat_id) == ({}, "c2")


def test_who_was_erased_is_somebody_new(world, clock):
    """FLOW-10 INFO-1: nothing of before is known again."""
    known()
    erase(world, agent("ana", permissions=TABS | {Permission.CONTACTS}), "c1")
    webhook = made(world)
    takes(world, clock, webhook, body())
    assert (the_chat().chat_id != "c1", the_chat().name) == (True, "Bia Lima")
    assert store.load("c1").erasing


def test_without_a_number_to_be_known_on_nothing_is_begun(world, clock):
    """FLOW-10: a webhook's number may go away, if no chat is there."""
    webhook = made(world, account=ACCOUNT)
    for row in list(ChannelRow.query(CHANNELS)):
        row.delete()
    takes(world, clock, webhook, body())
    assert calls(webhook) == [("refused", "channel_unavailable", ())]


def test_a_flow_whose_file_is_gone_stops_where_it_was_to_be_sent(world, clock):
    """FLOW-10 FLOW-12: the values are kept."""
    known()
    facts = {"key": "flow/a.png", "name": "loja.png", "mime_type": "image/png", "size": 10}
    photo = {"type": "image", "file": facts, "text": "", "next": None}
    publish("f2", {"foto": photo}, name="Foto")
    webhook = made(world, flow_id="f2")
    takes(world, clock, webhook, body())
    assert calls(webhook) == [("fired", None, ())]
    assert (profiles.load("c1").values, said()) == ({"plan": "Ouro"}, [])
    assert lines() == ["flow_started", "flow_gone"]


def test_a_file_that_goes_in_that_moment_is_no_reason_to_lose_the_values(world, clock, monkeypatch):
    """FLOW-10"""
    known()
    webhook = made(world)

    def gone(*_, **__):
        raise errors.FileRefused(reason="missing")

    monkeypatch.setattr(Stepping, "begin", gone)
    takes(world, clock, webhook, body())
    assert calls(webhook) == [("saved", "file_gone", ())]
    assert (profiles.load("c1").values, lines()) == ({"plan": "Ouro"}, [])


def test_a_flow_that_was_withdrawn_begins_not(world, clock):
    """FLOW-10 FLOW-12"""
    known()
    webhook = made(world)
    FlowRow.get(FLOWS, "f1").delete()
    takes(world, clock, webhook, body())
    assert calls(webhook) == [("saved", "flow_gone", ())]
    assert profiles.load("c1").values == {"plan": "Ouro"}


def test_who_is_written_to_meanwhile_is_looked_at_anew(world, clock, monkeypatch):
    """FLOW-10 FLOW-3: whatever else happened in that moment stands, and the flow fires after it."""
    known()
    webhook = made(world)
    original, once = profiles.load, iter([True])

    def slow(*chat_ids):
        found = original(*chat_ids)
        if next(once, False):
            before = store.load("c1")
            store.commit(
                Change(before=before, after=revised(before, replace(before, name="Bianca")))
            )
        return found

    monkeypatch.setattr(profiles, "load", slow)
    takes(world, clock, webhook, body())
    assert said() == ["Pedido de Bianca recebido."]
    assert calls(webhook) == [("fired", None, ())]


def test_an_open_attendance_is_closed_first(world, clock):
    """FLOW-3 FLOW-2"""
    put(chat(agent_id="ana", identities=(f"whatsapp#{ACCOUNT}#phone#5511987654321",)))
    webhook = made(world)
    takes(world, clock, webhook, body())
    assert (the_chat().attendance, the_chat().agent_id) == (None, None)
    assert lines() == ["closed_by_flow", "flow_started"]


def lines():
    page = store.page_of_messages(the_chat(), limit=50)
    return [one.line["code"] for one in page if one.line]
