"""A contact is erased, with all that is kept of them (LGPD).

First, at once: the chat is nobody's any more, in no list and found under no name, number or id.
Then, in bounded steps of the queue `due`: everything that lies in its partitions, its files, and
in the end its row. Each step may be killed or repeated: it deletes what it still finds.
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING

from chalicelib.commands.attempts import until_settled
from chalicelib.domain import chat as chats
from chalicelib.domain import errors
from chalicelib.domain.access import known
from chalicelib.domain.revision import revised
from chalicelib.gateways.files import UPLOAD_SECONDS, contact_pictures, message_files
from chalicelib.gateways.queues import Entry
from chalicelib.stores import alerts, audit, drafts, erasures, identities, people
from chalicelib.stores import chats as store
from chalicelib.stores.chats import Change

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from chalicelib.domain import events
    from chalicelib.domain.access import Agent
    from chalicelib.world import World

# A picture may still be sent to an address that was given out just before.
LAST_UPLOAD = timedelta(seconds=UPLOAD_SECONDS + 60)


def erase(world: World, agent: Agent, chat_id: str) -> events.Done:
    """Erase the contact; refused while blocked, here or at Meta (BLOCK-2). The rest follows.

    From now on it is in no list, search or count, nobody may read it, open screens leave it, and
    who writes under one of its ids is a new contact. Raises NotFound, ContactBlocked or Contended.
    """

    def decide() -> events.Done:
        found = store.load(chat_id)
        while found is not None and found.merged_into is not None:
            found = store.load(found.merged_into)
        if found is not None and found.erasing:
            return {"done": True}
        chat = known(found, agent)
        if chat.blocked or chat.meta_block is not None:
            # Also one whom Meta does not know to be free yet: nobody could free them afterwards.
            raise errors.ContactBlocked()
        told = audit.entry(
            "contact_erased", agent, chat.chat_id, world.now(), f"erased-{chat.chat_id}"
        )
        store.commit(
            Change(
                before=chat,
                after=revised(chat, chats.erased(chat)),
                beside=(told, *identities.endings(chat)),
            )
        )
        return {"done": True}

    return until_settled(world, decide)


def begin(world: World, chat_ids: Iterable[str]) -> None:
    """Have what is left of these chats deleted, step by step; twice is harmless."""
    _queue(world, [_step(chat_id) for chat_id in chat_ids])


def go_on(world: World, chat_id: str) -> None:
    """Delete some of what is left of an erased contact, and see to the next step.

    Does nothing to a chat that is not being erased.
    """
    chat = store.load(chat_id)
    if chat is None or not chat.erasing:
        return
    if not erasures.rows(chat.partitions) or not _files(world, chat.partitions):
        _queue(world, [_step(chat_id)])
        return
    erasures.members(chat)
    agent_ids = [one.agent_id for one in people.agents()]
    drafts.forget(agent_ids, chat.partitions)
    alerts.forget(agent_ids, chat.partitions)
    # Before the row: once that is gone nobody would know.
    _queue(world, [_last_look(chat.partitions)])
    erasures.end(chat)


def look_again(world: World, chat_ids: Sequence[str]) -> None:
    """Delete files that came after the chat was gone."""
    if not _files(world, chat_ids):
        _queue(world, [_last_look(chat_ids, after=timedelta(0))])


def _files(world: World, chat_ids: Iterable[str]) -> bool:
    """Delete some hundreds of files of each; whether all are gone."""
    done = [
        world.files.erase(prefix)
        for chat_id in chat_ids
        for prefix in (contact_pictures(chat_id), message_files(chat_id))
    ]
    return all(done)


def _step(chat_id: str) -> Entry:
    return Entry(json.dumps({"what": "erase_contact", "chat_id": chat_id}))


def _last_look(chat_ids: Sequence[str], after: timedelta = LAST_UPLOAD) -> Entry:
    body = {"what": "erase_files", "chat_ids": list(chat_ids)}
    return Entry(json.dumps(body), delay=after)


def _queue(world: World, entries: list[Entry]) -> None:
    if entries:
        world.queues.send(world.settings.due_queue, entries)
