"""Who may read a chat: the one answer, against the rule written a second time, in every case."""

from itertools import chain, combinations, product

import pytest

from chalicelib.domain.access import Agent, Permission, may_read, tabs_of
from chalicelib.domain.listing import Tab
from tests.builders import TABS, agent, chat

CHAT_PERMISSIONS = "12346"
SUBSETS = [
    frozenset(Permission(number) for number in numbers)
    for numbers in chain.from_iterable(combinations(CHAT_PERMISSIONS, n) for n in range(6))
]
MEMBERSHIPS = [(), ("mine",), ("mine", "also mine")]
# holder, department, whether an attendance is open. A closed chat has neither (ROUTE-7).
STATES = [
    *product((None, "me", "other"), (None, "mine", "foreign"), (True,)),
    (None, None, False),
]


def readable_by_the_rule(permissions, departments, holder, department, is_open, merged):
    """TAB-7, spelt out from the specification's words instead of from the code."""
    has = {permission.value for permission in permissions}
    if merged:
        return False
    if "1" in has:
        return True
    if "3" in has and holder == "me":
        return True
    if "4" in has and holder in ("me", "other"):
        return True
    return (
        "2" in has
        and is_open
        and (
            (holder is None and department is None)
            or department in departments
            or ("6" in has and department is not None)
        )
    )


@pytest.mark.parametrize("permissions", SUBSETS, ids=lambda one: "".join(sorted(one)) or "none")
def test_a_chat_may_be_read_if_and_only_if_a_tab_of_theirs_holds_it(permissions):
    """TAB-7 PERM-2"""
    for departments, (holder, department, is_open), merged in product(
        MEMBERSHIPS, STATES, (False, True)
    ):
        viewer = agent("me", permissions=permissions, department_ids=departments)
        one = chat(
            open_=is_open,
            agent_id=holder,
            department_id=department,
            merged_into="c2" if merged else None,
        )
        expected = readable_by_the_rule(
            permissions, departments, holder, department, is_open, merged
        )
        assert may_read(one, viewer) is expected, (departments, holder, department, is_open)
        cut_off = agent("me", permissions=permissions, department_ids=departments, active=False)
        assert not may_read(one, cut_off)


def test_nothing_else_opens_a_chat():
    """TAB-7: no general permission, and not number 5 or 6 alone."""
    others = frozenset(Permission) - TABS
    viewer = agent("me", permissions=others, department_ids={"mine"})
    assert tabs_of(viewer) == ()
    for holder, department, is_open in STATES:
        assert not may_read(chat(open_=is_open, agent_id=holder, department_id=department), viewer)


@pytest.mark.parametrize(
    ("permissions", "tabs"),
    [
        ("", []),
        ("1", [Tab.ALL]),
        ("2", [Tab.OPEN]),
        ("3", [Tab.MINE]),
        ("4", [Tab.IN_SERVICE]),
        ("4321", [Tab.ALL, Tab.OPEN, Tab.MINE, Tab.IN_SERVICE]),
        ("56", []),
    ],
)
def test_permissions_decide_which_tabs_a_user_has(permissions, tabs):
    """TAB-7"""
    viewer = agent(permissions=frozenset(Permission(number) for number in permissions))
    assert list(tabs_of(viewer)) == tabs


def test_a_deactivated_user_may_do_nothing():
    """PERM-3"""
    everything = frozenset(Permission)
    cut_off: Agent = agent(permissions=everything, active=False)
    assert not any(cut_off.may(permission) for permission in Permission)
    assert tabs_of(cut_off) == ()
