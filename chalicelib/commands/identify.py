"""Whose chat a piece of news belongs to: ids found, strangers begun, two chats made one (INB-7)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.domain import attendance as attendances
from chalicelib.domain import chat as chats
from chalicelib.domain.contact import identities as identities_of
from chalicelib.domain.ids import ChatId
from chalicelib.domain.revision import revised
from chalicelib.stores import chats as store
from chalicelib.stores import identities
from chalicelib.stores.chats import Change, Stale, Write
from chalicelib.stores.rows import from_attendance

if TYPE_CHECKING:
    from chalicelib.domain.chat import Chat
    from chalicelib.domain.contact import Identity
    from chalicelib.domain.inbound import News, Person
    from chalicelib.world import World

REMEMBERED = 10_000  # ids of persons, in one process


class Identified:
    """The person of one piece of news, under every id that it tells of them.

    Made once for what `until_settled` repeats; `chat` loads anew each time.
    """

    def __init__(self, world: World, news: News, *others: Person) -> None:
        """`others`: by what else the same person has been known."""
        self.world = world
        self.news = news
        found = {
            str(one): one
            for person in (news.person, *others)
            for one in identities_of(news.channel, news.account, news.portfolio, person)
        }
        self.ids: tuple[Identity, ...] = tuple(found.values())
        self._names = set(found)
        self._consistent = False  # the first look at the ids may be a cheap one
        self._led_to: dict[str, ChatId] = {}

    def chat(self) -> Chat | None:
        """The one chat that the ids lead to, or None of a stranger.

        Raises Stale once two that turned out to be one person's are merged: decide on that one.
        """
        self._led_to, found = self._find()
        if len(found) > 1:
            _merge(self.world, found[0], found[1])
            raise Stale
        return found[0] if found else None

    def known_or_begun(self, before: Chat | None) -> Chat:
        """The chat with what the news teaches of the person; a new one for a stranger."""
        if before is None:
            chat_id = ChatId(self.world.new_id())
            return chats.begin(chat_id, self.news, self.ids, self.world.now())
        return chats.know(before, self.news, self.ids)

    def taught(self, chat: Chat) -> tuple[tuple[str, ChatId | None, ChatId], ...]:
        """The ids that nobody knew lead to the chat from now on."""
        new = (str(one) for one in self.ids if str(one) not in self._led_to)
        return tuple((name, None, chat.chat_id) for name in new)

    def remember(self, chat_id: str) -> None:
        """What was found saves a read for who writes twice."""
        if len(self.world.led_to) >= REMEMBERED:
            self.world.led_to.clear()
        for name in self._names:
            self.world.led_to[name] = ChatId(chat_id)

    def _find(self) -> tuple[dict[str, ChatId], list[Chat]]:
        """Where each known id leads, and the chats themselves, merges followed, oldest first."""
        remembered = None if self._consistent else self._remembered()
        if remembered is not None:
            return dict.fromkeys(self._names, remembered.chat_id), [remembered]
        led_to = identities.find(self.ids, consistent=self._consistent)
        self._consistent = True
        return led_to, _chats(led_to)

    def _remembered(self) -> Chat | None:
        """The chat that all of the ids led to when they were last seen here.

        The chat's own row decides, which is read anyway: an id that has moved on is no longer in
        it.
        """
        led_to = {self.world.led_to.get(name) for name in self._names}
        chat_id = led_to.pop() if len(led_to) == 1 else None
        chat = None if chat_id is None else store.resolve(chat_id)
        return chat if chat is not None and self._names <= set(chat.identities) else None


def _merge(world: World, winner: Chat, loser: Chat) -> None:
    """Two chats turned out to be one person's: the older one takes over (INB-7)."""
    kept, gone = chats.merge(winner, loser)
    written: tuple[attendances.Attendance, ...] = ()
    moved: tuple[attendances.Attendance, ...] = ()
    if winner.attendance is not None and loser.attendance is not None:
        written = (attendances.ended(loser, world.now(), "merge"),)
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


def _chats(led_to: dict[str, ChatId]) -> list[Chat]:
    """The chats that the ids lead to, merges followed, the oldest first."""
    found: dict[ChatId, Chat] = {}
    for chat_id in dict.fromkeys(led_to.values()):
        chat = store.resolve(chat_id)
        if chat is None:
            raise Stale
        found[chat.chat_id] = chat
    return sorted(found.values(), key=lambda chat: (chat.created_at, chat.chat_id))
