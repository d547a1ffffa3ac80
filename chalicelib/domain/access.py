"""Who may see and do what: one answer for lists, chats, sockets and files alike (PERM, TAB-7)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from chalicelib.domain import errors
from chalicelib.domain.listing import Tab, holds

if TYPE_CHECKING:
    from chalicelib.domain.chat import Chat
    from chalicelib.domain.ids import AgentId, DepartmentId


class Permission(StrEnum):
    """PERM-1: the numbered chat permissions, then the general ones."""

    TAB_ALL = "1"
    TAB_OPEN = "2"
    TAB_MINE = "3"
    TAB_IN_SERVICE = "4"
    CHANGE_AGENT = "5"
    EVERY_DEPARTMENT = "6"
    NOTES = "notes"
    SUPPORT_CODE = "support_code"
    CONTACTS = "contacts"
    FLOWS = "flows"
    BROADCASTS = "broadcasts"
    TEMPLATES = "templates"
    SCHEDULES = "schedules"
    BLOCKING = "blocking"
    EXPORT = "export"
    REPORTS = "reports"
    USERS = "users"
    SETTINGS = "settings"


TAB_PERMISSIONS = {
    Tab.ALL: Permission.TAB_ALL,
    Tab.OPEN: Permission.TAB_OPEN,
    Tab.MINE: Permission.TAB_MINE,
    Tab.IN_SERVICE: Permission.TAB_IN_SERVICE,
}


@dataclass(frozen=True)
class Agent:
    """A user acting on chats."""

    agent_id: AgentId
    name: str
    email: str
    active: bool
    permissions: frozenset[Permission]
    department_ids: frozenset[DepartmentId]
    farewell: str = ""  # «Mensagem de encerramento»; empty: none (ADM-4)
    picture: str | None = None  # a file key
    version: int = 0  # grows with every write of its row

    def may(self, permission: Permission) -> bool:
        """Whether this agent holds the permission."""
        return self.active and permission in self.permissions


def tabs_of(agent: Agent) -> tuple[Tab, ...]:
    """The tabs this agent has, in the screen's order (TAB-7)."""
    return tuple(tab for tab, permission in TAB_PERMISSIONS.items() if agent.may(permission))


def tabs_holding(chat: Chat, agent: Agent) -> tuple[Tab, ...]:
    """The agent's own tabs in which this chat appears."""
    every = agent.may(Permission.EVERY_DEPARTMENT)
    return tuple(
        tab
        for tab in tabs_of(agent)
        if holds(
            tab,
            chat,
            agent_id=agent.agent_id,
            department_ids=agent.department_ids,
            every_department=every,
        )
    )


def may_read(chat: Chat, agent: Agent) -> bool:
    """TAB-7: if and only if the chat appears in a tab that the agent has."""
    return bool(tabs_holding(chat, agent))


def known(chat: Chat | None, agent: Agent) -> Chat:
    """The chat whose contact's record the agent may see: a reader of it, or of all contacts.

    Raises NotFound otherwise, as for one that is not there (PERM-1, PERM-2).
    """
    if chat is None or chat.gone or not (agent.may(Permission.CONTACTS) or may_read(chat, agent)):
        raise errors.NotFound()
    return chat
