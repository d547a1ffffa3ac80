"""Channel accounts: connected with secrets that nobody sees again, tested, switched off, gone."""

import json
import logging

import pytest

from chalicelib.commands import channel as connecting
from chalicelib.domain import errors
from chalicelib.domain.delivery import AnswerLost, NotSent, Refused
from chalicelib.domain.inbound import Failure
from chalicelib.domain.instants import iso
from chalicelib.gateways.secrets import ChannelSecrets
from chalicelib.queries import channels as listing
from chalicelib.stores import channels as store
from chalicelib.stores.chats import commit_rows
from chalicelib.stores.tables import AuditRow, audit_pk
from tests.builders import ACCOUNT, NOON, PORTFOLIO, agent, chat, put

ANA = agent("ana")
NUMBER = f"whatsapp-{ACCOUNT}"
GIVEN = {"token": "EAAtoken-1", "app_secret": "hidden-1", "verify_token": "guarded-1"}
SECRET = [*GIVEN.values(), "EAAtoken-2"]


def wish(**facts):
    return {
        "channel": "whatsapp",
        "account": ACCOUNT,
        "display": "+55 11 4000-1234",
        "portfolio": PORTFOLIO,
        "page": "",
        "active": True,
        "human_agent": False,
        **GIVEN,
        **facts,
    }


def change(**facts):
    kept = {"token": None, "app_secret": None, "verify_token": None, **facts}
    return {
        name: value for name, value in wish(**kept).items() if name not in ("channel", "account")
    }


@pytest.fixture
def here(world, graph):
    """A desk without any channel, and what Meta says of the one to come."""
    world.secrets.accounts = {}
    graph.facts = {
        ACCOUNT: {
            "id": ACCOUNT,
            "verified_name": "Loja Teste",
            "quality_rating": "GREEN",
            "throughput": {"level": "STANDARD"},
        },
        f"{PORTFOLIO}/phone_numbers": {"data": [{"id": ACCOUNT}]},
        "me": {"id": "page-1", "name": "Página"},
    }
    return world


@pytest.fixture
def connected(here):
    connecting.add(here, ANA, wish())
    return here


def audited():
    return [(row.what, json.loads(row.details)) for row in AuditRow.query(audit_pk(NOON))]


# --- connected --------------------------------------------------------------------------------


def test_an_account_is_connected_and_says_which_secrets_it_has(here):
    """ADM-1 OPS-3"""
    made = connecting.add(here, ANA, wish())
    assert made == {
        "channel_id": NUMBER,
        "channel": "whatsapp",
        "account": ACCOUNT,
        "display": "+55 11 4000-1234",
        "portfolio": PORTFOLIO,
        "page": "",
        "active": True,
        "problem": None,
        "has_token": True,
        "has_app_secret": True,
        "has_verify_token": True,
        "name": None,
        "quality": None,
        "throughput": None,
        "checked_at": None,
        "last_webhook_at": None,
        "human_agent": False,
        "webhook_url": "http://desk.invalid/api/webhooks/whatsapp",
    }
    assert here.secrets.of("whatsapp")[ACCOUNT] == ChannelSecrets(**GIVEN)


def test_its_templates_are_asked_for(here):
    """SEND-2"""
    connecting.add(here, ANA, wish())
    [entry] = here.queues.entries["fetch"]
    assert json.loads(entry.body) == {"what": "templates", "portfolio": PORTFOLIO}


def test_asked_twice_it_is_connected_once(connected):
    connecting.add(connected, ANA, wish())
    assert len(listing.every(connected)["channels"]) == 1
    assert [what for what, _ in audited()] == ["channel_added"]


def test_one_whose_secrets_were_lost_on_the_way_gets_them_by_the_same_wish(connected):
    connected.secrets.accounts.clear()
    assert connecting.add(connected, ANA, wish())["has_token"]


@pytest.mark.parametrize("other", [{"display": "outro"}, {"token": "EAAtoken-2"}])
def test_an_account_that_is_there_is_not_overwritten(connected, other):
    """ADM-1"""
    with pytest.raises(errors.ChannelExists):
        connecting.add(connected, ANA, wish(**other))
    assert connected.secrets.accounts[ACCOUNT].token == GIVEN["token"]


def test_a_number_needs_its_portfolio(here):
    for ask in (
        lambda: connecting.add(here, ANA, wish(portfolio="")),
        lambda: connecting.save(here, ANA, NUMBER, change(portfolio="")),
    ):
        with pytest.raises(errors.Refusal):
            ask()
    assert listing.every(here)["channels"] == []


@pytest.mark.parametrize(
    ("channel", "account", "page"),
    [("facebook", "page-1", ""), ("instagram", "ig-1", "page-1"), ("instagram", "ig-2", "")],
)
def test_pages_and_instagram_accounts_are_connected_too(here, channel, account, page):
    """ADM-1"""
    made = connecting.add(
        here,
        ANA,
        wish(channel=channel, account=account, portfolio="", page=page, human_agent=True),
    )
    assert (made["channel_id"], made["page"]) == (f"{channel}-{account}", page)
    assert made["human_agent"] is True
    assert made["webhook_url"].endswith(f"/api/webhooks/{channel}")
    assert here.queues.entries["fetch"] == []


# --- secrets ----------------------------------------------------------------------------------


def test_no_secret_is_ever_shown_audited_or_logged(here, caplog, stream):
    """OPS-3"""
    caplog.set_level(logging.DEBUG)
    connecting.add(here, ANA, wish())
    connecting.save(here, ANA, NUMBER, change(token="EAAtoken-2"))
    tested = connecting.test(here, ANA, NUMBER)
    told = json.dumps([listing.every(here), tested])
    everything = told + repr(stream.records()) + caplog.text
    everything += repr(here.secrets.of("whatsapp"))
    assert not [secret for secret in SECRET if secret in everything]


def test_a_secret_that_is_not_given_stays(connected):
    """OPS-3"""
    connecting.save(connected, ANA, NUMBER, change(token="EAAtoken-2"))
    assert connected.secrets.accounts[ACCOUNT] == ChannelSecrets(
        "EAAtoken-2", "hidden-1", "guarded-1"
    )


def test_the_audit_says_what_changed_and_which_secrets(connected):
    """OPS-3"""
    connecting.save(connected, ANA, NUMBER, change(display="Loja", token="EAAtoken-2"))
    connecting.save(connected, ANA, NUMBER, change(display="Loja", token="EAAtoken-2"))
    connecting.remove(connected, ANA, NUMBER)
    told = sorted(audited(), key=str)
    assert [what for what, _ in told] == [
        "channel_added",
        "channel_changed",
        "channel_changed",
        "channel_removed",
    ]
    assert told[0][1]["secrets"] == sorted(GIVEN)
    assert {"changed": {"display": "Loja"}, "secrets": []} in [told[1][1], told[2][1]]
    assert {"changed": {}, "secrets": ["token"]} in [told[1][1], told[2][1]]
    assert told[3][1] == {"changed": {}, "secrets": []}


# --- changed ----------------------------------------------------------------------------------


def test_a_new_token_takes_back_what_was_said_of_the_old_one(connected):
    """CHAT-5 INB-10"""
    store.set_problem("whatsapp", ACCOUNT, "token_invalid")
    assert connecting.save(connected, ANA, NUMBER, change())["problem"] == "token_invalid"
    assert connecting.save(connected, ANA, NUMBER, change(token="EAAtoken-2"))["problem"] is None


@pytest.mark.parametrize("problem", ["restricted", "billing", "permission"])
def test_a_new_token_does_not_mend_what_is_not_its_fault(connected, problem):
    """INB-10"""
    store.set_problem("whatsapp", ACCOUNT, problem)
    assert connecting.save(connected, ANA, NUMBER, change(token="EAAtoken-2"))["problem"] == problem


def test_one_that_is_switched_off_says_so_and_keeps_its_health(connected):
    """INB-10"""
    connecting.test(connected, ANA, NUMBER)
    off = connecting.save(connected, ANA, NUMBER, change(active=False))
    assert (off["active"], off["problem"], off["quality"]) == (False, "disabled", "GREEN")
    assert store.channels()[0]["problem"] == "disabled"
    on = connecting.save(connected, ANA, NUMBER, change())
    assert (on["active"], on["problem"]) == (True, None)


def test_what_is_told_of_its_health_meanwhile_is_not_lost(connected, monkeypatch):
    """INB-10: a send fails while somebody saves the page."""
    saved, late = store.saved, []

    def overtaken(before, facts):
        if not late:
            late.append(True)
            store.set_problem("whatsapp", ACCOUNT, "billing")
        return saved(before, facts)

    monkeypatch.setattr(store, "saved", overtaken)
    found = connecting.save(connected, ANA, NUMBER, change(display="Loja"))
    assert (found["display"], found["problem"]) == ("Loja", "billing")


def test_an_account_that_is_not_there_cannot_be_changed_or_tested(here):
    """PERM-2"""
    for ask in (
        lambda: connecting.save(here, ANA, "whatsapp-1", change()),
        lambda: connecting.test(here, ANA, "whatsapp-1"),
        lambda: connecting.test(here, ANA, "nothing"),
    ):
        with pytest.raises(errors.NotFound):
            ask()


# --- tested -----------------------------------------------------------------------------------


def test_a_good_answer_brings_the_health_and_mends_what_was_wrong(connected):
    """ADM-1 INB-10"""
    store.set_problem("whatsapp", ACCOUNT, "token_invalid")
    tested = connecting.test(connected, ANA, NUMBER)
    assert (tested["ok"], tested["failure"]) == (True, None)
    found = tested["channel"]
    assert (found["name"], found["quality"], found["throughput"]) == (
        "Loja Teste",
        "GREEN",
        "STANDARD",
    )
    assert (found["problem"], found["checked_at"]) == (None, iso(NOON))


@pytest.mark.parametrize(
    ("failing", "code", "problem"),
    [
        (Refused(Failure(190, "Error validating access token")), 190, "token_invalid"),
        (Refused(Failure(200, "no permission")), 200, "permission"),
        (Refused(Failure(368, "restricted")), 368, "restricted"),
        (Refused(Failure(100, "Object does not exist")), 100, "permission"),
        (Refused(Failure(4, "too many")), 4, None),
        (Refused(Failure(99, "strange"), transient=True), 99, None),
        (NotSent("ConnectError"), 2, None),
        (AnswerLost("cut"), 2, None),
    ],
)
def test_a_refusal_is_told_and_noted_if_a_person_must_act(connected, graph, failing, code, problem):
    """ADM-1 INB-10 CHAT-5"""
    graph.outcomes = [failing]
    tested = connecting.test(connected, ANA, NUMBER)
    assert (tested["ok"], tested["failure"]["code"]) == (False, code)
    assert tested["channel"]["problem"] == problem


def test_without_a_token_it_is_as_with_a_dead_one(connected):
    """INB-10"""
    connected.secrets.accounts.clear()
    tested = connecting.test(connected, ANA, NUMBER)
    assert (tested["failure"]["code"], tested["channel"]["problem"]) == (190, "token_invalid")


@pytest.mark.parametrize(
    ("facts", "ok"),
    [
        ({ACCOUNT: {"id": "another"}}, False),
        ({f"{PORTFOLIO}/phone_numbers": {"data": [{"id": "another"}]}}, False),
        ({f"{PORTFOLIO}/phone_numbers": {}}, False),
        ({ACCOUNT: {}}, False),
        ({}, True),
    ],
)
def test_a_token_of_another_number_is_found_out(connected, graph, facts, ok):
    """ADM-1: who pastes the token of another account would answer in its name."""
    graph.facts = {**graph.facts, **facts}
    tested = connecting.test(connected, ANA, NUMBER)
    assert tested["ok"] is ok
    assert tested["channel"]["problem"] == (None if ok else "permission")


@pytest.mark.parametrize(
    ("channel", "account", "page", "me", "name"),
    [
        ("facebook", "page-1", "", {"id": "page-1", "name": "Página"}, "Página"),
        ("facebook", "page-1", "", {"id": "user-7", "name": "Pessoa"}, None),
        (
            "instagram",
            "ig-1",
            "page-1",
            {"id": "page-1", "instagram_business_account": {"id": "ig-1", "username": "loja"}},
            "loja",
        ),
        ("instagram", "ig-1", "page-1", {"id": "page-1", "name": "Página"}, None),
        ("instagram", "ig-1", "page-1", {"id": "p", "instagram_business_account": "?"}, None),
        ("instagram", "ig-1", "", {"user_id": "ig-1", "id": "9", "username": "loja"}, "loja"),
        ("instagram", "ig-1", "", {"user_id": "ig-2", "username": "outra"}, None),
    ],
)
def test_pages_and_instagram_accounts_are_tested_by_whose_token_it_is(
    here, graph, channel, account, page, me, name
):
    """ADM-1"""
    made = connecting.add(
        here, ANA, wish(channel=channel, account=account, portfolio="", page=page)
    )
    graph.facts["me"] = me
    tested = connecting.test(here, ANA, made["channel_id"])
    assert (tested["ok"], tested["channel"]["name"]) == (name is not None, name)


# --- removed ----------------------------------------------------------------------------------


def test_one_in_which_no_chat_lies_goes_with_its_secrets(connected):
    """OPS-3"""
    store.heard("whatsapp", ACCOUNT, NOON)
    put(chat("elsewhere", account="another"))
    for _ in range(2):
        assert connecting.remove(connected, ANA, NUMBER) == {"done": True}
    assert connected.secrets.accounts == {}
    assert (listing.every(connected)["channels"], store.last_heard()) == ([], {})
    assert connecting.add(connected, ANA, wish())["last_webhook_at"] is None


@pytest.mark.parametrize("last_activity_at", [NOON, None])
def test_one_in_which_chats_lie_stays(connected, last_activity_at):
    """ADM-1: also of contacts who never wrote."""
    put(chat(last_activity_at=last_activity_at, open_=last_activity_at is not None))
    with pytest.raises(errors.InUse) as caught:
        connecting.remove(connected, ANA, NUMBER)
    assert caught.value.fields == {"by": [{"kind": "chats", "count": 1}]}
    assert connected.secrets.accounts[ACCOUNT].token


def test_secrets_that_a_crash_left_behind_go_by_the_same_wish(connected):
    """OPS-3"""
    commit_rows(*store.removed(store.row_of(NUMBER)))
    connecting.remove(connected, ANA, NUMBER)
    assert connected.secrets.accounts == {}


@pytest.mark.parametrize("strange", ["whatsapp-../facebook/1", "other-1", "whatsapp-", "x"])
def test_what_names_no_account_removes_nothing(connected, strange):
    """PERM-2"""
    assert connecting.remove(connected, ANA, strange) == {"done": True}
    assert ACCOUNT in connected.secrets.accounts


# --- listed -----------------------------------------------------------------------------------


def test_the_page_shows_when_the_last_webhook_came(connected):
    """ADM-1"""
    store.heard("whatsapp", ACCOUNT, NOON)
    store.heard("whatsapp", ACCOUNT, NOON.replace(hour=11))
    [found] = listing.every(connected)["channels"]
    assert found["last_webhook_at"] == iso(NOON)
