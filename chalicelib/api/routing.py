"""Who attends a chat, until it is closed; and who may not write at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.api.blueprint import SIGNED_IN, Doors
from chalicelib.commands import assign as assigning
from chalicelib.commands import assign_flow as flowing
from chalicelib.commands import block as blocking
from chalicelib.commands import close as closing
from chalicelib.domain.access import Permission
from chalicelib.queries import attendances

if TYPE_CHECKING:
    from chalicelib.api import requests
    from chalicelib.domain import events
    from chalicelib.domain.access import Agent
    from chalicelib.world import World

api = Doors(__name__)


@api.put("/chats/{chat_id}/agent", may=SIGNED_IN)
def put_agent(
    world: World, agent: Agent, chat_id: str, body: requests.AssignAgent
) -> events.Changed:
    """Give the chat to an agent; the department goes (ROUTE-1, ROUTE-3)."""
    return assigning.to_agent(world, agent, chat_id, body.agent_id, body.seen.model_dump())


@api.put("/chats/{chat_id}/department", may=SIGNED_IN)
def put_department(
    world: World, agent: Agent, chat_id: str, body: requests.AssignDepartment
) -> events.Changed:
    """Give the chat to a department; the agent goes (ROUTE-2, ROUTE-3)."""
    return assigning.to_department(
        world, agent, chat_id, body.department_id, body.seen.model_dump()
    )


@api.put("/chats/{chat_id}/flow", may=SIGNED_IN)
def put_flow(world: World, agent: Agent, chat_id: str, body: requests.AssignFlow) -> events.Changed:
    """Forward the chat to a flow; the attendance, if any, is closed (FLOW-2)."""
    return flowing.to_flow(world, agent, chat_id, body.model_dump())


@api.post("/chats/{chat_id}/close", may=SIGNED_IN)
def post_close(
    world: World, agent: Agent, chat_id: str, body: requests.CloseAttendance
) -> events.Closed:
    """Close the attendance, now or later, with farewell and values (CLOSE-1, CLOSE-2, CLOSE-6)."""
    return closing.close(
        world,
        agent,
        chat_id,
        body.protocol,
        farewell=body.farewell,
        fields=body.fields,
        minutes=body.minutes,
        on_reply=body.on_reply,
    )


@api.delete("/chats/{chat_id}/closings/{protocol}", may=SIGNED_IN)
def delete_closing(world: World, agent: Agent, chat_id: str, protocol: str) -> events.Changed:
    """Cancel the scheduled closing of the attendance (CLOSE-3)."""
    return closing.cancel(world, agent, chat_id, protocol)


@api.put("/chats/{chat_id}/block", may=Permission.BLOCKING)
def put_block(world: World, agent: Agent, chat_id: str) -> events.Changed:
    """Block the contact, here at once and at Meta (BLOCK-1, BLOCK-3)."""
    return blocking.block(world, agent, chat_id)


@api.delete("/chats/{chat_id}/block", may=Permission.BLOCKING)
def delete_block(world: World, agent: Agent, chat_id: str) -> events.Changed:
    """Let the contact write and be written to again."""
    return blocking.unblock(world, agent, chat_id)


@api.get("/chats/{chat_id}/attendances", may=SIGNED_IN)
def get_chat_attendances(
    world: World, agent: Agent, chat_id: str, query: requests.PageQuery
) -> events.AttendancePage:
    """The attendances of one chat, newest first (CLOSE-7, CHAT-8)."""
    return attendances.of_chat(world, agent, chat_id, cursor=query.cursor)


@api.get("/attendances", may=Permission.REPORTS)
def get_attendances(
    world: World, agent: Agent, query: requests.AttendancesQuery
) -> events.AttendancePage:
    """The attendances of the agency, newest first (CLOSE-7)."""
    return attendances.page(world, query.model_dump())


@api.get("/attendance-exports", may=Permission.EXPORT)
def get_attendance_export(
    world: World, agent: Agent, query: requests.AttendancesQuery
) -> events.CsvPage:
    """The same as comma-separated values, part by part (CLOSE-7)."""
    return attendances.export(world, agent, query.model_dump())
