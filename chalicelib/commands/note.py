"""Notes about a contact (INFO-4, INFO-7)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date as day
from typing import TYPE_CHECKING

from chalicelib.commands.attempts import until_settled
from chalicelib.domain import chat as chats
from chalicelib.domain import errors
from chalicelib.domain.access import known
from chalicelib.domain.bell import rung
from chalicelib.domain.message import written_at
from chalicelib.domain.note import NOTES_LIMIT, Note, reminder_of, shown
from chalicelib.domain.revision import revised
from chalicelib.stores import bells, notes, people
from chalicelib.stores import chats as store
from chalicelib.stores.chats import Change

if TYPE_CHECKING:
    from chalicelib.domain import events
    from chalicelib.domain.access import Agent
    from chalicelib.domain.chat import Chat
    from chalicelib.stores.chats import Write
    from chalicelib.world import World


def add(
    world: World,
    agent: Agent,
    chat_id: str,
    client_key: str,
    *,
    text: str,
    date: str | None,
    to_agent_id: str | None,
) -> events.Note:
    """Keep a note, once for each client key, and perhaps for whom it is and which day (INFO-4).

    Returns the note, also when it was there already. Raises NotFound, Invalid, AgentUnavailable,
    TooMany, ClientKeyReused, ClockSkew, ClientKeyExpired or Contended; then nothing was changed.
    """
    written_at(client_key, world.now())
    _check_day(date)

    def decide() -> Note:
        chat = known(store.resolve(chat_id), agent)
        there = notes.find(chat.partitions, client_key)
        if there is not None:
            if (there.text, there.date, there.to_agent_id) != (text, date, to_agent_id):
                raise errors.ClientKeyReused()
            return there
        _check_agent(to_agent_id)
        if notes.count(chat.partitions) >= NOTES_LIMIT:
            raise errors.TooMany(limit=NOTES_LIMIT)
        note = Note(
            chat_id=chat.chat_id,
            note_id=client_key,
            text=text,
            date=date,
            to_agent_id=to_agent_id,
            by=agent.agent_id,
            by_name=agent.name,
            created_at=world.now(),
        )
        _commit(world, chat, None, note)
        return note

    return shown(until_settled(world, decide))


def edit(
    world: World,
    agent: Agent,
    chat_id: str,
    note_id: str,
    *,
    text: str,
    date: str | None,
    to_agent_id: str | None,
) -> events.Note:
    """Change a note to read so (INFO-7); one that does already is left as it is.

    Raises NotFound, Invalid, AgentUnavailable or Contended.
    """
    _check_day(date)

    def decide() -> Note:
        chat = known(store.resolve(chat_id), agent)
        before = notes.find(chat.partitions, note_id)
        if before is None:
            raise errors.NotFound()
        after = replace(before, text=text, date=date, to_agent_id=to_agent_id)
        if after == before:
            return before
        if to_agent_id != before.to_agent_id:
            _check_agent(to_agent_id)
        after = replace(after, edited_at=world.now(), version=before.version + 1)
        _commit(world, chat, before, after)
        return after

    return shown(until_settled(world, decide))


def remove(world: World, agent: Agent, chat_id: str, note_id: str) -> events.Done:
    """Delete a note; one that is not there is fine (INFO-4). Raises NotFound of the contact."""

    def decide() -> events.Done:
        chat = known(store.resolve(chat_id), agent)
        note = notes.find(chat.partitions, note_id)
        if note is not None:
            _commit(world, chat, note, None)
        return {"done": True}

    return until_settled(world, decide)


def _commit(world: World, chat: Chat, before: Note | None, after: Note | None) -> None:
    """The note, and that its agent hears of it: at once, or on its day (INFO-4)."""
    told: tuple[Write, ...] = ()
    if after is not None and _is_news(before, after):
        now = world.now()
        if after.to_agent_id is not None and after.date is None:
            bell = rung(after.to_agent_id, "note", chat.chat_id, after.note_id, after.text, now)
            told = (bells.write(bell),)
        after = replace(after, remind_at=reminder_of(after, now, world.zone()))
    revision = revised(chat, chats.described_anew(chat))
    beside = (notes.write(before, after), *told)
    store.commit(Change(before=chat, after=revision, beside=beside))


def _is_news(before: Note | None, after: Note) -> bool:
    """Whether it is for somebody else, or for another day, than it was."""
    known = None if before is None else (before.to_agent_id, before.date)
    return known != (after.to_agent_id, after.date)


def _check_day(date: str | None) -> None:
    """Any day that there is."""
    if date is None:
        return
    try:
        day.fromisoformat(date)
    except ValueError:
        raise errors.Invalid(fields=[{"path": "date", "reason": "not_a_date"}]) from None


def _check_agent(agent_id: str | None) -> None:
    if agent_id is None:
        return
    found = people.agent(agent_id)
    if found is None or not found.active:
        raise errors.AgentUnavailable()
