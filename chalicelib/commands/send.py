"""An agent answers: the message is queued and the chat finds its holder (SEND, ROUTE)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from chalicelib.commands.attempts import until_settled
from chalicelib.domain import attendance as attendances
from chalicelib.domain import chat as chats
from chalicelib.domain import errors
from chalicelib.domain.access import may_read
from chalicelib.domain.delivery import Status
from chalicelib.domain.ids import MessageKey
from chalicelib.domain.message import (
    Message,
    check_text,
    key_of,
    line,
    system_line,
    written_at,
)
from chalicelib.domain.revision import revised
from chalicelib.stores import chats as store
from chalicelib.stores import counters
from chalicelib.stores.chats import AlreadyThere, Change

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from chalicelib.domain.access import Agent
    from chalicelib.domain.chat import Chat
    from chalicelib.world import World


def send(world: World, agent: Agent, chat_id: str, asked: Mapping[str, Any]) -> list[Message]:
    """Queue a text for the contact, once for each client key (SEND-12).

    Opens an attendance if none is open, and assigns the agent if nobody holds the chat (ROUTE-4
    to ROUTE-6), in the same transaction, with a line that says so (CHAT-3). Returns the message,
    also when it was there already.
    Raises Invalid, NotFound, ContactBlocked, SessionClosed, ClientKeyReused, ClockSkew,
    ClientKeyExpired or Contended; then nothing was changed.
    """
    check_text(asked["text"])
    return [_Sending(world, agent, asked["client_key"]).send(chat_id, asked["text"])]


def retry(world: World, agent: Agent, chat_id: str, key: MessageKey, client_key: str) -> Message:
    """Send a failed or lost message again: a new attempt, the old one kept (CHAT-6).

    A farewell stays one: said again, it opens nothing and assigns nobody (CLOSE-4).
    Raises NotFailed when there is nothing to retry, and all that `send` raises.
    """
    return _Sending(world, agent, client_key).retry(chat_id, key)


class _Sending:
    """One answer on its way into a chat: each try loads, decides and commits anew."""

    def __init__(self, world: World, agent: Agent, client_key: str) -> None:
        self.world = world
        self.agent = agent
        self.client_key = client_key
        self.at = written_at(client_key, world.now())
        self.key = key_of(self.at, "agent", agent.agent_id, client_key)
        self.protocol: str | None = None

    def send(self, chat_id: str, text: str) -> Message:
        def decide() -> Message:
            chat = self._readable(chat_id)
            return self._answer(chat, text, retried=None)

        return until_settled(self.world, decide)

    def retry(self, chat_id: str, key: MessageKey) -> Message:
        def decide() -> Message:
            chat = self._readable(chat_id)
            failed = next(
                (
                    message
                    for partition in chat.partitions
                    if (message := store.load_message(partition, key)) is not None
                ),
                None,
            )
            if failed is None or failed.author != "agent":
                raise errors.NotFound()
            if failed.retried_by == self.key:
                return self._already(chat, failed.text)
            if not failed.may_be_retried():
                raise errors.NotFailed()
            return self._answer(chat, failed.text, retried=failed)

        return until_settled(self.world, decide)

    def _readable(self, chat_id: str) -> Chat:
        chat = store.resolve(chat_id)
        if chat is None or not may_read(chat, self.agent):
            raise errors.NotFound()
        return chat

    def _answer(self, chat: Chat, text: str, *, retried: Message | None) -> Message:
        now, key = self.world.now(), self.key
        refusal = _refusal(chat, self.world, retried)
        if refusal is not None or chat.also:
            # What is there already was accepted when the chat still allowed it, or before a merge.
            existing = self._existing(chat)
            if existing is not None:
                return self._same(existing, text)
        if refusal is not None:
            raise refusal
        farewell_of = retried.farewell_of if retried else None
        after = chat if farewell_of else self._served(chat, now)
        message = Message(
            chat_id=chat.chat_id,
            key=key,
            rev=0,
            kind=retried.kind if retried else "text",
            author="agent",
            text=text,
            at=self.at,
            account=chat.account,
            agent_id=self.agent.agent_id,
            author_name=self.agent.name,
            status=Status.QUEUED,
            client_key=self.client_key,
            retry_of=retried.key if retried else None,
            template=retried.template if retried else None,
            farewell_of=farewell_of,
        )
        new = (message, *self._took(chat, after, now))
        touched = [one.key for one in new]
        changed: tuple[Message, ...] = ()
        if retried is not None:
            touched.append(retried.key)
        after = revised(chat, chats.exchanged(after, message), touched)
        if retried is not None:
            changed = (
                replace(retried, retried_by=key, rev=after.rev, version=retried.version + 1),
            )
        served = after.attendance != chat.attendance
        try:
            store.commit(
                Change(
                    before=chat,
                    after=after,
                    new=tuple(one.at_revision(after.rev) for one in new),
                    changed=changed,
                    attendances=attendances.record(after) if served else (),
                )
            )
        except AlreadyThere:
            return self._already(chat, text)
        return message.at_revision(after.rev)

    def _served(self, chat: Chat, now: datetime) -> Chat:
        """ROUTE-4 to ROUTE-6: with an attendance, and held by somebody."""
        if attendances.must_open(chat):
            self.protocol = self.protocol or counters.next_protocol()
            chat = attendances.opened(chat, self.protocol, now, by=self.agent.agent_id)
        return attendances.answered(chat, self.agent.agent_id)

    def _took(self, before: Chat, after: Chat, now: datetime) -> tuple[Message, ...]:
        """The line that says that whoever answered holds it now (CHAT-3)."""
        if after.agent_id == before.agent_id:
            return ()
        said = line("took", self.agent, self.agent.agent_id, self.agent.name)
        return (system_line(before, said, now, str(before.rev + 1)),)

    def _existing(self, chat: Chat) -> Message | None:
        found = (store.load_message(partition, self.key) for partition in chat.partitions)
        return next((message for message in found if message is not None), None)

    def _already(self, chat: Chat, text: str) -> Message:
        existing = self._existing(chat)
        if existing is None:
            raise errors.Unavailable()
        return self._same(existing, text)

    def _same(self, existing: Message, text: str) -> Message:
        if existing.text != text:
            raise errors.ClientKeyReused()
        return existing


def _refusal(chat: Chat, world: World, retried: Message | None) -> errors.Refusal | None:
    """Why nothing may be sent now (BLOCK-2, SEND-1); a template said again needs no session."""
    if chat.blocked:
        return errors.ContactBlocked()
    if retried is not None and retried.template is not None:
        return None
    if not chat.session.may_write_freely(world.now()):
        return errors.SessionClosed()
    return None
