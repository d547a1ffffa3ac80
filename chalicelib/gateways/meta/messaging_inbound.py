"""What Messenger and Instagram say about one message, in our own words (META.md §1.4, §8)."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from chalicelib.domain.inbound import (
    Arrival,
    Attachment,
    Inbound,
    Mark,
    Notice,
    Person,
    Receipt,
    Watermark,
)
from chalicelib.gateways.meta.values import (
    LONGEST_NAME,
    LONGEST_TEXT,
    LONGEST_WORD,
    MOST,
    address,
    channel_of,
    clean,
    decimal,
    first,
    identifier,
    instant,
    list_of,
    object_of,
    told,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from chalicelib.domain.events import Details, FileKind, KindName
    from chalicelib.gateways.meta.values import Json

FILES: dict[str, FileKind] = {
    "image": "image",
    "video": "video",
    "audio": "audio",
    "file": "document",
    "sticker": "sticker",
    "animated_image": "image",
}
SHARES = frozenset(
    {"share", "ig_post", "reel", "ig_reel", "ig_story", "fallback", "post", "product", "template"}
)
HEART = "\u2764\ufe0f"
# The words of older webhooks, which name a reaction instead of showing it.
NAMED_EMOJI = {
    "love": HEART,
    "smile": "\U0001f606",
    "wow": "\U0001f62e",
    "sad": "\U0001f622",
    "angry": "\U0001f621",
    "like": "\U0001f44d",
    "dislike": "\U0001f44e",
}
HANDOVERS = (
    "pass_thread_control",
    "take_thread_control",
    "request_thread_control",
    "app_roles",
    "policy_enforcement",
    "policy-enforcement",
)
FRAME = frozenset({"sender", "recipient", "timestamp", "priority_metadata", "is_echo"})


@dataclass(frozen=True)
class _Event:
    """One element of `messaging`, with what all its kinds share."""

    body: Json
    received: Json
    person: Person
    at: datetime
    dated: bool
    echo: bool

    @property
    def about(self) -> dict[str, Any]:
        """The facts that every piece of news carries."""
        return {
            "channel": channel_of(self.body),
            "account": told(self.body, "account"),
            "portfolio": told(self.body, "portfolio"),
            "person": self.person,
            "at": self.at,
        }


def person_of(received: Json, account: str) -> tuple[Person, bool]:
    """Whose thread an event is of, and whether the business itself did it (INB-8)."""
    sender = identifier(object_of(received.get("sender")).get("id"))
    recipient = identifier(object_of(received.get("recipient")).get("id"))
    said = object_of(received.get("message"))
    echo = said.get("is_echo") is True or received.get("is_echo") is True
    echo = echo or (sender is not None and sender == account)
    username = clean(object_of(received.get("sender")).get("username"), LONGEST_NAME)
    return Person(user_id=recipient if echo else sender, username=username or None), echo


def inbound(body: Json, received_at: datetime) -> list[Inbound]:
    """What one element of `messaging` or `standby` tells."""
    received = object_of(body.get("received"))
    person, echo = person_of(received, told(body, "account"))
    told_at = instant(received.get("timestamp"), received_at)
    event = _Event(body, received, person, told_at or received_at, told_at is not None, echo)
    for word, reader in READERS.items():
        found = received.get(word)
        if isinstance(found, dict):
            return [reader(event, word, found)]
    return [_unknown(event)]


def receipts(body: Json, received_at: datetime) -> list[Receipt | Watermark]:
    """What was delivered or read: message by message, or everything until a time."""
    found: list[Receipt | Watermark] = []
    for received in map(object_of, list_of(body.get("received"))):
        person, _ = person_of(received, told(body, "account"))
        at = instant(received.get("timestamp"), received_at) or received_at
        about = {"channel": channel_of(body), "account": told(body, "account"), "at": at}
        for word, status in (("delivery", "delivered"), ("read", "read")):
            news = received.get(word)
            if not isinstance(news, dict):
                continue
            mids = [mid for one in list_of(news.get("mids")) if (mid := identifier(one))]
            found += [
                Receipt(**about, provider_id=mid, status=status, callback=None) for mid in mids
            ]
            up_to = instant(news.get("watermark"), received_at)
            target = identifier(news.get("mid"))
            if up_to is not None or target is not None:
                found.append(
                    Watermark(
                        **about,
                        portfolio=told(body, "portfolio"),
                        person=person,
                        status=status,
                        up_to=up_to,
                        target=target,
                    )
                )
    return found


def _message(event: _Event, _: str, said: Json) -> Inbound:
    mid = identifier(said.get("mid"))
    if mid is not None and said.get("is_deleted") is True:
        return Mark(**event.about, what="deletion", target=mid, echo=event.echo)
    content = _content(said)
    reply = object_of(said.get("reply_to"))
    details: dict[str, Any] = dict(content.details or {})
    referral = _referral(said.get("referral"))
    if referral is not None:
        details["referral"] = referral
    story = reply.get("story")
    if isinstance(story, dict):
        details["story"] = {"what": "reply", "url": address(story.get("url"))}
    callback = said.get("metadata")
    return Arrival(
        **event.about,
        provider_id=mid or _made_id(event.received),
        kind=content.kind,
        raw_kind=content.raw_kind,
        text=content.text,
        echo=event.echo,
        from_contact=not event.echo,
        quotes=identifier(reply.get("mid")),
        dated=event.dated,
        files=content.files,
        details=details or None,  # type: ignore[arg-type]
        standby=event.body.get("standby") is True,
        callback=callback if event.echo and isinstance(callback, str) else None,
    )


@dataclass(frozen=True)
class _Content:
    """What a message holds, whatever it is called."""

    kind: KindName
    text: str = ""
    raw_kind: str | None = None
    files: tuple[Attachment, ...] = ()
    details: Details | None = None


def _content(said: Json) -> _Content:
    text = clean(said.get("text"), LONGEST_TEXT)
    attached = [one for one in list_of(said.get("attachments"))[:MOST] if isinstance(one, dict)]
    found = _attached(attached)
    if found is not None:
        return replace(found, text=text or found.text)
    if text:
        payload = clean(object_of(said.get("quick_reply")).get("payload"), LONGEST_NAME)
        if isinstance(said.get("quick_reply"), dict):
            chosen: Details = {
                "choice": {
                    "title": clean(text, LONGEST_NAME),
                    "description": None,
                    "payload": payload or None,
                }
            }
            return _Content("choice", text, details=chosen)
        return _Content("text", text)
    word = "unsupported" if said.get("is_unsupported") is True else "unknown"
    return _Content("unsupported", raw_kind=word)


def _attached(attached: list[Json]) -> _Content | None:
    """The files, the story, the place or the post that came with a message; None without."""
    files = []
    other: _Content | None = None
    for one in attached:
        word = clean(one.get("type"), LONGEST_WORD) or "unknown"
        payload = object_of(one.get("payload"))
        url = address(payload.get("url"))
        if word in FILES and (url is not None or word != "image"):
            sticker = word == "image" and identifier(payload.get("sticker_id")) is not None
            files.append(
                Attachment(
                    kind="sticker" if sticker else FILES[word],
                    url=url,
                    name=clean(first(payload, "name", "title"), LONGEST_NAME) or None,
                )
            )
        elif other is None:
            other = _other(word, one, payload, url)
    if files:
        return _Content(files[0].kind, files=tuple(files))
    return other


def _other(word: str, one: Json, payload: Json, url: str | None) -> _Content:
    if word == "story_mention":
        return _Content("story_mention", details={"story": {"what": "mention", "url": url}})
    if word == "like_heart":
        return _Content("text", HEART)
    if word == "location":
        place = object_of(payload.get("coordinates"))
        latitude, longitude = decimal(place.get("lat")), decimal(place.get("long"))
        title = first(one, "title")
        if latitude is not None and longitude is not None:
            return _Content(
                "location",
                title or f"{latitude}, {longitude}",
                details={
                    "location": {
                        "latitude": latitude,
                        "longitude": longitude,
                        "name": title or None,
                        "address": None,
                    }
                },
            )
    if word in SHARES:
        link = url or address(one.get("url")) or address(payload.get("link"))
        title = first(payload, "title") or first(one, "title")
        return _Content("share", title, raw_kind=word, details={"link": link} if link else None)
    return _Content("unsupported", raw_kind=word)


def _postback(event: _Event, _: str, said: Json) -> Inbound:
    title = first(said, "title", "payload")
    details: dict[str, Any] = {
        "choice": {
            "title": clean(title, LONGEST_NAME),
            "description": None,
            "payload": clean(said.get("payload"), LONGEST_NAME) or None,
        }
    }
    referral = _referral(said.get("referral"))
    if referral is not None:
        details["referral"] = referral
    return Arrival(
        **event.about,
        provider_id=identifier(said.get("mid")) or _made_id(event.received),
        kind="choice",
        raw_kind=None,
        text=title,
        echo=event.echo,
        from_contact=not event.echo,
        quotes=None,
        dated=event.dated,
        details=details,  # type: ignore[arg-type]
        standby=event.body.get("standby") is True,
    )


def _reaction(event: _Event, _: str, said: Json) -> Inbound:
    target = identifier(said.get("mid"))
    if target is None:
        return _unknown(event)
    emoji = clean(said.get("emoji"), LONGEST_WORD)
    emoji = emoji or NAMED_EMOJI.get(clean(said.get("reaction"), LONGEST_WORD), "")
    taken_back = said.get("action") == "unreact"
    if not taken_back and not emoji:
        return _unknown(event)
    return Mark(
        **event.about,
        what="reaction",
        target=target,
        echo=event.echo,
        emoji="" if taken_back else emoji,
    )


def _edit(event: _Event, _: str, said: Json) -> Inbound:
    target, text = identifier(said.get("mid")), clean(said.get("text"), LONGEST_TEXT)
    if target is None or not text:
        return _unknown(event)
    return Mark(**event.about, what="edit", target=target, echo=event.echo, text=text)


def _came_by(event: _Event, _: str, said: Json) -> Inbound:
    """A link or advertisement led the person to the thread: told, and no message of theirs."""
    referral = _referral(said)
    return Arrival(
        **event.about,
        provider_id=_made_id(event.received),
        kind="referral",
        raw_kind=None,
        text=(referral or {}).get("headline") or "",
        echo=event.echo,
        from_contact=False,
        quotes=None,
        dated=event.dated,
        details={"referral": referral} if referral else None,
    )


def _handover(event: _Event, word: str, said: Json) -> Inbound:
    return Notice(
        **event.about,
        field=word.replace("-", "_"),
        value=said,
    )


def _unknown(event: _Event) -> Inbound:
    """Shown with the provider's own word for it (INB-5)."""
    words = sorted(set(event.received) - FRAME)
    return Arrival(
        **event.about,
        provider_id=_made_id(event.received),
        kind="unsupported",
        raw_kind=clean(words[0], LONGEST_WORD) if words else "unknown",
        text="",
        echo=event.echo,
        from_contact=False,
        quotes=None,
        dated=event.dated,
    )


def _made_id(received: Json) -> str:
    """An id for what has none: the same for the same news."""
    text = json.dumps(received, sort_keys=True)
    return f"made.{sha256(text.encode()).hexdigest()[:32]}"


def _referral(found: object) -> dict[str, Any] | None:
    if not isinstance(found, dict) or not found:
        return None
    shown = object_of(found.get("ads_context_data"))
    return {
        "source": clean(first(found, "source", "type"), LONGEST_WORD) or None,
        "headline": clean(first(shown, "ad_title") or first(found, "ref"), LONGEST_NAME) or None,
        "body": None,
        "url": address(found.get("referer_uri")) or address(shown.get("photo_url")),
    }


READERS: dict[str, Callable[[_Event, str, Json], Inbound]] = {
    "message": _message,
    "postback": _postback,
    "reaction": _reaction,
    "message_edit": _edit,
    "referral": _came_by,
    **dict.fromkeys(HANDOVERS, _handover),
}
