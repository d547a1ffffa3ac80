"""What a channel is told beside messages: that a contact is blocked, that a message was read.

Both say the same however often they are said, so that a lost answer is asked for again. How often
was tried is what the lane counts.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from chalicelib.commands.attempts import until_settled
from chalicelib.commands.deliver import NO_TOKEN
from chalicelib.domain import chat as chats
from chalicelib.domain.delivery import (
    AnswerLost,
    NotSent,
    Refused,
    RetryIn,
    after_not_sent,
    after_refusal,
    policy,
)
from chalicelib.domain.inbound import Person
from chalicelib.domain.revision import revised
from chalicelib.stores import channels
from chalicelib.stores import chats as store
from chalicelib.stores.chats import Change

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import timedelta

    from chalicelib.domain.chat import Chat
    from chalicelib.domain.delivery import Fail
    from chalicelib.domain.inbound import Failure
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
    verdict = _told(
        world, chat, account, attempt, lambda graph: graph.mark_read(account, provider_id)
    )
    return verdict.delay if isinstance(verdict, RetryIn) else None


def _blocking(account: str, person: Person, blocked: bool) -> Callable[[Graph], None]:
    return lambda graph: graph.block_user(account, person, blocked=blocked)


def _told(
    world: World, chat: Chat, account: str, attempt: int, tell: Callable[[Graph], None]
) -> RetryIn | Fail | None:
    """What to do after telling it: None when it was taken."""
    secrets = world.secrets.of(chat.channel).get(account)
    try:
        if secrets is None or not secrets.token:
            raise Refused(NO_TOKEN)
        tell(world.graph(secrets.token))
    except Refused as refused:
        return after_refusal(refused, attempt)
    except (NotSent, AnswerLost):
        return after_not_sent(attempt)
    return None


def _settle(world: World, told: Chat, failure: Failure | None) -> None:
    """The chat knows what became of the call, unless something else is wanted by now."""
    problem = policy(failure.code).channel_problem if failure else None
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
