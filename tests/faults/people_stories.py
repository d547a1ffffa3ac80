"""Users, departments, tags, fields and settings are changed, and whoever does it is killed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalicelib.commands import department, label, settings, user
from chalicelib.domain import errors
from chalicelib.domain.listing import Tab
from chalicelib.stores import chats as store
from chalicelib.stores import people
from chalicelib.stores.chats import Change
from tests.builders import chat
from tests.faults.desk import AGENTS
from tests.faults.stories import Story, bia_wrote, lists_are_open

if TYPE_CHECKING:
    from collections.abc import Callable

    from chalicelib.domain.access import Agent
    from chalicelib.world import World
    from tests.faults.desk import Desk

ANA, BETO, CAIO = AGENTS
DAVI = {
    "name": "Davi",
    "email": "davi@example.com",
    "permissions": ["1"],
    "department_ids": [],
}
SALES = {"name": "Vendas", "active": True, "to_last_agent": False}
PLAN = {"name": "Plano", "slug": "plano", "kind": "text", "options": [], "at_closing": "no"}


def a_department_has_a_chat(desk: Desk) -> None:
    """Ana is not in it, and her page shows nothing."""
    people.save_department("sales", "Vendas", active=True)
    served = chat("5a1e5", department_id="sales", rev=1, row_rev=1)
    store.commit(Change(before=None, after=served))
    desk.until_quiet()
    desk.opens(ANA, Tab.OPEN)


def _as_wanted(one: Agent, **facts: Any) -> dict[str, Any]:
    now = {
        "name": one.name,
        "active": one.active,
        "permissions": sorted(one.permissions),
        "department_ids": sorted(one.department_ids),
    }
    return {**now, **facts}


def _joins_sales(desk: Desk, known: Any) -> None:
    """Ana's page shows the chat from now on."""
    wanted = _as_wanted(ANA, department_ids=["sales"])
    desk.do(lambda world: user.save(world, CAIO, "ana", wanted), function="save")
    desk.until_quiet()
    assert [row["chat_id"] for row in desk.screens[0].state()["rows"]] == ["5a1e5"]


def _is_cut_off(desk: Desk, known: Any) -> None:
    """Beto's page is closed, and his login is shut."""
    wanted = _as_wanted(BETO, active=False)
    desk.do(lambda world: user.save(world, CAIO, "beto", wanted), function="save")
    desk.screens = [screen for screen in desk.screens if screen.agent != BETO]
    desk.until_quiet()
    assert not desk.logins.logins["beto@example.com"].enabled


def _is_invited(desk: Desk, known: Any) -> None:
    """Whoever was killed after the row was written is told that the address is somebody's."""

    def invites(world: World) -> None:
        try:
            user.invite(world, CAIO, DAVI)
        except errors.Invalid:
            assert people.agent("sub-of-davi") is not None

    desk.do(invites, function="invite")
    assert desk.logins.mailed == ["davi@example.com"]


def _makes(act: Callable[[World], Any], function: str) -> Callable[[Desk, Any], None]:
    """Killed after it was made, its maker reads that the name is taken."""

    def then(desk: Desk, known: Any) -> None:
        def makes(world: World) -> None:
            try:
                act(world)
            except errors.NameTaken:
                return

        desk.do(makes, function=function)

    return then


def _renames_and_deletes(desk: Desk, known: Any) -> None:
    """The name goes with the department, and both its names are free."""
    made = desk.do(lambda world: department.add(world, CAIO, SALES))["department_id"]
    other = {**SALES, "name": "Comercial"}
    desk.do(lambda world: department.save(world, CAIO, made, other), function="rename")
    desk.do(lambda world: department.remove(world, CAIO, made), function="remove")


def _tag_comes_and_goes(desk: Desk, known: Any) -> None:
    tag_id = desk.do(lambda world: label.add_tag(world, CAIO, "vip", "red"))["tag_id"]
    desk.do(lambda world: label.save_tag(world, CAIO, tag_id, "VIP+", "red"), function="rename")
    desk.do(lambda world: label.remove_tag(world, CAIO, tag_id), function="remove")


def _field_comes_and_goes(desk: Desk, known: Any) -> None:
    made = desk.do(lambda world: label.add_field(world, CAIO, PLAN))["field_id"]
    shown = {"name": "Plano", "options": [], "at_closing": "required", "active": True}
    desk.do(lambda world: label.save_field(world, CAIO, made, shown), function="change")
    desk.do(lambda world: label.remove_field(world, CAIO, made), function="remove")


def _settings_change(desk: Desk, known: Any) -> None:
    wanted = {"read_receipts": True}
    desk.do(lambda world: settings.save(world, CAIO, wanted), function="settings")


SAVED = "GetItem Query Query TransactWriteItems"

STORIES = [
    Story(
        "user_joins_a_department",
        {
            "save": f"{SAVED} login.open GetItem login.find Query",
            "publish": "Query UpdateItem Query Query PostToConnection",
        },
        a_department_has_a_chat,
        _joins_sales,
    ),
    Story(
        "user_cut_off",
        {
            "save": f"{SAVED} login.shut GetItem login.find Query",
            "publish": "Query UpdateItem Query Query DeleteConnection DeleteItem PostToConnection",
        },
        bia_wrote,
        _is_cut_off,
    ),
    Story(
        "user_invited",
        {"invite": "Query Query login.invite GetItem TransactWriteItems"},
        lists_are_open,
        _is_invited,
    ),
    Story(
        "department_made",
        {"add": "Query TransactWriteItems Query Query"},
        lists_are_open,
        _makes(lambda world: department.add(world, CAIO, SALES), "add"),
    ),
    Story(
        "department_renamed_and_deleted",
        {
            "rename": "Query TransactWriteItems Query Query",
            "remove": "GetItem Query Query Query TransactWriteItems",
        },
        lists_are_open,
        _renames_and_deletes,
    ),
    Story(
        "tag_made",
        {"add": "Query TransactWriteItems"},
        lists_are_open,
        _makes(lambda world: label.add_tag(world, CAIO, "vip", "red"), "add"),
    ),
    Story(
        "tag_renamed_and_deleted",
        {
            "rename": "Query TransactWriteItems",
            "remove": "GetItem Query Query TransactWriteItems",
        },
        lists_are_open,
        _tag_comes_and_goes,
    ),
    Story(
        "field_made",
        {"add": "Query TransactWriteItems"},
        lists_are_open,
        _makes(lambda world: label.add_field(world, CAIO, PLAN), "add"),
    ),
    Story(
        "field_changed_and_deleted",
        {"change": "GetItem PutItem", "remove": "GetItem Query Query Query TransactWriteItems"},
        lists_are_open,
        _field_comes_and_goes,
    ),
    Story(
        "settings_changed",
        {"settings": "GetItem TransactWriteItems"},
        lists_are_open,
        _settings_change,
    ),
]
