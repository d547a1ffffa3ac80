"""One message of a chat: its key, who may have written it, and what became of it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Literal

from chalicelib.domain import errors
from chalicelib.domain.delivery import Status
from chalicelib.domain.ids import MessageKey
from chalicelib.domain.instants import from_ms, iso, sortable
from chalicelib.domain.media import of_attachment

if TYPE_CHECKING:
    from chalicelib.domain.access import Agent
    from chalicelib.domain.chat import Chat
    from chalicelib.domain.events import (
        AuthorName,
        Details,
        KindName,
        LineName,
        SourceName,
        SystemLine,
    )
    from chalicelib.domain.inbound import Arrival, Failure
    from chalicelib.domain.media import File
    from chalicelib.domain.template import Filled

TEXT_LIMIT = 4096  # META.md §4: text.body
PREVIEW_LIMIT = 80
QUOTE_LIMIT = 200
MEDIA_TOO_LARGE = 131052  # META.md §2: what the contact sent could not be handed over
CLIENT_KEY = re.compile(r"[0-9]{13}-[0-9a-f]{16}")
CLIENT_KEY_LIFE = timedelta(hours=24)
CLOCK_TOLERANCE = timedelta(seconds=10)
# What a contact did not write, and nobody sent: it changes neither preview nor order (SORT-1).
NOT_EXCHANGED = frozenset({"system", "reaction", "referral", "unsupported"})
LEASE = timedelta(seconds=70)  # longer than the function that delivers may live


@dataclass(frozen=True)
class Quote:
    """What a message answers, as it read when the answer came (CHAT-7).

    `key` is None where this desk does not have it. `text` has at most 200 characters.
    """

    key: MessageKey | None
    author: AuthorName | None = None
    author_name: str | None = None
    kind: KindName | None = None
    text: str = ""
    internal: bool = False
    source: SourceName | None = None


@dataclass(frozen=True)
class Reaction:
    """An emoji of one side on a message; an empty one was taken back, and stands for its time.

    `state` is of ours alone: until Meta has it (SEND, META.md §4).
    """

    author: AuthorName
    emoji: str
    at: datetime
    agent_id: str | None = None
    state: Literal["pending", "sent", "failed"] | None = None
    failure: Failure | None = None


@dataclass(frozen=True)
class Message:
    """A message as it stands. `version` grows with every write of its row, seen or not."""

    chat_id: str  # the partition it was written to, which a merge never changes
    key: MessageKey
    rev: int
    kind: KindName
    author: AuthorName
    text: str
    at: datetime
    account: str
    version: int = 0
    raw_kind: str | None = None
    agent_id: str | None = None
    author_name: str | None = None
    provider_id: str | None = None
    quotes: str | None = None
    status: Status | None = None
    failure: Failure | None = None
    client_key: str | None = None
    retry_of: MessageKey | None = None
    retried_by: MessageKey | None = None
    attempts: int = 0
    leased_until: datetime | None = None
    line: SystemLine | None = None  # what a system line says (CHAT-3)
    farewell_of: str | None = None  # the protocol that it said goodbye to: it opens none (CLOSE-4)
    template: Filled | None = None  # what is sent of a message of that kind; `text` is how it reads
    files: tuple[File, ...] = ()
    details: Details | None = None
    quote: Quote | None = None  # what it answers; `quotes` is the provider's id of that
    reactions: tuple[Reaction, ...] = ()  # one of each side, the last that was told
    internal: bool = False  # SEND-7: it never leaves the desk
    source: SourceName | None = None  # what of the desk sent it by itself; None: a person
    forwarded: bool = False
    signature: str | None = None  # SEND-10: put before the text when it is sent
    wish: str | None = None  # of the first of what one wish became: its digest, and how many
    edited_at: datetime | None = None
    deleted_at: datetime | None = None
    to_forget: bool = False  # deleted, while its files and what quotes it are still to follow
    doomed: tuple[str, ...] = ()  # keys of stored files that went with it, until they are deleted
    unknown_at: datetime | None = None  # since when nothing is known of it, until that is said

    def advanced(
        self, status: Status, *, failure: Failure | None = None, provider_id: str | None = None
    ) -> Message:
        """The message after news of its fate; the reason stays only while it has failed."""
        return replace(
            self,
            status=status,
            failure=failure if status is Status.FAILED else None,
            provider_id=provider_id or self.provider_id,
            leased_until=self.leased_until if status is Status.SENDING else None,
            unknown_at=self.unknown_at if status is Status.UNKNOWN else None,
        )

    def at_revision(self, rev: int) -> Message:
        """A new message, as part of that revision of its chat."""
        return replace(self, rev=rev)

    @property
    def to_do(self) -> str | None:
        """What must still be done about it, for whoever follows the table: words, or None."""
        words = (
            ("arm", self.unknown_at is not None and self.may_be_retried()),
            ("fetch", any(file.state == "pending" for file in self.files)),
            ("forget", self.to_forget),
            ("react", any(one.state == "pending" for one in self.reactions)),
            ("send", self.status is Status.QUEUED),
        )
        return " ".join(word for word, wanted in words if wanted) or None

    def may_be_retried(self) -> bool:
        """CHAT-6: what failed, or may have been lost, can be sent again, once."""
        return self.status in (Status.FAILED, Status.UNKNOWN) and self.retried_by is None


def quoted(message: Message) -> Quote:
    """What an answer keeps of the message that it quotes (CHAT-7)."""
    return Quote(
        key=message.key,
        author=message.author,
        author_name=message.author_name,
        kind=message.kind,
        text=message.text[:QUOTE_LIMIT],
        internal=message.internal,
        source=message.source,
    )


def our_reaction(message: Message) -> Reaction | None:
    """Our side's last reaction, made here or elsewhere; an empty one was taken back."""
    return next((one for one in message.reactions if one.author != "contact"), None)


def with_reaction(message: Message, reaction: Reaction) -> Message:
    """The message with this one in the place of its side's last (CHAT-7)."""
    contacts = reaction.author == "contact"
    others = (one for one in message.reactions if (one.author == "contact") is not contacts)
    return replace(message, reactions=(*others, reaction))


def to_react(before: Message | None, after: Message) -> Reaction | None:
    """Our reaction that this change of the message asks to be sent, or None."""
    known = (
        {(one.author, one.at) for one in before.reactions if one.state == "pending"}
        if (before)
        else set()
    )
    return next(
        (
            one
            for one in after.reactions
            if one.state == "pending" and (one.author, one.at) not in known
        ),
        None,
    )


def key_of(at: datetime, *names: str) -> MessageKey:
    """A key that sorts by time and is the same for the same thing, however often it comes."""
    digest = sha256("\x1f".join(names).encode("utf-8", "replace")).hexdigest()[:16]
    return MessageKey(f"{sortable(at)}-{digest}")


def arrival_key(arrival: Arrival) -> MessageKey:
    """The duplicate check of INB-3: provider time and a hash of the provider's id."""
    return key_of(arrival.at, arrival.channel, arrival.provider_id)


def preview(text: str) -> str:
    """One line of at most 80 characters."""
    line = " ".join(text.split())
    return line if len(line) <= PREVIEW_LIMIT else line[: PREVIEW_LIMIT - 1] + "…"


def from_arrival(arrival: Arrival, chat_id: str, rev: int) -> Message:
    """What a channel delivered, as a message of this chat; an echo is ours (INB-8).

    Whatever it quotes is not known yet.
    """
    files = (of_attachment(one, arrival.channel) for one in arrival.files)
    if arrival.failed_with == MEDIA_TOO_LARGE:
        files = (replace(one, state="failed", reason="too_large") for one in files)
    return Message(
        chat_id=chat_id,
        key=arrival_key(arrival),
        rev=rev,
        kind=arrival.kind,
        raw_kind=arrival.raw_kind,
        author="device" if arrival.echo else "contact",
        text=arrival.text,
        at=arrival.at,
        account=arrival.account,
        provider_id=arrival.provider_id,
        quotes=arrival.quotes,
        status=Status.SENT if arrival.echo else None,
        files=tuple(files),
        details=arrival.details,
        quote=None if arrival.quotes is None else Quote(key=None),
        forwarded=arrival.forwarded,
    )


def system_line(chat: Chat, line: SystemLine, at: datetime, *names: str) -> Message:
    """What happened to the chat, written into it (CHAT-3): no channel sees it, no order changes.

    `names` beside time and code tell apart lines of one instant, and make a repeat the same line.
    """
    return Message(
        chat_id=chat.chat_id,
        key=key_of(at, "line", line["code"], *names),
        rev=0,
        kind="system",
        author="system",
        text="",
        at=at,
        account=chat.account,
        line=line,
    )


def line(
    code: LineName,
    by: Agent | None,
    subject: str | None = None,
    subject_name: str | None = None,
) -> SystemLine:
    """What a system line says, with the names of the moment."""
    return {
        "code": code,
        "by": by.agent_id if by else None,
        "by_name": by.name if by else None,
        "subject": subject,
        "subject_name": subject_name,
    }


def written_at(client_key: str, now: datetime) -> datetime:
    """The instant in a client's key, which orders the message (SEND-12).

    Raises Invalid, ClockSkew (the device runs ahead) or ClientKeyExpired (it waited too long).
    """
    if not CLIENT_KEY.fullmatch(client_key):
        raise errors.Invalid(fields=[{"path": "client_key", "reason": "pattern"}])
    at = from_ms(int(client_key[:13]))
    if at > now + CLOCK_TOLERANCE:
        raise errors.ClockSkew(server_now=iso(now))
    if at < now - CLIENT_KEY_LIFE:
        raise errors.ClientKeyExpired()
    return at
