"""Users are invited, changed, cut off; and somebody always manages them."""

import json
from dataclasses import replace

import pytest

from chalicelib.commands import user
from chalicelib.domain import errors
from chalicelib.domain.access import Permission
from chalicelib.gateways.logins import Login
from chalicelib.queries import administration
from chalicelib.stores import people
from chalicelib.stores.tables import AuditRow
from tests.builders import TABS, agent, chat, join, put

MANAGES = TABS | {Permission.USERS}
DAVI = {
    "name": "Davi Rocha",
    "email": "Davi@Example.com",
    "permissions": ["1", "notes"],
    "department_ids": [],
}


@pytest.fixture
def ana(world):
    """She manages users, alone."""
    return join(agent("ana", permissions=MANAGES), agent("beto"))


def wanted(one, **facts):
    """The user as they are, but for what is said."""
    now = {
        "name": one.name,
        "active": one.active,
        "permissions": [permission.value for permission in one.permissions],
        "department_ids": list(one.department_ids),
    }
    return {**now, **facts}


def audited():
    """What the audit says, in order."""
    return [
        (row.what, row.subject, json.loads(row.details or "{}"))
        for row in AuditRow.query("AUDIT#2026-11")
    ]


def test_an_invited_user_has_a_login_a_mail_and_a_row(world, ana):
    """ADM-1 PERM-3"""
    made = user.invite(world, ana, DAVI)
    assert made == {
        "agent_id": "sub-of-davi",
        "name": "Davi Rocha",
        "email": "davi@example.com",
        "active": True,
        "permissions": ["1", "notes"],
        "department_ids": [],
        "invited": True,
        "holds": 0,
    }
    assert world.logins.mailed == ["davi@example.com"]
    assert people.agent("sub-of-davi").version == 1
    assert audited() == [("user_invited", "sub-of-davi", {"given": ["1", "notes"]})]
    listed = {one["agent_id"]: one["invited"] for one in administration.users(world)["users"]}
    assert listed == {"ana": False, "beto": False, "sub-of-davi": True}


@pytest.mark.parametrize("email", ["ana@example.com", "ANA@example.com"])
def test_an_address_is_one_users(world, ana, email):
    """ADM-1"""
    with pytest.raises(errors.Invalid) as refused:
        user.invite(world, ana, {**DAVI, "email": email})
    assert refused.value.fields == {"fields": [{"path": "email", "reason": "email_taken"}]}
    assert world.logins.mailed == []


def test_an_invitation_that_broke_off_is_finished_by_the_same_address(world, ana):
    """ADM-1: the login was made, and its row was not."""
    world.logins.invite("davi@example.com", "Davi")
    assert user.invite(world, ana, DAVI)["agent_id"] == "sub-of-davi"
    assert world.logins.mailed == ["davi@example.com"], "nobody gets two first passwords"
    with pytest.raises(errors.Invalid):
        user.invite(world, ana, DAVI)


def test_a_login_of_somebody_elses_row_is_not_taken(world, ana):
    """ADM-1: whose address was changed in the pool."""
    world.logins.logins["new@example.com"] = Login("beto", invited=False, enabled=True)
    with pytest.raises(errors.Invalid):
        user.invite(world, ana, {**DAVI, "email": "new@example.com"})
    assert people.agent("beto").email == "beto@example.com"


def test_an_unknown_department_is_refused(world, ana):
    """ADM-1"""
    for act in (
        lambda: user.invite(world, ana, {**DAVI, "department_ids": ["nowhere"]}),
        lambda: user.save(world, ana, "beto", wanted(agent("beto"), department_ids=["nowhere"])),
    ):
        with pytest.raises(errors.Invalid) as refused:
            act()
        assert refused.value.fields["fields"][0]["path"] == "department_ids"
    assert world.logins.mailed == []


def test_a_department_deleted_meanwhile_is_dropped(world, ana):
    """ADM-1"""
    join(agent("beto", department_ids={"gone"}))
    beto = people.agent("beto")
    saved = user.save(world, ana, "beto", wanted(beto, name="Beto Lima"))
    assert (saved["department_ids"], saved["name"]) == ([], "Beto Lima")


def test_a_change_is_written_audited_and_counted(world, ana):
    """ADM-1 PERM-1"""
    people.save_department("sales", "Vendas", active=True)
    put(chat("c1", agent_id="beto"))
    change = wanted(agent("beto"), name="Beto", permissions=["1", "6"], department_ids=["sales"])
    saved = user.save(world, ana, "beto", change)
    assert saved["permissions"] == ["1", "6"]
    assert (saved["holds"], saved["invited"]) == (1, False)
    stored = people.agent("beto")
    assert (stored.version, stored.department_ids) == (1, {"sales"})
    assert audited() == [
        (
            "user_changed",
            "beto",
            {"departments_joined": ["sales"], "given": ["6"], "taken": ["2", "3", "4"]},
        )
    ]
    user.save(world, ana, "beto", change)
    assert people.agent("beto").version == 1, "nothing changed the second time"
    assert len(audited()) == 1


def test_an_unknown_user_is_not_found(world, ana):
    """ADM-1"""
    with pytest.raises(errors.NotFound):
        user.save(world, ana, "nobody", wanted(ana))
    with pytest.raises(errors.NotFound):
        user.invite_again(world, "nobody")


def test_who_is_deactivated_is_cut_off_at_once(world, ana):
    """PERM-3: the row first, then the login and what it gave out."""
    seen = []
    shut = world.logins.shut
    world.logins.shut = lambda email: (seen.append(people.agent("beto").active), shut(email))
    saved = user.save(world, ana, "beto", wanted(agent("beto"), active=False))
    assert saved["active"] is False
    assert seen == [False], "the row said so already"
    assert not world.logins.find("beto@example.com").enabled
    assert world.logins.signed_out == ["beto@example.com"]
    assert audited()[-1][2] == {"active": False}
    user.save(world, ana, "beto", wanted(agent("beto"), active=True))
    assert world.logins.find("beto@example.com").enabled


def test_the_login_follows_who_was_last(world, ana):
    """PERM-3: reactivated by another browser while the login was being shut."""
    shut = world.logins.shut

    def shut_late(email):
        one = people.agent("beto", consistent=True)
        people.save_agent(replace(one, active=True, version=one.version + 1))
        shut(email)

    world.logins.shut = shut_late
    user.save(world, ana, "beto", wanted(agent("beto"), active=False))
    assert people.agent("beto").active
    assert world.logins.find("beto@example.com").enabled


@pytest.mark.parametrize("facts", [{"active": False}, {"permissions": ["1"]}])
def test_the_last_who_manages_users_stays(world, ana, facts):
    """ADM-1"""
    join(agent("caio", permissions=MANAGES, active=False))
    with pytest.raises(errors.LastAdministrator):
        user.save(world, ana, "ana", wanted(ana, **facts))
    assert people.agent("ana") == ana
    assert audited() == []
    join(agent("dora", permissions=MANAGES))
    user.save(world, ana, "ana", wanted(ana, **facts))
    assert not people.agent("ana").may(Permission.USERS)


def test_two_who_depose_each_other_at_once(world, ana, monkeypatch):
    """ADM-1: one of them is too late, decides again, and is refused."""
    dora = join(agent("dora", permissions=MANAGES))
    commit = user.commit_rows

    def commit_after_the_other(*writes):
        monkeypatch.setattr(user, "commit_rows", commit)
        user.save(world, dora, "ana", wanted(ana, permissions=["1"]))
        commit(*writes)

    monkeypatch.setattr(user, "commit_rows", commit_after_the_other)
    with pytest.raises(errors.LastAdministrator):
        user.save(world, ana, "dora", wanted(dora, permissions=["1"]))
    assert people.agent("dora").may(Permission.USERS)
    assert not people.agent("ana").may(Permission.USERS)


def test_who_changes_themselves_meanwhile_loses_nothing(world, ana, monkeypatch):
    """ADM-4: a farewell of one's own, and a permission from the administrator."""
    commit = user.commit_rows

    def commit_after_the_other(*writes):
        monkeypatch.setattr(user, "commit_rows", commit)
        beto = people.agent("beto", consistent=True)
        people.save_agent(replace(beto, farewell="tchau", version=beto.version + 1))
        commit(*writes)

    monkeypatch.setattr(user, "commit_rows", commit_after_the_other)
    user.save(world, ana, "beto", wanted(agent("beto"), permissions=["1"]))
    stored = people.agent("beto")
    assert (stored.farewell, stored.permissions, stored.version) == (
        "tchau",
        {Permission.TAB_ALL},
        2,
    )


def test_an_invitation_is_sent_again_to_who_has_not_entered(world, ana):
    """ADM-1"""
    user.invite(world, ana, DAVI)
    assert user.invite_again(world, "sub-of-davi") == {"done": True}
    assert world.logins.mailed == ["davi@example.com"] * 2
    with pytest.raises(errors.Invalid) as refused:
        user.invite_again(world, "beto")
    assert refused.value.fields["fields"][0]["reason"] == "entered_already"
    join(agent("caio", active=False))
    with pytest.raises(errors.Invalid) as refused:
        user.invite_again(world, "caio")
    assert refused.value.fields["fields"][0]["reason"] == "inactive"


def test_what_a_user_holds_is_counted_up_to_a_hundred(world, ana):
    """PERM-3"""
    for number in range(101):
        put(chat(f"c{number}", agent_id="beto"))
    held = {one["agent_id"]: one["holds"] for one in administration.users(world)["users"]}
    assert held == {"ana": 0, "beto": 100}
