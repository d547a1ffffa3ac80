"""The lifelong thread with one contact: what each event makes of it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, NewType

from chalicelib.domain.contact import display_name
from chalicelib.domain.message import arrival_key, preview
from chalicelib.domain.session import Session

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from chalicelib.domain.access import AgentId, DepartmentId
    from chalicelib.domain.contact import Identity
    from chalicelib.domain.events import AuthorName, ChannelName, KindName
    from chalicelib.domain.inbound import Arrival
    from chalicelib.domain.message import Message, MessageKey

ChatId = NewType("ChatId", str)


@dataclass(frozen=True)
class OpenAttendance:
    """The attendance that is open now, and who has held it so far, in order."""

    protocol: str
    opened_at: datetime
    opened_by: AgentId | None = None  # None: the contact's message opened it
    agent_ids: tuple[AgentId, ...] = ()


@dataclass(frozen=True)
class Chat:
    """The hot facts of a chat. `rev` grows by one with each change (LIVE-4)."""

    chat_id: ChatId
    channel: ChannelName
    account: str  # last written to: an answer leaves by it
    portfolio: str
    name: str
    created_at: datetime
    rev: int = 0
    row_rev: int = 0
    touched: tuple[MessageKey, ...] = ()
    given_name: str | None = None
    phone: str | None = None
    user_id: str | None = None
    username: str | None = None
    preview: str = ""
    preview_kind: KindName | None = None
    preview_author: AuthorName | None = None
    preview_key: MessageKey | None = None
    last_activity_at: datetime | None = None
    unread: int = 0
    unread_from: MessageKey | None = None
    last_inbound: MessageKey | None = None
    attendance: OpenAttendance | None = None
    opened_at: datetime | None = None
    agent_id: AgentId | None = None
    department_id: DepartmentId | None = None
    last_inbound_at: Mapping[str, datetime] = field(default_factory=lambda: MappingProxyType({}))
    blocked: bool = False
    identities: tuple[str, ...] = ()
    merged_into: ChatId | None = None
    also: tuple[ChatId, ...] = ()  # chats whose history is this contact's too

    @property
    def session(self) -> Session:
        """The window of the account that an answer would leave by (SES-1)."""
        return Session(self.last_inbound_at.get(self.account))

    @property
    def partitions(self) -> tuple[ChatId, ...]:
        """Where this chat's messages lie: its own, and those of the chats merged into it."""
        return (self.chat_id, *self.also)


def begin(
    chat_id: ChatId, arrival: Arrival, identities: tuple[Identity, ...], now: datetime
) -> Chat:
    """The chat of a contact who was not known."""
    person = arrival.person
    return Chat(
        chat_id=chat_id,
        channel=arrival.channel,
        account=arrival.account,
        portfolio=arrival.portfolio,
        name=display_name(person),
        created_at=now,
        given_name=person.name,
        phone=person.phone,
        user_id=person.user_id,
        username=person.username,
        identities=tuple(str(identity) for identity in identities),
    )


def know(chat: Chat, arrival: Arrival, identities: tuple[Identity, ...]) -> Chat:
    """What an arrival teaches of the person: missing ids, the newest profile name (INFO-1).

    The name on screen follows the profile only until the profile first gave one.
    """
    person = arrival.person
    new = tuple(str(one) for one in identities if str(one) not in chat.identities)
    newest = chat.last_inbound is None or arrival_key(arrival) > chat.last_inbound
    given = person.name if newest and person.name else chat.given_name or person.name
    return replace(
        chat,
        name=display_name(person) if chat.given_name is None and person.name else chat.name,
        given_name=given,
        phone=(person.phone if newest else None) or chat.phone or person.phone,
        user_id=(person.user_id if newest else None) or chat.user_id or person.user_id,
        username=(person.username if newest else None) or chat.username or person.username,
        identities=chat.identities + new,
    )


def exchanged(chat: Chat, message: Message) -> Chat:
    """A message was exchanged: the latest one, whatever came last, is what the row shows."""
    if chat.preview_key is not None and message.key <= chat.preview_key:
        return chat
    return replace(
        chat,
        preview=preview(message.text),
        preview_kind=message.kind,
        preview_author=message.author,
        preview_key=message.key,
        last_activity_at=message.at,
    )


def heard(chat: Chat, message: Message) -> Chat:
    """A contact's message arrived: unread, session and account follow, in any order (INB-4)."""
    windows = dict(chat.last_inbound_at)
    windows[message.account] = max(message.at, windows.get(message.account, message.at))
    newest = chat.last_inbound is None or message.key > chat.last_inbound
    return replace(
        exchanged(chat, message),
        unread=chat.unread + 1,
        unread_from=min(message.key, chat.unread_from or message.key),
        last_inbound=message.key if newest else chat.last_inbound,
        account=message.account if newest else chat.account,
        last_inbound_at=MappingProxyType(windows),
    )


def read(chat: Chat, up_to: str) -> Chat:
    """READ-1: read by everyone, unless a message came that the reader has not seen."""
    if chat.unread == 0 or (chat.last_inbound is not None and chat.last_inbound > up_to):
        return chat
    return replace(chat, unread=0, unread_from=None)


def merge(winner: Chat, loser: Chat) -> tuple[Chat, Chat]:
    """Two chats were one person (INB-7): the winner takes over, the loser points to it.

    Nothing is copied: the winner's history reads both partitions from now on. The winner keeps its
    own attendance; without one it takes the loser's, with agent and department.
    """
    windows = dict(loser.last_inbound_at)
    for account, at in winner.last_inbound_at.items():
        windows[account] = max(at, windows.get(account, at))
    later = max(winner, loser, key=lambda one: one.preview_key or "")
    heard_last = max(winner, loser, key=lambda one: one.last_inbound or "")
    served = winner if winner.attendance is not None else loser
    openings = [at for at in (winner.opened_at, loser.opened_at) if at is not None]
    unread = [key for key in (winner.unread_from, loser.unread_from) if key is not None]
    kept = replace(
        winner,
        account=heard_last.account,
        given_name=winner.given_name or loser.given_name,
        phone=winner.phone or loser.phone,
        user_id=winner.user_id or loser.user_id,
        username=winner.username or loser.username,
        preview=later.preview,
        preview_kind=later.preview_kind,
        preview_author=later.preview_author,
        preview_key=later.preview_key,
        last_activity_at=later.last_activity_at,
        unread=winner.unread + loser.unread,
        unread_from=min(unread, default=None),
        last_inbound=heard_last.last_inbound,
        attendance=served.attendance,
        agent_id=served.agent_id,
        department_id=served.department_id,
        opened_at=max(openings, default=None),
        last_inbound_at=MappingProxyType(windows),
        blocked=winner.blocked or loser.blocked,
        identities=tuple(dict.fromkeys(winner.identities + loser.identities)),
        also=(*winner.also, loser.chat_id, *loser.also),
    )
    gone = replace(
        loser,
        merged_into=winner.chat_id,
        unread=0,
        unread_from=None,
        attendance=None,
        agent_id=None,
        department_id=None,
        also=(),
    )
    return kept, gone
