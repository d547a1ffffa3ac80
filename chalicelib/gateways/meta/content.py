"""What a message holds, whichever channel it came by, and how much of it is taken."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from chalicelib.gateways.meta.values import LONGEST_WORD, clean, named, objects_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from chalicelib.domain import events
    from chalicelib.domain.events import Details, KindName
    from chalicelib.domain.inbound import Attachment

    Json = Mapping[str, Any]

MOST_FILES = 30
MOST_CARDS = 257  # META.md §4
MOST_OF_A_CARD = 10
MOST_LINES = 50  # cards or products named in one text
LARGEST_DETAILS = 24_000  # characters of JSON: a row holds 400 KB, whatever the alphabet
LONGEST_VALUE = 100

T = TypeVar("T")


@dataclass(frozen=True)
class Content:
    """The part of a message that differs by its kind."""

    kind: KindName
    text: str = ""
    raw_kind: str | None = None
    files: tuple[Attachment, ...] = ()
    details: Details = field(default_factory=dict)  # type: ignore[assignment]
    from_contact: bool = True


def unsupported(word: object, *, from_contact: bool = True, text: str = "") -> Content:
    """A placeholder with the channel's own word for what nobody understands (INB-5)."""
    raw_kind = clean(word, LONGEST_WORD) or "unknown"
    return Content("unsupported", text, raw_kind, from_contact=from_contact)


def bounded(found: Iterable[T], most: int) -> list[T]:
    """As many of them as a row can hold, from the first."""
    kept: list[T] = []
    length = 0
    for one in found:
        length += len(json.dumps(one))
        if len(kept) == most or length > LARGEST_DETAILS:
            break
        kept.append(one)
    return kept


def card(found: Json, name: str) -> events.Card:
    """A contact card, its numbers and addresses as they were written."""
    phones: list[events.CardPhone] = []
    for one in objects_of(found.get("phones"))[:MOST_OF_A_CARD]:
        phone = named(one, "phone", "wa_id", longest=LONGEST_VALUE)
        if phone:
            phones.append({"phone": phone, "label": named(one, "type", longest=LONGEST_VALUE)})
    emails = [
        email
        for one in objects_of(found.get("emails"))[:MOST_OF_A_CARD]
        if (email := named(one, "email", longest=LONGEST_VALUE))
    ]
    companies = objects_of(found.get("org"))
    return {
        "name": name,
        "phones": phones,
        "emails": emails,
        "company": named(companies[0], "company") if companies else None,
    }
