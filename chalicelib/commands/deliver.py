"""A queued message goes to its channel: at most once, in the order of its chat (SEND)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from chalicelib.commands.settle import settle
from chalicelib.domain.delivery import (
    AnswerLost,
    NotSent,
    Refused,
    RetryIn,
    Status,
    advance,
    after_not_sent,
    after_refusal,
    callback_data,
    policy,
)
from chalicelib.domain.inbound import Failure, Person
from chalicelib.domain.message import LEASE
from chalicelib.stores import channels
from chalicelib.stores import chats as store
from chalicelib.stores.chats import Stale

if TYPE_CHECKING:
    from chalicelib.domain.chat import Chat
    from chalicelib.domain.ids import MessageKey
    from chalicelib.domain.message import Message
    from chalicelib.gateways.meta.graph import Graph, Sent
    from chalicelib.world import World

TAKEN = timedelta(seconds=2)
NO_TOKEN = Failure(190, "Error validating access token")
BLOCKED = Failure(130403, "Business has blocked the user")


def deliver(world: World, chat_id: str, key: MessageKey) -> timedelta | None:
    """Send the message if it is still queued. Returns after how long to come back, or None.

    `queued → sending` is a lease: whoever dies between it and the answer leaves a message that
    may have gone out, which the next delivery finds and calls `unknown`. It is never sent again
    by itself.
    """
    chat, messages = store.load_with_messages(chat_id, [key])
    message = messages.get(key)
    if chat is not None and chat.merged_into is not None:
        chat = store.resolve(chat.merged_into)
    if chat is None or chat.erasing or message is None or message.status is None:
        return None
    if message.status is Status.SENDING:
        return _left_behind(world, message)
    if message.status is not Status.QUEUED:
        return None
    if chat.blocked:
        _fail(world, chat, message, BLOCKED)
        return None
    secrets = world.secrets.of(chat.channel).get(message.account)
    if secrets is None or not secrets.token:
        _fail(world, chat, message, NO_TOKEN)
        return None
    try:
        leased = _lease(world, message)
    except Stale:
        return TAKEN
    return _send(world, chat, leased, secrets.token)


def _send(world: World, chat: Chat, message: Message, token: str) -> timedelta | None:
    person = Person(phone=chat.phone, user_id=chat.user_id)
    try:
        sent = _sent(world.graph(token), message, person)
    except (Refused, NotSent) as no:
        verdict = (
            after_refusal(no, message.attempts)
            if isinstance(no, Refused)
            else after_not_sent(message.attempts)
        )
        if isinstance(verdict, RetryIn):
            return _release(message, verdict)
        _fail(world, chat, message, verdict.failure)
        return None
    except AnswerLost:
        _mark(world, message, Status.UNKNOWN)
        return None
    # Before the mark: a message that is settled is not looked at again.
    if channels.problem(chat.channel, message.account) is not None:
        channels.set_problem(chat.channel, message.account, None)
    _mark(world, message, Status.SENT, provider_id=sent.provider_id)
    return None


def _sent(graph: Graph, message: Message, person: Person) -> Sent:
    callback = callback_data(message.chat_id, message.key)
    if message.template is not None:
        return graph.send_template(message.account, person, message.template, callback)
    return graph.send_text(message.account, person, message.text, callback)


def _lease(world: World, message: Message) -> Message:
    leased = replace(
        message,
        status=Status.SENDING,
        attempts=message.attempts + 1,
        leased_until=world.now() + LEASE,
        version=message.version + 1,
    )
    store.save_message(leased)
    return leased


def _left_behind(world: World, message: Message) -> timedelta | None:
    """Somebody took the lease: wait while it lasts; after that, what they did is unknown."""
    left = (message.leased_until or world.now()) - world.now()
    if left > timedelta(0):
        return left
    _mark(world, message, Status.UNKNOWN)
    return None


def _release(message: Message, verdict: RetryIn) -> timedelta | None:
    """Back to `queued`, which the screen shows like `sending`: no revision is owed."""
    try:
        store.save_message(
            replace(message, status=Status.QUEUED, leased_until=None, version=message.version + 1)
        )
    except Stale:
        return None  # a receipt was faster: it did go out
    return verdict.delay


def _fail(world: World, chat: Chat, message: Message, failure: Failure) -> None:
    problem = policy(failure.code).channel_problem
    if problem is not None:  # before the mark, for the same reason
        channels.set_problem(chat.channel, message.account, problem)
    _mark(world, message, Status.FAILED, failure=failure)


def _mark(
    world: World,
    message: Message,
    status: Status,
    *,
    failure: Failure | None = None,
    provider_id: str | None = None,
) -> None:
    def verdict(now: Message) -> Message:
        if now.status is None:
            return now
        reached = advance(now.status, status)
        if reached is now.status and (provider_id is None or now.provider_id == provider_id):
            return now
        return now.advanced(reached, failure=failure or now.failure, provider_id=provider_id)

    settle(world, message.chat_id, {message.key: verdict})
