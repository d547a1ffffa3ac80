"""What is known of one contact, narrowed by access (INFO)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.domain import errors, profile, views
from chalicelib.domain.access import Permission, known, may_read
from chalicelib.queries.attendances import shown as attendance_shown
from chalicelib.stores import attendances, audit, notes, profiles
from chalicelib.stores import chats as store
from chalicelib.stores.chats import commit_rows

if TYPE_CHECKING:
    from chalicelib.domain import events
    from chalicelib.domain.access import Agent
    from chalicelib.domain.chat import Chat
    from chalicelib.world import World

ATTENDANCES, MESSAGES = "attendances", "messages"  # what a part of an export holds
ATTENDANCES_AT_ONCE = 50
MESSAGES_AT_ONCE = 200  # of 4,096 characters each at most: under the 6 MB that a function answers
FIRST = "0"  # before every message


def contact(world: World, agent: Agent, chat_id: str) -> events.Contact:
    """What is known of a contact, for who may read the chat, or the contacts.

    CPF and RG are masked without the permission «contacts», notes are left out without theirs.
    Raises NotFound.
    """
    return _shown(world, agent, known(store.resolve(chat_id), agent))


def _shown(world: World, agent: Agent, chat: Chat) -> events.Contact:
    kept = profiles.load(*chat.partitions)
    return profile.shown(
        chat,
        kept,
        masked=not agent.may(Permission.CONTACTS),
        pictures={
            key: world.files.address(key) for key in profile.picture_keys(kept, chat.partitions)
        },
        notes=notes.load_all(chat.partitions) if agent.may(Permission.NOTES) else None,
    )


def export(world: World, agent: Agent, chat_id: str, *, cursor: str | None) -> events.ContactExport:
    """Everything that is kept of a contact, part by part, each bounded (LGPD).

    The first part has the contact, as the panel shows them to this agent, and is audited; then
    come the attendances, newest first, and then, of a chat that the agent may read, its messages,
    oldest first. Raises NotFound, and Invalid for a cursor that no part gave.
    """
    chat = known(store.resolve(chat_id), agent)
    part, _, after = (cursor or ATTENDANCES).partition("-")
    if cursor is None:
        _note_export(world, agent, chat)
    if part == ATTENDANCES:
        return _of_attendances(world, agent, chat, after or None, first=cursor is None)
    if part == MESSAGES and may_read(chat, agent):
        return _of_messages(chat, after or FIRST)
    raise errors.Invalid(fields=[{"path": "cursor", "reason": "unknown"}])


def _of_attendances(
    world: World, agent: Agent, chat: Chat, before: str | None, *, first: bool
) -> events.ContactExport:
    found = attendances.of_partitions(chat.partitions, before=before, limit=ATTENDANCES_AT_ONCE + 1)
    told = found[:ATTENDANCES_AT_ONCE]
    cursor = f"{MESSAGES}-" if may_read(chat, agent) else None
    if len(found) > ATTENDANCES_AT_ONCE:
        cursor = f"{ATTENDANCES}-{told[-1].protocol}"
    return {
        "contact": _shown(world, agent, chat) if first else None,
        "attendances": [attendance_shown(world, one, chat) for one in told],
        "messages": [],
        "cursor": cursor,
    }


def _of_messages(chat: Chat, after: str) -> events.ContactExport:
    found = store.page_of_messages(chat, after=after, limit=MESSAGES_AT_ONCE)
    more = len(found) == MESSAGES_AT_ONCE
    return {
        "contact": None,
        "attendances": [],
        "messages": [views.message(message) for message in found],
        "cursor": f"{MESSAGES}-{found[-1].key}" if more else None,
    }


def _note_export(world: World, agent: Agent, chat: Chat) -> None:
    commit_rows(
        audit.entry(
            "contact_exported",
            agent,
            chat.chat_id,
            world.now(),
            f"exported-{world.new_id()}",
            messages=may_read(chat, agent),
        )
    )
