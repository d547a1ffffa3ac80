"""What Meta tells of accounts, templates and threads: each to whom it concerns, the newest wins."""

import json
from datetime import timedelta

import pytest

from chalicelib.commands.notice import control, notice
from chalicelib.commands.receive import receive
from chalicelib.domain.inbound import Control, Notice, Person
from chalicelib.stores import channels
from chalicelib.stores.rows import to_chat, to_message
from chalicelib.stores.tables import ChatRow, MessageRow, Row
from tests.builders import ACCOUNT, NOON, PORTFOLIO, arrival

LATER = NOON + timedelta(minutes=1)
DISABLED = {"event": "DISABLED_UPDATE", "ban_info": {"waba_ban_state": ["DISABLE"]}}
REINSTATED = {"event": "DISABLED_UPDATE", "ban_info": {"waba_ban_state": ["REINSTATE"]}}


def told(field, value, at=NOON, **facts):
    given = {"channel": "whatsapp", "account": "", "portfolio": PORTFOLIO}
    return Notice(**{**given, **facts}, field=field, value=value, at=at)


@pytest.fixture
def accounts(world):
    channels.save("whatsapp", ACCOUNT, display="+55 11 4000-1234", portfolio=PORTFOLIO)
    channels.save("whatsapp", "222", display="+55 11 4000-5678", portfolio=PORTFOLIO)
    channels.save("whatsapp", "333", display="+55 21 4000-0000", portfolio="another")
    channels.save("facebook", "PAGE", display="Loja", portfolio="")


def problems():
    return {row.account: row.problem for row in channels.rows() if row.problem}


def quality(account=ACCOUNT):
    return next(row.quality for row in channels.rows() if row.account == account)


@pytest.mark.parametrize(
    ("value", "restricted"),
    [
        (DISABLED, True),
        ({"event": "ACCOUNT_RESTRICTION", "restriction_info": []}, True),
        ({"event": "ACCOUNT_DELETED"}, True),
        ({"ban_info": {"waba_ban_state": "DISABLE"}}, True),
        ({"event": "DISABLED_UPDATE", "ban_info": {"waba_ban_state": "SCHEDULE_FOR_DISABLE"}}, 0),
        ({"event": "VERIFIED_ACCOUNT"}, 0),
        ({"event": ["x"], "ban_info": 3}, 0),
        ({}, 0),
    ],
)
def test_an_account_that_may_send_no_more_raises_the_banner(world, accounts, value, restricted):
    """INB-10: of all the numbers of the portfolio, since the notice names none."""
    notice(world, told("account_update", value))
    assert problems() == ({ACCOUNT: "restricted", "222": "restricted"} if restricted else {})


def test_a_notice_that_names_a_number_concerns_that_number(world, accounts):
    """INB-10"""
    notice(world, told("account_update", {**DISABLED, "phone_number": "551140005678"}))
    assert problems() == {"222": "restricted"}


def test_the_newest_notice_stands_in_any_order(world, accounts):
    """INB-3 INB-4"""
    steps = [(DISABLED, NOON), (REINSTATED, LATER)]
    for value, at in (*steps, *steps[::-1], *steps):
        notice(world, told("account_update", value, at))
    assert problems() == {}


def test_that_it_may_send_again_mends_no_dead_token(world, accounts):
    """INB-10"""
    channels.set_problem("whatsapp", ACCOUNT, "token_invalid")
    notice(world, told("account_update", REINSTATED))
    assert problems() == {ACCOUNT: "token_invalid"}


def test_the_quality_of_a_number_is_told(world, accounts):
    """ADM-1"""
    value = {"display_phone_number": "551140001234", "event": "FLAGGED"}
    notice(world, told("phone_number_quality_update", value))
    assert (quality(), quality("222")) == ("RED", None)
    notice(world, told("phone_number_quality_update", {**value, "event": "UNFLAGGED"}, LATER))
    assert quality() is None


def test_a_page_that_is_shut_out_raises_the_banner(world, accounts):
    """INB-10"""
    facts = {"channel": "facebook", "account": "PAGE", "portfolio": ""}
    notice(world, told("messaging_policy_enforcement", {"action": "block"}, **facts))
    assert problems() == {"PAGE": "restricted"}
    notice(world, told("messaging_policy_enforcement", {"action": "unblock"}, LATER, **facts))
    assert problems() == {}


@pytest.mark.parametrize(
    "field",
    [
        "message_template_status_update",
        "message_template_components_update",
        "template_category_update",
    ],
)
def test_news_of_templates_has_them_fetched(world, accounts, field):
    """SEND-2"""
    notice(world, told(field, {"message_template_name": "new"}))
    (entry,) = world.queues.entries["fetch"]
    assert json.loads(entry.body) == {"what": "templates", "portfolio": PORTFOLIO}


@pytest.mark.parametrize("field", ["security", "account_alerts", "", "hologram_update"])
def test_a_notice_that_nobody_understands_changes_nothing(world, accounts, field):
    """INB-5"""
    notice(world, told(field, {"anything": [1, {"x": None}]}))
    assert problems() == {}
    assert not world.queues.entries["fetch"]


def test_an_account_that_is_not_connected_is_nobodys(world):
    """INB-10"""
    notice(world, told("account_update", DISABLED, account="999"))
    assert channels.rows() == []


def test_who_owns_the_thread_is_told_in_it(world):
    """CHAT-3 INB-3: each time once, in any order."""
    maria = {"channel": "facebook", "account": "PAGE", "portfolio": ""}
    receive(world, arrival("oi", person=Person(user_id="U1", name="Maria"), **maria))
    lost = Control(**maria, person=Person(user_id="U1"), ours=False, app="263902037430900", at=NOON)
    gained = Control(**maria, person=Person(user_id="U1"), ours=True, app=None, at=LATER)
    for one in (gained, lost, lost, gained):
        control(world, one)
    found = [to_message(row) for row in Row.scan() if isinstance(row, MessageRow)]
    lines = sorted((one for one in found if one.line), key=lambda one: one.key)
    assert [(one.line["code"], one.line["subject_name"]) for one in lines] == [
        ("control_lost", "263902037430900"),
        ("control_gained", None),
    ]
    (row,) = [row for row in Row.scan() if isinstance(row, ChatRow)]
    assert (to_chat(row).unread, to_chat(row).preview) == (1, "oi")
