"""One opening-to-closing stretch of a chat, and who holds it (ROUTE, CLOSE, TAB-5)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Literal

from chalicelib.domain.chat import Occasion, OpenAttendance
from chalicelib.domain.fields import is_picture_of
from chalicelib.domain.flow_position import alive
from chalicelib.domain.session import LAST_WORD

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from chalicelib.domain.chat import Chat
    from chalicelib.domain.events import ClosingValue, Field, FieldValue, Settings
    from chalicelib.domain.ids import AgentId, ChatId, DepartmentId

BY_SESSION = "session"  # who closed it: the end of the session (SES-4)
BY_FLOW = "flow"  # or a flow (FLOW-2, FLOW-5)
QUIET = timedelta(hours=1)
FarewellFate = Literal[
    "none", "queued", "session_closed", "contact_blocked", "variable_empty", "too_long"
]


@dataclass(frozen=True)
class Attendance:
    """The record of one attendance (CLOSE-7), kept for ever.

    `agent_ids` and `department_ids` in the order in which they held it, each once.
    """

    chat_id: ChatId  # the partition that it lies in, which a merge does not change
    protocol: str
    opened_at: datetime
    opened_by: AgentId | None
    agent_ids: tuple[AgentId, ...] = ()
    department_ids: tuple[DepartmentId, ...] = ()
    closed_at: datetime | None = None
    closed_by: str | None = None
    farewell: str = ""
    farewell_fate: FarewellFate | None = None
    farewell_lacks: tuple[str, ...] = ()  # the variables for which it was not sent (SEND-3)
    values: tuple[ClosingValue, ...] = ()


def must_open(chat: Chat) -> bool:
    """Whether an answer, or giving the chat to somebody, opens an attendance (ROUTE-3, ROUTE-4)."""
    return chat.attendance is None


def on_message(chat: Chat, settings: Settings) -> Literal["open", "go_on", "begin"]:
    """What a contact's message makes happen where no attendance is open (FLOW-1, FLOW-13).

    The flow that waits goes on, or the main flow begins; with the chatbot off an attendance opens
    with nobody.
    """
    if settings["chatbot_since"] is None:
        return "open"
    return "go_on" if alive(chat.flow, settings) else "begin"


def opened(chat: Chat, protocol: str, now: datetime, by: AgentId | None = None) -> Chat:
    """The chat with an attendance open, held by nobody yet; a flow that waited ends (FLOW-14)."""
    attendance = OpenAttendance(protocol, now, by)
    return replace(chat, attendance=attendance, opened_at=now, flow=None)


def answered(chat: Chat, agent_id: AgentId) -> Chat:
    """ROUTE-4, ROUTE-5, ROUTE-6: the first who answers holds it; a second one replaces nobody.

    The department stays, also when the agent is not of it. The chat has an open attendance.
    """
    if chat.agent_id is not None or chat.attendance is None:
        return chat
    return _served(replace(chat, agent_id=agent_id))


def given_to_agent(chat: Chat, agent_id: AgentId, now: datetime, by: AgentId | None = None) -> Chat:
    """ROUTE-1: the agent holds it, and no department does. The chat has an open attendance.

    `by`: who gave it; None: a flow did.
    """
    given = _served(replace(chat, agent_id=agent_id, department_id=None))
    return _told(given, now, by, agent_id=agent_id)


def given_to_department(
    chat: Chat, department_id: DepartmentId, now: datetime, by: AgentId | None = None
) -> Chat:
    """ROUTE-2: the department has it, and no agent does. The chat has an open attendance."""
    given = _served(replace(chat, agent_id=None, department_id=department_id))
    return _told(given, now, by, department_id=department_id)


def given_to_both(
    chat: Chat, department_id: DepartmentId, agent_id: AgentId, now: datetime
) -> Chat:
    """FLOW-5: a flow gives it to an agent of a department, and both stay."""
    given = replace(chat, agent_id=agent_id, department_id=department_id)
    return _told(_served(given), now, None, agent_id=agent_id, department_id=department_id)


def moved_on(chat: Chat, seen: Mapping[str, str | None]) -> bool:
    """Whether who holds the chat, or its attendance, is not what a screen showed."""
    protocol = None if chat.attendance is None else chat.attendance.protocol
    shown = (seen["agent_id"], seen["department_id"], seen["protocol"])
    return shown != (chat.agent_id, chat.department_id, protocol)


def closed(chat: Chat) -> Chat:
    """ROUTE-7: no attendance, no agent, no department; a scheduled closing dies too (CLOSE-8)."""
    return replace(chat, attendance=None, agent_id=None, department_id=None, closing=None)


def asked_at_closing(fields: Iterable[Field]) -> list[Field]:
    """The custom fields that the closing window asks (CLOSE-6)."""
    return [field for field in fields if field["active"] and field["at_closing"] != "no"]


def farewell_fate(chat: Chat, farewell: str, now: datetime) -> FarewellFate:
    """CLOSE-4: what becomes of the closing message; an empty one is none."""
    if not farewell:
        return "none"
    if chat.blocked:
        return "contact_blocked"
    return "queued" if chat.session.may_write_freely(now) else "session_closed"


def says_goodbye(chat: Chat, now: datetime) -> bool:
    """SES-4: whether the closing message of the session's end is due now.

    Ten minutes are left, no message was exchanged in the last hour, and the contact is in
    attendance; to a blocked one nothing goes out.
    """
    ends_at = chat.session.ends_at
    if ends_at is None or chat.attendance is None or chat.blocked:
        return False
    exchanged_at = None if chat.preview_key is None else chat.last_activity_at
    quiet = exchanged_at is None or now - exchanged_at >= QUIET
    return ends_at - LAST_WORD <= now < ends_at and quiet


def closing_values(
    asked: Iterable[Field], values: Mapping[str, FieldValue]
) -> tuple[ClosingValue, ...]:
    """What the asked fields hold at closing, under the names that they have then (CLOSE-7)."""
    return tuple(
        {
            "field_id": field["field_id"],
            "name": field["name"],
            "value": values.get(field["field_id"]),
        }
        for field in asked
    )


def picture_keys(attendance: Attendance, chat: Chat) -> list[str]:
    """The contact's pictures that the record names: kept for as long as it is (CLOSE-7)."""
    told = (one["value"] for one in attendance.values)
    return [key for key in told if isinstance(key, str) and is_picture_of(key, chat.partitions)]


def ended(
    chat: Chat,
    now: datetime,
    by: str,
    *,
    farewell: str = "",
    fate: FarewellFate = "none",
    lacks: tuple[str, ...] = (),
    values: tuple[ClosingValue, ...] = (),
) -> Attendance:
    """The record of the open attendance, closed (CLOSE-7). The chat has one."""
    (now_open,) = record(chat)
    return replace(
        now_open,
        closed_at=now,
        closed_by=by,
        farewell=farewell,
        farewell_fate=fate,
        farewell_lacks=lacks,
        values=values,
    )


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
            department_ids=now_open.department_ids,
        ),
    )


def _told(
    chat: Chat,
    now: datetime,
    by: AgentId | None,
    *,
    agent_id: AgentId | None = None,
    department_id: DepartmentId | None = None,
) -> Chat:
    """That it was given is an occasion to tell those to whom (NOTIF-3); the last of a revision."""
    occasion = Occasion("assignment", now, chat.rev + 1, agent_id, department_id, by=by)
    others = (one for one in chat.occasions if one.kind != "assignment")
    return replace(chat, occasions=(*others, occasion))


def _served(chat: Chat) -> Chat:
    """The chat, with its holders among those who have held the attendance."""
    now_open = chat.attendance
    if now_open is None:
        return chat
    agents, departments = now_open.agent_ids, now_open.department_ids
    if chat.agent_id is not None and chat.agent_id not in agents:
        agents = (*agents, chat.agent_id)
    if chat.department_id is not None and chat.department_id not in departments:
        departments = (*departments, chat.department_id)
    return replace(chat, attendance=replace(now_open, agent_ids=agents, department_ids=departments))
