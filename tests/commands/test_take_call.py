"""Other systems call webhooks: values are kept, flows fire, each event once (FLOW-10)."""

import json

import pytest

from chalicelib.commands import flow, hook, label
from chalicelib.commands.block import block
from chalicelib.commands.take_call import take
from chalicelib.domain import errors
from chalicelib.domain.access import Permission
from chalicelib.domain.contact import phone_ids
from chalicelib.queries import hooks as queries
from chalicelib.stores import channels, hooks, identities, labels, profiles
from chalicelib.stores import chats as store
from tests.builders import ACCOUNT, PORTFOLIO, TABS, agent, chat, join, put
from tests.commands.flow_fixtures import chatbot, publish

ANA = agent("ana", permissions=TABS | {Permission.BLOCKING})
HELLO = {"oi": {"type": "text", "text": "Pedido de {nome} recebido.", "next": None}}
MAPPING = [
    {"path": "cliente.telefone", "field": "telefone"},
    {"path": "cliente.nome", "field": "nome"},
    {"path": "cliente.email", "field": "email"},
    {"path": "plano", "field": "plano"},
]
WANTED = {
    "version": 0,
    "name": "Loja",
    "production": True,
    "account": None,
    "foreign": False,
    "event_path": "",
    "mapping": MAPPING,
    "flow_id": "f1",
}
PLAN = {
    "field_id": "plan",
    "slug": "plano",
    "name": "Plano",
    "kind": "choice",
    "options": ["Ouro", "Prata"],
    "at_closing": "no",
    "active": True,
}


@pytest.fixture(autouse=True)
def _desk(world):
    join(ANA)
    channels.save("whatsapp", ACCOUNT, display="+55 11 4000-1234", portfolio=PORTFOLIO)
    labels.save_field(PLAN)
    publish("f1", HELLO)
    chatbot(world)


def made(world, **wanted):
    return hook.add(world, ANA, {**WANTED, **wanted})


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


# --- setting up -------------------------------------------------------------------------------


def test_addresses_are_unguessable_and_the_same_wish_makes_one(world):
    """FLOW-10"""
    one, again = made(world), made(world)
    assert one == again
    assert len(one["webhook_id"]) == 32
    assert one["url"] == f"/api/hooks/{one['webhook_id']}"
    with pytest.raises(errors.NameTaken):
        made(world, name=" LOJA ", flow_id=None)
    assert made(world, name="Outra")["webhook_id"] != one["webhook_id"]


@pytest.mark.parametrize(
    ("wanted", "path", "reason"),
    [
        ({"flow_id": "nothing"}, "flow_id", "unknown"),
        ({"mapping": []}, "mapping", "phone_missing"),
        ({"mapping": [*MAPPING, {"path": "a", "field": "nada"}]}, "mapping.4.field", "unknown"),
    ],
)
def test_what_cannot_work_is_not_saved(world, wanted, path, reason):
    """FLOW-10"""
    with pytest.raises(errors.Invalid) as refused:
        made(world, **wanted)
    assert refused.value.fields["fields"] == [{"path": path, "reason": reason}]


def test_what_somebody_else_changed_meanwhile_is_said(world):
    """FLOW-10"""
    one = made(world)
    changed = {**WANTED, "name": "Loja nova", "version": one["version"]}
    after = hook.save(world, ANA, one["webhook_id"], changed)
    assert (after["name"], after["url"], after["version"]) == ("Loja nova", one["url"], 2)
    assert hook.save(world, ANA, one["webhook_id"], changed) == after
    with pytest.raises(errors.EditedMeanwhile):
        hook.save(world, ANA, one["webhook_id"], {**changed, "flow_id": None})
    with pytest.raises(errors.NotFound):
        hook.save(world, ANA, "nothing", changed)


def test_what_a_webhook_needs_is_not_deleted(world):
    """FLOW-10"""
    one = made(world, name="Pedidos")
    chatbot(world, chatbot=False, main_flow_id="")
    for remove in (
        lambda: flow.remove(world, ANA, "f1"),
        lambda: label.remove_field(world, ANA, "plan"),
    ):
        with pytest.raises(errors.InUse) as refused:
            remove()
        assert refused.value.fields["by"] == [{"kind": "webhook", "name": "Pedidos"}]
    for _ in range(2):
        hook.remove(world, ANA, one["webhook_id"])
    flow.remove(world, ANA, "f1")
    assert queries.hooks() == {"webhooks": []}


def test_a_number_that_went_away_is_said(world, clock):
    """FLOW-10"""
    with pytest.raises(errors.NotFound):
        made(world, account="nothing")
