"""What a channel is told beside messages: a block, a reading, a reaction.

Each says the same however often it is said, so that a lost answer is asked for again. How often
was tried is what the lane counts.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from chalicelib.commands.attempts import until_settled
from chalicelib.commands.deliver import BLOCKED, NO_TOKEN, SWITCHED_OFF
from chalicelib.commands.settle import settle
from chalicelib.domain import chat as chats
from chalicelib.domain.delivery import (
    AnswerLost,
    NotSent,
    Refused,
    RetryIn,
    after_not_sent,
    after_refusal,
    policy_of,
    reaction_callback,
)
from chalicelib.domain.inbound import Person
from chalicelib.domain.message import our_reaction, with_reaction
from chalicelib.domain.revision import revised
from chalicelib.gateways.meta import messenger, whatsapp
from chalicelib.stores import channels
from chalicelib.stores import chats as store
from chalicelib.stores.chats import Change

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import timedelta

    from chalicelib.domain.chat import Chat
    from chalicelib.domain.delivery import Fail
    from chalicelib.domain.ids import MessageKey
    from chalicelib.domain.inbound import Failure
    from chalicelib.domain.message import Message, Reaction
    from chalicelib.domain.outgoing import Sender
    from chalicelib.gateways.meta.graph import Graph
    from chalicelib.world import World


def tell_block(world: World, chat_id: str, attempt: int) -> timedelta | None:
    """Tell Meta whether the contact is blocked, as the chat wants it now (BLOCK-1, BLOCK-3).

    At each number of ours that the contact wrote to lately. `attempt` counts from 1. Returns after
    how long to come back, or None: it is done, has failed visibly, or is no longer wanted.
    """
    chat = store.resolve(chat_id)
    if chat is None or chat.gone or chat.meta_block != "pending":
        return None
    person = Person(phone=chat.phone, user_id=chat.user_id)
    for account in chats.accounts_to_tell(chat, world.now()):
        verdict = _told(world, chat, account, attempt, _blocking(account, person, chat.blocked))
        if isinstance(verdict, RetryIn):
            return verdict.delay
        if verdict is not None:
            _settle(world, chat, verdict.failure)
            return None
    _settle(world, chat, None)
    return None


def tell_read(world: World, chat_id: str, key: str, attempt: int) -> timedelta | None:
    """Send the contact the read receipt of a message (READ-1), as well as that goes.

    Returns after how long to come back, or None: it is done, or given up, which nobody is told.
    """
    chat = store.resolve(chat_id)
    if chat is None or chat.gone or chat.blocked or chat.receipt_for != key:
        return None
    message = next(
        (
            found
            for partition in chat.partitions
            if (found := store.load_message(partition, key)) is not None
        ),
        None,
    )
    if message is None or message.provider_id is None:
        return None
    provider_id, account = message.provider_id, message.account
    person = Person(phone=chat.phone, user_id=chat.user_id)

    def tell(graph: Graph, sender: Sender) -> None:
        if sender.channel == "whatsapp":
            graph.tell(account, whatsapp.read(provider_id))
        elif not sender.by_instagram_login:  # which has no such call (META.md §8)
            graph.tell(messenger.place(sender), messenger.seen(person))

    verdict = _told(world, chat, account, attempt, tell)
    return verdict.delay if isinstance(verdict, RetryIn) else None


def tell_reaction(world: World, chat_id: str, key: MessageKey, attempt: int) -> timedelta | None:
    """Show the contact our reaction, or take it from them, as it is wanted now (CHAT-7).

    `chat_id` is the partition that the message lies in. Returns after how long to come back, or
    None: it is done, has failed visibly, or is no longer wanted.
    """
    chat, messages = store.load_with_messages(chat_id, [key])
    message = messages.get(key)
    if chat is not None and chat.merged_into is not None:
        chat = store.resolve(chat.merged_into)
    if chat is None or chat.gone or message is None or message.internal:
        return None
    wanted = our_reaction(message)
    if wanted is None or wanted.state != "pending" or message.provider_id is None:
        return None
    if chat.blocked:
        _settle_reaction(world, message, wanted, BLOCKED)
        return None
    emoji, provider_id, account = wanted.emoji or None, message.provider_id, message.account
    person = Person(phone=chat.phone, user_id=chat.user_id)
    callback = reaction_callback(message.chat_id, message.key)

    def tell(graph: Graph, sender: Sender) -> None:
        content = (
            whatsapp.reaction(person, provider_id, emoji, callback)
            if sender.channel == "whatsapp"
            else messenger.reaction(person, provider_id, emoji)
        )
        graph.tell(messenger.place(sender), content)

    verdict = _told(world, chat, account, attempt, tell)
    if isinstance(verdict, RetryIn):
        return verdict.delay
    _settle_reaction(world, message, wanted, verdict.failure if verdict is not None else None)
    return None


def _settle_reaction(
    world: World, message: Message, told: Reaction, failure: Failure | None
) -> None:
    """The message knows what became of the reaction, unless another is wanted by now."""

    def verdict(now: Message) -> Message:
        ours = our_reaction(now)
        if ours is None or (ours.at, ours.state) != (told.at, "pending"):
            return now
        state: Literal["sent", "failed"] = "failed" if failure else "sent"
        return with_reaction(now, replace(ours, state=state, failure=failure))

    settle(world, message.chat_id, {message.key: verdict})


def _blocking(account: str, person: Person, blocked: bool) -> Callable[[Graph, Sender], None]:
    return lambda graph, _: graph.block_user(account, person, blocked=blocked)


def _told(
    world: World, chat: Chat, account: str, attempt: int, tell: Callable[[Graph, Sender], None]
) -> RetryIn | Fail | None:
    """What to do after telling it: None when it was taken."""
    secrets = world.secrets.of(chat.channel).get(account)
    sender = world.sender(chat.channel, account)
    try:
        if not sender.active:
            raise Refused(SWITCHED_OFF)
        if secrets is None or not secrets.token:
            raise Refused(NO_TOKEN)
        tell(messenger.graph_of(world, sender, secrets.token), sender)
    except Refused as refused:
        return after_refusal(refused, attempt)
    except (NotSent, AnswerLost):
        return after_not_sent(attempt)
    return None


def _settle(world: World, told: Chat, failure: Failure | None) -> None:
    """The chat knows what became of the call, unless something else is wanted by now."""
    problem = policy_of(failure).channel_problem if failure else None
    if problem is not None:
        channels.set_problem(told.channel, told.account, problem)

    def decide() -> None:
        chat = store.resolve(told.chat_id)
        if chat is None or chat.gone or chat.meta_block != "pending":
            return
        if chat.blocked is not told.blocked:
            return  # the lane brings the newer wish, too
        after = replace(chat, meta_block="failed" if failure else None, meta_block_failure=failure)
        store.commit(Change(before=chat, after=revised(chat, after)))

    until_settled(world, decide)
