"""What a channel tells us, in our own words: messages, echoes and statuses, already parsed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalicelib.domain.events import ChannelName, Details, FileKind, KindName


@dataclass(frozen=True)
class Person:
    """Who is on the other side, by every id the channel gave (INB-7). One id at least is set.

    `phone` is digits with the country code, as Meta writes it; `user_id` is WhatsApp's
    business-scoped id, valid within `portfolio`, or Messenger's and Instagram's scoped id, valid
    within the account.
    """

    phone: str | None = None
    user_id: str | None = None
    username: str | None = None
    name: str | None = None


class News(Protocol):
    """What every piece of news of a person tells: whose channel account, who, and when."""

    @property
    def channel(self) -> ChannelName:
        """Its channel."""

    @property
    def account(self) -> str:
        """The account that it reached."""

    @property
    def portfolio(self) -> str:
        """Whose account that is."""

    @property
    def person(self) -> Person:
        """Of whom."""

    @property
    def at(self) -> datetime:
        """When, by the provider's time."""


@dataclass(frozen=True)
class Attachment:
    """A file as its channel tells of it, before it is fetched (INB-6).

    WhatsApp gives `provider_id`, by which it is asked for; Messenger and Instagram give `url`.
    """

    kind: FileKind
    mime_type: str | None = None
    name: str | None = None
    provider_id: str | None = None
    url: str | None = None
    sha256: str | None = None
    size: int | None = None
    voice: bool = False
    animated: bool = False


@dataclass(frozen=True)
class Arrival:
    """One message that reached a channel account.

    `echo` marks what the business itself sent from elsewhere (INB-8): `person` is then whom it was
    sent to. `from_contact` is the glossary's «contact's message»: reactions, edits, deletions,
    system notices and echoes are not.
    """

    channel: ChannelName
    account: str
    portfolio: str
    provider_id: str
    at: datetime
    person: Person
    kind: KindName
    raw_kind: str | None
    text: str
    echo: bool
    from_contact: bool
    quotes: str | None  # provider id of the message it answers
    dated: bool = True  # False: the channel told no believable time, `at` is when it came
    files: tuple[Attachment, ...] = ()
    details: Details | None = None
    forwarded: bool = False
    standby: bool = False  # another app owns the thread: shown, and answered by no flow
    callback: str | None = None  # of an echo: what we attached when sending
    failed_with: int | None = None  # the channel's code for what it could not hand over (131052)


@dataclass(frozen=True)
class Mark:
    """What was done to an earlier message: a reaction or its end, an edit, a deletion (CHAT-7).

    `target` is that message's provider id. `echo`: the business did it, from elsewhere.
    """

    channel: ChannelName
    account: str
    portfolio: str
    person: Person
    what: Literal["reaction", "edit", "deletion"]
    target: str
    at: datetime
    echo: bool = False
    emoji: str = ""  # of a reaction; empty: it was taken back
    text: str = ""  # of an edit


@dataclass(frozen=True)
class Moved:
    """A person goes by other ids from now on; both lead to one contact (INB-7)."""

    channel: ChannelName
    account: str
    portfolio: str
    before: Person
    after: Person
    at: datetime

    @property
    def person(self) -> Person:
        """Who they are from now on."""
        return self.after


@dataclass(frozen=True)
class Control:
    """Another app was given a person's thread, or gave it to us (META.md §8, handover)."""

    channel: ChannelName
    account: str
    portfolio: str
    person: Person
    ours: bool  # whether this desk may answer from now on
    app: str | None  # the other app's id, where it is told
    at: datetime


@dataclass(frozen=True)
class Preference:
    """Whether a person wants marketing messages, as they told Meta (META.md §2.2)."""

    channel: ChannelName
    account: str
    portfolio: str
    person: Person
    marketing: bool
    at: datetime


@dataclass(frozen=True)
class Notice:
    """What Meta tells of an account or of its templates; `field` is the webhook's own word.

    `account` is empty where the notice concerns the whole portfolio.
    """

    channel: ChannelName
    account: str
    portfolio: str
    field: str
    value: Mapping[str, Any]
    at: datetime
    person: Person | None = None  # whose thread it is about, if it is about one


Inbound = Arrival | Mark | Moved | Control | Preference | Notice


@dataclass(frozen=True)
class Failure:
    """The provider's reason for a failed send."""

    code: int
    title: str
    details: str | None = None
    subcode: int | None = None  # Messenger and Instagram tell reasons of one code apart by it


@dataclass(frozen=True)
class Receipt:
    """What became of something we sent. `status` is the provider's word, known or not."""

    channel: ChannelName
    account: str
    provider_id: str
    status: str
    at: datetime
    callback: str | None  # what we attached when sending: chat id and message key
    failure: Failure | None = None


@dataclass(frozen=True)
class Watermark:
    """Messenger and Instagram: everything sent until then was delivered or read.

    Up to the instant `up_to`, or else up to the message whose provider id is `target`.
    """

    channel: ChannelName
    account: str
    portfolio: str
    person: Person
    status: str  # the provider's word, as of a receipt
    at: datetime
    up_to: datetime | None = None
    target: str | None = None
