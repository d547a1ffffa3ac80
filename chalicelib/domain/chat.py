"""The lifelong thread with one contact: what each event makes of it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from hashlib import sha256
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, cast

from chalicelib.domain.contact import canonical_phone, display_name
from chalicelib.domain.inbound import Person
from chalicelib.domain.instants import EPOCH
from chalicelib.domain.message import preview
from chalicelib.domain.session import LENGTH, WARNING, Session

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalicelib.domain.contact import Identity
    from chalicelib.domain.events import (
        ChannelName,
        KindName,
        OccasionName,
        OnReply,
        PreviewAuthorName,
    )
    from chalicelib.domain.flow_position import Position
    from chalicelib.domain.ids import AgentId, ChatId, DepartmentId, MessageKey
    from chalicelib.domain.inbound import Failure, Moved, News
    from chalicelib.domain.message import Message

MetaBlockState = Literal["pending", "failed"]
NEVER = datetime.max.replace(tzinfo=UTC)
AWAITED = 50  # messages that marks came for; a row of more than 1 KB doubles what writes cost
EDITED = EPOCH  # when a name was «learnt» that people gave: before all that a profile ever said


@dataclass(frozen=True)
class OpenAttendance:
    """The attendance that is open now, and who has held it so far, in order, each once."""

    protocol: str
    opened_at: datetime
    opened_by: AgentId | None = None  # None: the contact's message opened it
    agent_ids: tuple[AgentId, ...] = ()
    department_ids: tuple[DepartmentId, ...] = ()


@dataclass(frozen=True)
class Closing:
    """When the open attendance closes by itself; what it is closed with lies apart (CLOSE-8)."""

    at: datetime
    on_reply: OnReply
    by: AgentId
    by_name: str


@dataclass(frozen=True)
class Occasion:
    """Something of a chat that agents are told of, of the revision `rev` (NOTIF).

    A contact's message `key`, to who held the chat then; or that the chat was given to an agent, a
    department or both, `by` an agent or (None) by a flow.
    """

    kind: OccasionName
    at: datetime
    rev: int
    agent_id: AgentId | None = None
    department_id: DepartmentId | None = None
    key: MessageKey | None = None
    by: AgentId | None = None

    @property
    def subject(self) -> str:
        """What tells it from all others of the chat."""
        return self.key or str(self.rev)


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
    # when each of these was said, so that the order of arrival does not matter
    learnt_at: Mapping[str, datetime] = field(default_factory=lambda: MappingProxyType({}))
    preview: str = ""
    preview_kind: KindName | None = None
    preview_author: PreviewAuthorName | None = None
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
    erasing: bool = False  # nobody's any more; what is kept of it is being deleted (LGPD)
    also: tuple[ChatId, ...] = ()  # chats whose history is this contact's too
    tags: tuple[str, ...] = ()  # stored tags, in the order in which they were added (INFO-5)
    campaigns: tuple[str, ...] = ()  # every campaign the contact received (FILT-1)
    profile_rev: int = 0  # the revision at which profile, notes or history last changed
    # the call that tells Meta of a block or its end, while it is not done (BLOCK-3)
    meta_block: MetaBlockState | None = None
    meta_block_failure: Failure | None = None
    receipt_for: MessageKey | None = None  # the newest message that its reading was told of
    awaited: tuple[str, ...] = ()  # messages that marks came for, and they did not: see `awaits`
    marketing_stopped: bool = False  # the contact told Meta so (META.md §2.2)
    preference_at: datetime | None = None  # when they last said whether they want it
    profile_wanted: bool = False  # its channel is still to be asked what the contact is called
    session_timer: datetime | None = None  # when the session is looked at next (SES-2)
    closing: Closing | None = None  # of the open attendance (CLOSE-2)
    flow: Position | None = None  # where a flow waits; never while an attendance is open
    arming: bool = False  # this revision promises something that the one before did not
    opened_by_template_at: datetime | None = None  # SES-1: sent when there was no session
    blocked_at: datetime | None = None  # of the last block (SCH-4)
    unblocked_at: datetime | None = None  # and of its end
    holding: int = 0  # the revision since which those who hold it hold it, in this attendance
    occasions: tuple[Occasion, ...] = ()  # what this revision is an occasion to tell of (NOTIF)

    @property
    def session(self) -> Session:
        """The window of the account that an answer would leave by (SES-1)."""
        return Session(self.last_inbound_at.get(self.account))

    @property
    def heard_at(self) -> datetime | None:
        """When the contact last wrote, to any account; None: never."""
        return max(self.last_inbound_at.values(), default=None)

    @property
    def gone(self) -> bool:
        """Whether it is no chat of its own any more: in no list, found by nobody."""
        return self.merged_into is not None or self.erasing

    @property
    def partitions(self) -> tuple[ChatId, ...]:
        """Where this chat's messages lie: its own, and those of the chats merged into it."""
        return (self.chat_id, *self.also)


def begin(chat_id: ChatId, news: News, identities: tuple[Identity, ...], now: datetime) -> Chat:
    """The chat of a contact who was not known, listed by when that was until something is said.

    Messenger and Instagram do not say what people are called: they are to be asked.
    """
    nobody = Chat(
        chat_id=chat_id,
        channel=news.channel,
        account=news.account,
        portfolio=news.portfolio,
        name=display_name(Person()),
        created_at=now,
        last_activity_at=now,
        profile_wanted=news.channel != "whatsapp" and not news.person.name,
    )
    return know(nobody, news, identities)


def introduced(
    chat_id: ChatId,
    identities: tuple[Identity, ...],
    *,
    name: str,
    phone: str,
    account: str,
    portfolio: str,
    now: datetime,
) -> Chat:
    """The WhatsApp chat of somebody whom people wrote down, before they wrote (NEW-1, ADM-3).

    The name is one that people gave. It is listed by when that was, until something is exchanged.
    """
    nobody = Chat(
        chat_id=chat_id,
        channel="whatsapp",
        account=account,
        portfolio=portfolio,
        name="",
        created_at=now,
        phone=phone,
        last_activity_at=now,
        identities=tuple(sorted(map(str, identities))),
    )
    return renamed(nobody, name)


def know(chat: Chat, news: News, identities: tuple[Identity, ...]) -> Chat:
    """What news teaches of its person: missing ids, the newest profile name (INFO-1).

    The name on screen is the one that people gave, or else the first that the profile gave; until
    then, what can be made of the ids.
    `learnt_at` makes the order in which messages come indifferent (INB-4).
    """
    known = told_of(chat, news.person, news.at)
    return replace(known, identities=tuple(sorted({*chat.identities, *map(str, identities)})))


def told_of(chat: Chat, person: Person, at: datetime) -> Chat:
    """What was said at that time of the person, as `know` learns it."""
    learnt = dict(chat.learnt_at)
    facts: dict[str, str] = {}
    for fact, value in (
        ("given_name", person.name),
        ("phone", person.phone),
        ("user_id", person.user_id),
        ("username", person.username),
    ):
        known = getattr(chat, fact)
        if value and (at, value) > (learnt.get(fact, EPOCH), known or ""):
            facts[fact], learnt[fact] = value, at
    learns = any(getattr(chat, fact) != value for fact, value in facts.items())
    if person.name and (at, person.name) < (learnt.get("name", NEVER), chat.name):
        facts["name"], learnt["name"] = person.name, at
    after = replace(
        chat,
        **cast("Any", facts),
        learnt_at=MappingProxyType(learnt),
    )
    if learns and chat.rev:
        after = described_anew(after)
    if "name" not in learnt and chat.name == _made_up_name(chat):
        return replace(after, name=_made_up_name(after))
    return after


def renamed(chat: Chat, name: str) -> Chat:
    """INFO-1: what people called the contact; no later profile name changes it."""
    learnt = MappingProxyType({**chat.learnt_at, "name": EDITED})
    return replace(chat, name=name, learnt_at=learnt)


def described_anew(chat: Chat) -> Chat:
    """The revision that comes next changes what the panel shows beside the row."""
    return replace(chat, profile_rev=chat.rev + 1)


def erased(chat: Chat) -> Chat:
    """What is left of an erased contact's chat until the rest is deleted: where that lies."""
    return Chat(
        chat_id=chat.chat_id,
        channel=chat.channel,
        account=chat.account,
        portfolio=chat.portfolio,
        name="",
        created_at=chat.created_at,
        rev=chat.rev,
        row_rev=chat.row_rev,
        also=chat.also,
        tags=chat.tags,
        campaigns=chat.campaigns,
        erasing=True,
    )


def _made_up_name(chat: Chat) -> str:
    return display_name(Person(chat.phone, chat.user_id, chat.username))


def exchanged(chat: Chat, message: Message) -> Chat:
    """A message was exchanged: the latest one, whatever came last, is what the row shows."""
    if chat.preview_key is not None and message.key <= chat.preview_key:
        return chat
    return followed(replace(chat, preview_key=message.key, last_activity_at=message.at), message)


def followed(chat: Chat, message: Message) -> Chat:
    """The row shows its message as that reads now: edited, or deleted, of which no kind is told."""
    if chat.preview_key != message.key:
        return chat
    return replace(
        chat,
        preview=preview(message.text),
        preview_kind=None if message.deleted_at else message.kind,
        preview_author="flow" if message.source == "flow" else message.author,
    )


def awaiting(chat: Chat, provider_id: str) -> Chat:
    """A mark came for a message that is not here: the newest of those are remembered (INB-4)."""
    if awaits(chat, provider_id):
        return chat
    return replace(chat, awaited=(*chat.awaited, _awaited(provider_id))[-AWAITED:])


def awaits(chat: Chat, provider_id: str | None) -> bool:
    """Whether marks may lie ready for the message that the provider calls so."""
    return bool(chat.awaited and provider_id) and _awaited(provider_id or "") in chat.awaited


def no_longer_awaiting(chat: Chat, provider_id: str) -> Chat:
    """The message is here."""
    name = _awaited(provider_id)
    return replace(chat, awaited=tuple(one for one in chat.awaited if one != name))


def _awaited(provider_id: str) -> str:
    """Short, since ids are long; what lies ready is found by the whole id."""
    return sha256(provider_id.encode("utf-8", "replace")).hexdigest()[:12]


def preferring(chat: Chat, *, marketing: bool, at: datetime) -> Chat:
    """What the contact said last of marketing messages, whatever came last; of two at once: no."""
    said = (chat.preference_at or EPOCH, chat.marketing_stopped)
    if (at, not marketing) <= said:
        return chat
    return replace(chat, marketing_stopped=not marketing, preference_at=at)


def moved(chat: Chat, news: Moved) -> Chat:
    """Who changed their number and keeps the new one to themselves has none (INB-7)."""
    left, told = news.before.phone, news.after.phone
    if left is None or told is not None or chat.phone is None:
        return chat
    is_old = canonical_phone(chat.phone) == canonical_phone(left)
    if not is_old or chat.learnt_at.get("phone", EPOCH) > news.at:
        return chat
    learnt = MappingProxyType({**chat.learnt_at, "phone": news.at})
    return described_anew(replace(chat, phone=None, learnt_at=learnt))


def heard(chat: Chat, message: Message) -> Chat:
    """A contact's message arrived: unread, session and account follow, in any order (INB-4)."""
    windows = dict(chat.last_inbound_at)
    windows[message.account] = max(message.at, windows.get(message.account, message.at))
    newest = chat.last_inbound is None or message.key > chat.last_inbound
    after = replace(
        exchanged(chat, message),
        unread=chat.unread + 1,
        unread_from=min(message.key, chat.unread_from or message.key),
        last_inbound=message.key if newest else chat.last_inbound,
        account=message.account if newest else chat.account,
        last_inbound_at=MappingProxyType(windows),
        opened_by_template_at=None,
    )
    return watched(told_of_message(after, message), message.at)


def told_of_message(chat: Chat, message: Message) -> Chat:
    """NOTIF-3: the message is an occasion to tell those who hold the chat; of nobody's, nobody."""
    if chat.agent_id is None and chat.department_id is None:
        return chat
    occasion = Occasion(
        kind="message",
        at=message.at,
        rev=chat.rev + 1,
        agent_id=chat.agent_id,
        department_id=chat.department_id,
        key=message.key,
    )
    return replace(chat, occasions=(*chat.occasions, occasion))


def watched(chat: Chat, heard_at: datetime) -> Chat:
    """The session has its one timer, whatever the number of messages (SES-2).

    It is that of the earliest, in whichever order they come, and looks on from there.
    """
    look_at = heard_at + LENGTH - WARNING
    return replace(chat, session_timer=min(look_at, chat.session_timer or look_at))


def sent_by_template(chat: Chat, at: datetime) -> Chat:
    """A template goes out; SES-1: to a contact without a valid session, that is remembered."""
    if chat.session.may_write_freely(at):
        return chat
    return replace(chat, opened_by_template_at=at)


def read(chat: Chat, up_to: str) -> Chat:
    """READ-1: read by everyone, unless a message came that the reader has not seen."""
    if chat.unread == 0 or (chat.last_inbound is not None and chat.last_inbound > up_to):
        return chat
    return replace(chat, unread=0, unread_from=None)


def left_unread(chat: Chat) -> Chat:
    """READ-2: unread from the contact's last message on, unless it is unread already."""
    if chat.unread > 0:
        return chat
    return replace(chat, unread=1, unread_from=chat.last_inbound)


def receipted(chat: Chat) -> Chat:
    """READ-1: the contact is to be told that the newest message was read, once for each."""
    if chat.blocked or chat.last_inbound is None:
        return chat
    return replace(chat, receipt_for=max(chat.last_inbound, chat.receipt_for or chat.last_inbound))


def may_be_blocked(chat: Chat, now: datetime) -> bool:
    """BLOCK-1: the contact wrote in the last 24 hours, to any account."""
    return chat.heard_at is not None and chat.heard_at + LENGTH > now


def blocked(chat: Chat, now: datetime, *, so: bool) -> Chat:
    """Blocked, or no longer; the channel that keeps a list of its own is to be told.

    A flow that waited ends (BLOCK-2).
    """
    if so:
        return to_be_told(replace(chat, blocked=True, blocked_at=now, unblocked_at=None, flow=None))
    return to_be_told(replace(chat, blocked=False, unblocked_at=now))


def to_be_told(chat: Chat) -> Chat:
    """The channel is to be told whether the contact is blocked: only WhatsApp can be (BLOCK-1)."""
    state: MetaBlockState | None = "pending" if chat.channel == "whatsapp" else None
    return replace(chat, meta_block=state, meta_block_failure=None)


def to_tell_of_block(before: Chat | None, after: Chat) -> bool:
    """Whether this change of the chat asks for a call about its block."""
    known = None if before is None else (before.meta_block, before.blocked)
    return after.meta_block == "pending" and known != ("pending", after.blocked)


def to_tell_of_reading(before: Chat | None, after: Chat) -> bool:
    """Whether this change of the chat asks for a read receipt (READ-1)."""
    known = None if before is None else before.receipt_for
    return after.receipt_for is not None and after.receipt_for != known


def accounts_to_tell(chat: Chat, now: datetime) -> tuple[str, ...]:
    """At which accounts a block or its end is told: a contact is blocked at each of them.

    Blocking is possible only where they wrote in the last 24 hours; if that was nowhere by now,
    the account last written to refuses it.
    """
    heard = sorted(chat.last_inbound_at.items())
    told = tuple(one for one, at in heard if not chat.blocked or at + LENGTH > now)
    return told or (chat.account,)


def merge(winner: Chat, loser: Chat) -> tuple[Chat, Chat]:
    """Two chats were one person (INB-7): the winner takes over, the loser points to it.

    Nothing is copied: the winner's history reads both partitions from now on. The winner keeps its
    own attendance; without one it takes the loser's, with agent and department.
    """
    windows = dict(loser.last_inbound_at)
    for account, at in winner.last_inbound_at.items():
        windows[account] = max(at, windows.get(account, at))
    learnt, facts = _learnt_by_either(winner, loser)
    later = max(winner, loser, key=lambda one: one.preview_key or "")
    heard_last = max(winner, loser, key=lambda one: one.last_inbound or "")
    served = winner if winner.attendance is not None else loser
    openings = [at for at in (winner.opened_at, loser.opened_at) if at is not None]
    unread = [key for key in (winner.unread_from, loser.unread_from) if key is not None]
    kept = replace(
        winner,
        account=heard_last.account,
        **cast("Any", facts),
        learnt_at=MappingProxyType(learnt),
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
        opened_at=served.attendance.opened_at if served.attendance else max(openings, default=None),
        last_inbound_at=MappingProxyType(windows),
        blocked=winner.blocked or loser.blocked,
        **cast("Any", _block_news(winner, loser)),
        identities=tuple(sorted({*winner.identities, *loser.identities})),
        also=(*winner.also, loser.chat_id, *loser.also),
        tags=tuple(dict.fromkeys((*winner.tags, *loser.tags))),
        campaigns=tuple(dict.fromkeys((*winner.campaigns, *loser.campaigns))),
        profile_rev=winner.rev + 1,
        profile_wanted=winner.profile_wanted or loser.profile_wanted,
        awaited=tuple(dict.fromkeys((*loser.awaited, *winner.awaited)))[-AWAITED:],
        closing=served.closing,
        session_timer=min(
            (at for at in (winner.session_timer, loser.session_timer) if at is not None),
            default=None,
        ),
        flow=None if served.attendance else winner.flow or loser.flow,
        **cast("Any", _preference(winner, loser)),
    )
    gone = replace(
        loser,
        merged_into=winner.chat_id,
        unread=0,
        unread_from=None,
        attendance=None,
        agent_id=None,
        department_id=None,
        last_activity_at=None,
        opened_at=None,
        meta_block=None,
        meta_block_failure=None,
        also=(),
        tags=(),
        campaigns=(),
        profile_wanted=False,
        awaited=(),
        session_timer=None,
        closing=None,
        flow=None,
    )
    return kept, gone


def _preference(one: Chat, other: Chat) -> dict[str, object]:
    """What the person said last of marketing messages, under whichever id."""
    last = max(one, other, key=lambda chat: (chat.preference_at or EPOCH, chat.marketing_stopped))
    return {"marketing_stopped": last.marketing_stopped, "preference_at": last.preference_at}


def _block_news(winner: Chat, loser: Chat) -> dict[str, object]:
    """What the channel must be told of a block that now is the whole person's (BLOCK-1)."""
    state, failure = winner.meta_block, winner.meta_block_failure
    if loser.meta_block is not None and (loser.blocked or not winner.blocked):
        state, failure = loser.meta_block, loser.meta_block_failure
    return {"meta_block": state, "meta_block_failure": failure}


def _learnt_by_either(one: Chat, other: Chat) -> tuple[dict[str, datetime], dict[str, str]]:
    """What the two chats know of the person, as `know` would have learnt it in one."""
    learnt: dict[str, datetime] = {}
    facts: dict[str, str] = {}
    for fact in ("given_name", "phone", "user_id", "username"):
        said = [
            (chat.learnt_at.get(fact, EPOCH), value)
            for chat in (one, other)
            if (value := getattr(chat, fact)) is not None
        ]
        if said:
            learnt[fact], facts[fact] = max(said)
    named = [
        (chat.learnt_at["name"], chat.name) for chat in (one, other) if "name" in chat.learnt_at
    ]
    if named:
        # Of two that people gave, the one's.
        learnt["name"], facts["name"] = min(
            named, key=lambda said: (said[0], "" if said[0] == EDITED else said[1])
        )
    return learnt, facts
