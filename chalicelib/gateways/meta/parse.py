"""What WhatsApp says about one message or status, read into our own words; nothing here raises.

Everything that comes from the wire may be absent, null or of another type (META.md §2 and §3): each
reader answers what it found, and what nobody understands is shown as `unsupported` (INB-5).
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import isfinite
from typing import TYPE_CHECKING, Any, cast

from chalicelib.domain.inbound import Arrival, Failure, Person, Receipt

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from chalicelib.domain.events import ChannelName, KindName

    Json = Mapping[str, Any]

LONGEST_TEXT = 10_000
LONGEST_NAME = 300
LONGEST_WORD = 64
LONGEST_ID = 512
LONGEST_USER_ID = 200
LARGEST_NUMBER = 10**40
MOST_LINES = 50  # cards or products named in one text
CONTROLS = dict.fromkeys(character for character in range(32) if chr(character) not in "\n\t")
LONE_SURROGATES = re.compile("[\ud800-\udfff]")
PHONE = re.compile(r"\+?[0-9][0-9 ().-]{0,30}", re.ASCII)
BSUID = re.compile(r"[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]+")
NUMBER = re.compile(r"[0-9]{1,18}", re.ASCII)

WHATSAPP_BEGAN_AT = datetime(2009, 1, 1, tzinfo=UTC)
MILLISECONDS_FROM = 100_000_000_000  # as seconds this would be the year 5138
CLOCK_TOLERANCE = timedelta(minutes=1)
UNKNOWN_FAILURE = 131000


# --- one message ------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Content:
    """The part of a message that differs by its type."""

    kind: KindName
    text: str = ""
    raw_kind: str | None = None
    quotes: str | None = None
    from_contact: bool = True


def arrival(item: str | Json, received_at: datetime) -> Arrival:
    """Read the body of a message or echo item of `webhook.split`.

    `received_at` stands in for a time that is missing or absurd. A time of the future becomes
    `received_at`, except within a minute: clocks differ that much, and a message that is told
    twice must keep its time.
    """
    body = _item(item)
    received = object_of(body.get("received"))
    echo = body.get("kind") == "echo"
    content = _content(received)
    context = object_of(received.get("context"))
    told_at = _instant(received.get("timestamp"), received_at)
    return Arrival(
        channel=_channel(body),
        account=_told(body, "account"),
        portfolio=_told(body, "portfolio"),
        provider_id=_provider_id(received, content),
        at=told_at or received_at,
        person=person_of(received, body.get("contact"), echo=echo),
        kind=content.kind,
        raw_kind=content.raw_kind,
        text=content.text,
        echo=echo,
        from_contact=content.from_contact and not echo,
        quotes=content.quotes or identifier(context.get("id")),
        dated=told_at is not None,
    )


def _provider_id(received: Json, content: _Content) -> str:
    """The id that no other news has: a reaction and its removal share theirs (META.md §1.3)."""
    provider_id = identifier(received.get("id")) or ""
    return f"{provider_id}#{content.text}" if content.kind == "reaction" else provider_id


def _content(received: Json) -> _Content:
    word = received.get("type")
    if not isinstance(word, str):
        return _Content("unsupported", raw_kind="unknown")
    reader = READERS.get(word)
    found = None if reader is None else reader(word, received.get(word))
    return found or _Content(
        "unsupported",
        raw_kind=clean(word, LONGEST_WORD) or "unknown",
        from_contact=word not in ("reaction", "edit", "revoke"),
    )


def _text(_: str, found: object) -> _Content | None:
    body = object_of(found).get("body")
    return _Content("text", clean(body, LONGEST_TEXT)) if isinstance(body, str) else None


def _media(word: str, found: object) -> _Content | None:
    if not isinstance(found, dict):
        return None
    text = _first(found, "caption", "filename")
    return _Content(cast("KindName", word), text)


def _location(_: str, found: object) -> _Content | None:
    place = object_of(found)
    named = [words for key in ("name", "address") if (words := _first(place, key))]
    coordinates = [place.get("latitude"), place.get("longitude")]
    if not named and not all(isinstance(one, (int, float, str)) for one in coordinates):
        return None
    return _Content(
        "location", clean("\n".join(named) or "{}, {}".format(*coordinates), LONGEST_TEXT)
    )


def _cards(_: str, found: object) -> _Content | None:
    cards = [card for card in list_of(found) if isinstance(card, dict)]
    if not cards:
        return None
    names = [name for card in cards[:MOST_LINES] if (name := _card_name(card))]
    return _Content("contacts", clean(", ".join(names), LONGEST_TEXT))


def _card_name(card: Json) -> str:
    name = object_of(card.get("name"))
    parts = (_first(name, "first_name"), _first(name, "last_name"))
    phone = next((one for one in list_of(card.get("phones")) if isinstance(one, dict)), {})
    found = (
        _first(name, "formatted_name")
        or " ".join(part for part in parts if part)
        or _first(object_of(card.get("org")), "company")
        or _first(phone, "phone", "wa_id")
    )
    return clean(found, LONGEST_NAME)


def _interactive(_: str, found: object) -> _Content | None:
    answer = object_of(found)
    word = answer.get("type")
    if not isinstance(word, str):
        return None
    chosen = answer.get(word)
    if word in ("button_reply", "list_reply", "nfm_reply") and isinstance(chosen, dict):
        return _Content("choice", _first(chosen, "title", "body", "name", "id"))
    return _Content("unsupported", raw_kind=clean(word, LONGEST_WORD) or "interactive")


def _button(_: str, found: object) -> _Content | None:
    return _Content("choice", _first(found, "text", "payload")) if isinstance(found, dict) else None


def _order(_: str, found: object) -> _Content | None:
    if not isinstance(found, dict):
        return None
    lines = [_first(found, "text")]
    for product in list_of(found.get("product_items"))[:MOST_LINES]:
        name = identifier(object_of(product).get("product_retailer_id"))
        quantity = identifier(object_of(product).get("quantity"))
        if name:
            lines.append(f"{quantity} × {name}" if quantity else name)
    return _Content("order", clean("\n".join(line for line in lines if line), LONGEST_TEXT))


def _reaction(_: str, found: object) -> _Content | None:
    if not isinstance(found, dict):
        return None
    return _Content(
        "reaction",
        clean(found.get("emoji"), LONGEST_WORD),
        quotes=identifier(found.get("message_id")),
        from_contact=False,
    )


def _system(_: str, found: object) -> _Content:
    return _Content("system", _first(object_of(found), "body"), from_contact=False)


def _change(word: str, found: object) -> _Content:
    """An edit or a deletion of what was written before."""
    original = identifier(object_of(found).get("original_message_id"))
    return _Content("unsupported", raw_kind=word, quotes=original, from_contact=False)


def _unsupported(_: str, found: object) -> _Content:
    word = clean(object_of(found).get("type"), LONGEST_WORD) or "unsupported"
    return _Content("unsupported", raw_kind=word, from_contact=word not in ("edit", "revoke"))


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
    "reaction": _reaction,
    "system": _system,
    "edit": _change,
    "revoke": _change,
    "unsupported": _unsupported,
}


# --- what became of what we sent --------------------------------------------------------------


def receipts(item: str | Json, received_at: datetime) -> list[Receipt]:
    """Read the body of a status item of `webhook.split`; times as in `arrival`."""
    body = _item(item)
    found = []
    for status in list_of(body.get("received")):
        provider_id = identifier(object_of(status).get("id"))
        word = object_of(status).get("status")
        if provider_id is None or not isinstance(word, str):
            continue
        callback = status.get("biz_opaque_callback_data")
        found.append(
            Receipt(
                channel=_channel(body),
                account=_told(body, "account"),
                provider_id=provider_id,
                status=clean(word, LONGEST_WORD),
                at=_instant(status.get("timestamp"), received_at) or received_at,
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
        title=clean(_first(error, "title", "message"), LONGEST_NAME),
        details=clean(_first(object_of(error.get("error_data")), "details"), LONGEST_NAME) or None,
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


def ids_of(
    addresses: tuple[object, ...], user_ids: tuple[object, ...]
) -> tuple[str | None, str | None]:
    """The first phone number, as digits, and the first user id of these.

    An address is a number or, if it does not look like one, a user id; the other user ids come
    before it, unless it is certainly one.
    """
    phone = certain = other = None
    for address in addresses:
        found = identifier(address, LONGEST_USER_ID)
        if found is None:
            continue
        if PHONE.fullmatch(found):
            phone = phone or "".join(filter(str.isdigit, found))
        elif BSUID.fullmatch(found):
            certain = certain or found
        else:
            other = other or found
    named = (identifier(user_id, LONGEST_USER_ID) for user_id in user_ids)
    return phone, next(filter(None, named), None) or certain or other


# --- values of any type -----------------------------------------------------------------------


def identifier(value: object, longest: int = LONGEST_ID) -> str | None:
    """An id, whether it came as text or as a number; None for everything else."""
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < LARGEST_NUMBER:
        value = str(value)
    if not isinstance(value, str) or len(value) > longest:
        return None
    return clean(value, longest).strip() or None


def clean(value: object, longest: int) -> str:
    """Text without control characters but line break and tab, cut with «…»; else nothing.

    Marks of direction stay, since languages need them: who shows the text isolates it.
    """
    if not isinstance(value, str):
        return ""
    text = value.translate(CONTROLS)
    if not text.isascii():
        text = LONE_SURROGATES.sub("\ufffd", text)
    return text if len(text) <= longest else text[: longest - 1] + "…"


def object_of(value: object) -> Json:
    """The object itself, or an empty one."""
    return value if isinstance(value, dict) else {}


def list_of(value: object) -> list[Any]:
    """The list itself, or an empty one."""
    return value if isinstance(value, list) else []


def _first(found: Json, *keys: str) -> str:
    """The first of these that is text and not empty."""
    return next((text for key in keys if (text := clean(found.get(key), LONGEST_TEXT))), "")


def _item(item: str | Json) -> Json:
    return object_of(json.loads(item)) if isinstance(item, str) else item


def _channel(body: Json) -> ChannelName:
    return cast("ChannelName", body.get("channel"))


def _told(body: Json, key: str) -> str:
    return identifier(body.get(key)) or ""


def _instant(value: object, received_at: datetime) -> datetime | None:
    """Seconds since 1970, as text or number; sometimes milliseconds. None: not believable."""
    digits = identifier(int(value) if isinstance(value, float) and isfinite(value) else value)
    if digits is None or NUMBER.fullmatch(digits) is None:
        return None
    number = int(digits)
    if number < MILLISECONDS_FROM:
        number *= 1000
    try:
        at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=number)
    except OverflowError:
        return None
    believable = WHATSAPP_BEGAN_AT <= at <= received_at + CLOCK_TOLERANCE
    return at if believable else None
