"""What became of a message we sent, applied once to its row and its chat's revision (CHAT-4)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from chalicelib.commands.attempts import until_settled
from chalicelib.domain.delivery import advance, from_provider, policy, read_callback
from chalicelib.domain.ids import MessageKey
from chalicelib.domain.revision import revised
from chalicelib.stores import channels
from chalicelib.stores import chats as store
from chalicelib.stores.chats import Change

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from chalicelib.domain.inbound import Receipt
    from chalicelib.domain.message import Message
    from chalicelib.world import World

YOUNG = timedelta(seconds=60)


def settle(
    world: World, chat_id: str, verdicts: Mapping[MessageKey, Callable[[Message], Message]]
) -> set[MessageKey]:
    """Apply each verdict to its message, all in one transaction with the chat's next revision.

    A verdict takes the message as it stands and returns it as it should be, or unchanged.
    `chat_id` is the partition that the messages lie in. Returns the keys that were not found.
    """

    def decide() -> set[MessageKey]:
        chat, messages = store.load_with_messages(chat_id, verdicts)
        if chat is not None and chat.merged_into is not None:
            chat = store.resolve(chat.merged_into)
        if chat is None or chat.erasing:
            return set(verdicts)
        changed = []
        for key, message in messages.items():
            after = verdicts[key](message)
            if after != message:
                changed.append(replace(after, rev=chat.rev + 1, version=message.version + 1))
        if changed:
            touched = sorted(message.key for message in changed)
            store.commit(
                Change(before=chat, after=revised(chat, chat, touched), changed=tuple(changed))
            )
        return set(verdicts) - set(messages)

    return until_settled(world, decide)


def settle_receipts(world: World, receipts: Iterable[Receipt]) -> list[Receipt]:
    """Apply the channel's receipts; returns those whose message is not there yet.

    A receipt finds its message by what we attached when sending, or by the provider's id. One that
    finds nothing may be early, and should come back, while it is young; an old one is of something
    that this desk did not send.
    """
    by_chat: dict[str, dict[MessageKey, list[Receipt]]] = defaultdict(lambda: defaultdict(list))
    early: list[Receipt] = []
    for receipt in receipts:
        address = _address(receipt)
        if address is None:
            if world.now() - receipt.at < YOUNG:
                early.append(receipt)
            continue
        by_chat[address[0]][address[1]].append(receipt)
    for chat_id, of_chat in by_chat.items():
        settle(world, chat_id, {key: _verdict(news) for key, news in of_chat.items()})
        for news in of_chat.values():
            _note_problems(news)
    return early


def _address(receipt: Receipt) -> tuple[str, MessageKey] | None:
    """In which partition, under which key, the message lies."""
    attached = read_callback(receipt.callback)
    if attached is not None:
        return attached[0], MessageKey(attached[1])
    message = store.find_by_provider_id(receipt.provider_id)
    return None if message is None else (message.chat_id, message.key)


def _verdict(receipts: list[Receipt]) -> Callable[[Message], Message]:
    def verdict(message: Message) -> Message:
        for receipt in receipts:
            incoming = from_provider(receipt.status)
            if incoming is None or message.status is None:
                continue
            status = advance(message.status, incoming)
            if status is not message.status or message.provider_id is None:
                message = message.advanced(
                    status, failure=receipt.failure, provider_id=receipt.provider_id
                )
        return message

    return verdict


def _note_problems(receipts: list[Receipt]) -> None:
    """A refusal that is the account's fault, not the message's, raises the banner (INB-10)."""
    for receipt in receipts:
        if receipt.failure is not None:
            problem = policy(receipt.failure.code).channel_problem
            if problem is not None:
                channels.set_problem(receipt.channel, receipt.account, problem)
