"""Agents and departments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.domain.access import Agent, Permission
from chalicelib.domain.ids import AgentId, DepartmentId
from chalicelib.domain.labels import same_name
from chalicelib.stores.chats import Write
from chalicelib.stores.names import moved
from chalicelib.stores.tables import (
    AGENTS,
    DEPARTMENTS,
    DISCRIMINATOR,
    AgentRow,
    DepartmentRow,
    Row,
)

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from chalicelib.domain import events

COUNTED = 100  # stands for more


def agent(agent_id: str, *, consistent: bool = False) -> Agent | None:
    """The agent of a login's `sub`, active or not, or None."""
    try:
        return to_agent(AgentRow.get(AGENTS, agent_id, consistent_read=consistent))
    except AgentRow.DoesNotExist:
        return None


def agents_of(agent_ids: Iterable[str]) -> list[Agent]:
    """These agents as they are now. One consistent batch read."""
    keys = [(AGENTS, agent_id) for agent_id in dict.fromkeys(agent_ids)]
    rows = AgentRow.batch_get(keys, consistent_read=True) if keys else ()
    return [to_agent(row) for row in rows]


def agents(*, consistent: bool = False) -> list[Agent]:
    """All agents, by id: one partition, read whole."""
    return [to_agent(row) for row in AgentRow.query(AGENTS, consistent_read=consistent)]


def departments(*, consistent: bool = False) -> list[events.Department]:
    """All departments: one partition, read whole."""
    return [
        to_department(row) for row in DepartmentRow.query(DEPARTMENTS, consistent_read=consistent)
    ]


def department_rows() -> list[DepartmentRow]:
    """All departments as they are kept, read consistently: for who is about to change one."""
    return list(DepartmentRow.query(DEPARTMENTS, consistent_read=True))


def department_row(department_id: str) -> DepartmentRow | None:
    """One department as it is kept, or None."""
    try:
        return DepartmentRow.get(DEPARTMENTS, department_id, consistent_read=True)
    except DepartmentRow.DoesNotExist:
        return None


def save_agent(one: Agent) -> None:
    """Write the agent as given."""
    from_agent(one).save()


def first(one: Agent) -> Write:
    """The agent's row, which must not be there yet."""
    return Write(from_agent(one), AgentRow.pk.does_not_exist())


def changed(before: Agent, after: Agent) -> Write:
    """The agent's row, as long as it is still the one that was read."""
    return Write(from_agent(after), _unchanged(before))


def still(one: Agent) -> Write:
    """The agent is still as read when all else is committed, or the transaction is Stale."""
    return Write(AgentRow(AGENTS, one.agent_id), _unchanged(one), check=True)


def active_agent(agent_id: str) -> Write:
    """The agent is still active when all else is committed, or the transaction is Stale."""
    return Write(AgentRow(AGENTS, agent_id), AgentRow.active == True, check=True)  # noqa: E712


def active_department(department_id: str) -> Write:
    """The department is still active when all else is committed, or it is Stale."""
    row = DepartmentRow(DEPARTMENTS, department_id)
    return Write(row, DepartmentRow.active == True, check=True)  # noqa: E712


def save_department(department_id: str, name: str, *, active: bool) -> None:
    """Write the department as given."""
    DepartmentRow(DEPARTMENTS, department_id, name=name, active=active).save()


def department_saved(
    before: DepartmentRow | None,
    department_id: str,
    *,
    name: str,
    active: bool,
    to_last_agent: bool,
) -> Iterable[Write]:
    """The department's row and its name's, as long as it is still the one that was read."""
    row = DepartmentRow(
        DEPARTMENTS, department_id, name=name, active=active, to_last_agent=to_last_agent
    )
    yield Write(row, _same_department(before))
    yield from moved(
        "department",
        department_id,
        before=None if before is None else same_name(before.name),
        after=same_name(name),
    )


def department_removed(before: DepartmentRow) -> Iterable[Write]:
    """The department's row and its name's go."""
    yield Write(before, _same_department(before), delete=True)
    yield from moved("department", before.sk, before=same_name(before.name), after=None)


def chats_held(agent_id: str) -> int:
    """How many chats the agent holds, counting no further than a hundred. One query."""
    return _counted(Row.agent_activity, agent_id)


def chats_in(department_id: str) -> int:
    """How many open chats the department has, counting no further than a hundred. One query."""
    return _counted(Row.queue_opening, department_id)


def to_agent(row: AgentRow) -> Agent:
    """The domain's agent; permissions that this version does not know are left out."""
    known = {permission.value for permission in Permission}
    return Agent(
        agent_id=AgentId(row.sk),
        name=row.name,
        email=row.email,
        active=bool(row.active),
        permissions=frozenset(
            Permission(name) for name in (row.permissions or ()) if name in known
        ),
        department_ids=frozenset(DepartmentId(one) for one in (row.department_ids or ())),
        farewell=row.farewell or "",
        picture=row.picture,
        version=int(row.version or 0),
    )


def from_agent(one: Agent) -> AgentRow:
    """The agent's row."""
    return AgentRow(
        AGENTS,
        one.agent_id,
        name=one.name,
        email=one.email,
        active=one.active,
        permissions={permission.value for permission in one.permissions} or None,
        department_ids=set(one.department_ids) or None,
        farewell=one.farewell or None,
        picture=one.picture,
        version=one.version,
    )


def to_department(row: DepartmentRow) -> events.Department:
    """The department as its name shows it."""
    return {"department_id": row.sk, "name": row.name, "active": bool(row.active)}


def _unchanged(one: Agent) -> Any:
    same = AgentRow.version == one.version
    return same if one.version else same | AgentRow.version.does_not_exist()


def _same_department(before: DepartmentRow | None) -> Any:
    if before is None:
        return DepartmentRow.pk.does_not_exist()
    return (DepartmentRow.name == before.name) & (DepartmentRow.active == before.active)


def _counted(index: Any, key: str) -> int:
    # pynamodb's `count` takes `limit` for a page's size and reads the whole partition:
    # https://github.com/pynamodb/PynamoDB/issues/1056
    return sum(1 for _ in index.query(key, limit=COUNTED, attributes_to_get=[DISCRIMINATOR]))
