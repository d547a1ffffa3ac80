"""Notes about a contact: rows beside the chat's, under the key that their writer's device gave."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pynamodb.expressions.condition import Condition

from chalicelib.domain import timer
from chalicelib.domain.instants import from_ms, to_ms
from chalicelib.domain.note import Note
from chalicelib.stores.chats import Write
from chalicelib.stores.rows import ARM, due_place
from chalicelib.stores.tables import NoteRow, Row, chat_pk, note_sk

if TYPE_CHECKING:
    from collections.abc import Iterable

NOTES = "note"  # among the rows that promise something


def load_all(chat_ids: Iterable[str]) -> list[Note]:
    """Every note in these partitions, newest first. One consistent query each."""
    found = [
        to_note(row)
        for chat_id in chat_ids
        for row in NoteRow.query(
            chat_pk(chat_id), NoteRow.sk.startswith(note_sk("")), consistent_read=True
        )
    ]
    return sorted(found, key=lambda note: (note.created_at, note.note_id), reverse=True)


def find(chat_ids: Iterable[str], note_id: str) -> Note | None:
    """The note with this id in one of these partitions, or None."""
    keys = [(chat_pk(chat_id), note_sk(note_id)) for chat_id in chat_ids]
    rows = Row.batch_get(keys, consistent_read=True)
    return next((to_note(row) for row in rows if isinstance(row, NoteRow)), None)


def count(chat_ids: Iterable[str]) -> int:
    """How many notes these partitions hold. One consistent query each."""
    return sum(
        NoteRow.count(chat_pk(chat_id), NoteRow.sk.startswith(note_sk("")), consistent_read=True)
        for chat_id in chat_ids
    )


def write(before: Note | None, after: Note | None) -> Write:
    """What a command's transaction must write beside: the note made, changed or taken away."""
    condition: Condition = (
        NoteRow.pk.does_not_exist() if before is None else NoteRow.version == before.version
    )
    if after is not None:
        return Write(from_note(after), condition)
    assert before is not None
    return Write(from_note(before), condition, delete=True)


def to_note(row: NoteRow) -> Note:
    """The note of a row."""
    return Note(
        chat_id=row.pk.removeprefix("CHAT#"),
        note_id=row.sk.removeprefix(note_sk("")),
        text=row.text,
        date=row.date,
        to_agent_id=row.to_agent_id,
        by=row.by,
        by_name=row.by_name,
        created_at=from_ms(int(row.created_ms)),
        edited_at=None if row.edited_ms is None else from_ms(int(row.edited_ms)),
        remind_at=None if row.remind_ms is None else from_ms(int(row.remind_ms)),
        version=int(row.version),
    )


def from_note(note: Note) -> NoteRow:
    """The note's row."""
    promises = timer.of_note(note)
    return NoteRow(
        chat_pk(note.chat_id),
        note_sk(note.note_id),
        version=note.version,
        text=note.text,
        date=note.date,
        to_agent_id=note.to_agent_id,
        by=note.by,
        by_name=note.by_name,
        created_ms=to_ms(note.created_at),
        edited_ms=None if note.edited_at is None else to_ms(note.edited_at),
        remind_ms=None if note.remind_at is None else to_ms(note.remind_at),
        to_do=ARM if promises else None,
        due_kind=NOTES if promises else None,
        due_at=due_place(promises),
    )
