"""A contact is blocked, or no longer (BLOCK)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from chalicelib.commands.attempts import until_settled
from chalicelib.domain import chat as chats
from chalicelib.domain import errors, views
from chalicelib.domain import schedule as scheduled
from chalicelib.domain.access import may_read
from chalicelib.domain.message import line, system_line
from chalicelib.domain.revision import revised
from chalicelib.stores import audit, schedules
from chalicelib.stores import chats as store
from chalicelib.stores.chats import Change

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from chalicelib.domain import events
    from chalicelib.domain.access import Agent
    from chalicelib.domain.chat import Chat
    from chalicelib.stores.chats import Write
    from chalicelib.world import World

MOST_FREED = 80  # in the transaction that unblocks; others go out at the end of their half hour


def block(world: World, agent: Agent, chat_id: str) -> events.Changed:
    """Block the contact, here at once and, on WhatsApp, at Meta soon after (BLOCK-1, BLOCK-3).

    The call to Meta is derived from the table's stream; the chat shows while it is not done, and
    why it failed. Blocking again does nothing, or tries a failed call again. Raises NotFound,
    NothingHeardLately (no message of the contact in the last 24 hours) or Contended.
    """
    return _decide(world, agent, chat_id, blocked=True)


def unblock(world: World, agent: Agent, chat_id: str) -> events.Changed:
    """Let the contact write and be written to again, here at once and at Meta soon after.

    Unblocking again does nothing, or tries a failed call again. Raises NotFound or Contended.
    """
    return _decide(world, agent, chat_id, blocked=False)


def _decide(world: World, agent: Agent, chat_id: str, *, blocked: bool) -> events.Changed:
    def decide() -> events.Changed:
        before = store.resolve(chat_id)
        if before is None or not may_read(before, agent):
            raise errors.NotFound()
        now = world.now()
        if before.blocked is blocked:
            after = _tried_again(before)
        elif blocked and not chats.may_be_blocked(before, now):
            raise errors.NothingHeardLately()
        else:
            after = _done(world, agent, before, blocked=blocked)
        return {"chat": views.chat(after, now, human=world.may_answer_as_human(after))}

    return until_settled(world, decide)


def _tried_again(before: Chat) -> Chat:
    """It is so already: what could not be told to Meta is told once more."""
    if before.meta_block != "failed":
        return before
    after = revised(before, chats.to_be_told(before))
    store.commit(Change(before=before, after=after))
    return after


def _done(world: World, agent: Agent, before: Chat, *, blocked: bool) -> Chat:
    now = world.now()
    code: Literal["blocked", "unblocked"] = "blocked" if blocked else "unblocked"
    said = system_line(before, line(code, agent), now, str(before.rev + 1))
    after = revised(before, chats.blocked(before, now, so=blocked), [said.key])
    audited = audit.entry(
        "contact_blocked" if blocked else "contact_unblocked",
        agent,
        before.chat_id,
        now,
        f"{before.chat_id}-{after.rev}",
    )
    store.commit(
        Change(
            before=before,
            after=after,
            new=(said.at_revision(after.rev),),
            beside=(audited, *(() if blocked else _freed(before, now))),
        )
    )
    return after


def _freed(chat: Chat, now: datetime) -> Iterable[Write]:
    """SCH-4: what became due in the last 30 minutes goes out at once."""
    waiting = (one for one in schedules.load_all(chat.partitions) if one.state == "held")
    due = [one for one in waiting if scheduled.may_be_freed(one, now)]
    return [schedules.write(one, scheduled.freed(one, now)) for one in due[:MOST_FREED]]
