"""What Messenger and Instagram say about one event of one person (META.md §8)."""

from __future__ import annotations

import json
from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from chalicelib.domain.inbound import (
    Arrival,
    Attachment,
    Control,
    Mark,
    Notice,
    Person,
    Preference,
    Receipt,
    Watermark,
)
from chalicelib.gateways.meta.content import MOST_FILES, MOST_LINES, Content, unsupported
from chalicelib.gateways.meta.persons import LONGEST_USER_ID
from chalicelib.gateways.meta.values import (
    LONGEST_NAME,
    LONGEST_TEXT,
    LONGEST_WORD,
    address,
    clean,
    coordinate,
    first,
    identifier,
    instant,
    list_of,
    named,
    object_of,
    objects_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from chalicelib.domain import events
    from chalicelib.domain.events import Details, FileKind
    from chalicelib.domain.inbound import Inbound
    from chalicelib.gateways.meta.source import Source

    Json = Mapping[str, Any]

LONGEST_PAYLOAD = 1000
LONGEST_CALLBACK = 1000
MOST_RECEIPTS = 200
ENVELOPE = frozenset({"sender", "recipient", "timestamp", "hop_context", "is_echo"})
FILES: dict[str, FileKind] = {
    "image": "image",
    "video": "video",
    "audio": "audio",
    "file": "document",
    "sticker": "sticker",
    "animated_image": "image",
}
SHARES = frozenset(
    {"share", "ig_post", "post", "reel", "ig_reel", "ig_story", "fallback", "product"}
)
REACTIONS = {
    "love": "❤",
    "like": "👍",
    "dislike": "👎",
    "smile": "😆",
    "wow": "😮",
    "sad": "😢",
    "angry": "😠",
}
UNKNOWN_REACTION = "❔"
HEART = "❤️"
RECORDING = "/audioclip-"
INBOXES = frozenset({"263902037430900", "1217981644879628"})  # of Pages, of Instagram
MARKETING = {"STOP_NOTIFICATIONS": False, "RESUME_NOTIFICATIONS": True}


def event(source: Source, body: Json) -> Inbound:
    """A message or what else a person did; what is done to an earlier message is a mark."""
    return _Event(source, body).read()


class _Event:
    """One event of one person, as the item of `webhook.split` holds it."""

    def __init__(self, source: Source, body: Json) -> None:
        self.source = source
        self.received = object_of(body.get("received"))
        self.person = Person(user_id=identifier(body.get("person"), LONGEST_USER_ID))
        self.echo = body.get("echo") is True
        self.standby = body.get("standby") is True
        told = instant(self.received.get("timestamp"), source.received_at)
        self.told_at = told or instant(body.get("time"), source.received_at)
        self.at = self.told_at or source.received_at

    def read(self) -> Inbound:
        """By the first key that is known; whatever else it is, a placeholder."""
        for key, reader in READERS.items():
            found = self.received.get(key)
            if isinstance(found, dict) and (told := reader(self, found)) is not None:
                return told
        kinds = sorted(self.received.keys() - ENVELOPE)
        return self.arrival(unsupported(kinds[0] if kinds else None, from_contact=False))

    def arrival(
        self,
        content: Content,
        provider_id: str | None = None,
        *,
        quotes: str | None = None,
        callback: str | None = None,
    ) -> Arrival:
        """A message; where it has no id, the same bytes have the same one."""
        source = self.source
        return Arrival(
            channel=source.channel,
            account=source.account,
            portfolio=source.portfolio,
            provider_id=provider_id or self._name(),
            at=self.at,
            person=self.person,
            kind=content.kind,
            raw_kind=content.raw_kind,
            text=content.text,
            echo=self.echo,
            from_contact=content.from_contact and not self.echo,
            quotes=quotes,
            dated=self.told_at is not None,
            files=content.files,
            details=content.details or None,
            standby=self.standby,
            callback=callback,
        )

    def _name(self) -> str:
        kinds = "+".join(sorted(self.received.keys() - ENVELOPE))[:LONGEST_WORD]
        digest = sha256(json.dumps(self.received, sort_keys=True).encode()).hexdigest()
        return f"{kinds}.{digest[:32]}"

    def mark(self, target: str, **done: Any) -> Mark:
        """What was done to an earlier message."""
        source = self.source
        return Mark(
            source.channel,
            source.account,
            source.portfolio,
            self.person,
            target=target,
            at=self.at,
            echo=self.echo,
            **done,
        )


# --- messages ---------------------------------------------------------------------------------


def _message(event: _Event, found: Json) -> Inbound | None:
    mid = identifier(found.get("mid"))
    if found.get("is_deleted") is True:
        if mid is None:
            return None
        return event.mark(mid, what="deletion")
    content = _content(found)
    files = tuple(replace(one, voice=_is_recorded(event, one)) for one in content.files)
    details = dict(content.details)
    answered = object_of(found.get("reply_to"))
    if "story" in answered:
        details["story"] = _story("reply", object_of(answered["story"]).get("url"))
    referral = _referral(object_of(found.get("referral")))
    if referral:
        details["referral"] = referral
    callback = found.get("metadata")
    told: Details = details  # type: ignore[assignment]
    return event.arrival(
        replace(content, files=files, details=told),
        mid,
        quotes=identifier(answered.get("mid")),
        callback=clean(callback, LONGEST_CALLBACK) or None if event.echo else None,
    )


def _content(found: Json) -> Content:
    text = clean(found.get("text"), LONGEST_TEXT)
    attached = [one for one in _attached(found) if isinstance(one.get("type"), str)]
    quick = object_of(found.get("quick_reply"))
    if quick:
        return _choice(text or first(quick, "payload"), quick)
    if not attached:
        if text and found.get("is_unsupported") is not True:
            return Content("text", text)
        return unsupported("unsupported" if found.get("is_unsupported") else "empty", text=text)
    read = [_attachment(one["type"], one) for one in attached]
    files = tuple(file for one in read for file in one.files)[:MOST_FILES]
    known = next((one for one in read if one.kind != "unsupported"), read[0])
    details: dict[str, Any] = {}
    for one in read:
        details = {**one.details, **details}
    kind, raw_kind = known.kind, known.raw_kind
    if text and kind == "share" and attached[0]["type"] == "fallback":
        kind = "text"  # a text with a link in it, of which a preview is told
    return Content(
        kind,
        text or known.text,
        raw_kind,
        files,
        details,  # type: ignore[arg-type]
    )


def _attached(found: Json) -> list[Json]:
    return objects_of(found.get("attachments")) or objects_of(found.get("attachment"))


def _attachment(word: str, found: Json) -> Content:
    payload = object_of(found.get("payload"))
    link = address(payload.get("url")) or address(found.get("url"))
    title = first(found, "title") or first(payload, "title")
    details: Details = {}
    if word in FILES:
        return _file(word, payload, link)
    if word == "like_heart":
        return Content("text", HEART)  # of no file: the emoji is all there is
    if word == "location":
        return _location(payload, title, link)
    if word == "story_mention":
        details["story"] = _story("mention", payload.get("url"))
        return Content("story_mention", details=details)
    if link:
        details["link"] = link
    if word in SHARES:
        return Content("share", title, details=details)
    if word == "template":
        return _template(payload, title, details)
    return replace(unsupported(word, text=title), details=details)


def _file(word: str, payload: Json, link: str | None) -> Content:
    sticker = identifier(payload.get("sticker_id")) is not None
    kind: FileKind = "sticker" if sticker else FILES[word]
    attachment = Attachment(
        kind=kind,
        name=named(payload, "title", "name") if kind == "document" else None,
        url=link,
        animated=word == "animated_image",
    )
    return Content(kind, files=(attachment,))


def _is_recorded(event: _Event, file: Attachment) -> bool:
    """Whether a sound was spoken into the app, which Meta does not say.

    People can send no other sound on Instagram; Messenger names its recordings in their address.
    """
    if file.kind != "audio":
        return False
    if event.source.channel == "instagram":
        return not event.echo
    return RECORDING in (file.url or "")


def _location(payload: Json, title: str, link: str | None) -> Content:
    place = object_of(payload.get("coordinates"))
    latitude = coordinate(place.get("lat"), 90)
    longitude = coordinate(place.get("long"), 180)
    details: Details = {}
    if latitude is not None and longitude is not None:
        details["location"] = {
            "latitude": latitude,
            "longitude": longitude,
            "name": clean(title, LONGEST_NAME).strip() or None,
            "address": None,
        }
        title = title or f"{latitude}, {longitude}"
    elif not title and not link:
        return unsupported("location")
    if link:
        details["link"] = link
    return Content("location", title, details=details)


def _template(payload: Json, title: str, details: Details) -> Content:
    """What a page sent with cards and buttons, or a product that a person asks about."""
    product = object_of(payload.get("product"))
    elements = objects_of(payload.get("elements")) or objects_of(product.get("elements"))
    lines = [title, first(payload, "text")]
    for one in elements[:MOST_LINES]:
        lines += [first(one, "title"), first(one, "subtitle")]
    text = clean("\n".join(line for line in lines if line), LONGEST_TEXT)
    if not text:
        return unsupported("template")
    return Content("share" if product else "text", text, details=details)


def _choice(title: str, found: Json) -> Content:
    choice: events.Choice = {
        "title": clean(title, LONGEST_PAYLOAD),
        "description": None,
        "payload": named(found, "payload", longest=LONGEST_PAYLOAD),
    }
    return Content("choice", title, details={"choice": choice})


def _story(what: Any, url: object) -> events.Story:
    return {"what": what, "url": address(url)}


def _referral(found: Json) -> events.Referral | None:
    """The advertisement, link or product that led here."""
    if not found:
        return None
    advertised = object_of(found.get("ads_context_data"))
    product = identifier(object_of(found.get("product")).get("id"), LONGEST_NAME)
    source = named(found, "source", "type", longest=LONGEST_WORD)
    return {
        "source": source or ("product" if product else None),
        "headline": named(advertised, "ad_title") or product,
        "body": named(found, "ref", longest=LONGEST_PAYLOAD),
        "url": address(found.get("referer_uri")),
    }


def _postback(event: _Event, found: Json) -> Inbound:
    content = _choice(first(found, "title", "payload"), found)
    referral = _referral(object_of(found.get("referral")))
    if referral:
        content.details["referral"] = referral
    return event.arrival(content, identifier(found.get("mid")))


def _led_here(event: _Event, found: Json) -> Inbound | None:
    referral = _referral(found)
    if referral is None:
        return None
    text = referral["headline"] or referral["body"] or ""
    return event.arrival(
        Content("referral", text, details={"referral": referral}, from_contact=False)
    )


def _optin(event: _Event, found: Json) -> Inbound:
    """A person allowed, stopped or resumed messages, or came by a plugin of the site."""
    wanted = MARKETING.get(str(found.get("notification_messages_status")))
    if wanted is not None:
        source = event.source
        return Preference(
            source.channel, source.account, source.portfolio, event.person, wanted, event.at
        )
    referral: events.Referral = {
        "source": named(found, "type", longest=LONGEST_WORD) or "optin",
        "headline": named(found, "title"),
        "body": named(found, "ref", "payload", longest=LONGEST_PAYLOAD),
        "url": None,
    }
    text = referral["headline"] or referral["body"] or ""
    return event.arrival(
        Content("referral", text, details={"referral": referral}, from_contact=False)
    )


# --- marks, and who holds the thread ----------------------------------------------------------


def _reaction(event: _Event, found: Json) -> Inbound | None:
    target = identifier(found.get("mid"))
    if target is None:
        return None
    emoji = ""
    if found.get("action") != "unreact":
        word = first(found, "reaction", longest=LONGEST_WORD)
        emoji = clean(found.get("emoji"), LONGEST_WORD) or REACTIONS.get(word, "")
        emoji = emoji or (UNKNOWN_REACTION if word.isascii() else word)
    return event.mark(target, what="reaction", emoji=emoji)


def _edit(event: _Event, found: Json) -> Inbound | None:
    target = identifier(found.get("mid"))
    text = found.get("text")
    if target is None or not isinstance(text, str):
        return None
    return event.mark(target, what="edit", text=clean(text, LONGEST_TEXT))


def _passed(event: _Event, found: Json) -> Inbound:
    """To us, since nobody else is told; unless it says that it went to Meta's own inbox."""
    owner = identifier(found.get("new_owner_app_id"))
    if owner in INBOXES:
        return _control(event, owner, ours=False)
    return _control(event, identifier(found.get("previous_owner_app_id")), ours=True)


def _taken(event: _Event, found: Json) -> Inbound:
    return _control(event, identifier(found.get("new_owner_app_id")), ours=False)


def _control(event: _Event, app: str | None, *, ours: bool) -> Control:
    source = event.source
    return Control(
        source.channel, source.account, source.portfolio, event.person, ours, app, event.at
    )


def _requested(event: _Event, found: Json) -> Inbound:
    """Another app asks for the thread: it changes nothing until it is passed."""
    source = event.source
    return Notice(
        source.channel,
        source.account,
        source.portfolio,
        "request_thread_control",
        found,
        event.at,
        event.person,
    )


READERS: dict[str, Callable[[_Event, Json], Inbound | None]] = {
    "message": _message,
    "message_edit": _edit,
    "reaction": _reaction,
    "postback": _postback,
    "referral": _led_here,
    "optin": _optin,
    "pass_thread_control": _passed,
    "take_thread_control": _taken,
    "request_thread_control": _requested,
}


# --- deliveries and reads ---------------------------------------------------------------------


def receipts(source: Source, body: Json) -> list[Receipt | Watermark]:
    """Each message that was named, and up to where everything was delivered or read."""
    person = Person(user_id=identifier(body.get("person"), LONGEST_USER_ID))
    found: list[Receipt | Watermark] = []
    for received in objects_of(body.get("received")):
        told_at = instant(received.get("timestamp"), source.received_at)
        for key, status in (("delivery", "delivered"), ("read", "read")):
            told = object_of(received.get(key))
            if told:
                at = told_at or _up_to(told, source) or source.received_at
                found += _settled(source, person, status, told, at)
    return found


def _settled(
    source: Source, person: Person, status: str, told: Json, at: datetime
) -> list[Receipt | Watermark]:
    found: list[Receipt | Watermark] = [
        Receipt(source.channel, source.account, provider_id, status, at, None)
        for one in list_of(told.get("mids"))[:MOST_RECEIPTS]
        if (provider_id := identifier(one))
    ]
    up_to, target = _up_to(told, source), identifier(told.get("mid"))
    if up_to or target:
        found.append(
            Watermark(
                source.channel,
                source.account,
                source.portfolio,
                person,
                status,
                at,
                up_to,
                None if up_to else target,
            )
        )
    return found


def _up_to(told: Json, source: Source) -> datetime | None:
    return instant(told.get("watermark"), source.received_at)
