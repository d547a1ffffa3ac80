"""Who is told of what, and why: every combination of what a decision depends on."""

from dataclasses import replace
from datetime import timedelta
from itertools import combinations, product

import pytest

from chalicelib.domain.access import Permission
from chalicelib.domain.chat import Occasion
from chalicelib.domain.message import key_of
from chalicelib.domain.notification import (
    SILENT_HIDDEN,
    SILENT_VISIBLE,
    Presence,
    Pushed,
    again_in,
    answered,
    concerns,
    notify,
    pushing,
    still_wanted,
)
from chalicelib.stores.rows import from_chat, to_chat
from tests.builders import NOON, TABS, agent, chat

ME = agent("me", permissions=TABS, department_ids={"sales"})
BLIND = agent("me", permissions=frozenset({Permission.FLOWS}), department_ids={"sales"})

PAGES = [
    Presence(page, visible=visible, device=device, seen_at=NOON)
    for page in ("chat", "other")
    for visible in (True, False)
    for device in ("browser", "pwa")
]
TOO_LONG = {
    True: SILENT_VISIBLE + timedelta(seconds=1),
    False: SILENT_HIDDEN + timedelta(seconds=1),
}
GONE = [replace(one, seen_at=NOON - TOO_LONG[one.visible]) for one in PAGES]
OPEN_PAGES = [(), *((one,) for one in PAGES), *combinations(PAGES, 2)]
ASSIGNED = {"me": "me", "another": "bia", "nobody": None}
DEPARTMENTS = {"mine": "sales", "another": "support", "none": None}
PUSHED = {
    "never": None,
    "before it was given": Pushed(4, "m0"),
    "since": Pushed(5, "m0"),
    "and answered": Pushed(5, "m0", answered=True),
}


def decided(
    *,
    kind="message",
    agent_id="me",
    department_id=None,
    who=ME,
    pages=(),
    devices=1,
    pushed=None,
    muted=False,
    by=None,
    holding=5,
):
    here = chat(agent_id=agent_id, department_id=department_id, holding=holding)
    occasion = Occasion(
        kind, NOON, 9, agent_id, department_id, key="m1" if kind == "message" else None, by=by
    )
    return notify(
        occasion,
        here,
        who,
        pages,
        devices=devices,
        pushed=pushed,
        muted=muted,
        now=NOON,
    )


# What the help page says, in its own words and order; each function answers for one paragraph.


def is_told(assigned, department, sees, by):
    """NOTIF-1, NOTIF-3: its agent, or in its department and may see it; not of one's own doing."""
    return sees and by != "me" and (assigned == "me" or department == "mine")


def rings(pages):
    """NOTIF-2: only while no page of theirs is the chat's."""
    return {one.page for one in pages} <= {"other"}


def sounds(pages, muted):
    """NOTIF-1: away from the chat, or with all its tabs hidden; never with the sound off."""
    looking = [one for one in pages if one.page == "chat" and one.visible]
    return bool(pages) and not looking and not muted


def pushes(kind, assigned, devices, pages, pushed):
    """NOTIF-3, NOTIF-4, NOTIF-5, NOTIF-9"""
    looking = [one for one in pages if (one.page, one.visible, one.device) == ("chat", True, "pwa")]
    again = {"never", "before it was given"} | ({"and answered"} if assigned == "me" else set())
    return (
        kind == "message"
        and assigned != "another"
        and devices > 0
        and not looking
        and pushed in again
    )


@pytest.mark.parametrize("kind", ["message", "assignment"])
@pytest.mark.parametrize("pushed", PUSHED)
@pytest.mark.parametrize("muted", [False, True], ids=["loud", "muted"])
@pytest.mark.parametrize("devices", [0, 2])
def test_every_combination(kind, pushed, muted, devices):
    """NOTIF-1 NOTIF-2 NOTIF-3 NOTIF-4 NOTIF-5 NOTIF-9"""
    for assigned, department, sees, by, pages, also_gone in product(
        ASSIGNED, DEPARTMENTS, (True, False), (None, "me", "bia"), OPEN_PAGES, (False, True)
    ):
        if kind == "message" and by is not None:
            continue
        found = decided(
            kind=kind,
            agent_id=ASSIGNED[assigned],
            department_id=DEPARTMENTS[department],
            who=ME if sees else BLIND,
            pages=(*pages, *GONE) if also_gone else pages,
            devices=devices,
            pushed=PUSHED[pushed],
            muted=muted,
            by=by,
        )
        case = (assigned, department, sees, by, pages, also_gone)
        if not is_told(assigned, department, sees, by):
            assert found is None, case
            continue
        assert found is not None, case
        assert (found.bell == "told") is rings(pages), case
        assert (found.sound == "told") is sounds(pages, muted), case
        assert (found.push == "told") is pushes(kind, assigned, devices, pages, pushed), case
        assert (found.agent_id, found.kind, found.chat_id) == ("me", kind, "c1"), case


A_TAB, HIDDEN_TAB = (Presence("chat", v, "browser", NOON) for v in (True, False))
CONTACTS = Presence("other", visible=True, device="browser", seen_at=NOON)
PWA, PWA_AWAY = (Presence("chat", v, "pwa", NOON) for v in (True, False))
PWA_CONTACTS = replace(CONTACTS, device="pwa")


@pytest.mark.parametrize(
    ("facts", "bell", "sound", "push"),
    [
        ({"pages": ()}, "told", "no_page_open", "told"),
        ({"pages": (CONTACTS,)}, "told", "told", "told"),
        ({"pages": (A_TAB,)}, "chat_page_open", "chat_page_visible", "told"),
        ({"pages": (HIDDEN_TAB,)}, "chat_page_open", "told", "told"),
        ({"pages": (HIDDEN_TAB, A_TAB)}, "chat_page_open", "chat_page_visible", "told"),
        ({"pages": (HIDDEN_TAB, CONTACTS)}, "chat_page_open", "told", "told"),
        ({"pages": (CONTACTS,), "muted": True}, "told", "muted", "told"),
        ({"pages": (), "muted": True}, "told", "no_page_open", "told"),
        ({"pages": (PWA,)}, "chat_page_open", "chat_page_visible", "pwa_visible"),
        ({"pages": (PWA_AWAY,)}, "chat_page_open", "told", "told"),
        ({"pages": (PWA_CONTACTS,)}, "told", "told", "told"),
        ({"pages": (PWA, HIDDEN_TAB)}, "chat_page_open", "chat_page_visible", "pwa_visible"),
        ({"devices": 0}, "told", "no_page_open", "no_device"),
        ({"pushed": Pushed(5, "m0")}, "told", "no_page_open", "pushed_already"),
        ({"pushed": Pushed(5, "m0", answered=True)}, "told", "no_page_open", "told"),
        ({"pushed": Pushed(4, "m0")}, "told", "no_page_open", "told"),
        ({"kind": "assignment"}, "told", "no_page_open", "not_a_message"),
        (
            {"agent_id": "bia", "department_id": "sales"},
            "told",
            "no_page_open",
            "agent_has_it",
        ),
        (
            {"agent_id": "me", "department_id": "support"},
            "told",
            "no_page_open",
            "told",
        ),
        (
            {"agent_id": None, "department_id": "sales", "pushed": Pushed(5, "m0", answered=True)},
            "told",
            "no_page_open",
            "pushed_already",
        ),
        (
            {"agent_id": None, "department_id": "sales", "pushed": Pushed(4, "m0", answered=True)},
            "told",
            "no_page_open",
            "told",
        ),
    ],
)
def test_the_reason_is_the_one_that_decided(facts, bell, sound, push):
    """NOTIF-7"""
    found = decided(**facts)
    assert (found.bell, found.sound, found.push) == (bell, sound, push)


@pytest.mark.parametrize(
    ("visible", "after", "there"),
    [
        (True, SILENT_VISIBLE, True),
        (True, SILENT_VISIBLE + timedelta(seconds=1), False),
        (False, SILENT_HIDDEN, True),
        (False, SILENT_HIDDEN + timedelta(seconds=1), False),
        (True, -timedelta(hours=3), True),  # the server's clock alone counts, and may be set back
    ],
)
def test_a_page_that_was_silent_for_long_is_gone(visible, after, there):
    """NOTIF-1: whatever the gateway believes of a socket."""
    page = Presence("chat", visible=visible, device="browser", seen_at=NOON)
    assert page.live(NOON + after) is there


def test_twenty_messages_are_one_push_until_it_is_answered():
    """NOTIF-4"""
    here, pushed, told = chat(agent_id="me", holding=5), None, []
    for number in range(20):
        found = decided(pushed=pushed)
        if found.push == "told":
            told.append(number)
            pushed = pushing(found, here, pushed)
        if number == 11:
            pushed = answered(pushed)
    assert told == [0, 12]
    assert pushed.version == 3


def test_whoever_gives_a_chat_to_their_own_department_is_told_nothing():
    """NOTIF-3: the others are."""
    given = Occasion("assignment", NOON, 9, department_id="sales", by="me")
    assert not concerns(given, ME)
    assert concerns(given, agent("bia", department_ids={"sales"}))
    assert not concerns(given, agent("caio", department_ids={"support"}))


def test_a_flow_that_gives_it_to_both_tells_both():
    """FLOW-5 NOTIF-3"""
    given = Occasion("assignment", NOON, 9, agent_id="bia", department_id="sales")
    assert concerns(given, ME)
    assert concerns(given, agent("bia"))


@pytest.mark.parametrize(
    ("facts", "who", "wanted"),
    [
        ({"agent_id": "me"}, ME, True),
        ({"agent_id": "bia"}, ME, False),
        ({"agent_id": "bia", "department_id": "sales"}, ME, False),
        ({"department_id": "sales"}, ME, True),
        ({"department_id": "support"}, ME, False),
        ({}, ME, False),
        ({"agent_id": "me"}, BLIND, False),
        ({"agent_id": "me"}, replace(ME, active=False), False),
        ({"agent_id": "me"}, None, False),
    ],
)
def test_what_leaves_is_asked_again_just_before(facts, who, wanted):
    """NOTIF-3 PERM-2"""
    assert still_wanted(chat(**facts), who) is wanted


def test_of_a_contact_that_is_gone_nothing_leaves():
    """PERM-2"""
    assert not still_wanted(None, ME)


def test_a_service_that_is_down_is_asked_less_and_less_often():
    waits = [again_in(attempt).total_seconds() for attempt in (1, 2, 3, 8, 9, 39)]
    assert waits == [2, 4, 8, 256, 300, 300]


def test_a_decision_has_one_name_however_often_it_is_made():
    """NOTIF-7"""
    names = {
        decided(pages=pages, muted=muted).decision_id
        for pages, muted in product(OPEN_PAGES, (True, False))
    }
    assert len(names) == 1
    assert decided(kind="assignment").decision_id not in names


@pytest.mark.parametrize("holders", [("ana", None), (None, "sales"), ("ana", "sales")])
def test_a_row_keeps_what_it_is_an_occasion_for(holders):
    """NOTIF-3: in few bytes, since a row of more than 1 KB costs double."""
    agent_id, department_id = holders
    who = {"rev": 7, "agent_id": agent_id, "department_id": department_id}
    newest, older = (key_of(NOON, name) for name in ("newest", "older"))
    occasions = (
        Occasion("message", NOON, key=newest, **who),
        Occasion("message", NOON, key=older, **who),
        Occasion("assignment", NOON, by="bia", **who),
        Occasion("assignment", NOON, **who),
    )
    one = chat(
        rev=7,
        agent_id=agent_id,
        department_id=department_id,
        last_inbound=newest,
        occasions=occasions,
        holding=5,
    )
    assert to_chat(from_chat(one)).occasions == occasions
    assert to_chat(from_chat(one)).holding == 5
    assert from_chat(replace(one, occasions=())).to_do is None
