"""Departments are made, changed and deleted."""

import pytest

from chalicelib.commands import department
from chalicelib.domain import errors, labels
from chalicelib.queries import administration
from chalicelib.stores import people
from chalicelib.stores.tables import NameRow
from tests.builders import agent, chat, join, put

ANA = agent("ana")


def wanted(name="Vendas", **facts):
    return {"name": name, "active": True, "to_last_agent": False, **facts}


def names():
    return sorted(row.sk for row in NameRow.query("NAME#department"))


def test_a_department_is_made_and_listed_by_name(world):
    """ADM-1"""
    sales = department.add(world, ANA, wanted("Vendas", to_last_agent=True))
    department.add(world, ANA, wanted("ajuda"))
    assert sales == {
        "department_id": sales["department_id"],
        "name": "Vendas",
        "active": True,
        "to_last_agent": True,
        "agents": 0,
        "chats": 0,
    }
    assert [one["name"] for one in administration.departments()["departments"]] == [
        "ajuda",
        "Vendas",
    ]


def test_its_users_and_open_chats_are_counted(world):
    """ADM-1"""
    sales = department.add(world, ANA, wanted())["department_id"]
    join(agent("ana", department_ids={sales}), agent("beto"), agent("caio", department_ids={sales}))
    put(chat("c1", department_id=sales))
    put(chat("c2", department_id=sales, agent_id="ana"))
    put(chat("c3"))
    (listed,) = administration.departments()["departments"]
    assert (listed["agents"], listed["chats"]) == (2, 2)
    saved = department.save(world, ANA, sales, wanted(active=False))
    assert (saved["agents"], saved["chats"], saved["active"]) == (2, 2, False)


@pytest.mark.parametrize("name", ["Vendas", "vendas", " VENDAS ", "Vêndas"])
def test_two_departments_have_two_names(world, name):
    """ADM-1"""
    department.add(world, ANA, wanted("Vendas"))
    other = department.add(world, ANA, wanted("Ajuda"))["department_id"]
    for act in (
        lambda: department.add(world, ANA, wanted(name)),
        lambda: department.save(world, ANA, other, wanted(name)),
    ):
        with pytest.raises(errors.NameTaken):
            act()


def test_a_name_that_was_given_up_is_free(world):
    """ADM-1"""
    one = department.add(world, ANA, wanted("Vendas"))["department_id"]
    department.save(world, ANA, one, wanted("Comercial"))
    assert names() == ["comercial"]
    department.add(world, ANA, wanted("Vendas"))
    department.save(world, ANA, one, wanted("COMERCIAL"))
    department.remove(world, ANA, one)
    assert names() == ["vendas"]


@pytest.mark.parametrize("existing", ["made", "seeded"])
def test_two_who_take_one_name_at_the_same_instant(world, monkeypatch, existing):
    """ADM-1: one of them is too late, decides again, and is refused."""
    commit = department.commit_rows

    def commit_after_the_other(*writes):
        monkeypatch.setattr(department, "commit_rows", commit)
        if existing == "made":
            department.add(world, ANA, wanted("vendas"))
            commit(*writes)
        else:  # by an earlier version, which kept no names
            people.save_department("old", "VENDAS", active=True)
            department.save(world, ANA, "old", wanted("Vendas", to_last_agent=True))

    monkeypatch.setattr(department, "commit_rows", commit_after_the_other)
    if existing == "made":
        with pytest.raises(errors.NameTaken):
            department.add(world, ANA, wanted("Vendas"))
    else:
        department.add(world, ANA, wanted("Outra"))
    assert [one["name"] for one in people.departments() if one["name"].lower() == "vendas"]
    assert len({one["name"].lower() for one in people.departments()}) == len(people.departments())


def test_five_hundred_departments_are_enough(world, monkeypatch):
    """ADM-1"""
    monkeypatch.setattr(department, "MOST_DEPARTMENTS", 2)
    assert labels.MOST_DEPARTMENTS == 500
    for name in "ab":
        department.add(world, ANA, wanted(name))
    with pytest.raises(errors.TooMany) as refused:
        department.add(world, ANA, wanted("c"))
    assert refused.value.fields == {"limit": 2}


def test_an_unknown_department_is_not_found(world):
    """ADM-1"""
    with pytest.raises(errors.NotFound):
        department.save(world, ANA, "nowhere", wanted())


def test_a_department_in_use_says_by_what(world):
    """ADM-1"""
    sales = department.add(world, ANA, wanted())["department_id"]
    join(agent("beto", department_ids={sales}, active=False))
    put(chat("c1", department_id=sales))
    with pytest.raises(errors.InUse) as refused:
        department.remove(world, ANA, sales)
    assert refused.value.fields == {
        "by": [{"kind": "agents", "count": 1}, {"kind": "chats", "count": 1}]
    }
    assert [one["name"] for one in people.departments()] == ["Vendas"]


def test_an_unused_department_goes_and_going_twice_is_fine(world):
    """ADM-1"""
    sales = department.add(world, ANA, wanted())["department_id"]
    for _ in range(2):
        assert department.remove(world, ANA, sales) == {"done": True}
    assert people.departments() == []
    assert names() == []
