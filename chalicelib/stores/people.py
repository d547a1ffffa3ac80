"""Agents and departments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.domain.access import Agent, Permission
from chalicelib.domain.ids import AgentId, DepartmentId
from chalicelib.stores.tables import AGENTS, DEPARTMENTS, AgentRow, DepartmentRow

if TYPE_CHECKING:
    from chalicelib.domain import events


def agent(agent_id: str) -> Agent | None:
    """The agent of a login's `sub`, active or not, or None."""
    try:
        return to_agent(AgentRow.get(AGENTS, agent_id))
    except AgentRow.DoesNotExist:
        return None


def agents() -> list[Agent]:
    """All agents, by id: one partition, read whole."""
    return [to_agent(row) for row in AgentRow.query(AGENTS)]


def departments() -> list[events.Department]:
    """All departments: one partition, read whole."""
    return [
        {"department_id": row.sk, "name": row.name, "active": bool(row.active)}
        for row in DepartmentRow.query(DEPARTMENTS)
    ]


def save_agent(one: Agent) -> None:
    """Write the agent as given."""
    AgentRow(
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
    ).save()


def save_department(department_id: str, name: str, *, active: bool) -> None:
    """Write the department as given."""
    DepartmentRow(DEPARTMENTS, department_id, name=name, active=active).save()


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
