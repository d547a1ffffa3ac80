"""A message arrived at a channel: whose it is, and what it makes of their chat (INB)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from chalicelib.commands.attempts import until_settled
from chalicelib.domain import attendance as attendances
from chalicelib.domain import chat as chats
from chalicelib.domain.chat import Chat
from chalicelib.domain.contact import identities as identities_of
from chalicelib.domain.ids import ChatId
from chalicelib.domain.message import arrival_key, from_arrival
from chalicelib.domain.revision import revised
from chalicelib.logs import count
from chalicelib.stores import chats as store
from chalicelib.stores import counters, identities
from chalicelib.stores.chats import AlreadyThere, Change, Stale, Write
from chalicelib.stores.rows import from_attendance

if TYPE_CHECKING:
    from chalicelib.domain.inbound import Arrival
    from chalicelib.domain.message import Message
    from chalicelib.world import World

REMEMBERED = 10_000  # ids of persons, in one process


def receive(world: World, arrival: Arrival) -> Message | None:
    """Keep the message, once, in the one chat of whoever wrote it (INB-3, INB-4, INB-7).

    Returns the message, or None when it was there already, or is of a blocked contact: that is
    counted, and only the ids that it teaches are kept, so that no other id gets round the block
    (BLOCK-2). The chat, the message, the attendance that it opens and the ids that it teaches are
    committed together.
    """
    # The key holds the time, which is the duplicate check for all that is dated; an echo may be of
    # what we sent ourselves, under a key of our own.
    told_before = arrival.echo or not arrival.dated
    if told_before and store.find_by_provider_id(arrival.provider_id) is not None:
        return None
    try:
        return until_settled(world, _Receiving(world, arrival))
    except AlreadyThere:
        return None


class _Receiving:
    """One arrival on its way into a chat: each call loads, decides and commits anew."""

    def __init__(self, world: World, arrival: Arrival) -> None:
        self.world = world
        self.arrival = arrival
        self.ids = identities_of(
            arrival.channel, arrival.account, arrival.portfolio, arrival.person
        )
        self.consistent = False  # the first look at the ids may be a cheap one
        self.protocol: str | None = None

    def __call__(self) -> Message | None:
        led_to, found = self._find()
        if len(found) > 1:
            self._merge(found[0], found[1])
            raise Stale  # the ids lead to one chat now: decide on that one
        if found and found[0].blocked and not self.arrival.echo:
            self._turn_away(found[0], led_to)
            return None
        message = self._commit(found[0] if found else None, led_to)
        self._remember(message)
        return message

    def _find(self) -> tuple[dict[str, ChatId], list[Chat]]:
        """Where each known id leads, and the chats themselves, merges followed, oldest first."""
        remembered = None if self.consistent else self._remembered()
        if remembered is not None:
            names = (str(one) for one in self.ids)
            return dict.fromkeys(names, remembered.chat_id), [remembered]
        led_to = identities.find(self.ids, consistent=self.consistent)
        self.consistent = True
        return led_to, _chats(led_to)

    def _remembered(self) -> Chat | None:
        """The chat that all of the ids led to when they were last seen here.

        It saves a read for who writes twice. The chat's own row decides, which is read anyway: an
        id that has moved on is no longer in it.
        """
        names = {str(one) for one in self.ids}
        led_to = {self.world.led_to.get(name) for name in names}
        chat_id = led_to.pop() if len(led_to) == 1 else None
        chat = None if chat_id is None else store.resolve(chat_id)
        return chat if chat is not None and names <= set(chat.identities) else None

    def _remember(self, message: Message) -> None:
        if len(self.world.led_to) >= REMEMBERED:
            self.world.led_to.clear()
        for one in self.ids:
            self.world.led_to[str(one)] = ChatId(message.chat_id)

    def _merge(self, winner: Chat, loser: Chat) -> None:
        """Two chats turned out to be one person's: the older one takes over (INB-7)."""
        kept, gone = chats.merge(winner, loser)
        written: tuple[attendances.Attendance, ...] = ()
        moved: tuple[attendances.Attendance, ...] = ()
        if winner.attendance is not None and loser.attendance is not None:
            written = (attendances.ended(loser, self.world.now(), "merge"),)
        elif loser.attendance is not None:
            # The open one lies with the chat that has it: it is closed there one day.
            written, moved = attendances.record(kept), attendances.record(loser)
        store.commit(
            Change(
                before=winner,
                after=revised(winner, kept),
                others=((loser, revised(loser, gone)),),
                attendances=written,
                beside=tuple(Write(from_attendance(one), delete=True) for one in moved),
                identities=tuple(
                    (identity, loser.chat_id, winner.chat_id) for identity in loser.identities
                ),
            )
        )

    def _turn_away(self, chat: Chat, led_to: dict[str, ChatId]) -> None:
        """BLOCK-2: acknowledged and counted, neither shown nor kept."""
        arrival = self.arrival
        if store.holds_message(chat.partitions, arrival_key(arrival)):
            raise AlreadyThere  # kept before the block, and told again
        if any(str(one) not in led_to for one in self.ids):
            nameless = replace(arrival.person, name=None, username=None)
            after = chats.know(chat, replace(arrival, person=nameless), self.ids)
            store.commit(
                Change(
                    before=chat, after=revised(chat, after), identities=self._taught(chat, led_to)
                )
            )
        count("BlockedMessages")

    def _taught(
        self, chat: Chat, led_to: dict[str, ChatId]
    ) -> tuple[tuple[str, ChatId | None, ChatId], ...]:
        """The ids that nobody knew lead to the chat from now on."""
        return tuple((str(one), None, chat.chat_id) for one in self.ids if str(one) not in led_to)

    def _commit(self, before: Chat | None, led_to: dict[str, ChatId]) -> Message:
        arrival, now = self.arrival, self.world.now()
        if before is None:
            after = chats.begin(ChatId(self.world.new_id()), arrival, self.ids, now)
        else:
            after = chats.know(before, arrival, self.ids)
        message = from_arrival(arrival, after.chat_id, 0)
        if store.holds_message(after.also, message.key):
            raise AlreadyThere
        record: tuple[attendances.Attendance, ...] = ()
        if arrival.from_contact:
            if attendances.must_open(after):
                self.protocol = self.protocol or counters.next_protocol()
                after = attendances.opened(after, self.protocol, now)
                record = attendances.record(after)
            after = chats.heard(after, message)
        elif arrival.echo:
            after = chats.exchanged(after, message)
        after = revised(before, after, [message.key])
        message = replace(message, rev=after.rev)
        store.commit(
            Change(
                before=before,
                after=after,
                new=(message,),
                attendances=record,
                identities=self._taught(after, led_to),
            )
        )
        return message


def _chats(led_to: dict[str, ChatId]) -> list[Chat]:
    """The chats that the ids lead to, merges followed, the oldest first."""
    found: dict[ChatId, Chat] = {}
    for chat_id in dict.fromkeys(led_to.values()):
        chat = store.resolve(chat_id)
        if chat is None:
            raise Stale
        found[chat.chat_id] = chat
    return sorted(found.values(), key=lambda chat: (chat.created_at, chat.chat_id))
