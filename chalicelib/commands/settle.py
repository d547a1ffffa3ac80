"""What became of a message we sent, applied once to its row and its chat's revision (CHAT-4)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from chalicelib.commands.attempts import until_settled
from chalicelib.domain import chat as chats
from chalicelib.domain.contact import identities as identities_of
from chalicelib.domain.delivery import (
    Status,
    advance,
    from_provider,
    policy_of,
    read_callback,
    read_reaction_callback,
)
from chalicelib.domain.ids import MessageKey
from chalicelib.domain.inbound import Receipt, Watermark
from chalicelib.domain.instants import sortable
from chalicelib.domain.marks import applied
from chalicelib.domain.message import our_reaction, with_reaction
from chalicelib.domain.revision import revised
from chalicelib.stores import channels, identities
from chalicelib.stores import chats as store
from chalicelib.stores import marks as marking
from chalicelib.stores.chats import Change, Write

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from chalicelib.domain.chat import Chat
    from chalicelib.domain.message import Message
    from chalicelib.world import World

    Verdict = Callable[[Message], Message]

YOUNG = timedelta(seconds=60)
A_SECOND = timedelta(seconds=1)  # the time of WhatsApp's statuses has no fractions
MOMENT = timedelta(milliseconds=1)
AT_ONCE = 40  # messages that a watermark looks at, and changes in one transaction
FURTHEST = 5  # times so many, back from the watermark


def settle(world: World, chat_id: str, verdicts: Mapping[MessageKey, Verdict]) -> set[MessageKey]:
    """Apply each verdict to its message, all in one transaction with the chat's next revision.

    A verdict takes the message as it stands and returns it as it should be, or unchanged. What
    waited for an id that a message gets by this is applied with it, and the row follows.
    `chat_id` is the partition that the messages lie in. Returns the keys that were not found.
    """

    def decide() -> set[MessageKey]:
        chat, messages = store.load_with_messages(chat_id, verdicts)
        if chat is not None and chat.merged_into is not None:
            chat = store.resolve(chat.merged_into)
        if chat is None or chat.erasing:
            return set(verdicts)
        found = _Settled(chat)
        for key, message in messages.items():
            found.take(message, verdicts[key](message))
        if found.changed:
            store.commit(
                Change(
                    before=chat,
                    after=revised(chat, found.chat, sorted(one.key for one in found.changed)),
                    changed=tuple(
                        replace(one, rev=chat.rev + 1, version=one.version + 1)
                        for one in found.changed
                    ),
                    beside=tuple(found.ended),
                )
            )
        return set(verdicts) - set(messages)

    return until_settled(world, decide)


@dataclass
class _Settled:
    """The chat and its messages after the verdicts so far."""

    chat: Chat
    changed: list[Message] = field(default_factory=list)
    ended: list[Write] = field(default_factory=list)

    def take(self, before: Message, after: Message) -> None:
        provider_id = after.provider_id
        if provider_id != before.provider_id and chats.awaits(self.chat, provider_id):
            waiting, ended = marking.parked(self.chat, provider_id or "")
            for mark in waiting:
                after = applied(after, mark)
            self.chat = chats.no_longer_awaiting(self.chat, provider_id or "")
            self.ended += ended
        if after != before:
            self.chat = chats.followed(self.chat, after)
            self.changed.append(after)


# --- what the channel says --------------------------------------------------------------------


def settle_receipts(world: World, news: Iterable[Receipt | Watermark]) -> list[Receipt | Watermark]:
    """Apply what the channel says; returns that whose message is not there yet.

    A receipt finds its message by what we attached when sending, or by the provider's id. One that
    finds nothing may be early, and should come back, while it is young; an old one is of something
    that this desk did not send. A watermark is for everything that was sent until then.
    """
    by_chat: dict[str, dict[MessageKey, list[Receipt]]] = defaultdict(lambda: defaultdict(list))
    early: list[Receipt | Watermark] = []
    for one in news:
        if isinstance(one, Watermark):
            if not _settle_watermark(world, one) and world.now() - one.at < YOUNG:
                early.append(one)
            continue
        if _settle_reaction(world, one):
            continue
        address = _address(one)
        if address is None:
            if world.now() - one.at < YOUNG:
                early.append(one)
            continue
        by_chat[address[0]][address[1]].append(one)
    for chat_id, of_chat in by_chat.items():
        settle(world, chat_id, {key: _verdict(said) for key, said in of_chat.items()})
        for said in of_chat.values():
            _note_problems(said)
    return early


def _address(receipt: Receipt) -> tuple[str, MessageKey] | None:
    """In which partition, under which key, the message lies."""
    attached = read_callback(receipt.callback)
    if attached is not None:
        return attached[0], MessageKey(attached[1])
    message = store.find_by_provider_id(receipt.provider_id)
    return None if message is None else (message.chat_id, message.key)


def _verdict(receipts: list[Receipt]) -> Verdict:
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


def _settle_reaction(world: World, receipt: Receipt) -> bool:
    """Whether a receipt is of our reaction to a message: that it failed is told with it."""
    attached = read_reaction_callback(receipt.callback)
    if attached is None:
        return False

    def verdict(message: Message) -> Message:
        ours = our_reaction(message)
        if ours is None or ours.state in (None, "failed") or ours.at > receipt.at + A_SECOND:
            return message
        return with_reaction(message, replace(ours, state="failed", failure=receipt.failure))

    if from_provider(receipt.status) is Status.FAILED:
        settle(world, attached[0], {MessageKey(attached[1]): verdict})
    return True


def _settle_watermark(world: World, mark: Watermark) -> bool:
    """Whether it was known of whom and up to where it speaks; then everything up to there is so.

    Walks back from the newest message that it covers, as long as a step finds something to tell,
    and never far: what is further back was covered by an earlier one.
    """
    incoming = from_provider(mark.status)
    if incoming is None:
        return True
    ids = identities_of(mark.channel, mark.account, mark.portfolio, mark.person)
    led_to = identities.find(ids, consistent=True) if ids else {}
    chat = next((one for chat_id in led_to.values() if (one := store.resolve(chat_id))), None)
    if chat is None:
        return False
    up_to = None if mark.up_to is None else sortable(mark.up_to + MOMENT)
    if up_to is None:
        target = store.find_by_provider_id(mark.target or "")
        if target is None or target.chat_id not in chat.partitions:
            return False
        up_to = f"{target.key}~"  # itself, too
    for _ in range(FURTHEST):
        page = store.page_of_messages(chat, before=up_to, limit=AT_ONCE)
        if not page or not _covered(world, mark.account, incoming, page):
            break
        up_to = page[0].key
    return True


def _covered(world: World, account: str, incoming: Status, page: list[Message]) -> bool:
    """Whether one of these messages was not known to be so far."""

    def verdict(message: Message) -> Message:
        # Of what has no answer yet nobody knows whether it was before or after.
        if message.status not in (Status.SENT, Status.DELIVERED) or message.account != account:
            return message
        return message.advanced(advance(message.status, incoming))

    by_chat: dict[str, dict[MessageKey, Verdict]] = defaultdict(dict)
    for message in page:
        if verdict(message) != message:
            by_chat[message.chat_id][message.key] = verdict
    for chat_id, verdicts in by_chat.items():
        settle(world, chat_id, verdicts)
    return bool(by_chat)


def _note_problems(receipts: list[Receipt]) -> None:
    """A refusal that is the account's fault, not the message's, raises the banner (INB-10)."""
    for receipt in receipts:
        if receipt.failure is not None:
            problem = policy_of(receipt.failure).channel_problem
            if problem is not None:
                channels.set_problem(receipt.channel, receipt.account, problem)
