"""Users: somebody always manages them, and what a change gives and takes is known."""

from dataclasses import replace

import pytest

from chalicelib.domain import errors
from chalicelib.domain.access import Permission
from chalicelib.domain.people import difference, is_picture_of, successor
from tests.builders import TABS, agent

MANAGES = TABS | {Permission.USERS}
ANA = agent("ana", permissions=MANAGES)
BETO = agent("beto", permissions=MANAGES)
CAIO = agent("caio")
GONE = agent("dora", permissions=MANAGES, active=False)


@pytest.mark.parametrize(
    ("after", "others", "expected"),
    [
        (replace(ANA, name="Anna"), [CAIO], None),
        (replace(ANA, permissions=TABS), [CAIO, BETO], BETO),
        (replace(ANA, active=False), [CAIO, BETO], BETO),
        (replace(ANA, permissions=TABS), [CAIO, GONE], "last"),
        (replace(ANA, active=False), [CAIO, GONE], "last"),
        (replace(ANA, active=False), [], "last"),
    ],
)
def test_somebody_always_manages_users(after, others, expected):
    """ADM-1 PERM-3"""
    if expected == "last":
        with pytest.raises(errors.LastAdministrator):
            successor([ANA, *others], ANA, after)
    else:
        assert successor([ANA, *others], ANA, after) == expected


def test_who_never_managed_anybody_may_go():
    """ADM-1"""
    assert successor([CAIO], CAIO, replace(CAIO, active=False)) is None
    assert successor([GONE], GONE, replace(GONE, permissions=TABS)) is None


def test_the_audit_is_told_what_was_given_and_taken():
    """PERM-1: and no name."""
    before = agent("ana", department_ids={"sales"})
    after = replace(
        before,
        name="Anna",
        active=False,
        permissions=TABS - {Permission.TAB_ALL} | {Permission.NOTES},
        department_ids=frozenset({"help"}),
    )
    assert difference(before, after) == {
        "given": ["notes"],
        "taken": ["1"],
        "departments_joined": ["help"],
        "departments_left": ["sales"],
        "active": False,
        "renamed": True,
    }
    assert difference(before, before) == {}
    assert difference(None, CAIO) == {"given": ["1", "2", "3", "4"]}


@pytest.mark.parametrize(
    ("key", "own"),
    [
        ("pictures/user/ana/0123456789abcdef.png", True),
        ("pictures/user/ana/0123456789abcdef.jpg", True),
        ("pictures/user/beto/0123456789abcdef.png", False),
        ("pictures/user/ana/../beto/0123456789abcdef.png", False),
        ("pictures/contact/ana/0123456789abcdef.png", False),
        ("pictures/user/ana/0123456789abcdef.svg", False),
        ("pictures/user/ana/0123456789abcdef.png\n", False),
        ("kept/ana", False),
        ("", False),
    ],
)
def test_a_picture_is_ones_own(key, own):
    """ADM-4"""
    assert is_picture_of(key, "ana") is own
