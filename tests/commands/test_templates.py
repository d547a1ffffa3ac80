"""Templates follow Meta: daily, on demand, by webhook and after a refusal; and are bound."""

import json
from datetime import timedelta

import pytest

from chalicelib.commands.sync_templates import PAUSES, heed, sync
from chalicelib.commands.template import bind, sync_now
from chalicelib.domain import errors
from chalicelib.domain.delivery import AnswerLost, NotSent, Refused
from chalicelib.domain.inbound import Failure, Notice
from chalicelib.domain.instants import iso
from chalicelib.gateways.secrets import ChannelSecrets
from chalicelib.queries import templates
from chalicelib.stores import channels
from chalicelib.stores import templates as store
from chalicelib.stores.tables import AuditRow, audit_pk
from tests.builders import ACCOUNT, NOON, PORTFOLIO, agent, chat, put

ANA = agent("ana")
SECOND = "206540352242922"
RETOMAR = {
    "id": "1",
    "name": "retomar",
    "language": "pt_BR",
    "category": "UTILITY",
    "status": "APPROVED",
    "parameter_format": "POSITIONAL",
    "quality_score": {"score": "GREEN"},
    "rejected_reason": "NONE",
    "components": [{"type": "BODY", "text": "Olá, {{1}}!"}],
}
ENGLISH = {**RETOMAR, "id": "2", "language": "en_US"}
PROMO = {**RETOMAR, "id": "3", "name": "promo", "category": "MARKETING"}
CODE = {**RETOMAR, "id": "4", "name": "codigo", "category": "AUTHENTICATION"}
PAUSED = {**RETOMAR, "id": "5", "name": "pausado", "status": "PAUSED"}


@pytest.fixture
def here(world, graph):
    """A desk with a WhatsApp number, and what Meta has of it."""
    channels.save("whatsapp", ACCOUNT, display="+55 11 4000-1234", portfolio=PORTFOLIO)
    graph.told = [RETOMAR, ENGLISH, PROMO, CODE, PAUSED]
    return world


def asked(**facts):
    return {"account": None, "chat_id": None, "phone": None} | facts


def statuses():
    return {
        (one["template"]["name"], one["template"]["language"]): one["template"]["status"]
        for one in store.shown()["templates"]
    }


def one(name="retomar", language="pt_BR"):
    return next(
        found["template"]
        for found in store.shown()["templates"]
        if (found["template"]["name"], found["template"]["language"]) == (name, language)
    )


def notice(at, field="message_template_status_update", portfolio=PORTFOLIO, **value):
    told = {"message_template_name": "retomar", "message_template_language": "pt_BR", **value}
    return Notice("whatsapp", "", portfolio, field, told, at)


def asked_of_meta(world):
    return [json.loads(entry.body) for entry in world.queues.entries["fetch"]]


# --- synchronised -----------------------------------------------------------------------------


def test_all_that_meta_has_is_mirrored_whatever_its_status(here):
    """SEND-2 ADM-1"""
    assert sync(here, PORTFOLIO, 1) is None
    assert statuses() == {
        ("retomar", "pt_BR"): "approved",
        ("retomar", "en_US"): "approved",
        ("promo", "pt_BR"): "approved",
        ("codigo", "pt_BR"): "approved",
        ("pausado", "pt_BR"): "paused",
    }
    shown = store.shown()
    assert (shown["synced_at"], shown["problem"]) == (iso(NOON), None)
    assert {tuple(found["accounts"]) for found in shown["templates"]} == {(ACCOUNT,)}
    assert one()["quality"] == "GREEN"


def test_of_what_did_not_change_nothing_is_written(here, stream):
    """META.md §6"""
    sync(here, None, 1)
    stream.records()
    sync(here, None, 1)
    assert [record["dynamodb"]["Keys"]["pk"]["S"] for record in stream.records()] in (
        [],
        ["TEMPLATE_SYNC"],
    )


def test_what_changed_is_told_and_what_is_gone_is_marked(here, graph, clock):
    """SEND-2"""
    sync(here, PORTFOLIO, 1)
    clock.forward(hours=24)
    changed = {**RETOMAR, "components": [{"type": "BODY", "text": "Oi, {{1}} e {{2}}"}]}
    graph.told = [changed, PROMO, {**PAUSED, "status": "DISABLED", "rejected_reason": "ABUSE"}]
    sync(here, PORTFOLIO, 1)
    assert one()["variables"] == ["body.1", "body.2"]
    assert one("retomar", "en_US")["status"] == "deleted"
    assert one("codigo")["unsendable_because"] == "status"
    assert (one("pausado")["status"], one("pausado")["reason"]) == ("disabled", "ABUSE")
    assert store.shown()["synced_at"] == iso(clock.at)


def test_what_came_back_may_be_sent_again_with_its_bindings(here, graph, clock):
    """SEND-3"""
    sync(here, PORTFOLIO, 1)
    bind(here, ANA, one()["template_id"], {"body.1": "{nome}"})
    whole = graph.told
    for told in ([], whole):
        clock.forward(minutes=5)
        graph.told = told
        sync(here, PORTFOLIO, 1)
    assert (one()["status"], one()["bindings"]) == ("approved", {"body.1": "{nome}"})


def test_a_list_that_is_not_whole_changes_nothing(here, graph, clock):
    """META.md §6: what is missing would be taken for deleted."""
    sync(here, PORTFOLIO, 1)
    clock.forward(hours=1)
    graph.told, graph.unread = [], [AnswerLost("too many pages")]
    assert sync(here, PORTFOLIO, 1) == PAUSES[0]
    assert "deleted" not in statuses().values()
    shown = store.shown()
    assert (shown["synced_at"], shown["problem"]) == (iso(NOON), "unavailable")
    graph.unread, graph.told = [], [RETOMAR]
    sync(here, PORTFOLIO, 2)
    assert store.shown()["problem"] is None


@pytest.mark.parametrize(
    ("failing", "problem", "waits"),
    [
        (Refused(Failure(190, "no")), "token_invalid", False),
        (Refused(Failure(200, "no")), "permission", False),
        (Refused(Failure(368, "no")), "restricted", False),
        (Refused(Failure(4, "no")), "unavailable", True),
        (NotSent("ConnectError"), "unavailable", True),
    ],
)
def test_a_failed_synchronisation_is_told_with_its_problem(here, graph, failing, problem, waits):
    """SEND-2 INB-10"""
    graph.unread = [failing]
    assert (sync(here, PORTFOLIO, 1) is not None) is waits
    assert store.shown() == {"templates": [], "synced_at": None, "problem": problem}


def test_it_is_not_tried_for_ever(here, graph):
    for attempt, pause in enumerate((*PAUSES, None), 1):
        graph.unread = [NotSent("ConnectError")]
        assert sync(here, PORTFOLIO, attempt) == pause


def test_another_number_of_the_portfolio_may_have_the_good_token(here, graph):
    """INB-10"""
    channels.save("whatsapp", SECOND, display="+55 11 4000-9999", portfolio=PORTFOLIO)
    here.secrets.accounts = {
        ACCOUNT: ChannelSecrets(""),
        SECOND: ChannelSecrets("good"),
    }
    sync(here, PORTFOLIO, 1)
    assert len(statuses()) == 5
    assert set(store.shown()["templates"][0]["accounts"]) == {ACCOUNT, SECOND}


def test_two_portfolios_keep_templates_of_one_name_apart(here, graph):
    """OPS-2"""
    channels.save("whatsapp", SECOND, display="+55 11 4000-9999", portfolio="999")
    here.secrets.accounts[SECOND] = ChannelSecrets("token")
    sync(here, None, 1)
    assert graph.asked == [PORTFOLIO, "999"]
    listed = [found for found in store.shown()["templates"] if found["template"]["name"] == "promo"]
    assert {found["portfolio"] for found in listed} == {PORTFOLIO, "999"}
    assert len({found["template"]["template_id"] for found in listed}) == 2


def test_on_demand_the_page_gets_the_list_as_it_is_now(here, graph):
    """ADM-1"""
    assert len(sync_now(here)["templates"]) == 5
    graph.unread = [Refused(Failure(190, "no"))]
    again = sync_now(here)
    assert (len(again["templates"]), again["problem"]) == (5, "token_invalid")


def test_without_a_number_there_is_nothing_to_ask(world):
    with pytest.raises(errors.ChannelUnavailable) as caught:
        sync_now(world)
    assert caught.value.fields == {"problem": "missing"}
    assert sync(world, None, 1) is None


# --- told by webhook --------------------------------------------------------------------------

LATER = NOON + timedelta(minutes=5)


def test_a_paused_template_is_shown_so_and_sent_no_more(here):
    """SEND-2"""
    sync(here, PORTFOLIO, 1)
    heed(here, notice(LATER, event="PAUSED", reason="LOW_QUALITY"))
    assert (one()["status"], one()["reason"]) == ("paused", "LOW_QUALITY")
    with pytest.raises(errors.TemplateGone):
        store.sendable(PORTFOLIO, "retomar", "pt_BR")
    heed(here, notice(LATER + timedelta(hours=3), event="REINSTATED", reason="NONE"))
    assert (one()["status"], one()["reason"]) == ("approved", None)
    assert asked_of_meta(here) == []


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0, 1, 2, 0)])
def test_the_latest_news_stands_in_any_order(here, order):
    """INB-4 INB-3"""
    sync(here, PORTFOLIO, 1)
    news = [
        notice(LATER, event="PAUSED"),
        notice(LATER + timedelta(minutes=1), event="APPROVED"),
        notice(LATER + timedelta(minutes=2), event="DISABLED"),
    ]
    for number in order:
        heed(here, news[number])
    assert one()["status"] == "disabled"


def test_news_from_before_the_synchronisation_changes_nothing(here, clock):
    """INB-4: a webhook may come a week late."""
    clock.forward(days=7)
    sync(here, PORTFOLIO, 1)
    heed(here, notice(LATER, event="PAUSED"))
    assert one()["status"] == "approved"


def test_news_since_a_synchronisation_began_is_not_undone_by_it(here, graph, monkeypatch):
    """INB-4"""
    sync(here, PORTFOLIO, 1)
    every = graph.templates

    def meanwhile(portfolio):
        told = every(portfolio)
        heed(here, notice(LATER, event="PAUSED"))
        return told

    monkeypatch.setattr(graph, "templates", meanwhile)
    graph.told = [{**RETOMAR, "quality_score": {"score": "RED"}}]
    sync(here, PORTFOLIO, 1)
    assert one()["status"] == "paused"


def test_news_of_the_second_in_which_it_was_synchronised_counts(here):
    """META.md §1.3: webhooks tell whole seconds."""
    sync(here, PORTFOLIO, 1)
    heed(here, notice(NOON, event="PAUSED"))
    assert one()["status"] == "paused"


def test_quality_is_kept_and_a_warning_is_its_reason(here):
    sync(here, PORTFOLIO, 1)
    quality = "message_template_quality_update"
    heed(here, notice(LATER, quality, new_quality_score="RED"))
    assert (one()["quality"], one()["status"]) == ("RED", "approved")
    heed(here, notice(LATER, event="FLAGGED"))
    assert (one()["sendable"], one()["reason"]) == (True, "FLAGGED")
    heed(here, notice(LATER, quality, new_quality_score="UNKNOWN"))
    assert one()["quality"] is None


@pytest.mark.parametrize(
    "told",
    [
        notice(LATER, event="PAUSED", message_template_name="novo"),
        notice(LATER, event="SOMETHING_NEW"),
        notice(LATER, event=None, message_template_name=7),
        notice(LATER, "template_category_update", new_category="MARKETING"),
        notice(LATER, "message_template_components_update"),
    ],
)
def test_what_cannot_be_kept_is_asked_of_meta(here, told):
    """SEND-2"""
    sync(here, PORTFOLIO, 1)
    heed(here, told)
    assert one()["status"] == "approved"
    assert asked_of_meta(here) == [{"what": "templates", "portfolio": PORTFOLIO}]


def test_news_of_something_else_is_passed_over(here):
    heed(here, notice(LATER, "account_update", event="PAUSED"))
    heed(here, notice(LATER, portfolio=""))
    assert asked_of_meta(here) == []


# --- listed for whoever sends -----------------------------------------------------------------


def test_the_list_holds_what_may_be_sent_by_name(here):
    """SEND-2: approved ones, none for authentication."""
    sync(here, PORTFOLIO, 1)
    listed = templates.listed(here, ANA, asked())
    assert listed["account"] == ACCOUNT
    shown = [(one["name"], one["language"]) for one in listed["templates"]]
    assert shown == [("promo", "pt_BR"), ("retomar", "en_US"), ("retomar", "pt_BR")]


@pytest.mark.parametrize(
    ("wanted", "country", "amount"),
    [
        ({}, "BR", "0.0625"),
        ({"phone": "(11) 98765-4321"}, "BR", "0.0625"),
        ({"phone": "+54 9 11 2345-6789"}, "AR", "0.0618"),
        ({"phone": "+1 415 555 2671"}, None, None),  # no table tells
        ({"phone": "98"}, "BR", "0.0625"),  # half a number
        ({"chat_id": "c1"}, "BR", "0.0625"),
        ({"chat_id": "c2"}, "CL", "0.0889"),
        ({"chat_id": "c3"}, None, None),
    ],
)
def test_a_price_is_that_of_who_gets_it(here, wanted, country, amount):
    """SEND-2 META.md §9"""
    sync(here, PORTFOLIO, 1)
    put(chat("c1"))
    put(chat("c2", phone=None, user_id="CL.123"))
    put(chat("c3", phone=None, user_id=None))
    promo = templates.listed(here, ANA, asked(**wanted))["templates"][0]
    price = promo["price"]
    assert (price and price["country"], price and price["amount"]) == (country, amount)


def test_a_chat_that_may_not_be_read_or_has_no_templates_lists_none(here):
    """PERM-2"""
    put(chat("c1"))
    put(chat("c2", channel="facebook"))
    hidden = agent("davi", permissions=frozenset())
    with pytest.raises(errors.NotFound):
        templates.listed(here, hidden, asked(chat_id="c1"))
    with pytest.raises(errors.NotOnThisChannel):
        templates.listed(here, ANA, asked(chat_id="c2"))


def test_an_account_that_is_not_the_agencys_does_not_exist(here):
    """PERM-2"""
    with pytest.raises(errors.NotFound):
        templates.listed(here, ANA, asked(account="1"))


# --- bound ------------------------------------------------------------------------------------


def test_a_binding_is_shown_wherever_the_template_is(here):
    """SEND-3"""
    sync(here, PORTFOLIO, 1)
    bound = bind(here, ANA, one()["template_id"], {"body.1": " {nome} "})
    assert bound["template"]["bindings"] == {"body.1": "{nome}"}
    assert templates.listed(here, ANA, asked())["templates"][2]["bindings"] == {"body.1": "{nome}"}
    assert bind(here, ANA, one()["template_id"], {})["template"]["bindings"] == {}


def test_a_binding_is_audited_once_and_without_its_text(here):
    sync(here, PORTFOLIO, 1)
    for _ in range(2):
        bind(here, ANA, one()["template_id"], {"body.1": "{nome}"})
    [row] = AuditRow.query(audit_pk(NOON))
    assert (row.what, row.by, row.subject) == ("template_bound", "ana", one()["template_id"])
    assert json.loads(row.details) == {"variables": ["body.1"]}


def test_what_is_not_there_cannot_be_bound(here):
    sync(here, PORTFOLIO, 1)
    with pytest.raises(errors.NotFound):
        bind(here, ANA, "0" * 16, {})
    with pytest.raises(errors.Invalid):
        bind(here, ANA, one()["template_id"], {"body.2": "x"})
