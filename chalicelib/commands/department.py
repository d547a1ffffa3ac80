"""Departments are made, changed and deleted (ADM-1)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalicelib.commands import flow as flowing
from chalicelib.commands.attempts import until_settled
from chalicelib.domain import errors
from chalicelib.domain.labels import MOST_DEPARTMENTS, same_name
from chalicelib.stores import people as store
from chalicelib.stores.chats import commit_rows

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalicelib.domain import events
    from chalicelib.domain.access import Agent
    from chalicelib.stores.tables import DepartmentRow
    from chalicelib.world import World


def add(world: World, agent: Agent, wanted: Mapping[str, Any]) -> events.DepartmentDetails:
    """A new department. Raises NameTaken, or TooMany beyond five hundred."""
    department_id = world.new_id()

    def decide() -> events.DepartmentDetails:
        rows = store.department_rows()
        if any(row.sk == department_id for row in rows):
            return _details(department_id, wanted)  # ours: only its answer was lost
        if len(rows) >= MOST_DEPARTMENTS:
            raise errors.TooMany(limit=MOST_DEPARTMENTS)
        _check_name(rows, department_id, wanted["name"])
        commit_rows(*store.department_saved(None, department_id, **_facts(wanted)))
        return _details(department_id, wanted)

    return until_settled(world, decide)


def save(
    world: World, agent: Agent, department_id: str, wanted: Mapping[str, Any]
) -> events.DepartmentDetails:
    """The department as it should be. Deactivated, no chat is given to it any more; those that it
    has stay. Raises NotFound or NameTaken.
    """

    def decide() -> events.DepartmentDetails:
        rows = store.department_rows()
        before = next((row for row in rows if row.sk == department_id), None)
        if before is None:
            raise errors.NotFound()
        _check_name(rows, department_id, wanted["name"])
        if _facts(wanted) != _facts_of(before):
            commit_rows(*store.department_saved(before, department_id, **_facts(wanted)))
        return _details(department_id, wanted)

    return until_settled(world, decide)


def remove(world: World, agent: Agent, department_id: str) -> events.Done:
    """The department is gone; saying it twice is fine.

    Raises InUse while users are in it or open chats: by kind, and how many, 100 being more.
    """

    def decide() -> events.Done:
        before = store.department_row(department_id)
        if before is None:
            return {"done": True}
        using = [
            {"kind": "agents", "count": _agents_in(department_id)},
            {"kind": "chats", "count": store.chats_in(department_id)},
        ]
        if used := [one for one in using if one["count"]]:
            raise errors.InUse(by=used)
        flowing.unused("department", department_id)
        commit_rows(*store.department_removed(before))
        return {"done": True}

    return until_settled(world, decide)


def _check_name(rows: list[DepartmentRow], department_id: str, name: str) -> None:
    wanted = same_name(name)
    if any(row.sk != department_id and same_name(row.name) == wanted for row in rows):
        raise errors.NameTaken()


def _agents_in(department_id: str) -> int:
    return sum(department_id in one.department_ids for one in store.agents(consistent=True))


def _details(department_id: str, wanted: Mapping[str, Any]) -> events.DepartmentDetails:
    return {
        "department_id": department_id,
        "name": wanted["name"],
        "active": wanted["active"],
        "to_last_agent": wanted["to_last_agent"],
        "agents": _agents_in(department_id),
        "chats": store.chats_in(department_id),
    }


def _facts(wanted: Mapping[str, Any]) -> dict[str, Any]:
    return {name: wanted[name] for name in ("name", "active", "to_last_agent")}


def _facts_of(row: DepartmentRow) -> dict[str, Any]:
    return {
        "name": row.name,
        "active": bool(row.active),
        "to_last_agent": bool(row.to_last_agent),
    }
