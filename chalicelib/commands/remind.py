"""Agents are told in time: of a note on its day, of an appointment before it (INFO-4, INFO-8)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from chalicelib.commands.attempts import until_settled
from chalicelib.domain import timer as timers
from chalicelib.domain.appointment import to_remind
from chalicelib.domain.bell import rung
from chalicelib.stores import appointments, bells, notes
from chalicelib.stores import chats as store
from chalicelib.stores.chats import commit_rows

if TYPE_CHECKING:
    from chalicelib.domain.timer import Timer
    from chalicelib.world import World


def of_note(world: World, timer: Timer) -> None:
    """Tell the agent to whom the note was forwarded, once (INFO-4).

    Nothing, when the note does not promise that any more: it was deleted, or is for another day or
    another agent.
    """

    def decide() -> None:
        note = notes.find([timer.chat_id], timer.subject)
        chat = store.resolve(timer.chat_id)
        if note is None or chat is None or timer not in timers.of_note(note):
            return
        told = replace(note, remind_at=None, version=note.version + 1)
        writes = [notes.write(note, told)]
        if note.to_agent_id is not None:
            bell = rung(note.to_agent_id, "note", chat.chat_id, note.note_id, note.text, timer.at)
            writes.append(bells.write(bell))
        commit_rows(*writes)

    until_settled(world, decide)


def of_appointment(world: World, timer: Timer) -> None:
    """Tell the appointment's agent, or who booked it, or who holds the chat, once (INFO-8).

    Nothing, when the appointment does not promise that any more: it was removed, or put off.
    """

    def decide() -> None:
        one = appointments.find([timer.chat_id], timer.subject)
        chat = store.resolve(timer.chat_id)
        if one is None or chat is None or timer not in timers.of_appointment(one):
            return
        told = replace(one, reminded=True, version=one.version + 1)
        writes = [appointments.write(one, told)]
        agent_id = to_remind(one, chat)
        if agent_id is not None:
            bell = rung(
                agent_id, "appointment", chat.chat_id, one.appointment_id, one.title, timer.at
            )
            writes.append(bells.write(bell))
        commit_rows(*writes)

    until_settled(world, decide)
