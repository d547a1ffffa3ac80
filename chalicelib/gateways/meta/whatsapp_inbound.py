"""What WhatsApp says about one message or status, in our own words (META.md §2, §3)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, cast

from chalicelib.domain.inbound import (
    Arrival,
    Attachment,
    Failure,
    Inbound,
    Mark,
    Moved,
    Notice,
    Person,
    Preference,
    Receipt,
)
from chalicelib.gateways.meta.values import (
    LONGEST_NAME,
    LONGEST_TEXT,
    LONGEST_WORD,
    MOST,
    NUMBER,
    address,
    channel_of,
    clean,
    decimal,
    first,
    identifier,
    ids_of,
    instant,
    list_of,
    object_of,
    told,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from chalicelib.domain.events import Card, Choice, Details, FileKind, KindName, OrderLine
    from chalicelib.gateways.meta.values import Json

UNKNOWN_FAILURE = 131000
MOVES = ("user_changed_number", "user_changed_user_id", "customer_changed_number")


@dataclass(frozen=True)
class _Content:
    """The part of a message that differs by its type."""

    kind: KindName
    text: str = ""
    raw_kind: str | None = None
    from_contact: bool = True
    files: tuple[Attachment, ...] = ()
    details: Details | None = None
    failed_with: int | None = None


# --- one message ------------------------------------------------------------------------------


def message(body: Json, received_at: datetime) -> list[Inbound]:
    """A message or echo, what it does to an earlier one, or the move of who is named in it."""
    received = object_of(body.get("received"))
    echo = body.get("kind") == "echo"
    told_at = instant(received.get("timestamp"), received_at)
    at = told_at or received_at
    person = person_of(received, body.get("contact"), echo=echo)
    mark = _mark(body, received, person, at, echo=echo)
    if mark is not None:
        return [mark]
    moved = None if echo else _moved(body, received, person, at)
    if moved is not None:
        return [moved]
    content = _content(received)
    context = object_of(received.get("context"))
    details = content.details
    referral = _referral(received.get("referral"))
    if referral is not None:
        details = {**(details or {}), "referral": referral}
    return [
        Arrival(
            channel=channel_of(body),
            account=told(body, "account"),
            portfolio=told(body, "portfolio"),
            provider_id=identifier(received.get("id")) or "",
            at=at,
            person=person,
            kind=content.kind,
            raw_kind=content.raw_kind,
            text=content.text,
            echo=echo,
            from_contact=content.from_contact and not echo,
            quotes=identifier(context.get("id")),
            dated=told_at is not None,
            files=content.files,
            details=details,
            forwarded=context.get("forwarded") is True
            or context.get("frequently_forwarded") is True,
            failed_with=content.failed_with,
        )
    ]


def _mark(body: Json, received: Json, person: Person, at: datetime, *, echo: bool) -> Mark | None:
    """A reaction or its end, an edit, a deletion; None for everything else."""
    word = received.get("type")
    found = object_of(received.get(word)) if isinstance(word, str) else {}
    emoji = text = ""
    if word == "reaction":
        target = identifier(found.get("message_id"))
        emoji = clean(found.get("emoji"), LONGEST_WORD)
    elif word in ("edit", "revoke"):
        target = identifier(found.get("original_message_id"))
        text = _content(object_of(found.get("message"))).text if word == "edit" else ""
    else:
        return None
    if target is None or (word == "edit" and not text):
        return None
    return Mark(
        channel=channel_of(body),
        account=told(body, "account"),
        portfolio=told(body, "portfolio"),
        person=person,
        what="reaction" if word == "reaction" else "edit" if word == "edit" else "deletion",
        target=target,
        at=at,
        echo=echo,
        emoji=emoji,
        text=text,
    )


def _moved(body: Json, received: Json, person: Person, at: datetime) -> Moved | None:
    """The ids of a person before and after they changed, as a system notice tells them."""
    notice = object_of(received.get("system"))
    if received.get("type") != "system" or notice.get("type") not in MOVES:
        return None
    phone, user_id = ids_of(
        (notice.get("wa_id"), notice.get("new_wa_id")), (notice.get("user_id"),)
    )
    before = Person(*ids_of((received.get("from"),), (received.get("from_user_id"),)))
    after = Person(phone=phone, user_id=user_id)
    if not (before.phone or before.user_id) or not (phone or user_id):
        return None
    return Moved(
        channel=channel_of(body),
        account=told(body, "account"),
        portfolio=told(body, "portfolio"),
        before=before,
        after=after,
        at=at,
    )


def _content(received: Json) -> _Content:
    word = received.get("type")
    if not isinstance(word, str):
        return _Content("unsupported", raw_kind="unknown")
    reader = READERS.get(word)
    found = None if reader is None else reader(word, received.get(word))
    content = found or _Content(
        "unsupported",
        raw_kind=clean(word, LONGEST_WORD) or "unknown",
        from_contact=word not in ("reaction", "edit", "revoke"),
    )
    return replace(content, failed_with=_first_code(received.get("errors")))


def _first_code(errors: object) -> int | None:
    for error in list_of(errors):
        code = identifier(object_of(error).get("code")) or ""
        if NUMBER.fullmatch(code):
            return int(code)
    return None


def _text(_: str, found: object) -> _Content | None:
    body = object_of(found).get("body")
    return _Content("text", clean(body, LONGEST_TEXT)) if isinstance(body, str) else None


def _media(word: str, found: object) -> _Content | None:
    if not isinstance(found, dict):
        return None
    size = decimal(found.get("file_size"))
    file = Attachment(
        kind=cast("FileKind", word),
        mime_type=clean(found.get("mime_type"), LONGEST_NAME) or None,
        name=clean(found.get("filename"), LONGEST_NAME) or None,
        provider_id=identifier(found.get("id")),
        url=None,
        sha256=clean(found.get("sha256"), LONGEST_NAME) or None,
        size=int(size) if size is not None and size > 0 else None,
        voice=found.get("voice") is True,
        animated=found.get("animated") is True,
    )
    return _Content(cast("KindName", word), first(found, "caption"), files=(file,))


def _location(_: str, found: object) -> _Content | None:
    place = object_of(found)
    latitude, longitude = decimal(place.get("latitude")), decimal(place.get("longitude"))
    name, where = first(place, "name") or None, first(place, "address") or None
    named = "\n".join(one for one in (name, where) if one)
    if latitude is None or longitude is None:
        return _Content("location", clean(named, LONGEST_TEXT)) if named else None
    return _Content(
        "location",
        clean(named or f"{latitude}, {longitude}", LONGEST_TEXT),
        details={
            "location": {
                "latitude": latitude,
                "longitude": longitude,
                "name": name,
                "address": where,
            }
        },
    )


def _cards(_: str, found: object) -> _Content | None:
    cards = [_card(card) for card in list_of(found)[:MOST] if isinstance(card, dict)]
    if not cards:
        return None
    names = ", ".join(card["name"] for card in cards if card["name"])
    return _Content("contacts", clean(names, LONGEST_TEXT), details={"cards": cards})


def _card(card: Json) -> Card:
    name = object_of(card.get("name"))
    phones = [one for one in list_of(card.get("phones"))[:MOST] if isinstance(one, dict)]
    emails = (object_of(one).get("email") for one in list_of(card.get("emails"))[:MOST])
    company = first(object_of(card.get("org")), "company")
    parts = (first(name, "first_name"), first(name, "last_name"))
    numbers = [first(one, "phone", "wa_id") for one in phones]
    found = (
        first(name, "formatted_name")
        or " ".join(part for part in parts if part)
        or company
        or next(filter(None, numbers), "")
    )
    return {
        "name": clean(found, LONGEST_NAME),
        "phones": [
            {
                "phone": clean(number, LONGEST_WORD),
                "label": clean(first(one, "type"), LONGEST_WORD) or None,
            }
            for one, number in zip(phones, numbers, strict=True)
            if number
        ],
        "emails": [text for one in emails if (text := clean(one, LONGEST_NAME))],
        "company": clean(company, LONGEST_NAME) or None,
    }


def _interactive(_: str, found: object) -> _Content | None:
    answer = object_of(found)
    word = answer.get("type")
    if not isinstance(word, str):
        return None
    chosen = answer.get(word)
    if word in ("button_reply", "list_reply", "nfm_reply") and isinstance(chosen, dict):
        return _chosen(
            first(chosen, "title", "body", "name", "id"),
            first(chosen, "description", "response_json"),
            first(chosen, "id"),
        )
    return _Content("unsupported", raw_kind=clean(word, LONGEST_WORD) or "interactive")


def _button(_: str, found: object) -> _Content | None:
    if not isinstance(found, dict):
        return None
    return _chosen(first(found, "text", "payload"), "", first(found, "payload"))


def _chosen(title: str, description: str, payload: str) -> _Content:
    choice: Choice = {
        "title": clean(title, LONGEST_NAME),
        "description": clean(description, LONGEST_TEXT) or None,
        "payload": clean(payload, LONGEST_NAME) or None,
    }
    return _Content("choice", title, details={"choice": choice})


def _order(_: str, found: object) -> _Content | None:
    if not isinstance(found, dict):
        return None
    lines: list[OrderLine] = []
    for product in map(object_of, list_of(found.get("product_items"))[:MOST]):
        name = identifier(product.get("product_retailer_id"))
        if name:
            lines.append(
                {
                    "product": clean(name, LONGEST_NAME),
                    "quantity": identifier(product.get("quantity"), LONGEST_WORD),
                    "price": _price(product.get("item_price")),
                    "currency": clean(product.get("currency"), LONGEST_WORD) or None,
                }
            )
    listed = (
        f"{line['quantity']} × {line['product']}" if line["quantity"] else line["product"]
        for line in lines
    )
    text = "\n".join(one for one in (first(found, "text"), *listed) if one)
    return _Content("order", clean(text, LONGEST_TEXT), details={"order": lines})


def _price(value: object) -> str | None:
    number = decimal(value)
    return None if number is None else f"{number:.10g}"


def _system(_: str, found: object) -> _Content:
    return _Content("system", first(object_of(found), "body"), from_contact=False)


def _unsupported(_: str, found: object) -> _Content:
    word = clean(object_of(found).get("type"), LONGEST_WORD) or "unsupported"
    return _Content("unsupported", raw_kind=word, from_contact=word not in ("edit", "revoke"))


def _referral(found: object) -> Any:
    """The advertisement or post that led to the message; None without."""
    if not isinstance(found, dict) or not found:
        return None
    return {
        "source": clean(first(found, "source_type"), LONGEST_WORD) or None,
        "headline": clean(first(found, "headline"), LONGEST_NAME) or None,
        "body": clean(first(found, "body"), LONGEST_TEXT) or None,
        "url": address(found.get("source_url")),
    }


READERS: dict[str, Callable[[str, object], _Content | None]] = {
    "text": _text,
    "image": _media,
    "audio": _media,
    "video": _media,
    "document": _media,
    "sticker": _media,
    "location": _location,
    "contacts": _cards,
    "interactive": _interactive,
    "button": _button,
    "order": _order,
    "system": _system,
    "unsupported": _unsupported,
}


# --- what is told of people and accounts ------------------------------------------------------


def preference(body: Json, received_at: datetime) -> list[Inbound]:
    """Whether somebody wants marketing messages (META.md §2.2)."""
    received = object_of(body.get("received"))
    wish = received.get("value")
    if received.get("category") != "marketing_messages" or wish not in ("stop", "resume"):
        return []
    return [
        Preference(
            channel=channel_of(body),
            account=told(body, "account"),
            portfolio=told(body, "portfolio"),
            person=person_of(received, body.get("contact")),
            marketing=wish == "resume",
            at=instant(received.get("timestamp"), received_at) or received_at,
        )
    ]


def user_id_update(body: Json, received_at: datetime) -> list[Inbound]:
    """Another business-scoped id for the same person (META.md §2.2, §3)."""
    received = object_of(body.get("received"))
    ids = object_of(received.get("user_id"))
    phone, _ = ids_of((received.get("wa_id"),), ())
    _, before = ids_of((), (ids.get("previous"),))
    _, after = ids_of((), (ids.get("current"),))
    if before is None or after is None:
        return []
    return [
        Moved(
            channel=channel_of(body),
            account=told(body, "account"),
            portfolio=told(body, "portfolio"),
            before=Person(phone=phone, user_id=before),
            after=Person(phone=phone, user_id=after),
            at=instant(received.get("timestamp"), received_at) or received_at,
        )
    ]


def notice(body: Json, received_at: datetime) -> list[Inbound]:
    """News of an account, a number or a template."""
    return [
        Notice(
            channel=channel_of(body),
            account=told(body, "account"),
            portfolio=told(body, "portfolio"),
            field=clean(body.get("field"), LONGEST_WORD),
            value=object_of(body.get("value")),
            at=instant(body.get("time"), received_at) or received_at,
        )
    ]


# --- what became of what we sent --------------------------------------------------------------


def receipts(body: Json, received_at: datetime) -> list[Receipt]:
    """What became of messages that we sent."""
    found = []
    for status in list_of(body.get("received")):
        provider_id = identifier(object_of(status).get("id"))
        word = object_of(status).get("status")
        if provider_id is None or not isinstance(word, str):
            continue
        callback = status.get("biz_opaque_callback_data")
        found.append(
            Receipt(
                channel=channel_of(body),
                account=told(body, "account"),
                provider_id=provider_id,
                status=clean(word, LONGEST_WORD),
                at=instant(status.get("timestamp"), received_at) or received_at,
                callback=callback if isinstance(callback, str) else None,
                failure=_failure(status.get("errors")) if word == "failed" else None,
            )
        )
    return found


def _failure(errors: object) -> Failure | None:
    error = next((one for one in list_of(errors) if isinstance(one, dict)), None)
    if error is None:
        return None
    code = identifier(error.get("code")) or ""
    return Failure(
        code=int(code) if NUMBER.fullmatch(code) else UNKNOWN_FAILURE,
        title=clean(first(error, "title", "message"), LONGEST_NAME),
        details=clean(first(object_of(error.get("error_data")), "details"), LONGEST_NAME) or None,
    )


# --- who --------------------------------------------------------------------------------------


def person_of(received: Json, contact: object, *, echo: bool = False) -> Person:
    """Everything that a message, echo or status and its contact object tell of who it is about.

    Without any id when they tell none. `from` may hold a business-scoped id (META.md §3).
    """
    known = object_of(contact)
    profile = object_of(known.get("profile"))
    side = "to" if echo else "from"
    phone, user_id = ids_of(
        addresses=(received.get(side), received.get("recipient_id"), known.get("wa_id")),
        user_ids=(
            received.get(f"{side}_user_id"),
            received.get("recipient_user_id"),
            known.get("user_id"),
        ),
    )
    if not phone and not user_id and received.get("type") == "system":
        notice = object_of(received.get("system"))
        phone, user_id = ids_of((notice.get("wa_id"),), (notice.get("user_id"),))
    username = clean(profile.get("username") or known.get("username"), LONGEST_NAME)
    return Person(
        phone=phone,
        user_id=user_id,
        username=username.strip().lstrip("@") or None,
        name=clean(profile.get("name"), LONGEST_NAME) or None,
    )
