"""Messages, flows and dates that are to come (SCH, INFO-6, INFO-8)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.api.blueprint import SIGNED_IN, Doors
from chalicelib.commands import appointment as booking
from chalicelib.commands import schedule as scheduling
from chalicelib.domain.access import Permission
from chalicelib.queries import schedules

if TYPE_CHECKING:
    from chalicelib.api import requests
    from chalicelib.domain import events
    from chalicelib.domain.access import Agent
    from chalicelib.world import World

api = Doors(__name__)


@api.get("/schedules", may=Permission.SCHEDULES)
def get_schedules(
    world: World, agent: Agent, query: requests.SchedulesQuery
) -> events.SchedulePage:
    """«Mensagens agendadas»: what is scheduled in the viewer's chats, or was (SCH-6)."""
    return schedules.page(world, agent, query.model_dump())


@api.get("/chats/{chat_id}/schedules", may=SIGNED_IN)
def get_chat_schedules(world: World, agent: Agent, chat_id: str) -> events.Schedules:
    """What is scheduled for one contact, and what became of the latest others (SCH-3)."""
    return schedules.of_chat(agent, chat_id)


@api.post("/chats/{chat_id}/schedules", may=Permission.SCHEDULES)
def post_schedule(
    world: World, agent: Agent, chat_id: str, body: requests.AddSchedule
) -> events.Schedule:
    """«Agendar nova mensagem», «Agendar novo fluxo» (SCH-1, SCH-2)."""
    asked = body.model_dump(exclude={"client_key"})
    return scheduling.add(world, agent, chat_id, body.client_key, asked)


@api.put("/chats/{chat_id}/schedules/{schedule_id}", may=Permission.SCHEDULES)
def put_schedule(
    world: World, agent: Agent, chat_id: str, schedule_id: str, body: requests.EditSchedule
) -> events.Schedule:
    """Change it, until it is due (SCH-5)."""
    return scheduling.edit(world, agent, chat_id, schedule_id, body.model_dump())


@api.delete("/chats/{chat_id}/schedules/{schedule_id}", may=Permission.SCHEDULES)
def delete_schedule(world: World, agent: Agent, chat_id: str, schedule_id: str) -> events.Done:
    """Remove it: it never fires (SCH-3)."""
    return scheduling.remove(world, agent, chat_id, schedule_id)


@api.delete("/chats/{chat_id}/scheduled-flows", may=Permission.SCHEDULES)
def delete_scheduled_flows(world: World, agent: Agent, chat_id: str) -> events.RemovedFlows:
    """«Remover fluxos» (SCH-3)."""
    return scheduling.remove_flows(world, agent, chat_id)


@api.post("/chats/{chat_id}/scheduled-flows", may=Permission.SCHEDULES)
def post_scheduled_flows(
    world: World, agent: Agent, chat_id: str, body: requests.RestoreFlows
) -> events.Schedules:
    """The undo of «Remover fluxos»: those that stand again (SCH-3)."""
    return scheduling.restore_flows(world, agent, chat_id, body.schedule_ids)


@api.get("/appointments", may=Permission.SCHEDULES)
def get_appointments(
    world: World, agent: Agent, query: requests.AppointmentsQuery
) -> events.Appointments:
    """«Agendas»: the appointments of some days (INFO-8)."""
    return schedules.agenda(
        world, agent, since=query.since, until=query.until, of_agent=query.agent
    )


@api.get("/chats/{chat_id}/appointments", may=SIGNED_IN)
def get_chat_appointments(world: World, agent: Agent, chat_id: str) -> events.Appointments:
    """«Compromissos agendados» of one contact (INFO-6)."""
    return schedules.appointments_of_chat(world, agent, chat_id)


@api.post("/chats/{chat_id}/appointments", may=SIGNED_IN)
def post_appointment(
    world: World, agent: Agent, chat_id: str, body: requests.AddAppointment
) -> events.Appointment:
    """Book a date with the contact (INFO-8)."""
    return booking.book(
        world,
        agent,
        chat_id,
        body.client_key,
        title=body.title,
        at=body.at,
        agent_id=body.agent_id,
    )


@api.put("/chats/{chat_id}/appointments/{appointment_id}", may=SIGNED_IN)
def put_appointment(
    world: World, agent: Agent, chat_id: str, appointment_id: str, body: requests.EditAppointment
) -> events.Appointment:
    """Change it (INFO-8)."""
    return booking.edit(
        world,
        agent,
        chat_id,
        appointment_id,
        version=body.version,
        title=body.title,
        at=body.at,
        agent_id=body.agent_id,
    )


@api.delete("/chats/{chat_id}/appointments/{appointment_id}", may=SIGNED_IN)
def delete_appointment(
    world: World, agent: Agent, chat_id: str, appointment_id: str
) -> events.Done:
    """Take it away, and its reminder (INFO-8)."""
    return booking.remove(world, agent, chat_id, appointment_id)
