"""A message arrived at a channel: whose it is, and what it makes of their chat (INB)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from chalicelib.commands import echo
from chalicelib.commands.attempts import until_settled
from chalicelib.commands.identify import Identified
from chalicelib.commands.step_flow import AFTERWARDS, Stepped, Stepping, on_reply
from chalicelib.domain import attendance as attendances
from chalicelib.domain import chat as chats
from chalicelib.domain.marks import arrived_marked
from chalicelib.domain.message import (
    NOT_EXCHANGED,
    arrival_key,
    from_arrival,
    line,
    quoted,
    system_line,
)
from chalicelib.domain.revision import revised
from chalicelib.logs import count
from chalicelib.stores import chats as store
from chalicelib.stores import counters
from chalicelib.stores import marks as marking
from chalicelib.stores.chats import AlreadyThere, Change, Write

if TYPE_CHECKING:
    from chalicelib.domain.chat import Chat
    from chalicelib.domain.inbound import Arrival
    from chalicelib.domain.message import Message
    from chalicelib.world import World


def receive(world: World, arrival: Arrival) -> Message | None:
    """Keep the message, once, in the one chat of whoever wrote it (INB-3, INB-4, INB-7).

    Returns the message, or None when it was there already, or is of a blocked contact: that is
    counted, and only the ids that it teaches are kept, so that no other id gets round the block
    (BLOCK-2). The chat, the message, the attendance that it opens or all that a flow does at it
    (FLOW-1), the ids that it teaches and the end of the marks that waited for it are committed
    together. Raises echo.TooEarly of what may be
    ours and will be known in a moment (INB-8).
    """
    if arrival.echo and echo.is_attached(world, arrival):
        return None
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
        self.whose = Identified(world, arrival)
        self.protocol: str | None = None
        self.stepping = Stepping(world)

    def __call__(self) -> Message | None:
        chat = self.whose.chat()
        if chat is not None and self.arrival.echo:
            if echo.is_ours(self.world, chat, self.arrival):
                return None
        elif chat is not None and chat.blocked:
            self._turn_away(chat)
            return None
        message = self._commit(chat)
        self.whose.remember(message.chat_id)
        return message

    def _turn_away(self, chat: Chat) -> None:
        """BLOCK-2: acknowledged and counted, neither shown nor kept."""
        arrival = self.arrival
        if store.holds_message(chat.partitions, arrival_key(arrival)):
            raise AlreadyThere  # kept before the block, and told again
        taught = self.whose.taught(chat)
        if taught:
            nameless = replace(arrival.person, name=None, username=None)
            after = chats.know(chat, replace(arrival, person=nameless), self.whose.ids)
            store.commit(Change(before=chat, after=revised(chat, after), identities=taught))
        count("BlockedMessages")

    def _commit(self, before: Chat | None) -> Message:
        arrival = self.arrival
        after = self.whose.known_or_begun(before)
        message = from_arrival(arrival, after.chat_id, 0)
        if store.holds_message(after.also, message.key):
            raise AlreadyThere
        ended: list[Write] = []
        if chats.awaits(after, arrival.provider_id):
            waiting, ended = marking.parked(after, arrival.provider_id)
            message = arrived_marked(message, waiting)
            after = chats.no_longer_awaiting(after, arrival.provider_id)
        if arrival.quotes is not None:
            message = self._quoting(after, message, arrival.quotes)
        stepped = self._changed(after, message)
        new = [message, *self._lines(before, stepped.chat), *stepped.new]
        after = revised(before, stepped.chat, [one.key for one in new])
        message = replace(message, rev=after.rev)
        store.commit(
            Change(
                before=before,
                after=after,
                new=(message, *(one.at_revision(after.rev) for one in new[1:])),
                attendances=stepped.attendances,
                identities=self.whose.taught(after),
                beside=(*ended, *stepped.beside),
            )
        )
        return message

    def _changed(self, chat: Chat, message: Message) -> Stepped:
        """What the message makes of its chat, and all that comes with that."""
        arrival = self.arrival
        if not arrival.from_contact:
            said = arrival.echo or arrival.kind not in NOT_EXCHANGED
            return Stepped(chats.exchanged(chat, message) if said else chat)
        chat = chats.heard(chat, message)
        if chat.closing is not None and chat.closing.on_reply == "cancel":
            chat = replace(chat, closing=None)  # CLOSE-2
        if arrival.kind == "story_mention":
            return Stepped(chat)  # it wakes nobody: it opens a session and no attendance (INB-9)
        if chat.attendance is not None:
            return Stepped(chat)  # no message fires a flow (FLOW-1)
        return self._answered(chat, message)

    def _answered(self, chat: Chat, message: Message) -> Stepped:
        """FLOW-1: a flow goes on or begins, or an attendance opens."""
        settings = self.world.preferences()
        happens = attendances.on_message(chat, settings)
        now = max(self.world.now(), message.at + AFTERWARDS)
        if happens == "go_on":
            return self.stepping.go_on(chat, on_reply(message), now)
        if happens == "begin":
            main_flow = settings["main_flow_id"] or ""
            stepped = self.stepping.begin(chat, main_flow, now, told=False)
            if stepped is not None:
                return stepped
        self.protocol = self.protocol or counters.next_protocol()
        chat = attendances.opened(chat, self.protocol, self.world.now())
        return Stepped(chat, attendances=attendances.record(chat))

    def _lines(self, before: Chat | None, after: Chat) -> list[Message]:
        """That the contact's reply cancelled the closing (CLOSE-2)."""
        if before is None or before.closing is None or after.closing is not None:
            return []
        protocol = before.attendance.protocol if before.attendance else None
        said = line("closing_cancelled", None, protocol)
        return [system_line(before, said, self.world.now(), str(before.rev + 1))]

    def _quoting(self, chat: Chat, message: Message, provider_id: str) -> Message:
        """The message with what it answers, as that reads now (CHAT-7); unknown stays unknown."""
        found = store.find_by_provider_id(provider_id)
        if found is None or found.chat_id not in chat.partitions:
            return message
        return replace(message, quote=quoted(found))
