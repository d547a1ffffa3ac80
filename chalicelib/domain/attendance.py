"""One opening-to-closing stretch of a chat, and who holds it (ROUTE, TAB-5)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from chalicelib.domain.chat import OpenAttendance

if TYPE_CHECKING:
    from datetime import datetime

    from chalicelib.domain.chat import Chat
    from chalicelib.domain.ids import AgentId, ChatId


@dataclass(frozen=True)
class Attendance:
    """The record of one attendance (CLOSE-7), kept for ever."""

    chat_id: ChatId
    protocol: str
    opened_at: datetime
    opened_by: AgentId | None
    agent_ids: tuple[AgentId, ...] = ()
    closed_at: datetime | None = None
    closed_by: str | None = None


def must_open(chat: Chat) -> bool:
    """Whether the next message of the contact, or an answer, opens an attendance.

    With the chatbot off, which it is while no main flow is chosen (FLOW-13), a contact's message
    opens one with nobody; so does an answer, for whoever gives it (ROUTE-4).
    """
    return chat.attendance is None


def opened(chat: Chat, protocol: str, now: datetime, by: AgentId | None = None) -> Chat:
    """The chat with an attendance open, held by nobody yet."""
    return replace(chat, attendance=OpenAttendance(protocol, now, by), opened_at=now)


def answered(chat: Chat, agent_id: AgentId) -> Chat:
    """ROUTE-4, ROUTE-5, ROUTE-6: the first who answers holds it; a second one replaces nobody.

    The department stays, also when the agent is not of it. The chat has an open attendance.
    """
    if chat.agent_id is not None or chat.attendance is None:
        return chat
    served = replace(chat.attendance, agent_ids=(*chat.attendance.agent_ids, agent_id))
    return replace(chat, agent_id=agent_id, attendance=served)


def record(chat: Chat) -> tuple[Attendance, ...]:
    """The record of the open attendance as it stands; empty when none is open."""
    now_open = chat.attendance
    if now_open is None:
        return ()
    return (
        Attendance(
            chat_id=chat.chat_id,
            protocol=now_open.protocol,
            opened_at=now_open.opened_at,
            opened_by=now_open.opened_by,
            agent_ids=now_open.agent_ids,
        ),
    )
