"""What is scheduled: for one contact, and of the agency by time (SCH-3, SCH-6)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from chalicelib.domain import errors
from chalicelib.domain.access import Permission, known, may_read
from chalicelib.domain.appointment import shown as appointment_shown
from chalicelib.domain.schedule import shown
from chalicelib.queries.chats import readable
from chalicelib.queries.days import midnight
from chalicelib.stores import appointments, schedules
from chalicelib.stores import attendances as records
from chalicelib.stores import chats as store

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from chalicelib.domain import events
    from chalicelib.domain.access import Agent
    from chalicelib.domain.appointment import Appointment
    from chalicelib.domain.chat import Chat
    from chalicelib.domain.schedule import Schedule
    from chalicelib.world import World

LATEST = 20  # of what is over, in the panel
PAGE = 50
STEPS = 6  # of one request: what a filter finds rarely is looked for page by page
DAYS = 62  # that an agenda shows at once
AGENDA = 500  # appointments in it


def of_chat(agent: Agent, chat_id: str) -> events.Schedules:
    """What is to come for one contact, the next first; then the latest of what is over (SCH-3).

    Raises NotFound.
    """
    chat = readable(agent, chat_id)
    found = schedules.load_all(chat.partitions)
    ahead = [one for one in found if one.to_come]
    over = [one for one in found if one.state in ("done", "not_sent")]
    over.sort(key=lambda one: (one.done_at or one.due_at, one.schedule_id), reverse=True)
    return {"schedules": [shown(one, chat) for one in (*ahead, *over[:LATEST])]}


def page(world: World, agent: Agent, asked: Mapping[str, Any]) -> events.SchedulePage:
    """What is scheduled in the chats that the agent may read, by when it is due (SCH-6).

    `asked` is a requests.SchedulesQuery: what is to come, the next first, or what is over, the last
    first. A request looks at a bounded number of them: a page may be short, or empty, and still
    have a cursor. Raises Invalid.
    """
    kind = schedules.TO_COME if asked["when"] == "to_come" else schedules.OVER
    since = midnight(world, asked["since"], "since")
    until = midnight(world, asked["until"], "until", days=1)
    found: list[events.Schedule] = []
    cursor = asked["cursor"]
    for _ in range(STEPS):
        places = schedules.places(kind, after=cursor, since=since, until=until, limit=PAGE)
        rows = {(one.chat_id, one.schedule_id): one for one in _named(places)}
        chats = _chats(one.chat_id for one in rows.values())
        for place, chat_id, schedule_id in places:
            cursor = place
            one, chat = rows.get((chat_id, schedule_id)), chats.get(chat_id)
            if one is None or chat is None or not _wanted(one, chat, agent, asked):
                continue
            found.append(shown(one, chat))
            if len(found) == PAGE:
                return {"schedules": found, "cursor": cursor}
        if len(places) < PAGE:
            return {"schedules": found, "cursor": None}
    return {"schedules": found, "cursor": cursor}


def appointments_of_chat(world: World, agent: Agent, chat_id: str) -> events.Appointments:
    """The contact's appointments that are to come and the latest past ones, by time (INFO-6).

    Raises NotFound.
    """
    chat = known(store.resolve(chat_id), agent)
    found = appointments.load_all(chat.partitions)
    now = world.now()
    past = [one for one in found if one.at <= now]
    told = [*past[-LATEST:], *(one for one in found if one.at > now)]
    readable_here = may_read(chat, agent)
    return {"appointments": [appointment_shown(one, chat, readable=readable_here) for one in told]}


def agenda(
    world: World, agent: Agent, *, since: str, until: str, of_agent: str | None
) -> events.Appointments:
    """The appointments of some days of the agency, both included, by time (INFO-8).

    Those of contacts whose record the viewer may see, and those that are the viewer's own. Raises
    Invalid: days that are none, in the wrong order, or more than 62.
    """
    first, last = midnight(world, since, "since"), midnight(world, until, "until", days=1)
    assert first is not None
    assert last is not None
    if last <= first or last - first > timedelta(days=DAYS, hours=2):  # clocks may change
        raise errors.Invalid(fields=[{"path": "until", "reason": "range"}])
    found = appointments.between(first, last, limit=AGENDA)
    if of_agent is not None:
        found = [one for one in found if of_agent == one.agent_id]
    chats = _chats(one.chat_id for one in found)
    told = []
    for one in found:
        chat = chats.get(one.chat_id)
        if chat is not None and _may_know(one, chat, agent):
            told.append(appointment_shown(one, chat, readable=may_read(chat, agent)))
    return {"appointments": told}


def _may_know(one: Appointment, chat: Chat, agent: Agent) -> bool:
    """Whether the viewer may know of the date, and with whom it is (PERM-1)."""
    own = agent.agent_id in (one.agent_id, one.by)
    return own or agent.may(Permission.CONTACTS) or may_read(chat, agent)


def _wanted(one: Schedule, chat: Chat, agent: Agent, asked: Mapping[str, Any]) -> bool:
    return (
        one.state != "removed"
        and one.to_come is (asked["when"] == "to_come")
        and (asked["kind"] is None or one.kind == asked["kind"])
        and (asked["by"] is None or one.by == asked["by"])
        and may_read(chat, agent)
    )


def _named(places: Iterable[tuple[str, str, str]]) -> list[Schedule]:
    return schedules.named((chat_id, schedule_id) for _, chat_id, schedule_id in places)


def _chats(chat_ids: Iterable[str]) -> Mapping[str, Chat]:
    """The chats that these partitions belong to today, by partition; none that are erased."""
    found = records.chats_of(chat_ids)
    return {one: chat for one, chat in found.items() if not chat.erasing}
