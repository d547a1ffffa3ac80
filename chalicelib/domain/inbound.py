"""What a channel tells us, in our own words: messages, echoes and statuses, already parsed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chalicelib.domain.events import ChannelName, KindName


@dataclass(frozen=True)
class Person:
    """Who is on the other side, by every id the channel gave (INB-7). One id at least is set.

    `phone` is digits with the country code, as Meta writes it; `user_id` is the business-scoped id,
    valid within `portfolio`.
    """

    phone: str | None = None
    user_id: str | None = None
    username: str | None = None
    name: str | None = None


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


@dataclass(frozen=True)
class Failure:
    """The provider's reason for a failed send."""

    code: int
    title: str
    details: str | None = None


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
