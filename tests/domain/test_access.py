"""Who may read a chat: the one answer, against the rule written a second time, in every case.

The reference is SPEC's words and nothing of the product's: TAB-1 to TAB-7, PERM-1, PERM-3.
"""

from itertools import chain, combinations, product

import pytest

from chalicelib.domain.access import Agent, Permission, known, may_read, tabs_holding, tabs_of
from chalicelib.domain.errors import NotFound
from chalicelib.domain.listing import Tab
from tests.builders import agent, chat
from tests.reference import readable, tabs_with

NUMBERS = "123456"
SUBSETS = [
    frozenset(Permission(number) for number in numbers)
    for numbers in chain.from_iterable(combinations(NUMBERS, n) for n in range(7))
]
GENERAL = frozenset(Permission) - {Permission(number) for number in NUMBERS}
MEMBERSHIPS = [(), ("mine",), ("mine", "also mine")]
HOLDERS = (None, "me", "other")
DEPARTMENTS = (None, "mine", "also mine", "foreign")
# Every combination, those included that no rule leads to: a closed chat that still has a holder.
STATES = list(product(HOLDERS, DEPARTMENTS, (True, False), (False, True)))


def every_chat():
    """Each state of a chat, and the chat."""
    for holder, department, is_open, merged in STATES:
        one = chat(
            open_=is_open,
            agent_id=holder,
            department_id=department,
            merged_into="c2" if merged else None,
        )
        yield (holder, department, is_open, merged), one


@pytest.mark.parametrize("permissions", SUBSETS, ids=lambda one: "".join(sorted(one)) or "none")
def test_a_chat_may_be_read_if_and_only_if_a_tab_of_theirs_holds_it(permissions):
    """TAB-7 PERM-2: 64 sets of permissions, 3 memberships, active or not, 48 states of a chat."""
    numbers = {permission.value for permission in permissions}
    for departments, active in product(MEMBERSHIPS, (True, False)):
        viewer = agent("me", permissions=permissions, department_ids=departments, active=active)
        for state, one in every_chat():
            expected = active and readable(numbers, "me", departments, *state)
            assert may_read(one, viewer) is expected, (departments, active, state)
            tabs = tabs_with(numbers, "me", departments, *state) if active else set()
            assert {tab.value for tab in tabs_holding(one, viewer)} == tabs, (departments, state)


def test_there_are_as_many_cases_as_there_are():
    """TAB-7"""
    assert (len(SUBSETS), len(MEMBERSHIPS), len(STATES)) == (64, 3, 48)


@pytest.mark.parametrize("permissions", SUBSETS, ids=lambda one: "".join(sorted(one)) or "none")
def test_general_permissions_make_no_difference_to_chats(permissions):
    """TAB-7 PERM-1: «contacts» opens records, never messages."""
    for departments in MEMBERSHIPS:
        few = agent("me", permissions=permissions, department_ids=departments)
        many = agent("me", permissions=permissions | GENERAL, department_ids=departments)
        for _, one in every_chat():
            assert may_read(one, few) is may_read(one, many)


@pytest.mark.parametrize("general", sorted(GENERAL))
def test_no_general_permission_opens_a_chat_by_itself(general):
    """TAB-7"""
    viewer = agent("me", permissions=frozenset({general}), department_ids={"mine"})
    assert tabs_of(viewer) == ()
    assert not any(may_read(one, viewer) for _, one in every_chat())


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


@pytest.mark.parametrize("contacts", [True, False])
@pytest.mark.parametrize("active", [True, False])
def test_a_record_is_known_to_who_reads_the_chat_or_all_contacts(contacts, active):
    """PERM-1"""
    for numbers in ("", "1", "3"):
        permissions = frozenset(Permission(number) for number in numbers)
        permissions |= {Permission.CONTACTS} if contacts else set()
        viewer = agent("me", permissions=permissions, active=active)
        for (holder, department, is_open, merged), one in every_chat():
            if merged:  # stores follow it to the chat that took over
                continue
            state = (holder, department, is_open, merged)
            if active and (contacts or readable(set(numbers), "me", (), *state)):
                assert known(one, viewer) is one
            else:
                with pytest.raises(NotFound):
                    known(one, viewer)
    with pytest.raises(NotFound):
        known(None, agent("me", permissions=frozenset(Permission)))


def test_a_deactivated_user_may_do_nothing():
    """PERM-3"""
    everything = frozenset(Permission)
    cut_off: Agent = agent(permissions=everything, active=False)
    assert not any(cut_off.may(permission) for permission in Permission)
    assert tabs_of(cut_off) == ()
