"""Users are invited, changed and cut off (ADM-1, PERM-3)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from chalicelib.commands.attempts import until_settled
from chalicelib.domain import errors
from chalicelib.domain import people as rules
from chalicelib.domain.access import Agent, Permission
from chalicelib.domain.ids import AgentId, DepartmentId
from chalicelib.stores import audit
from chalicelib.stores import people as store
from chalicelib.stores.chats import commit_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from chalicelib.domain import events
    from chalicelib.world import World


def invite(world: World, agent: Agent, wanted: Mapping[str, Any]) -> events.User:
    """A login, to whose owner an invitation is mailed, and the row of what they may do (ADM-1).

    Killed between the two, the same invitation again finishes it: a login without a row is used
    as it is. Raises Invalid when the address is somebody's, or for an unknown department.
    """
    email = str(wanted["email"]).lower()

    def decide() -> events.User:
        if any(one.email.lower() == email for one in store.agents(consistent=True)):
            raise _taken()
        departments = _departments(wanted["department_ids"])
        login = world.logins.invite(email, wanted["name"])
        if store.agent(login.sub, consistent=True) is not None:
            raise _taken()
        made = Agent(
            agent_id=AgentId(login.sub),
            name=wanted["name"],
            email=email,
            active=True,
            permissions=frozenset(map(Permission, wanted["permissions"])),
            department_ids=departments,
            version=1,
        )
        told = rules.difference(None, made)
        commit_rows(
            store.first(made),
            audit.entry("user_invited", agent, made.agent_id, world.now(), _version(made), **told),
        )
        return rules.user(made, invited=login.invited, holds=0)

    return until_settled(world, decide)


def save(world: World, agent: Agent, agent_id: str, wanted: Mapping[str, Any]) -> events.User:
    """The user as they should be; who is deactivated is cut off at once (PERM-2, PERM-3).

    Every door and socket asks the row, which is written first; the login follows, and whoever
    deactivates somebody already inactive makes it follow again. Raises NotFound, Invalid for an
    unknown department, LastAdministrator.
    """

    def decide() -> tuple[Agent, Agent]:
        before = store.agent(agent_id, consistent=True)
        if before is None:
            raise errors.NotFound()
        after = replace(
            before,
            name=wanted["name"],
            active=wanted["active"],
            permissions=frozenset(map(Permission, wanted["permissions"])),
            department_ids=_departments(wanted["department_ids"], kept=before.department_ids),
        )
        if after == before:
            return before, after
        after = replace(after, version=before.version + 1)
        guard = rules.successor(store.agents(consistent=True), before, after)
        told = rules.difference(before, after)
        commit_rows(
            store.changed(before, after),
            audit.entry("user_changed", agent, agent_id, world.now(), _version(after), **told),
            *([] if guard is None else [store.still(guard)]),
        )
        return before, after

    before, after = until_settled(world, decide)
    if before.name != after.name:
        world.logins.rename(after.email, after.name)
    _login_follows(world, after)
    login = world.logins.find(after.email)
    return rules.user(after, invited=login.invited, holds=store.chats_held(agent_id))


def invite_again(world: World, agent_id: str) -> events.Done:
    """A new invitation for who has not entered yet. Raises NotFound, or Invalid for others."""
    one = store.agent(agent_id)
    if one is None:
        raise errors.NotFound()
    if not one.active or not world.logins.find(one.email).invited:
        reason = "entered_already" if one.active else "inactive"
        raise errors.Invalid(fields=[{"path": "invited", "reason": reason}])
    world.logins.invite_again(one.email)
    return {"done": True}


def _login_follows(world: World, one: Agent) -> None:
    """Open or shut the login as the row says, also when the row changes meanwhile."""
    while True:
        if one.active:
            world.logins.open(one.email)
        else:
            world.logins.shut(one.email)
        now = store.agent(one.agent_id, consistent=True)
        if now is None or now.active is one.active:
            return
        one = now


def _departments(
    ids: Iterable[str], kept: frozenset[DepartmentId] = frozenset()
) -> frozenset[DepartmentId]:
    """Those departments, which must be there. Raises Invalid.

    One that was deleted under somebody's feet is dropped, when the user was in it before.
    """
    known = {one["department_id"] for one in store.departments(consistent=True)}
    wanted = frozenset(map(DepartmentId, ids))
    if wanted - known - kept:
        raise errors.Invalid(fields=[{"path": "department_ids", "reason": "unknown"}])
    return frozenset(wanted & known)


def _taken() -> errors.Invalid:
    return errors.Invalid(fields=[{"path": "email", "reason": "email_taken"}])


def _version(one: Agent) -> str:
    return f"{one.agent_id}-{one.version}"
