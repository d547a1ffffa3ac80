"""Dates with a contact are booked, changed and taken away (INFO-6, INFO-8)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from chalicelib.commands.attempts import until_settled
from chalicelib.domain import appointment as rules
from chalicelib.domain import chat as chats
from chalicelib.domain import errors, views
from chalicelib.domain.access import known, may_read
from chalicelib.domain.appointment import Appointment
from chalicelib.domain.instants import iso
from chalicelib.domain.message import line, system_line, written_at
from chalicelib.domain.revision import revised
from chalicelib.stores import appointments, people
from chalicelib.stores import chats as store
from chalicelib.stores.chats import Change

if TYPE_CHECKING:
    from chalicelib.domain import events
    from chalicelib.domain.access import Agent
    from chalicelib.domain.chat import Chat
    from chalicelib.domain.message import Message
    from chalicelib.world import World


def book(
    world: World,
    agent: Agent,
    chat_id: str,
    client_key: str,
    *,
    title: str,
    at: str,
    agent_id: str | None,
) -> events.Appointment:
    """Book a date with the contact, once for each client key, and say so in the chat (INFO-8).

    Whoever it is for is reminded 15 minutes before. Returns it, also when it was there already.
    Raises NotFound, Invalid (`past`, `too_far`), AgentUnavailable, TooMany, ClientKeyReused,
    ClockSkew, ClientKeyExpired or Contended; then nothing was changed.
    """
    written_at(client_key, world.now())
    begins_at = _instant(at)

    def decide() -> events.Appointment:
        chat = known(store.resolve(chat_id), agent)
        there = appointments.find(chat.partitions, client_key)
        if there is not None:
            if there.version == 1 and _wish(there) != (title, begins_at, agent_id):
                raise errors.ClientKeyReused()
            return _shown(there, chat, agent)
        now = world.now()
        _check_time(begins_at, now)
        _check_agent(agent_id)
        ahead = [one for one in appointments.load_all(chat.partitions) if one.at > now]
        if len(ahead) >= rules.MOST_TO_COME:
            raise errors.TooMany(limit=rules.MOST_TO_COME)
        made = Appointment(
            chat_id=chat.chat_id,
            appointment_id=client_key,
            title=title,
            at=begins_at,
            created_at=now,
            agent_id=agent_id,
            by=agent.agent_id,
            by_name=agent.name,
        )
        said = line("appointment_booked", agent, iso(begins_at), title)
        told = system_line(chat, said, now, str(chat.rev + 1), client_key)
        _commit(chat, None, made, told)
        return _shown(made, chat, agent)

    return until_settled(world, decide)


def edit(
    world: World,
    agent: Agent,
    chat_id: str,
    appointment_id: str,
    *,
    version: int,
    title: str,
    at: str,
    agent_id: str | None,
) -> events.Appointment:
    """Change an appointment; for another time or agent the reminder comes anew (INFO-8).

    Asking for what stands already changes nothing. Raises NotFound, MovedOn (it is not what the
    screen showed), Invalid, AgentUnavailable or Contended.
    """
    begins_at = _instant(at)

    def decide() -> events.Appointment:
        chat = known(store.resolve(chat_id), agent)
        before = appointments.find(chat.partitions, appointment_id)
        if before is None:
            raise errors.NotFound()
        if _wish(before) == (title, begins_at, agent_id):
            return _shown(before, chat, agent)
        if before.version != version:
            raise _moved_on(world, agent, chat)
        if begins_at != before.at:
            _check_time(begins_at, world.now())
        if agent_id != before.agent_id:
            _check_agent(agent_id)
        same = (begins_at, agent_id) == (before.at, before.agent_id)
        after = replace(
            before,
            title=title,
            at=begins_at,
            agent_id=agent_id,
            reminded=before.reminded and (same or begins_at <= world.now()),
            version=before.version + 1,
        )
        _commit(chat, before, after)
        return _shown(after, chat, agent)

    return until_settled(world, decide)


def remove(world: World, agent: Agent, chat_id: str, appointment_id: str) -> events.Done:
    """Take an appointment away, and its reminder; one that is not there is fine.

    Raises NotFound of the contact, or Contended.
    """

    def decide() -> events.Done:
        chat = known(store.resolve(chat_id), agent)
        before = appointments.find(chat.partitions, appointment_id)
        if before is not None:
            _commit(chat, before, None)
        return {"done": True}

    return until_settled(world, decide)


def _commit(
    chat: Chat, before: Appointment | None, after: Appointment | None, *said: Message
) -> None:
    revision = revised(chat, chats.described_anew(chat), [one.key for one in said])
    store.commit_or_again(
        Change(
            before=chat,
            after=revision,
            new=tuple(one.at_revision(revision.rev) for one in said),
            beside=(appointments.write(before, after),),
        )
    )


def _wish(one: Appointment) -> tuple[str, datetime, str | None]:
    return one.title, one.at, one.agent_id


def _shown(one: Appointment, chat: Chat, agent: Agent) -> events.Appointment:
    return rules.shown(one, chat, readable=may_read(chat, agent))


def _moved_on(world: World, agent: Agent, chat: Chat) -> errors.MovedOn:
    """With the chat as it is, for who may read it: others know only its record."""
    if not may_read(chat, agent):
        return errors.MovedOn(chat=None)
    human = world.may_answer_as_human(chat)
    return errors.MovedOn(chat=views.chat(chat, world.now(), human=human))


def _instant(at: str) -> datetime:
    try:
        return datetime.fromisoformat(at)
    except ValueError:
        raise errors.Invalid(fields=[{"path": "at", "reason": "not_a_date"}]) from None


def _check_time(at: datetime, now: datetime) -> None:
    wrong = rules.wrong_time(at, now)
    if wrong is not None:
        raise errors.Invalid(fields=[{"path": "at", "reason": wrong}])


def _check_agent(agent_id: str | None) -> None:
    if agent_id is None:
        return
    found = people.agent(agent_id)
    if found is None or not found.active:
        raise errors.AgentUnavailable()
